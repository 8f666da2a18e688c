"""Periods to choose from: months and terms of the school years that have papers, and this one's."""

from __future__ import annotations

import re

from django.utils import timezone

from archive.periods import Period
from archive.scope import Scope
from web import words
from web.figures import counted

Group = tuple[str, list[tuple[str, str]]]


def school_years(scope: Scope) -> list[str]:
    """Newest first: this school year, and those of papers."""
    this = words.register().calendar.school_year_of(timezone.localdate())
    known = {year for year in counted(scope, "school_year") if re.fullmatch(r"\d{4}-\d{4}", year)}
    return sorted({this, *known}, reverse=True)


def groups(scope: Scope, chosen: str = "") -> list[Group]:
    """For a select: (school year, its terms and months as (label of the address, words))."""
    years = school_years(scope)
    if chosen and not any(chosen in dict(of_year(y)) for y in years) and is_period(chosen):
        years = sorted({*years, _year_of(chosen)}, reverse=True)
    return [(f"{year}学年", of_year(year)) for year in years]


def of_year(school_year: str) -> list[tuple[str, str]]:
    first = int(school_year[:4])
    autumn = [f"{first}-{m:02}" for m in range(9, 13)] + [f"{first + 1}-01"]
    spring = [f"{first + 1}-{m:02}" for m in range(2, 9)]
    made = [
        (school_year, f"{school_year}学年全年"),
        (f"{school_year}-1", f"{school_year}学年第一学期"),
    ]
    made += [(m, words.month(m)) for m in autumn]
    made += [(f"{school_year}-2", f"{school_year}学年第二学期")]
    return made + [(m, words.month(m)) for m in spring]


def is_period(text: str) -> bool:
    """2014-10, 2014-2015-1 or 2014-2015: the names of archive.named_period."""
    if re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
        return True
    years = re.fullmatch(r"((?:19|20)\d\d)-(\d{4})(-[12])?", text)
    return years is not None and int(years[2]) == int(years[1]) + 1


def _year_of(period: str) -> str:
    if len(period) > 7:
        return period[:9]
    year, month = int(period[:4]), int(period[5:])
    first = year if month >= 9 else year - 1
    return f"{first}-{first + 1}"


def name(period: str) -> str:
    if len(period) == 7:
        return words.month(period)
    return f"{period}学年" if len(period) == 9 else words.term(period)


def label(period: Period) -> str:
    """The name of a period in an address; that of the month it ends in for tests and the like."""
    calendar = words.register().calendar
    if period.type == "term":
        year, number = calendar.term_of(period.start)
        return f"{year}-{number}"
    if period.type == "school_year":
        return calendar.school_year_of(period.start)
    return f"{period.end.year:04}-{period.end.month:02}"


def this_month() -> str:
    today = timezone.localdate()
    return f"{today.year:04}-{today.month:02}"
