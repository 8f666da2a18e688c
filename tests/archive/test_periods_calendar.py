"""The school calendar: terms, months, teaching days, working days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.calendar import Calendar, Term
from archive.register_import import load_register

DEFAULT = Calendar()
COUNTY = load_register(Path(__file__).parents[2] / "yanxiu" / "demo" / "county.json").calendar

#: Terms that reach over the usual borders on both sides.
ODD = Calendar(
    (
        Term("2014-2015", 1, date(2014, 7, 20), date(2015, 2, 10)),
        Term("2014-2015", 2, date(2015, 3, 1), date(2015, 8, 15)),
    )
)
DAYS = st.dates(date(1995, 1, 1), date(2040, 1, 1))
CALENDARS = st.sampled_from([DEFAULT, COUNTY, ODD])


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2014, 8, 1), ("2014-2015", 1)),
        (date(2015, 1, 31), ("2014-2015", 1)),
        (date(2015, 2, 1), ("2014-2015", 2)),
        (date(2015, 7, 31), ("2014-2015", 2)),
        (date(2015, 8, 1), ("2015-2016", 1)),
    ],
)
def test_by_default_a_term_is_august_to_january(day: date, term: tuple[str, int]) -> None:
    assert DEFAULT.term_of(day) == term
    assert DEFAULT.school_year_of(day) == term[0]


def test_a_registered_term_moves_the_borders_that_it_crosses() -> None:
    assert ODD.term_of(date(2014, 7, 25)) == ("2014-2015", 1)
    assert ODD.term_of(date(2015, 2, 5)) == ("2014-2015", 1)
    assert ODD.term_of(date(2015, 8, 10)) == ("2014-2015", 2)
    assert ODD.term("2014-2015", 2).start == date(2015, 2, 11)


@given(CALENDARS, DAYS)
def test_every_day_lies_in_its_term_and_year(calendar: Calendar, day: date) -> None:
    school_year, number = calendar.term_of(day)
    term, year = calendar.term(school_year, number), calendar.school_year(school_year)
    assert term.start <= day <= term.end
    assert year.contains(term)
    after = calendar.term(*calendar.term_of(term.end + timedelta(days=1)))
    assert after.start == term.end + timedelta(days=1)


@given(CALENDARS, DAYS)
def test_a_term_covers_its_months(calendar: Calendar, day: date) -> None:
    month = calendar.month_of(day)
    term = calendar.term(*calendar.term_of_month(month))
    assert calendar.covers(term, month)
    assert month in calendar.months_in(term)
    assert calendar.covers(calendar.school_year(calendar.school_year_of(term.start)), month)


def test_months() -> None:
    assert DEFAULT.month("2015-02").end == date(2015, 2, 28)
    assert DEFAULT.month("2014-10").label == "2014年10月"
    assert DEFAULT.months(2014, 9, 10).label == "2014年9—10月"
    assert DEFAULT.months(2014, 12, 1).end == date(2015, 1, 31)
    for wrong in ("2014", "2014-13", "秋"):
        with pytest.raises(ValueError):
            DEFAULT.month(wrong)


@pytest.mark.parametrize("wrong", ["2014", "2014-2016", "甲-乙", ""])
def test_what_is_no_school_year(wrong: str) -> None:
    with pytest.raises(ValueError):
        DEFAULT.term(wrong, 1)


def test_there_is_no_third_term() -> None:
    with pytest.raises(ValueError):
        DEFAULT.term("2014-2015", 3)


def test_teaching_days_as_registered_or_by_default() -> None:
    assert COUNTY.teaching_start("2014-2015", 2) == date(2015, 3, 2)
    assert DEFAULT.teaching_start("2014-2015", 1) == date(2014, 9, 1)
    assert DEFAULT.teaching_end("2014-2015", 1) == date(2015, 1, 31)
    assert DEFAULT.teaching_start("2014-2015", 2) == date(2015, 2, 1)
    assert DEFAULT.teaching_end("2014-2015", 2) == date(2015, 8, 31)


def test_working_days_leave_out_holidays_and_take_in_days_made_up() -> None:
    assert not COUNTY.is_working_day(date(2014, 10, 1))
    assert COUNTY.is_working_day(date(2014, 10, 11))  # a Saturday made up for
    assert not COUNTY.is_working_day(date(2014, 10, 12))
    assert COUNTY.add_working_days(date(2014, 9, 30), 3) == date(2014, 10, 10)
    assert COUNTY.add_working_days(date(2014, 10, 13), -1) == date(2014, 10, 11)
    assert COUNTY.add_working_days(date(2014, 10, 12), 0) == date(2014, 10, 12)


def test_ten_months_of_a_school_year_are_due() -> None:
    for calendar in (DEFAULT, COUNTY):
        months = calendar.months_in(calendar.school_year("2014-2015"))
        assert len(months) == 12
        due = [month.start.month for month in months if calendar.is_due_month(month)]
        assert due == [9, 10, 11, 12, 1, 3, 4, 5, 6, 7]


def test_tests_stand_with_their_term() -> None:
    first = COUNTY.tests[0]
    assert (first.name, first.day) == ("期中", date(2014, 11, 12))
    assert COUNTY.test(first).label == "2014-2015学年第一学期期中"


def test_the_calendar_comes_back_from_json() -> None:
    assert Calendar.from_json(COUNTY.to_json()) == COUNTY
