"""Lines laid out for filing: letters that recognition spread are closed up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.filing.scan import closed_up


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("2 0 1 5 年 1 1 月 3 0 日", "2015年11月30日"),
        ("学 科： 数 学 ， 物 理", "学科：数学，物理"),
        ("上 王 初 级 中 学   数 学", "上王初级中学   数 学"),
        ("李 敏  王 强", "李 敏  王 强"),
        ("Unit 5 a b c section", "Unit 5 a b c section"),
        ("语文 数学 英语 物理 化学 生物", "语文 数学 英语 物理 化学 生物"),
    ],
)
def test_only_long_runs_of_single_characters_are_closed_up(text: str, closed: str) -> None:
    assert closed_up(text) == closed


@given(st.text(alphabet="年月1 2:，a\u3000", max_size=60))
def test_closing_up_takes_away_spaces_only_and_is_done_once(text: str) -> None:
    closed = closed_up(text)
    assert closed.replace(" ", "") == text.replace(" ", "")
    assert closed_up(closed) == closed
