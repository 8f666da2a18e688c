"""What every engine promises besides: words inside sections, pages of quotes, arrival, synonyms,
what is alike, days reckoned from today."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_contract import entry, found, marked

from indexer.engines import Engine, Entry, Part, Search


def sectioned(entry_id: str, *sections: tuple[str, str]) -> Entry:
    """An entry whose body is these sections, each a heading and its text."""
    body, placed = "", []
    for title, text in sections:
        placed.append(Part(title, len(body), len(body) + len(title) + 1 + len(text)))
        body += f"{title}\n{text}\n"
    return Entry(entry_id, "质检分析报告", "\n".join(t for t, _ in sections), body, parts=placed)


@pytest.fixture
def reports(engine: Engine) -> Engine:
    engine.apply(
        [
            sectioned("a", ("取得成效", "计算能力提高。"), ("存在问题", "学生概念不清，听课 少。")),
            sectioned(
                "b", ("取得成效", "概念清楚。"), ("存在问题与不足", "计算能力差，２３％不及格。")
            ),
            sectioned("c", ("存在问题", "没有问题。"), ("今后打算", "抓計算能力。")),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("章节:存在问题 计算能力", "b"),
        ("章节:存在問題 计算能力", "b"),
        ('章节:存在问题 "概念不清，听课少"', "a"),
        ("章节:存在问题 23%", "b"),
        ("章节:存在问题", "abc"),
        ('章节:"存在问题与不足"', "b"),
        ("章节:(今后打算 OR 取得成效) 计算能力", "ac"),
        ("章节:存在问题 (计算能力 OR 概念不清)", "ab"),
        ("章节:存在问题 -计算能力", ""),
        ("章节:取得成效 -概念不清", "b"),
        ("计算能力 AND NOT 章节:今后打算", "ab"),
        ("章节:没有这样的章节 计算能力", ""),
    ],
)
def test_words_beside_a_section_stand_in_it(reports: Engine, text: str, ids: str) -> None:
    assert set(found(reports, text)) == set(ids)
    assert reports.search(Search(text, limit=0)).total == len(ids)


def test_quotes_come_from_the_section_that_was_asked_for(engine: Engine) -> None:
    engine.apply(
        [
            sectioned(
                "a",
                ("取得成效", "计算能力提高，计算能力好。"),
                ("存在问题", "个别学生计算能力差。"),
            )
        ]
    )
    (hit,) = engine.search(Search("章节:存在问题 计算能力")).hits
    assert [(s.heading, marked(hit)) for s in hit.snippets] == [("存在问题", ["计算能力"])]
    (hit,) = engine.search(Search("章节:存在问题")).hits
    assert [s.text for s in hit.snippets] == ["存在问题 个别学生计算能力差。"]
    (hit,) = engine.search(Search("计算能力 AND NOT 章节:今后打算")).hits
    assert len(marked(hit)) == 3


def test_a_section_is_told_from_lines_where_its_place_was_not_given(engine: Engine) -> None:
    body = "一、取得成效\n计算能力提高。\n二、存在问题\n概念不清。"
    engine.apply([entry("a", body, headings="取得成效\n存在问题")])
    assert found(engine, "章节:取得成效 计算能力") == ["a"]
    assert found(engine, "章节:存在问题 计算能力") == []


def test_a_quote_tells_its_section_and_page(engine: Engine) -> None:
    made = sectioned("a", ("取得成效", "计算能力提高。"), ("存在问题", "学生概念不清。"))
    second = made.body.index("存在问题")
    engine.apply([replace(made, pages=[(0, 1), (second, 3)])])
    (hit,) = engine.search(Search('"概念不清"')).hits
    assert [(s.heading, s.page) for s in hit.snippets] == [("存在问题", 3)]


def test_the_last_to_come_stand_first_and_can_be_asked_for(engine: Engine) -> None:
    at = "2014-10-{}T08:00:00+08:00"
    days = {"a": 11, "b": 13, "c": 12}
    engine.apply(replace(entry(i, "研修"), received=at.format(d)) for i, d in days.items())
    assert found(engine, "研修", sort="received") == ["b", "c", "a"]
    assert set(found(engine, "", received_after=at.format(11))) == {"b", "c"}
    assert found(engine, "研修", received_after="2014-10-13T00:00:00+00:00") == []


def test_near_hits_can_be_left_out(engine: Engine) -> None:
    engine.apply([entry("a", "集体备课。"), entry("b", "备课。"), entry("c", "集体备课，听评课。")])
    assert set(found(engine, "集体备课")) == {"a", "b", "c"}
    assert set(found(engine, "集体备课", only_whole=True, sort="received")) == {"a", "c"}
    answer = engine.search(Search("集体备课 听评课", only_whole=True))
    assert ([hit.id for hit in answer.hits], answer.total, answer.whole) == (["c"], 1, 1)


def test_what_comes_within_one_second_is_told_apart(engine: Engine) -> None:
    at = "2014-10-11T08:00:00.{:03}+08:00"
    moments = {"a": 120, "b": 470, "c": 350}
    engine.apply(replace(entry(i, "研修"), received=at.format(m)) for i, m in moments.items())
    assert found(engine, "研修", sort="received") == ["b", "c", "a"]
    assert set(found(engine, "", received_after=at.format(120))) == {"b", "c"}


def test_synonyms_are_looked_for_when_asked_and_told(engine: Engine) -> None:
    engine.apply(
        [entry("a", "研修：校本教研计划"), entry("b", "校本研修计划"), entry("c", "校本课程")]
    )
    groups = [("校本研修", "校本教研", "校本研训")]
    assert engine.search(Search("校本研修计划")).whole == 1
    answer = engine.search(Search("校本研修计划", synonyms=groups))
    assert answer.whole == 2
    assert answer.added == (("校本研修计划", ("校本教研计划", "校本研训计划")),)
    assert [marked(hit) for hit in answer.hits[:2]] == [["校本研修计划"], ["校本教研计划"]]
    assert engine.search(Search('"校本研修"', synonyms=groups)).total == 1
    assert engine.search(Search("计划 -校本研修", synonyms=groups)).total == 1


def test_what_is_alike_stands_first(engine: Engine) -> None:
    engine.apply(
        [
            entry("a", "函数教学的反思：学生对一次函数的图象理解不深，课堂上少了动手画图的时间。"),
            entry("b", "一次函数图象的教学设计：让学生动手画图，理解函数的变化。"),
            entry("c", "古诗词诵读活动总结，各年级学生参加了朗诵比赛。"),
            replace(entry("d", "一次函数图象的教学：动手画图。"), access=["u"]),
        ]
    )
    alike = engine.similar("a", Search(limit=2))
    assert {hit.id for hit in alike} == {"b", "d"}
    assert [hit.id for hit in engine.similar("a", Search(access=["u"]))] == ["d"]
    assert engine.similar("nobody", Search()) == ()


def test_short_texts_are_counted(engine: Engine) -> None:
    engine.apply([entry("a", "质检分析"), entry("b", "質檢")])
    assert engine.frequencies(["质检", "质捡", "检", "k"]) == [2, 0, 2, 0]


@pytest.mark.parametrize(
    ("text", "ids"),
    [("日期:本学年", "a"), ("日期:上学期", "b"), ("月份:本月", "a"), ("学年:本学年", "a")],
)
def test_dates_are_reckoned_from_the_day_of_asking(engine: Engine, text: str, ids: str) -> None:
    days = {"a": ("2014-10-09", "2014-2015"), "b": ("2014-05-08", "2013-2014")}
    engine.apply(
        Entry(i, "", "", "研修", date=d, values={"month": [d[:7]], "school_year": [y]})
        for i, (d, y) in days.items()
    )
    assert found(engine, text, today="2014-10-31") == list(ids)
