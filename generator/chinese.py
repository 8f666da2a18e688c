"""How dates and numbers are written in Chinese official papers; the filters a template may use."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

#: A single value before it is printed.
Scalar = str | int | float | date | bool | None

_DIGITS = "〇一二三四五六七八九"
_NUMERALS = "零一二三四五六七八九"
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ].*)?", re.DOTALL)


def chinese_date(value: Scalar) -> Scalar:
    """2014年10月31日, without leading zeros (GB/T 9704-2012, 7.3.5.4).

    Takes a date or ISO text (2014-10-31, 2014-10); anything else is returned as it is.
    """
    parts = _date_parts(value)
    if not parts:
        return value
    year, month, day = parts
    return f"{year}年{month}月" + (f"{day}日" if day else "")


def chinese_date_in_words(value: Scalar) -> Scalar:
    """二〇一四年十月三十一日, as on old seals and covers."""
    parts = _date_parts(value)
    if not parts:
        return value
    year, month, day = parts
    words = "".join(_DIGITS[int(digit)] for digit in str(year))
    return f"{words}年{_numeral(month)}月" + (f"{_numeral(day)}日" if day else "")


def _date_parts(value: Scalar) -> tuple[int, int, int | None] | None:
    if isinstance(value, date | datetime):
        return value.year, value.month, value.day
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 40 else None
    if not match:
        return None
    year, month, day = match.groups()
    return int(year), int(month), int(day) if day else None


def chinese_number(value: Scalar) -> Scalar:
    """一, 十二, 一百零三 for whole numbers from 0 to 9999; anything else as it is."""
    text = str(value).strip() if value is not None else ""
    if not re.fullmatch(r"[0-9]{1,4}", text):
        return value
    return _numeral(int(text))


def _numeral(number: int) -> str:
    if number == 0:
        return _NUMERALS[0]
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += _NUMERALS[digit] + name
        elif words and number % unit and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if words.startswith("一十") else words


def year_brackets(value: Scalar) -> Scalar:
    """〔2014〕: the six-cornered brackets of a document number (GB/T 9704-2012, 7.2.5)."""
    known = isinstance(value, str | int | float | date) and value != ""
    return f"〔{value}〕" if known else value


#: Every filter a template may name. Each takes the value alone.
FILTERS: dict[str, Callable[[Scalar], Scalar]] = {
    "日期": chinese_date,
    "大写日期": chinese_date_in_words,
    "中文数字": chinese_number,
    "序号": chinese_number,
    "六角括号": year_brackets,
    "年份": year_brackets,
    "cn_date": chinese_date,
    "cn_number": chinese_number,
    "brackets": year_brackets,
}
