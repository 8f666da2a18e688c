"""报送一览: the catalogue's records laid against what is due, for pages and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from archive import due
from archive.due import Handed, Matrix
from archive.errors import ArchiveError
from archive.house import House
from archive.models import Record
from archive.named_period import named_period
from archive.periods import Period


def matrix(house: House, period_name: str, kind_id: str | None = None) -> Matrix:
    """The matrix of a month (2014-10), term (2014-2015-1) or school year; of one kind or all.

    Raises ArchiveError('period_unknown', 'kind_unknown').
    """
    register = house.register
    period = named_period(register.calendar, period_name)
    if kind_id and kind_id not in house.kinds:
        raise ArchiveError("kind_unknown", f"没有「{kind_id}」这个文种", "请从文种列表中选择")
    kinds = [k for k in house.kinds.values() if kind_id in (None, "", k.id)]
    asked = {k.id for k in kinds if k.due}
    today = timezone.localdate()
    # A paper about a test may be dated long after it: the terms around are looked through.
    calendar = register.calendar
    terms = [calendar.term(*calendar.term_of(day)) for day in (period.start, period.end)]
    papers = handed(terms[0].start, terms[-1].end, asked)
    return due.matrix(kinds, register, period, papers, today=today)


def handed(start: date, end: date, kinds: Iterable[str]) -> list[Handed]:
    """Records of these kinds whose period touches these days, blanks left out."""
    rows = Record.objects.filter(
        kind__in=list(kinds), blank=False, period_start__lte=end,
        period_end__gte=start,
    )  # fmt: skip
    return [_handed(row) for row in rows.iterator(1000)]


def _handed(row: Record) -> Handed:
    spanned = row.period_start and row.period_end
    period = (
        Period(row.period_type, row.period_start, row.period_end, row.period_label)
        if spanned and row.period_start and row.period_end
        else None
    )
    return Handed(
        record_id=row.id,
        kind_id=row.kind or "",
        unit_id=row.school_id or row.unit_id,
        subjects=tuple(row.subjects),
        period=period,
        received=row.received,
        complete=row.complete,
        covers=tuple(row.covers),
        status=row.status,
        test=row.test,
    )
