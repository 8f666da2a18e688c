"""How Chinese papers write periods that name their year: a pattern and a reader for each form.

Used by `archive.periods`; patterns are for folded text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from archive.dates import GAP, MONTH, SHORT_YEAR, YEAR, number, year_of

if TYPE_CHECKING:
    from archive.calendar import Calendar
    from archive.periods import Period

DASH = r"\s{0,2}(?:[-—–―~～_/]{1,2}|至|到|一)\s{0,2}"
_SECOND = rf"(?P<y2>(?:20|19)?\d\d(?!\d)|二{GAP}[〇零○0]..)"
_YEARS = rf"(?P<y>{YEAR}|{SHORT_YEAR})(?:{GAP}年)?{DASH}{_SECOND}"
#: In four digits: 15-16 alone is an age, a page, a score.
_LONG_YEARS = rf"(?P<y>{YEAR})(?:{GAP}年)?{DASH}{_SECOND}"
_TERM_WORD = (
    rf"(?:第{GAP}(?P<n1>[一二12]){GAP}学?期|(?P<n2>[上下]){GAP}(?:半?学[期年]|期)?"
    rf"|(?P<n3>[一二12]){GAP}学期)"
)
#: 上 and 下 also begin other words: 2014-2015上报材料, 下发.
_NOT_UPPER = "(?![报级交述海午传学达周]|月)"

Reader = Callable[["re.Match[str]", "Calendar"], "Period | None"]


def _second_year(first: int, text: str) -> int | None:
    """2015 of 2014-2015 or 2014-15."""
    last = number(text)
    last += first // 100 * 100 if last < 100 else 0
    return last if first < last <= first + 10 else None


def _school_years(match: re.Match[str]) -> str:
    """'2014-2015' of a match with y and y2, "" where these are not one school year."""
    first = year_of(match["y"])
    last = _second_year(first, match["y2"]) if first else None
    return f"{first}-{last}" if first and last == first + 1 else ""


def _number_of_term(match: re.Match[str]) -> int:
    word = next(match[name] for name in ("n1", "n2", "n3") if match[name])
    return 1 if word in "一1上" else 2


def _read_term(match: re.Match[str], calendar: Calendar) -> Period | None:
    years = _school_years(match)
    return calendar.term(years, _number_of_term(match)) if years else None


def _read_numbered_term(match: re.Match[str], calendar: Calendar) -> Period | None:
    years = _school_years(match)
    return calendar.term(years, int(match["n"])) if years else None


def _read_school_year_term(match: re.Match[str], calendar: Calendar) -> Period | None:
    """2014学年第二学期: the second term of the school year that begins in 2014."""
    first = year_of(match["y"])
    return calendar.term(f"{first}-{first + 1}", _number_of_term(match)) if first else None


def _read_year_term(match: re.Match[str], calendar: Calendar) -> Period | None:
    """2009年第二学期: the second term that lies in 2009, begun in the school year before."""
    year = year_of(match["y"])
    if not year:
        return None
    term = _number_of_term(match)
    first = year if term == 1 else year - 1
    return calendar.term(f"{first}-{first + 1}", term)


def _read_season(match: re.Match[str], calendar: Calendar) -> Period | None:
    year = year_of(match["y"])
    return _half(calendar, year, match["season"] == "秋") if year else None


def _read_half_year(match: re.Match[str], calendar: Calendar) -> Period | None:
    year = year_of(match["y"])
    return _half(calendar, year, match["half"] == "下") if year else None


def _half(calendar: Calendar, year: int, autumn: bool) -> Period:
    first = year if autumn else year - 1
    return calendar.term(f"{first}-{first + 1}", 1 if autumn else 2)


def _read_school_year(match: re.Match[str], calendar: Calendar) -> Period | None:
    years = _school_years(match)
    return calendar.school_year(years) if years else None


def _read_single_school_year(match: re.Match[str], calendar: Calendar) -> Period | None:
    first = year_of(match["y"])
    return calendar.school_year(f"{first}-{first + 1}") if first else None


def _read_years(match: re.Match[str], calendar: Calendar) -> Period | None:
    first = year_of(match["y"])
    last = _second_year(first, match["y2"]) if first else None
    return calendar.calendar_year(first, last) if first and last else None


def _read_calendar_year(match: re.Match[str], calendar: Calendar) -> Period | None:
    year = year_of(match["y"])
    return calendar.calendar_year(year) if year else None


def _read_month(match: re.Match[str], calendar: Calendar) -> Period | None:
    year = year_of(match["y"])
    month = number(match["m"])
    return calendar.months(year, month, month) if year else None


def _read_months(match: re.Match[str], calendar: Calendar) -> Period | None:
    """Two months of one year, or of two years less than twelve months apart."""
    year, first, last = year_of(match["y"]), number(match["m"]), number(match["m2"])
    second = match.groupdict().get("y2")
    last_year = year_of(second) if second else year
    if year is None or last_year not in (year, year + 1):
        return None
    spans_new_year = last_year > year
    fits = last < first if spans_new_year else first < last
    return calendar.months(year, first, last) if fits else None


def _rule(
    pattern: str, read: Reader, strength: float, kind: str
) -> tuple[re.Pattern[str], Reader, float, str]:
    return re.compile(pattern), read, strength, kind


#: (pattern, reader, strength, kind of the mention)
RULES = (
    _rule(
        rf"{_YEARS}{GAP}(?:学年度?|年度?|学)?{GAP}[(\[]?{GAP}{_TERM_WORD}{_NOT_UPPER}",
        _read_term,
        0.95,
        "term",
    ),
    _rule(
        rf"{_YEARS}{GAP}(?:学年度?|年度?)?{GAP}[-_(—]{GAP}(?P<n>[12])(?!\d|[.\d月])\)?",
        _read_numbered_term,
        0.85,
        "term",
    ),
    _rule(
        rf"(?P<y>{YEAR}){GAP}学年度?{GAP}[(]?{GAP}{_TERM_WORD}{_NOT_UPPER}",
        _read_school_year_term,
        0.75,
        "term",
    ),
    _rule(
        rf"(?P<y>{YEAR}){GAP}年度?{GAP}第{GAP}(?P<n1>[一二12]){GAP}学期(?P<n2>)(?P<n3>)",
        _read_year_term,
        0.6,
        "term",
    ),
    _rule(
        rf"(?P<y>{YEAR}|{SHORT_YEAR}){GAP}年?{GAP}(?P<season>[春秋])(?![节天游运晖分意收雨月])"
        rf"季?{GAP}(?:学?期)?",
        _read_season,
        0.85,
        "season",
    ),
    _rule(rf"(?P<y>{YEAR}){GAP}年?{GAP}(?P<half>[上下])半年", _read_half_year, 0.8, "half_year"),
    _rule(rf"{_YEARS}{GAP}学年(?:{GAP}度)?", _read_school_year, 0.95, "school_year"),
    _rule(rf"{_YEARS}{GAP}年度", _read_school_year, 0.85, "school_year"),
    _rule(rf"{_LONG_YEARS}(?:{GAP}年)?(?![\d.])", _read_school_year, 0.7, "school_year"),
    _rule(rf"(?P<y>{YEAR}){GAP}学年(?:{GAP}度)?", _read_single_school_year, 0.75, "school_year"),
    _rule(rf"{_LONG_YEARS}{GAP}年(?!级)", _read_years, 0.6, "years"),
    _rule(rf"(?P<y>{YEAR}){GAP}年{GAP}度", _read_calendar_year, 0.8, "calendar_year"),
    _rule(rf"(?P<y>{YEAR}){GAP}年(?![级版])", _read_calendar_year, 0.35, "year"),
    _rule(
        rf"(?P<y>{YEAR}|{SHORT_YEAR}){GAP}年{GAP}(?P<m>{MONTH}){GAP}月(?:{GAP}份)?",
        _read_month,
        0.95,
        "month",
    ),
    _rule(
        rf"(?<!\d-)(?P<y>{YEAR})[-./](?P<m>1[0-2]|0[1-9]|[3-9])(?![\d]|[-./]\d)(?:{GAP}月(?:{GAP}份)?)?",
        _read_month,
        0.8,
        "month",
    ),
    _rule(rf"(?<!\d-)(?P<y>{YEAR})[-./](?P<m>[12])(?![\d]|[-./]\d)", _read_month, 0.5, "month"),
    _rule(
        rf"(?P<y>{YEAR}|{SHORT_YEAR}){GAP}[年.]{GAP}(?P<m>{MONTH}){GAP}月?(?:{GAP}份)?"
        rf"(?:{DASH}|、|和)(?P<m2>{MONTH}){GAP}月(?:{GAP}份)?(?!{GAP}\d{{1,2}}{GAP}[日号])",
        _read_months,
        0.9,
        "months",
    ),
    _rule(
        rf"(?P<y>{YEAR}){GAP}年{GAP}(?P<m>{MONTH}){GAP}月(?:{GAP}份)?{DASH}"
        rf"(?P<y2>{YEAR}){GAP}年{GAP}(?P<m2>{MONTH}){GAP}月(?:{GAP}份)?(?!{GAP}\d{{1,2}}{GAP}[日号])",
        _read_months,
        0.85,
        "months",
    ),
    _rule(
        r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?!\d|%|[分元人个名])",
        _read_month,
        0.5,
        "compact",
    ),
)
