"""Periods of the school calendar: months, terms, school years, tests; read from Chinese text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from archive.dates import GAP, MONTH, NUMBER_BEFORE, full_dates, number
from archive.period_rules import DASH, RULES

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


def find_periods(
    text: str, calendar: Calendar, reference: date | None = None
) -> list[PeriodMention]:
    """Periods named in folded `text`, in order, the leftmost and longest reading of each place.

    A month without a year (10月份, 四月) or a term without one (第一学期) is placed by what else
    the text says: the school year of its heading, else the nearest school year, month or date, else
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


#: A day says in which month a paper was written more often than which it is about.
OF_DATE = 0.55

#: 14年10月 may be short for 2014年10月, or the fourteenth year of something.
SHORT_YEAR_FACTOR = 0.85


def _explicit(text: str, calendar: Calendar) -> list[PeriodMention]:
    found = []
    for pattern, read, strength, kind in RULES:
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
    rf"(?<!年){NUMBER_BEFORE}(?P<m>{MONTH}){GAP}(?:月(?:{GAP}份)?)?(?P<by>{DASH}|、|和)"
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


#: So far from its beginning a text still states what it is about (title, subtitle, header).
HEADING = 200


class _Anchors:
    """What a text says of its year: school years and terms, dates and months, bare years."""

    def __init__(
        self, mentions: list[PeriodMention], calendar: Calendar, reference: date | None
    ) -> None:
        self.calendar = calendar
        self.reference = reference
        self.years = [m for m in mentions if m.period.type in ("term", "school_year")]
        self.stated = [m for m in mentions if m.period.type in ("term", "school_year", "month")]
        self.bare = [m for m in mentions if m.kind in ("calendar_year", "year")]

    def _stated_year(self, at: int) -> PeriodMention | None:
        """The school year that the heading states (a plan for this year also speaks of the last
        one), else the nearest school year, term, month or date."""
        if self.years and self.years[0].start < HEADING:
            return self.years[0]
        return _nearest(self.stated, at)

    def year_of_month(self, month: int, at: int) -> int | None:
        """The year of a month that is named alone at a place."""
        anchor = self._stated_year(at)
        if anchor and anchor.period.type == "month":
            return _closest(anchor.period.start, month, 6, 5)
        if anchor:
            school_year = self.calendar.school_year_of(anchor.period.start)
            return _year_in(self.calendar.school_year(school_year), month)
        if self.reference:
            return _closest(self.reference, month, _BACK, _AHEAD)
        if anchor := _nearest(self.bare, at):
            return anchor.period.start.year
        return None

    def school_year(self, term: int, at: int) -> str:
        """The school year of a term that is named alone at a place, "" where nothing says it."""
        if anchor := self._stated_year(at):
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
