"""The first page: what came, what waits, what is still owed; each figure leads to its papers."""

from __future__ import annotations

from django.http import HttpResponse

from web.access import Visit
from web.figures import figures, latest_month, leaves
from web.pages import page

RECENT = 12


def home(request: Visit) -> HttpResponse:
    scope = request.scope
    recent = leaves(scope.arrivals()).select_related("record").order_by("-id")[:RECENT]
    context = {
        "figures": figures(scope),
        "month": latest_month(scope),
        "recent": list(recent),
    }
    return page(request, "home.html", context)
