"""Dates and numbers as official papers write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.chinese import FILTERS, Scalar, chinese_date, chinese_number

_VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"十": 10, "百": 100, "千": 1000}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("日期", "2014-10-31", "2014年10月31日"),
        ("日期", "2014-09-01T08:00:00Z", "2014年9月1日"),
        ("日期", "2014-10", "2014年10月"),
        ("日期", date(2014, 9, 1), "2014年9月1日"),
        ("日期", "十月底", "十月底"),
        ("日期", None, None),
        ("大写日期", "2014-10-31", "二〇一四年十月三十一日"),
        ("序号", 1, "一"),
        ("序号", "12", "十二"),
        ("序号", 20, "二十"),
        ("中文数字", 103, "一百零三"),
        ("中文数字", 110, "一百一十"),
        ("中文数字", 2014, "二千零一十四"),
        ("中文数字", 0, "零"),
        ("中文数字", "三", "三"),
        ("中文数字", 10_000, 10_000),
        ("六角括号", 2014, "〔2014〕"),
        ("六角括号", None, None),
        ("六角括号", "", ""),
    ],
)
def test_filters(name: str, value: Scalar, expected: Scalar) -> None:
    assert FILTERS[name](value) == expected


def read(words: str) -> int:
    """The number a Chinese numeral means, the other way round."""
    total, digit = 0, 0
    for word in words:
        value = _VALUES[word]
        if value < 10:
            digit = value
        else:
            total, digit = total + (digit or 1) * value, 0
    return total + digit


@given(st.integers(0, 9999))
def test_numerals_mean_their_number(number: int) -> None:
    assert read(str(chinese_number(number))) == number


@given(st.dates(date(1900, 1, 1)))
def test_dates_have_no_leading_zeros(day: date) -> None:
    assert chinese_date(day.isoformat()) == f"{day.year}年{day.month}月{day.day}日"
    assert "年0" not in str(chinese_date(day))
