"""Dates in Chinese text, and the pieces of which `archive.periods` makes months and years.

All text is taken as already folded (NFKC, Traditional characters made simplified, lower case).
Numerals may be Arabic or Chinese, mixed and spaced as scans have them: 二 0一一年八月二 十日.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

#: Years outside these are no dates of the archive's papers.
FIRST_YEAR, LAST_YEAR = 1990, 2049

GAP = r"\s{0,3}"
_DIGITS = "一二三四五六七八九"
_ZEROS = "0〇零○o"
_VALUES = {char: str(n) for n, char in enumerate(_DIGITS, 1)} | dict.fromkeys(_ZEROS, "0")

_CN_DIGIT = rf"[{_ZEROS}{_DIGITS}\d]"
_CN_YEAR = rf"(?:二{GAP}[{_ZEROS}]|一{GAP}九){GAP}{_CN_DIGIT}{GAP}{_CN_DIGIT}"

#: A year in four digits; what stands before must not make it a longer number.
YEAR = rf"(?<![\d.{_DIGITS}〇零])(?:(?:19|20)\d\d|{_CN_YEAR})"
#: A year in two digits (14年10月), only ever used with what follows it.
SHORT_YEAR = r"(?<![\d.第])[0-4]\d"
MONTH = rf"(?:1[0-2]|0?[1-9]|十{GAP}[一二]|十|元|[{_DIGITS}])"
DAY = (
    rf"(?:3[01]|[12]\d|0?[1-9]|三{GAP}十{GAP}一|三{GAP}十|二{GAP}十{GAP}[{_DIGITS}]|二{GAP}十"
    rf"|十{GAP}[{_DIGITS}]|十|[{_DIGITS}])"
)
#: What must not stand right before a month or day that begins a mention.
NUMBER_BEFORE = rf"(?<![\d.{_DIGITS}十〇零个每几数半整第])"


@dataclass(frozen=True, slots=True)
class DateMention:
    """`words` is text[start:end]. `inferred`: the year stands elsewhere. `strength` 0..1."""

    date: date
    words: str
    start: int
    end: int
    strength: float
    inferred: bool = False


def number(text: str) -> int:
    """The value of an Arabic or Chinese numeral up to 99, or of a year; 元 is 1."""
    text = "".join(text.split()).replace("元", "一")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (int(_VALUES.get(tens, tens)) if tens else 1) + (number(ones) if ones else 0)
    return int("".join(_VALUES.get(char, char) for char in text))


def year_of(text: str) -> int | None:
    """The year that two or four digits name, None outside FIRST_YEAR to LAST_YEAR."""
    year = number(text)
    year += 2000 if year < 100 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


_FULL = re.compile(
    rf"(?P<y1>{YEAR}|{SHORT_YEAR}){GAP}年{GAP}(?P<m1>{MONTH}){GAP}月{GAP}(?P<d1>{DAY}){GAP}[日号]"
    rf"|(?P<y2>{YEAR})(?P<sep>[-./])(?P<m2>1[0-2]|0?[1-9])(?P=sep)(?P<d2>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<!\d)(?P<y3>20\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)"
)
_NO_YEAR = re.compile(
    rf"(?<!年){NUMBER_BEFORE}(?P<m>{MONTH}){GAP}月{GAP}(?P<d>{DAY}){GAP}[日号](?!的?期|制)"
)

#: 2014年10月31日, 2014.10.31 and 20141031 in file names, 10月31日.
STRENGTH = {"1": 0.95, "2": 0.9, "3": 0.75, "none": 0.6}


def find_dates(text: str, reference: date | None = None) -> list[DateMention]:
    """Dates in folded `text`, in order. One without a year takes that of the date before it, else
    of the date after it, else the one nearest to `reference`; else it is left out."""
    full = full_dates(text)
    found = list(full)
    for match in _NO_YEAR.finditer(text):
        at = bisect_right(full, match.start(), key=lambda mention: mention.start) - 1
        if at >= 0 and match.start() < full[at].end:
            continue
        near = full[max(at, 0)].date if full else reference
        day = near and day_near(near, number(match["m"]), number(match["d"]))
        if day:
            start, end = match.span()
            found.append(DateMention(day, match[0], start, end, STRENGTH["none"], True))
    return sorted(found, key=lambda mention: mention.start)


def full_dates(text: str) -> list[DateMention]:
    """Dates with their year."""
    found = []
    for match in _FULL.finditer(text):
        form = next(form for form in "123" if match[f"y{form}"])
        day = _day(match[f"y{form}"], match[f"m{form}"], match[f"d{form}"])
        if day:
            start, end = match.span()
            found.append(DateMention(day, match[0], start, end, STRENGTH[form]))
    return found


def _day(year: str, month: str, day: str) -> date | None:
    value = year_of(year)
    try:
        return date(value, number(month), number(day)) if value else None
    except ValueError:
        return None


def day_near(near: date, month: int, day: int) -> date | None:
    """The date with that month and day that lies nearest to `near`, None where there is none."""
    options = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            options.append(date(year, month, day))
        except ValueError:
            continue
    return min(options, key=lambda option: abs(option - near), default=None)
