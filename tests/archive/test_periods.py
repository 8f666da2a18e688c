"""Periods, dates and examinations read from text."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.calendar import Calendar
from archive.dates import find_dates
from archive.exams import find_exams
from archive.periods import Period, find_periods
from indexer.folding import fold

CALENDAR = Calendar()
NOVEMBER = date(2014, 11, 3)


def labels(text: str, reference: date | None = NOVEMBER) -> list[str]:
    return [m.period.label for m in find_periods(fold(text), CALENDAR, reference)]


def test_it_works() -> None:
    mention = find_periods("孙镇初中2014-2015学年度第一学期计划", CALENDAR)[0]
    assert mention.words == "2014-2015学年度第一学期"
    assert mention.period == Period(
        "term", date(2014, 8, 1), date(2015, 1, 31), "2014-2015学年第一学期"
    )
    assert (mention.kind, mention.inferred) == ("term", False)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2014—2015学年上学期", "2014-2015学年第一学期"),
        ("2014-2015上", "2014-2015学年第一学期"),
        ("2014-2015学年度（下）", "2014-2015学年第二学期"),
        ("2014-2015-2", "2014-2015学年第二学期"),
        ("2010—2011學年第二學期", "2010-2011学年第二学期"),
        ("二〇一四—二〇一五学年第一学期", "2014-2015学年第一学期"),
        ("14-15学年第二学期", "2014-2015学年第二学期"),
        ("2014学年第二学期", "2014-2015学年第二学期"),
        ("2009年第二学期期中", "2008-2009学年第二学期"),
        ("2015年秋季", "2015-2016学年第一学期"),
        ("2014秋期中", "2014-2015学年第一学期"),
        ("2013年春季送课下乡", "2012-2013学年第二学期"),
        ("2016上半年总结", "2015-2016学年第二学期"),
        ("2014-2015学年", "2014-2015学年"),
        ("2014－2015", "2014-2015学年"),
        ("2014-15学年度", "2014-2015学年"),
        ("2014-2015上报材料", "2014-2015学年"),
        ("2014年度", "2014年度"),
        ("2014-2016年", "2014—2016年"),
        ("2014年10月", "2014年10月"),
        ("2014 年 10 月份", "2014年10月"),
        ("二〇一四年十月", "2014年10月"),
        ("14年10月", "2014年10月"),
        ("2014.10", "2014年10月"),
        ("物理教研组计划（2015.9）", "2015年9月"),
        ("201410", "2014年10月"),
        ("2014年9—10月", "2014年9—10月"),
        ("2014年11月—2015年1月", "2014年11月—2015年1月"),
        ("微信图片_20141107", "2014年11月"),
        ("2014年10月31日", "2014年10月"),
        ("二 0一一年八月二 十日", "2011年8月"),
    ],
)
def test_periods_that_name_their_year(text: str, label: str) -> None:
    assert labels(text, None) == [label]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("10月份", "2014年10月"),
        ("十月", "2014年10月"),
        ("四月份", "2014年4月"),
        ("階段報告１２月", "2014年12月"),
        ("元月份", "2014年1月"),
        ("9—10月", "2014年9—10月"),
        ("九、十月份", "2014年9—10月"),
        ("12月—1月", "2014年12月—2015年1月"),
        ("第一学期期中", "2014-2015学年第一学期"),
        ("八年级上学期", "2014-2015学年第一学期"),
        ("春季学期", "2014-2015学年第二学期"),
        ("10月12日", "2014年10月"),
    ],
)
def test_what_names_no_year_takes_that_of_the_reference(text: str, label: str) -> None:
    mentions = find_periods(fold(text), CALENDAR, NOVEMBER)
    assert [m.period.label for m in mentions] == [label]
    assert mentions[0].inferred
    assert labels(text, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "电话13992014201",
        "0913-7212014",
        "15-16岁",
        "第3-4页",
        "1.5万",
        "10个月",
        "每月一次",
        "一月一次",
        "第2次月考",
        "半月谈",
        "2015上报材料",
        "2011年版课标",
        "1987.5万",
        "2014-2030-1",
        "2014年级",
        "",
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert labels(text) == []


def test_a_bare_year_is_weak_and_less_than_a_year_of_work() -> None:
    bare, stated = (find_periods(t, CALENDAR)[0] for t in ("2014年计划", "2014年度计划"))
    assert (bare.kind, stated.kind) == ("year", "calendar_year")
    assert bare.strength < 0.5 < stated.strength


def test_a_month_lies_in_the_year_that_the_heading_states() -> None:
    text = "2015-2016学年度第一学期计划 上学年（2014-2015学年）薄弱 九月 一月"
    assert labels(text, NOVEMBER)[2:] == ["2015年9月", "2016年1月"]


def test_a_month_lies_near_the_date_before_it() -> None:
    assert labels("填报时间：2016年4月28日 四月活动 五月打算", NOVEMBER) == [
        *("2016年4月", "2016年4月", "2016年5月")
    ]
    assert labels("2015年1月6日 十二月份总结", None) == ["2015年1月", "2014年12月"]


@pytest.mark.parametrize(
    ("reference", "label"),
    [
        (date(2015, 1, 6), "2014年12月"),
        (date(2014, 12, 1), "2014年12月"),
        (date(2014, 11, 20), "2014年12月"),
        (date(2014, 10, 20), "2013年12月"),
    ],
)
def test_a_month_alone_is_past_or_the_next(reference: date, label: str) -> None:
    assert labels("12月", reference) == [label]


def test_the_longest_reading_wins() -> None:
    text = "2014-2015学年度第一学期2014年10月31日"
    assert [m.kind for m in find_periods(text, CALENDAR)] == ["term", "date"]


def test_a_wide_period_holds_a_narrow_one() -> None:
    year, term = CALENDAR.school_year("2014-2015"), CALENDAR.term("2014-2015", 2)
    assert year.contains(term)
    assert not term.contains(year)
    assert Period.from_json(term.to_json()) == term


PIECES = st.lists(
    st.sampled_from(
        [*"0123456789〇一二三四五六七八九十年月日学期度第上下秋春季份-—./、 （）", "2014", "2015"]
    ),
    max_size=14,
).map("".join)


@given(PIECES, st.none() | st.dates(date(2005, 1, 1), date(2030, 1, 1)))
def test_mentions_are_pieces_of_the_text_in_order(text: str, reference: date | None) -> None:
    text = fold(text)
    mentions = find_periods(text, CALENDAR, reference)
    assert all(m.words == text[m.start : m.end] for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert all(m.period.start <= m.period.end and 0 < m.strength <= 1 for m in mentions)


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_every_way_of_writing_a_day_names_it(day: date) -> None:
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(char)] for char in str(day.year))
    ways = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
        f"{year}年{chinese(day.month)}月{chinese(day.day)}日",
    ]
    assert [[m.date for m in find_dates(way)] for way in ways] == [[day]] * 4


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    head = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return head + (digits[ones] if ones else "")


def test_dates_without_a_year_follow_those_before_them() -> None:
    text = "2014年12月30日至1月5日，又见20141107.jpg"
    mentions = find_dates(text)
    assert [m.date for m in mentions] == [
        *(date(2014, 12, 30), date(2015, 1, 5), date(2014, 11, 7))
    ]
    assert [m.inferred for m in mentions] == [False, True, False]
    assert find_dates("1月5日") == []
    assert find_dates("1月5日", date(2015, 3, 1))[0].date == date(2015, 1, 5)


def test_days_that_do_not_exist_are_no_dates() -> None:
    assert find_dates("2014年2月30日 2014-13-01 20141399 3014年1月1日") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("期中质量检测", ["期中", "质检"]),
        ("第二次月考", ["第二次月考"]),
        ("第1次月考", ["第一次月考"]),
        ("十二月月考英语", ["月考"]),
        ("九年级化学一模", ["一模"]),
        ("第二次模拟", ["二模"]),
        ("2014-2015学年第一学期期末", ["期末"]),
        ("学期中 学期末 一模块", []),
    ],
)
def test_examinations(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_exams(text)] == names


@pytest.mark.parametrize(
    "piece", ["10月", "2014年", "2014-", "二〇", "九、", "第一学期", " 1", "十"]
)
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    """A slip into quadratic time would take minutes here."""
    find_periods(piece * 20_000, CALENDAR, NOVEMBER)
    find_dates(piece * 20_000, NOVEMBER)
