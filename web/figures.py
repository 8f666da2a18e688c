"""The figures of the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from archive import house
from archive.entries import INCOMPLETE, STATUS_NAMES
from archive.kinds import Kind
from archive.models import Record
from archive.scope import Scope
from indexer.engines import Answer, Search
from web.incoming import leaves

#: A month has papers enough with this part of the fullest's, and more than one.
GOOD_PART, FEWEST = 0.5, 2
#: So many months back (the summer holiday) a month with papers enough shows a county at work.
AT_WORK = 3
#: Arrival.state of what is not settled yet.
UNDER_WAY = ("staged", "decided", "committed")
#: What the index calls filed papers that lack something (archive.entries).
INCOMPLETE_FILED = {"status": [STATUS_NAMES[Record.FILED]], "completeness": [INCOMPLETE]}


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
    """Each figure from an index, and from that of the page it leads to: with 100,000 papers one
    pass over the catalogue's rows took half a second."""
    came = leaves(scope.arrivals())
    began = today_began()
    return Figures(
        today=came.filter(id__gte=first_id(began), first_seen__gte=began).count(),
        pending=came.filter(state__in=UNDER_WAY).count(),
        review=_in_review(scope),
        quarantined=came.filter(outcome="quarantined").count(),
        records=_found(scope, {}),
        incomplete=_found(scope, INCOMPLETE_FILED),
    )


def _in_review(scope: Scope) -> int:
    """The office is led to the review page, which reads the catalogue; a school to a search."""
    if scope.may_manage:
        return Record.objects.filter(status=Record.REVIEW).count()
    return _found(scope, {"status": [STATUS_NAMES[Record.REVIEW]]})


def first_id(moment: datetime) -> str:
    """No identifier made at `moment` or later is less: the time stands first in a UUIDv7. A file
    is first seen before its row is made."""
    milliseconds = int(moment.timestamp() * 1000)
    return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}"


def _found(scope: Scope, filters: dict[str, list[str]]) -> int:
    return _asked(scope, filters).total


def counted(scope: Scope, facet: str, kinds: Iterable[Kind] = ()) -> dict[str, int]:
    """Value of a facet -> papers this user may see, of these kinds or of all."""
    filters = {"kind": [kind.name for kind in kinds]}
    return dict(_asked(scope, {k: v for k, v in filters.items() if v}, facet).facets[facet])


def _asked(scope: Scope, filters: dict[str, list[str]], *facets: str) -> Answer:
    question = Search(filters=filters, access=scope.access, facets=facets, limit=1, snippets=False)
    return house.current().engine().search(question)


def latest_month(scope: Scope) -> str:
    """'2014-10': the newest month, not after this one, with papers enough of the kinds due by
    month, so that a stray or misdated paper makes no month; this month with its first paper where
    one of the months before has enough. "" where no month has any."""
    monthly = [k for k in house.current().kinds.values() if k.due and k.period == "month"]
    months = counted(scope, "month", monthly) if monthly else {}
    today = timezone.localdate()
    this = _month(today.year * 12 + today.month - 1)
    past = {month: n for month, n in months.items() if month <= this}
    most = max(past.values(), default=0)
    full = {m for m, n in past.items() if n >= min(most, max(FEWEST, most * GOOD_PART))}
    before = {_month(today.year * 12 + today.month - 1 - back) for back in range(1, AT_WORK + 1)}
    return this if this in past and full & before else max(full, default="")


def _month(number: int) -> str:
    """'2014-10' of months counted from the year 0."""
    return f"{number // 12:04}-{number % 12 + 1:02}"
