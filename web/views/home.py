"""The first page: what came, what waits, what is still owed; each figure leads to its papers."""

from __future__ import annotations

from django.http import HttpResponse

from web import saved as keeping
from web import terms
from web.access import Visit
from web.figures import figures, latest_month
from web.grid import totals
from web.incoming import leaves, shown_to
from web.pages import page
from web.views.matrix import found

RECENT = 12


def home(request: Visit) -> HttpResponse:
    scope = request.scope
    recent = leaves(scope.arrivals()).select_related("record").order_by("-id")[:RECENT]
    month = latest_month(scope) or terms.this_month()
    owed = found(request, month, "").total
    context = {
        "figures": figures(scope),
        "month": month,
        "this_month": terms.this_month(),
        "due": owed.due,
        "totals": totals(owed),
        "saved": keeping.news(request.user, scope),
        "recent": shown_to(scope, recent),
    }
    return page(request, "home.html", context)
