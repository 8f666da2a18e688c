"""Dates in questions, as people write them."""

from __future__ import annotations

import pytest

from indexer.dates import date_range, month_value, number, school_year_value, term_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014", (20140000, 20141231)),
        ("2014-09", (20140900, 20140931)),
        ("2014年9月", (20140900, 20140931)),
        ("2014年9月3日", (20140903, 20140903)),
        ("2014-09..2015-01", (20140900, 20150131)),
        ("2014.9至2015.1", (20140900, 20150131)),
        ("2014-09..", (20140900, 99991231)),
        ("..2015-01-05", (1, 20150105)),
        (">=2014-09", (20140900, 99991231)),
        ("20140903", (20140903, 20140903)),
        ("2014-13", None),
        ("昨天", None),
        ("..", None),
        ("", None),
    ],
)
def test_ranges(text: str, expected: tuple[int, int] | None) -> None:
    assert date_range(text) == expected


def test_parts_of_the_school_calendar() -> None:
    assert month_value("2014年10月") == ("2014-10", "")
    assert month_value("10月") == month_value("十月") == ("-10", "suffix")
    assert month_value("暑假") == ("暑假", "")
    assert term_value("第一学期") == term_value("上学期") == ("1", "suffix")
    assert term_value("2014-2015-1") == ("2014-2015-1", "")
    assert school_year_value("2014-2015学年") == ("2014-2015", "")
    assert school_year_value("2014") == ("2014", "prefix")


def test_unreadable_dates_of_entries_count_as_none() -> None:
    assert number("2014-09-03T08:00:00") == 20140903
    assert number("") == number("不详") == 0
