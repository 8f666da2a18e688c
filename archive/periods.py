"""Periods of the school calendar: months, terms, school years, tests; read from Chinese text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from archive.dates import GAP, MONTH, NUMBER_BEFORE, SHORT_YEAR, YEAR, full_dates, number, year_of

if TYPE_CHECKING:
    from archive.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Period:
    """`type`: month | term | school_year | calendar_year | test | activity | none.
    `start` and `end` are both inclusive. `label` is Chinese, for people."""

    type: str
    start: date
    end: date
    label: str

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "label": self.label,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Period:
        return cls(
            data["type"],
            date.fromisoformat(data["start"]),
            date.fromisoformat(data["end"]),
            data["label"],
        )


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period named in a text; `words` is text[start:end]. `kind` says how: term | season |
    half_year | school_year | calendar_year (2014年度) | year (2014年) | years (2014—2016年) |
    month | months (9—10月) | compact (201410) | date (the month in which a day lies).
    `inferred`: the year stands elsewhere in the text, or is that of the reference day.
    `strength` 0..1: how surely the words name that period, not whether the paper is about it."""

    period: Period
    words: str
    start: int
    end: int
    strength: float
    kind: str
    inferred: bool = False


_DASH = r"\s{0,2}(?:[-—–―~～_/]{1,2}|至|到|一)\s{0,2}"
_SECOND = rf"(?P<y2>(?:20|19)?\d\d(?!\d)|二{GAP}[〇零○0]..)"
_YEARS = rf"(?P<y>{YEAR}|{SHORT_YEAR})(?:{GAP}年)?{_DASH}{_SECOND}"
#: In four digits: 15-16 alone is an age, a page, a score.
_LONG_YEARS = rf"(?P<y>{YEAR})(?:{GAP}年)?{_DASH}{_SECOND}"
_TERM_WORD = (
    rf"(?:第{GAP}(?P<n1>[一二12]){GAP}学?期|(?P<n2>[上下]){GAP}(?:半?学[期年]|期)?"
    rf"|(?P<n3>[一二12]){GAP}学期)"
)
#: 上 and 下 also begin other words: 2014-2015上报材料, 下发.
_NOT_UPPER = "(?![报级交述海午传学达周]|月)"

Reader = Callable[["re.Match[str]", "Calendar"], "Period | None"]


def find_periods(
    text: str, calendar: Calendar, reference: date | None = None
) -> list[PeriodMention]:
    """Periods named in folded `text`, in order, the leftmost and longest reading of each place.

    A month without a year (10月份, 四月) or a term without one (第一学期) is placed by what else
    the text says: the nearest school year or term, else the nearest date or month, else
    `reference` (the last such month that is not later than the month after), else a bare year;
    where nothing helps it is left out. Which mention the paper is about is for filing to decide.
    """
    explicit = _leftmost(_explicit(text, calendar))
    anchors = _Anchors(explicit, calendar, reference)
    inferred = _leftmost(_inferred(text, calendar, anchors))
    return _leftmost([*explicit, *inferred])


def _leftmost(mentions: list[PeriodMention]) -> list[PeriodMention]:
    """Non-overlapping mentions: the leftmost, there the longest, there the one with its year."""
    found: list[PeriodMention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end, m.inferred)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return found


# -- periods that name their year


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


_RULES = (
    _rule(
        rf"{_YEARS}{GAP}(?:学年度?|年度?|学)?{GAP}[(\[]?{GAP}{_TERM_WORD}{_NOT_UPPER}[)\]]?",
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
        rf"(?P<y>{YEAR}){GAP}学年度?{GAP}[(]?{GAP}{_TERM_WORD}{_NOT_UPPER}[)]?",
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
        rf"(?P<y>{YEAR})[-./](?P<m>1[0-2]|0[1-9]|[3-9])(?![\d]|[-./]\d)(?:{GAP}月(?:{GAP}份)?)?",
        _read_month,
        0.8,
        "month",
    ),
    _rule(rf"(?P<y>{YEAR})[-./](?P<m>[12])(?![\d]|[-./]\d)", _read_month, 0.5, "month"),
    _rule(
        rf"(?P<y>{YEAR}|{SHORT_YEAR}){GAP}[年.]{GAP}(?P<m>{MONTH}){GAP}月?(?:{GAP}份)?"
        rf"(?:{_DASH}|、|和)(?P<m2>{MONTH}){GAP}月(?:{GAP}份)?(?!{GAP}\d{{1,2}}{GAP}[日号])",
        _read_months,
        0.9,
        "months",
    ),
    _rule(
        rf"(?P<y>{YEAR}){GAP}年{GAP}(?P<m>{MONTH}){GAP}月(?:{GAP}份)?{_DASH}"
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

#: A day says in which month a paper was written more often than which it is about.
OF_DATE = 0.55

#: 14年10月 may be short for 2014年10月, or the fourteenth year of something.
SHORT_YEAR_FACTOR = 0.85


def _explicit(text: str, calendar: Calendar) -> list[PeriodMention]:
    found = []
    for pattern, read, strength, kind in _RULES:
        for match in pattern.finditer(text):
            period = read(match, calendar)
            if period:
                start, end = match.span()
                sure = strength * (SHORT_YEAR_FACTOR if len(match["y"]) == 2 else 1)
                found.append(PeriodMention(period, match[0], start, end, sure, kind))
    for day in full_dates(text):
        period = calendar.month_of(day.date)
        found.append(PeriodMention(period, day.words, day.start, day.end, OF_DATE, "date"))
    return found


# -- periods whose year stands elsewhere

_MONTHS_ALONE = re.compile(
    rf"(?<!年){NUMBER_BEFORE}(?P<m>{MONTH}){GAP}(?:月(?:{GAP}份)?)?(?P<by>{_DASH}|、|和)"
    rf"(?P<m2>{MONTH}){GAP}月(?!刊|报|工资|考试题)(?:{GAP}份)?(?!{GAP}\d{{1,2}}{GAP}[日号])"
)
_MONTH_ALONE = re.compile(
    rf"(?<!年){NUMBER_BEFORE}(?P<m>{MONTH}){GAP}月(?!\s*一[次节篇]|内|以上|余|薪|饼|刊|工资)"
    rf"(?P<part>{GAP}份)?"
)
_DAY_ALONE = re.compile(
    rf"(?<!年){NUMBER_BEFORE}(?P<m>{MONTH}){GAP}月{GAP}(?:3[01]|[12]\d|0?[1-9]){GAP}[日号]"
)
_TERM_ALONE = re.compile(
    rf"第{GAP}(?P<n1>[一二12]){GAP}学期(?P<n2>)(?P<n3>)"
    rf"|(?<=年级)(?P<n4>[上下])学期|(?<=初[一二三])(?P<n5>[上下])学期"
)
_SEASON_ALONE = re.compile(rf"(?P<season>[春秋])季{GAP}(?:学期|开学)")

_ALONE = {"part": 0.65, "month": 0.6, "months": 0.6, "day": 0.4, "term": 0.5, "season": 0.45}

#: How far a paper may reach back from the day it came in, in months (a paper about the coming
#: month is a plan).
_BACK, _AHEAD = 10, 1


class _Anchors:
    """What a text says of its year: school years and terms, dates and months, bare years."""

    def __init__(
        self, mentions: list[PeriodMention], calendar: Calendar, reference: date | None
    ) -> None:
        self.calendar = calendar
        self.reference = reference
        self.years = [m for m in mentions if m.period.type in ("term", "school_year")]
        self.months = [m for m in mentions if m.period.type == "month" and not m.inferred]
        self.bare = [m for m in mentions if m.kind in ("calendar_year", "year")]

    def year_of_month(self, month: int, at: int) -> int | None:
        """The year of a month that is named alone at a place."""
        if anchor := _nearest(self.years, at):
            school_year = self.calendar.school_year_of(anchor.period.start)
            return _year_in(self.calendar.school_year(school_year), month)
        if anchor := _nearest(self.months, at):
            return _closest(anchor.period.start, month, 6, 5)
        if self.reference:
            return _closest(self.reference, month, _BACK, _AHEAD)
        if anchor := _nearest(self.bare, at):
            return anchor.period.start.year
        return None

    def school_year(self, term: int, at: int) -> str:
        """The school year of a term that is named alone at a place, "" where nothing says it."""
        if anchor := _nearest(self.years, at) or _nearest(self.months, at):
            return self.calendar.school_year_of(anchor.period.start)
        if self.reference:
            return self.calendar.school_year_of(self.reference)
        if anchor := _nearest(self.bare, at):
            first = anchor.period.start.year - (term == 2)
            return f"{first}-{first + 1}"
        return ""


def _nearest(mentions: list[PeriodMention], at: int) -> PeriodMention | None:
    """The last mention before a place, else the first after it."""
    index = bisect_right(mentions, at, key=lambda mention: mention.start)
    return mentions[max(0, index - 1)] if mentions else None


def _year_in(period: Period, month: int) -> int:
    """The year in which a month falls within a school year."""
    return period.start.year if month >= period.start.month else period.end.year


def _closest(near: date, month: int, back: int, ahead: int) -> int:
    """The year for which `month` lies at most `back` months before and `ahead` after `near`."""
    behind = (near.month - month) % 12
    months_back = behind - 12 if behind >= 12 - ahead and behind > back else behind
    return (near.year * 12 + near.month - 1 - months_back) // 12


def _inferred(text: str, calendar: Calendar, anchors: _Anchors) -> list[PeriodMention]:
    return [
        *_months_alone(text, calendar, anchors),
        *_month_alone(text, calendar, anchors),
        *_terms_alone(text, calendar, anchors),
    ]


def _months_alone(text: str, calendar: Calendar, anchors: _Anchors) -> list[PeriodMention]:
    found = []
    for match in _MONTHS_ALONE.finditer(text):
        first, last = number(match["m"]), number(match["m2"])
        year = anchors.year_of_month(first, match.start())
        length = (last - first) % 12
        if year and 0 < length < (2 if match["by"] in "、和" else 6):
            period = calendar.months(year, first, last)
            found.append(_alone(match, period, _ALONE["months"], "months"))
    return found


def _month_alone(text: str, calendar: Calendar, anchors: _Anchors) -> list[PeriodMention]:
    found = []
    for pattern, kind in ((_MONTH_ALONE, "month"), (_DAY_ALONE, "date")):
        for match in pattern.finditer(text):
            month = number(match["m"])
            year = anchors.year_of_month(month, match.start())
            if year:
                sort = "day" if kind == "date" else "part" if match["part"] else "month"
                period = calendar.months(year, month, month)
                found.append(_alone(match, period, _ALONE[sort], kind))
    return found


def _terms_alone(text: str, calendar: Calendar, anchors: _Anchors) -> list[PeriodMention]:
    found = []
    for match in _TERM_ALONE.finditer(text):
        word = match["n1"] or match["n4"] or match["n5"]
        term = 1 if word in "一1上" else 2
        if school_year := anchors.school_year(term, match.start()):
            found.append(_alone(match, calendar.term(school_year, term), _ALONE["term"], "term"))
    for match in _SEASON_ALONE.finditer(text):
        term = 1 if match["season"] == "秋" else 2
        if school_year := anchors.school_year(term, match.start()):
            period = calendar.term(school_year, term)
            found.append(_alone(match, period, _ALONE["season"], "season"))
    return found


def _alone(match: re.Match[str], period: Period, strength: float, kind: str) -> PeriodMention:
    start, end = match.span()
    return PeriodMention(period, match[0], start, end, strength, kind, True)
