"""Dates as people write them in a question: 2014, 2014-09, 2014年9月3日, 2014-09..2015-01, 10月;
and as they stand to the day: 本月, 上学期, 本学年, 去年.

A school year runs from 1 August, its second term from 1 February (as in `archive.calendar`).
"""

from __future__ import annotations

import re
from datetime import date

_DATE = r"(\d{4})(?:\s*(?:[-./年]\s*)(\d{1,2})(?:\s*(?:[-./月]\s*)(\d{1,2})\s*日?|\s*月)?|\s*年)?"
_SINGLE = re.compile(_DATE)
_BETWEEN = re.compile(r"\s*(?:\.\.+|~+|至|到|—+|–|--+)\s*")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_CHINESE_MONTHS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "十一": 11, "十二": 12,
}  # fmt: skip


def _parts(text: str) -> tuple[int, int, int] | None:
    match = _SINGLE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(group or 0) for group in match.groups())
    return (year, month, day) if month <= 12 and day <= 31 else None


def first_day(text: str) -> int | None:
    """2014-09 -> 20140900, the lowest number of that month; None where it is no date."""
    parts = _parts(text)
    return None if parts is None else parts[0] * 10000 + parts[1] * 100 + parts[2]


def last_day(text: str) -> int | None:
    """2014-09 -> 20140931, the highest number of that month."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    return year * 10000 + (month or 12) * 100 + (day or 31)


def number(iso: str) -> int:
    """An ISO date, or the beginning of one, as YYYYMMDD; 0 where there is none."""
    return first_day(iso[:10].strip()) or 0


def date_range(folded: str, today: date | None = None) -> tuple[int, int] | None:
    """(first, last) of one date or of a range that may be open at one end; None if unreadable.
    With `today` also 本月, 上月, 本学期, 上学期, 本学年, 上学年, 今年, 去年."""
    text = folded.strip()
    named = _named(text, today) if today else None
    if named is not None:
        return named
    after = re.fullmatch(r">=?\s*(.+)", text)
    before = re.fullmatch(r"<=?\s*(.+)", text)
    if after or before:
        text = f"{after[1]}.." if after else f"..{before[1]}" if before else text
    ends = _BETWEEN.split(text)
    if len(ends) == 1:
        ends = [text, text]
    if len(ends) != 2 or not any(ends):
        return None
    first = first_day(ends[0]) if ends[0] else 1
    last = last_day(ends[1]) if ends[1] else 99991231
    return None if first is None or last is None else (first, last)


_WHICH = {
    "本": 0, "这": 0, "这个": 0, "今": 0, "当前": 0, "上": -1, "上个": -1, "上一": -1, "去": -1,
    "前": -2, "下": 1, "下个": 1, "下一": 1, "明": 1,
}  # fmt: skip
_NAMED = re.compile(
    f"({'|'.join(sorted(_WHICH, key=len, reverse=True))})(月|学期|学年|年)(?:度|份)?"
)


def _which(text: str, unit: str) -> int | None:
    """0 of 本学期, -1 of 上学期; None where the text is none of this unit."""
    match = _NAMED.fullmatch(text)
    return _WHICH[match[1]] if match and match[2] == unit else None


def _school_half(today: date) -> int:
    """Terms counted through: twice the year in which the school year began, plus 0 or 1."""
    began = today.year - (today.month < 8)
    return began * 2 + (2 <= today.month < 8)


def _named(text: str, today: date) -> tuple[int, int] | None:
    if (which := _which(text, "月")) is not None:
        month = today.year * 12 + today.month - 1 + which
        start = month // 12 * 10000 + (month % 12 + 1) * 100
        return start, start + 31
    if (which := _which(text, "年")) is not None:
        year = (today.year + which) * 10000
        return year, year + 1231
    if (which := _which(text, "学年")) is not None:
        began = _school_half(today) // 2 + which
        return began * 10000 + 800, (began + 1) * 10000 + 731
    if (which := _which(text, "学期")) is not None:
        began, second = divmod(_school_half(today) + which, 2)
        if second:
            return (began + 1) * 10000 + 200, (began + 1) * 10000 + 731
        return began * 10000 + 800, (began + 1) * 10000 + 131
    return None


def month_value(text: str, today: date | None = None) -> tuple[str, str]:
    """A month as the facet holds it: (2014-10, "") or, of any year, (-10, "suffix"). With `today`
    also 本月 and 上月."""
    if today and (which := _which(text, "月")) is not None:
        number = today.year * 12 + today.month - 1 + which
        return f"{number // 12:04}-{number % 12 + 1:02}", ""
    parts = _parts(text)
    if parts is not None and parts[1]:
        return f"{parts[0]:04}-{parts[1]:02}", ""
    month = re.fullmatch(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月?份?", text)
    if month is None:
        return text, ""
    value = _CHINESE_MONTHS.get(month[1]) or (int(month[1]) if month[1].isdecimal() else 0)
    return (f"-{value:02}", "suffix") if 1 <= value <= 12 else (text, "")


def term_value(text: str, today: date | None = None) -> tuple[str, str]:
    """第一学期, 上学期, 1 -> (1, "suffix"); 2014-2015-1 stays. With `today` also 本学期; 上学期 is
    the name of the first."""
    if today and _which(text, "学期") == 0:
        began, second = divmod(_school_half(today), 2)
        return f"{began}-{began + 1}-{second + 1}", ""
    match = re.fullmatch(r"第?([一二12上下])(?:学期)?", text)
    if match is None:
        return text, ""
    return ("1" if match[1] in "一1上" else "2"), "suffix"


def school_year_value(text: str, today: date | None = None) -> tuple[str, str]:
    """2014-2015学年 -> (2014-2015, ""); 2014 -> (2014, "prefix"). With `today` also 本学年."""
    named = (_which(text, unit) for unit in ("学年", "年"))
    if today and (which := next((w for w in named if w is not None), None)) is not None:
        began = _school_half(today) // 2 + which
        return f"{began}-{began + 1}", ""
    match = re.fullmatch(r"(\d{4})(?:\D(\d{4}))?(?:学年|年度|年)?度?", text)
    if match is None:
        return text, ""
    return (f"{match[1]}-{match[2]}", "") if match[2] else (match[1], "prefix")
