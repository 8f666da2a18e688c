"""Marks and snippets of long, odd and foreign texts."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines import QueryError
from indexer.query import parse
from indexer.snippets import COUNT, CUT, WIDTH, marks, merged, snippets
from indexer.tokens import normal

letters = st.sampled_from("校本研修學学七3班ab1 K\n（)，㈠é\u0301\u200b…")


@given(st.text(letters, max_size=60), st.integers(0, 59), st.integers(1, 6))
def test_a_quoted_part_of_a_text_is_marked_in_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    try:
        tree = parse(f'"{part}"')
    except QueryError:
        return
    spans = marks(text, tree)
    if normal(part) in normal(text):
        assert spans
    for a, b in spans:
        assert normal(part) in normal(text[a:b])


@given(
    st.text(letters, max_size=300), st.lists(st.text(letters, min_size=1, max_size=4), max_size=4)
)
def test_snippets_stay_within_bounds(body: str, asked: list[str]) -> None:
    tree = parse(" ".join(normal(word).replace("(", "").replace(")", "") for word in asked))
    shown = snippets(body, "校本\n研修", tree)
    assert len(shown) <= COUNT
    for snippet in shown:
        assert 0 < len(snippet.text) <= WIDTH
        assert snippet.marks == merged(snippet.marks)
        assert all(0 <= a < b <= len(snippet.text) for a, b in snippet.marks)


def test_the_best_stretches_show_all_runs() -> None:
    body = (
        "开头。" * 100 + "这里讲集体备课。" + "中间。" * 100 + "那里讲听课评课。" + "结尾。" * 100
    )
    shown = snippets(body, "", parse("集体备课 听课评课"))
    assert [s.text[slice(*s.marks[0])] for s in shown] == ["集体备课", "听课评课"]


def test_a_whole_run_deep_in_a_text_goes_before_near_ones_at_its_start() -> None:
    body = "研修活动。" * 3_000 + "校本研修计划在此。" + "后文。" * 1_000
    shown = snippets(body, "", parse("校本研修计划"))
    assert [s.text[a:b] for s in shown for a, b in s.marks] == ["校本研修计划"]


def test_of_whole_runs_the_first_is_shown() -> None:
    body = "校本研修计划一。" + "研修活动。" * 3_000 + "校本研修计划二。"
    shown = snippets(body, "", parse("校本研修计划"))
    assert shown[0].text.startswith("校本研修计划一")


def test_the_heading_is_the_last_one_above() -> None:
    body = "工作\n概述\n一、成效\n提高工作质量\n二、不足\n经费短缺\n"
    headings = "一、成效\n二、不足"
    assert snippets(body, headings, parse("质量"))[0].heading == "一、成效"
    assert snippets(body, headings, parse("经费"))[0].heading == "二、不足"
    assert snippets(body, headings, parse("概述"))[0].heading == ""


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippets("\n 正文开头", "", parse("别处"))[0].text == "正文开头"
    assert snippets(" \n", "", parse("别处")) == ()


@pytest.mark.parametrize("body", ["研修" * 1_000_000, "校 本\n" * 500_000, "㈠" * 1_000_000])
def test_huge_bodies_cost_bounded_time(body: str) -> None:
    question = parse(" ".join(["校本研修计划总结", "集体备课", "一1", "2014*"]))
    started = time.perf_counter()
    snippets(body, "校本\n" * 10_000, question)
    assert time.perf_counter() - started < 2


def test_what_is_excluded_is_not_marked() -> None:
    assert marks("数学与语文", parse("数学 -语文")) == ((0, 2),)


def test_the_section_is_named_though_its_line_begins_with_a_number() -> None:
    body = (
        "十月报告\n提到存在问题的一句话\n一、工作开展情况\n开展集体备课\n（二）存在问题\n练习偏难"
    )
    headings = "十月报告\n工作开展情况\n存在问题"
    (found,) = snippets(body, headings, parse("练习偏难"))
    assert found.heading == "存在问题"


PLAN = (
    "孙镇初中语文教研组工作计划\n"
    "孙镇初中语文教研组在2014—2015学年第一学期七年级和八年级共有HYPERLINK(http://www.example.cn/a)"
    "一处资料，本学期的集体备课由备课组长负责，每两周一次，地点在二楼会议室，各备课组要在前一天把讨论"
    "提纲发给每一位教师，讨论后由主备人整理成2014-10-31之前的电子稿。其他事项另行通知。"
)


@pytest.mark.parametrize(
    ("asked", "begins", "ends"),
    [
        ("集体备课", "…一处资料，本学期的集体备课", "整理成2014-10-31…"),
        ("学年第一学期", "孙镇初中语文教研组在2014—2015学年", "…"),
        ("提纲", "…每两周一次，地点", "其他事项另行通知。"),
        ("其他事项", "其他事项", "另行通知。"),
    ],
)
def test_a_snippet_begins_and_ends_at_a_border_and_says_where_it_is_cut(
    asked: str, begins: str, ends: str
) -> None:
    (found,) = snippets(PLAN, "", parse(asked))
    assert found.text.startswith(begins)
    assert found.text.endswith(ends)
    assert {found.text[a:b] for a, b in found.marks} == {asked}
    assert len(found.text) <= WIDTH


@pytest.mark.parametrize("blank", ["", "，", " "])
def test_latin_words_and_numbers_are_never_cut(blank: str) -> None:
    names = ("HYPERLINK", "2014—2015", "http://www.example.cn/a", "3.5", "ｋ１２")
    wholes = re.compile("|".join(map(re.escape, names)))
    body = f"中{blank}".join(f"{names[i % 5]}第{i}位" for i in range(60)).replace("第30位", "研修")
    (found,) = snippets(body, "", parse("研修"))
    inner = found.text.strip(CUT)
    assert found.text == f"{CUT}{inner}{CUT}"
    assert inner in body
    at = body.index(inner)
    for name in wholes.finditer(body):
        assert not name.start() < at < name.end()
        assert not name.start() < at + len(inner) < name.end()


@given(
    st.text(st.sampled_from("校研修7。，b1 \n…—"), max_size=300), st.sampled_from(["研修", "校研"])
)
def test_all_hits_of_a_snippet_are_marked_where_they_stand(body: str, asked: str) -> None:
    for found in snippets(body, "", parse(f'"{asked}"')):
        assert {normal(found.text[a:b]).replace(asked, "") for a, b in found.marks} <= {""}
        assert normal(found.text).count(asked) <= sum(
            normal(found.text[a:b]).count(asked) for a, b in found.marks
        )
        assert found.text.strip(CUT).strip() in re.sub(r"\s", " ", body)


@pytest.mark.parametrize("title", ["孙镇初中语文教研组工作计划", "孙镇初中 语文教研组\n工作计划"])
def test_a_title_is_quoted_only_where_the_body_shows_nothing_else(title: str) -> None:
    title_of = title.replace("\n", "")
    body = title + "\n本学期语文教研组要做好集体备课。"
    (found,) = snippets(body, "", parse("语文教研组"), title=title_of)
    assert found.text == "本学期语文教研组要做好集体备课。"
    (found,) = snippets(body, "", parse("工作计划"), title=title_of)
    assert [found.text[a:b] for a, b in found.marks] == ["工作计划"]
    far = title + "\n" + "其他。" * 5_000 + "语文教研组。"
    (found,) = snippets(far, "", parse("语文教研组"), title=title_of)
    assert found.text == "语文教研组。"
