"""Every file that came, and the accounts that prove nothing was lost."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from archive.accounting import ADDED, UPLOADED, by_folder
from archive.models import Arrival
from web import door, words
from web.access import Visit
from web.figures import today_began
from web.incoming import leaves, shown_to
from web.pages import page
from web.paging import paged

PAGE_SIZE = 50
#: The columns of an account, in the order in which they add up.
PARTS = ("filed", "review", "duplicate", "quarantined", "ignored", "pending")
OUTCOMES = {**{part: words.OUTCOME[part] for part in PARTS[:-1]}, "pending": "正在处理"}


def arrivals(request: Visit) -> HttpResponse:
    asked = {
        key: request.GET.get(key, "").strip()
        for key in ("folder", "outcome", "since", "name", "sender")
    }
    manage = request.scope.may_manage
    accounts = by_folder(door.scanned()) if manage else []
    rows = narrowed(leaves(request.scope.arrivals()), asked)
    pages = paged(request, rows.select_related("record").order_by("-first_seen", "-id"), PAGE_SIZE)
    context = {
        "asked": asked,
        "pages": pages,
        "rows": shown_to(request.scope, pages.rows),
        "accounts": accounts,
        "folders": [(a.name, a.name) for a in accounts],
        "senders": [(s.id, s.name) for s in words.register().schools()] if manage else [],
        "outcomes": OUTCOMES,
        "parts": PARTS,
        "total": {part: sum(getattr(a, part) for a in accounts) for part in ("seen", *PARTS)},
    }
    return page(request, "arrivals.html", context)


def narrowed(rows: QuerySet[Arrival], asked: dict[str, str]) -> QuerySet[Arrival]:
    if asked["folder"] in (ADDED, UPLOADED):
        rows = rows.filter(inbox="", source="add" if asked["folder"] == ADDED else "upload")
    elif asked["folder"]:
        rows = rows.filter(inbox=asked["folder"])
    if asked["outcome"] == "pending":
        rows = rows.exclude(state="done")
    elif asked["outcome"] in OUTCOMES:
        rows = rows.filter(outcome=asked["outcome"])
    if asked["since"] == "today":
        rows = rows.filter(first_seen__gte=today_began())
    if asked["sender"]:
        rows = rows.filter(sender_id=asked["sender"])
    if asked["name"]:
        rows = rows.filter(path__icontains=asked["name"][:200])
    return rows
