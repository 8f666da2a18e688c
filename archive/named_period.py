"""Periods by the names that commands, addresses and form numbers use: 2014-10, 2014-2015-1,
2014-2015, 2014 and, of a registered test, 2014-2015-1-期中."""

from __future__ import annotations

import re

from archive.calendar import Calendar, middle
from archive.errors import ArchiveError
from archive.periods import Period


def name_of(calendar: Calendar, period: Period) -> str:
    """The name by which `named_period` gives a month, a term, a year or a registered test."""
    if period.type == "month":
        return f"{period.start.year}-{period.start.month:02}"
    if period.type == "calendar_year":
        return f"{period.start.year}"
    for test in calendar.tests if period.type == "test" else ():
        if calendar.test(test) == period:
            return f"{test.school_year}-{test.term}-{test.name}"
    year, number = calendar.term_of(middle(period))
    return f"{year}-{number}" if period.type == "term" else year


def named_period(calendar: Calendar, name: str) -> Period:
    """The period of a name. Raises ArchiveError('period_unknown')."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", name):
            return calendar.month(name)
        if re.fullmatch(r"[0-9]{4}", name):
            return calendar.calendar_year(int(name))
        match = re.fullmatch(r"([0-9]{4})-([0-9]{4})(?:-([12]))?", name)
        if match and int(match[2]) == int(match[1]) + 1:
            year = f"{match[1]}-{match[2]}"
            return calendar.term(year, int(match[3])) if match[3] else calendar.school_year(year)
    except ValueError:
        pass
    for test in calendar.tests:
        if name == f"{test.school_year}-{test.term}-{test.name}":
            return calendar.test(test)
    raise ArchiveError(
        "period_unknown",
        f"看不懂时段「{name}」",
        "月份写作 2014-10，学期写作 2014-2015-1，学年写作 2014-2015",
    )
