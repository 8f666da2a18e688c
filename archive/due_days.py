"""When a kind's papers are due: its own periods, their anchors, offsets and grace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from archive.calendar import Calendar
from archive.kinds import Due, Kind
from archive.periods import Period


@dataclass(frozen=True, slots=True)
class DueDay:
    """When a kind's paper about `period` is due, whoever owes it."""

    period: Period
    due: date
    grace_until: date
    test: str = ""


def falling_due(kind: Kind, period: Period, calendar: Calendar) -> list[DueDay]:
    """The periods of a kind that the asked one makes due, each with its days; [] where nothing of
    that kind is due by itself."""
    if kind.due is None or kind.due.anchor == "event" or kind.custody == "school":
        return []
    found = []
    for own, test in _periods_of(kind, period, calendar):
        due = shift(_anchor_day(kind.due, own, calendar), kind.due.offset, calendar)
        found.append(DueDay(own, due, shift(due, kind.due.grace, calendar), test))
    return found


def _periods_of(kind: Kind, period: Period, calendar: Calendar) -> list[tuple[Period, str]]:
    """The kind's own periods (and the test's name) that the asked period makes due."""
    if kind.period == "month":
        months = calendar.months_in(period)
        return [(month, "") for month in months if calendar.is_due_month(month)]
    if kind.period == "test":
        held = (test for test in calendar.tests if period.start <= test.day <= period.end)
        return [(calendar.test(test), test.name) for test in held]
    if period.type == "month":
        return []
    return [(own, "") for own in _long_periods(kind.period, period, calendar)]


def _long_periods(sort: str, period: Period, calendar: Calendar) -> list[Period]:
    """Terms or years that end within the asked period."""
    if sort == "term":
        return list(calendar.terms_in(period))
    years = range(period.start.year - 1, period.end.year + 1)
    if sort == "school_year":
        found = [calendar.school_year(f"{year}-{year + 1}") for year in years]
    elif sort == "calendar_year":
        found = [calendar.calendar_year(year) for year in years]
    else:
        return []
    return [own for own in found if period.start <= own.end <= period.end]


def _anchor_day(due: Due, own: Period, calendar: Calendar) -> date:
    """The day from which the offset counts. ValueError for an unknown anchor."""
    school_year, first = calendar.term_of(own.start)
    last = calendar.term_of(own.end)
    days = {
        "month_end": own.end,
        "term_start": calendar.teaching_start(school_year, first),
        "term_end": calendar.teaching_end(*last),
        "school_year_end": calendar.teaching_end(last[0], 2),
        "calendar_year_end": date(own.end.year, 12, 31),
        "test": own.start,
    }
    if due.anchor not in days:
        raise ValueError(f"unknown anchor {due.anchor!r}")
    return days[due.anchor]


def shift(day: date, offset: str, calendar: Calendar) -> date:
    """`day` moved by "14d" (days) or "3wd" (working days), either way. ValueError else."""
    match = re.fullmatch(r"([+-]?\d{1,3})(wd|d)", offset.strip())
    if match is None:
        raise ValueError(f"no offset: {offset!r}")
    count = int(match[1])
    if match[2] == "wd":
        return calendar.add_working_days(day, count)
    return day + timedelta(days=count)
