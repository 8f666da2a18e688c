"""The figures of the home page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q
from django.utils import timezone

from archive import house
from archive.scope import Scope
from web.incoming import leaves

#: Papers received last, of which the commonest month is shown when this month has none.
NEWEST = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """Today's arrivals (leaves, by the county's day), what is under way, what waits for a person,
    what was set aside, and what is kept."""

    today: int
    pending: int
    review: int
    quarantined: int
    records: int
    incomplete: int


def today_began() -> datetime:
    today = timezone.localdate()
    return timezone.make_aware(datetime.combine(today, time()))


def figures(scope: Scope) -> Figures:
    """Two statements, whatever the size of the archive."""
    began = today_began()
    came = leaves(scope.arrivals()).aggregate(
        today=Count("id", filter=Q(first_seen__gte=began)),
        pending=Count("id", filter=~Q(state="done")),
        quarantined=Count("id", filter=Q(outcome="quarantined")),
    )
    kept = scope.records().aggregate(
        records=Count("id"),
        review=Count("id", filter=Q(status="review")),
        incomplete=Count("id", filter=Q(complete=False, status="filed")),
    )
    return Figures(**came, **kept)


def latest_month(scope: Scope) -> str:
    """'2014-10': this month if it has papers that are due by month, else the month that most of
    the papers received last speak of; "" where there are none."""
    now = timezone.localdate()
    this = f"{now.year:04}-{now.month:02}"
    monthly = [k.id for k in house.current().kinds.values() if k.due and k.period == "month"]
    papers = scope.records().filter(kind__in=monthly).exclude(month="")
    if papers.filter(month=this).exists():
        return this
    newest = papers.order_by("-received").values_list("month", flat=True)[:NEWEST]
    counted = Counter(newest)
    return max(counted, key=lambda month: (counted[month], month), default="")
