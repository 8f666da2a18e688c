"""The query language: what each form means, and that no text breaks it."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines import QueryError
from indexer.query import (
    MAX_LENGTH,
    And,
    Dates,
    Everything,
    Node,
    Not,
    Or,
    Phrase,
    Title,
    Value,
    Wildcard,
    Words,
    parse,
)


def near(*runs: str) -> Words:
    return Words(runs, strict=False)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \u200b　", Everything()),
        ("數學 研修", near("数学", "研修")),
        ('"校本 研修"', Phrase("校本研修")),
        ("“校本研修”", Phrase("校本研修")),
        ("「校本研修」 计划", And((near("计划"), Phrase("校本研修")))),
        ("「渡臺禁令」是哪年頒布的?", near("渡台禁令", "是哪年颁布的")),
        ("数学 AND 研修", And((Words(("数学",)), Words(("研修",))))),
        ("数学 OR 语文 研修", Or((Words(("数学",)), And((Words(("语文",)), Words(("研修",))))))),
        ("数学|语文", Or((Words(("数学",)), Words(("语文",))))),
        ("数学 -语文", And((near("数学"), Not(Words(("语文",)))))),
        ("NOT 语文", Not(Words(("语文",)))),
        ("--", Phrase("--")),
        ("- 计划", near("计划")),
        ("(数学 研修) -英语", And((near("数学", "研修"), Not(Words(("英语",)))))),
        ("-(语文 | 英语)", Not(Or((Words(("语文",)), Words(("英语",)))))),
        ("七(3)班", near("七(3)班")),
        ("七（３）班", near("七(3)班")),
        ("(七(3)班)", near("七(3)班")),
        ("(3)班", near("(3)班")),
        ("七年级(3)", near("七年级(3)")),
        ("1)数学", near("1)数学")),
        ("23%", near("23%")),
        ("K12", near("k12")),
        ("360云平台", near("360云平台")),
        ("《战国无双3》是由谁开发的？", near("战国无双3", "是由谁开发的")),
        ("1,000人，3.5分", near("1,000人", "3.5分")),
        ("2014*", Wildcard("2014*")),
        ("k**2", Wildcard("k*2")),
        ("研修*", near("研修")),
        ("学校:一中", Value("school", "一中")),
        ("学校： 一中", Value("school", "一中")),
        ('school:"City No 1"', Value("school", "city\u2423no\u24231")),
        ("学科:数学,語文", Or((Value("subject", "数学"), Value("subject", "语文")))),
        ("学科:(数学 OR 语文)", Or((Value("subject", "数学"), Value("subject", "语文")))),
        ("-学校:一中", Not(Value("school", "一中"))),
        ("月份:10月", Value("month", "-10", "suffix")),
        ("学期:第一学期", Value("term", "1", "suffix")),
        ("学年:2014", Value("school_year", "2014", "prefix")),
        ("日期:2014-09..2015-01", Dates(20140900, 20150131)),
        ("标题:计划", Title(Words(("计划",)))),
        ("标题:“校本研修”", Title(Phrase("校本研修"))),
        ("主题:研修", near("主题", "研修")),
        ("http://a.cn/b", near("http", "a.cn/b")),
        ("？！", Phrase("?!")),
        ("课", near("课")),
    ],
)  # fmt: skip
def test_meaning(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('数学 "校本', 3),
        ("“校本", 0),
        ('""', 0),
        ("(数学", 0),
        ("数学 )", 3),
        ("数学 AND", 6),
        ("OR 数学", 0),
        ("数学 OR OR 语文", 5),
        ("NOT", 3),
        ("学校:", 3),
        ("(学校:)", 4),
        ("日期:昨天", 3),
        ("标题:，", 3),
        ("计划 日期:2015-01..2014-09", 6),
        ("( " * 30 + "a" + " )" * 30, 32),
        (" ".join("a" for _ in range(100)), 128),
        ("长" * 401, 400),
    ],
)
def test_faults_are_told_in_chinese_with_their_place(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.message)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("学科：", "「学科:」后面缺少内容"),
        ("标题:，", "「标题:」后面缺少内容"),
        ("学科:-数学", "「学科:」后面不能用减号"),
    ],
)
def test_a_field_without_content_is_named(text: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.message == said


pieces = st.sampled_from(
    ["校本", "研修", "K12", "七(3)班", '"', "“", "”", "「", "」", "(", ")", "（", "）", " ", "　",
     "-", "NOT ", " AND ", " OR ", "|", "*", "?", ":", "：", "学校:", "日期:", "标题:", "月份:",
     "2014", "..", "，",
     "\x00", "\ud800", "\u0301", "😀", "㈠", "\u2423", "=", "\\", ".*", "[", "a"]
)  # fmt: skip
any_question = st.text(max_size=120) | st.lists(pieces, max_size=60).map("".join)


@given(any_question)
def test_any_text_gives_a_tree_or_a_query_error(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        if not 0 <= error.position <= MAX_LENGTH:
            raise AssertionError(error.position) from error


@pytest.mark.parametrize(
    "unit", ["(", ")", '"', "a(", "(a", "-", "|", "*a", "。", "学校:", "NOT ", "(a) "]
)
def test_the_worst_texts_are_read_in_time(unit: str) -> None:
    started = time.perf_counter()
    with suppress(QueryError):
        parse((unit * MAX_LENGTH)[:MAX_LENGTH])
    assert time.perf_counter() - started < 0.5
