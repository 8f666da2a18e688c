"""What every engine promises, asked of each one in turn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from engine_contract import INSTALLED, Open, entry, found, marked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines import (
    FACETS,
    Engine,
    Entry,
    IndexBusy,
    IndexMissing,
    QueryError,
    Search,
    open_engine,
)
from indexer.tokens import BORDER, normal

# Writing


def test_an_entry_is_found_when_apply_returns(engine: Engine) -> None:
    engine.apply([entry("a", "本月开展校本研修")])
    assert found(engine, "校本研修") == ["a"]
    assert engine.ids() == {"a"}


def test_an_empty_index_answers(engine: Engine) -> None:
    answer = engine.search(Search("研修", facets=FACETS))
    assert (answer.total, answer.hits) == (0, ())
    assert engine.ids() == set()


def test_the_newest_entry_of_an_id_replaces_the_others(engine: Engine) -> None:
    engine.apply([entry("a", "旧稿"), entry("a", "新稿")])
    engine.apply([entry("a", "定稿")])
    engine.apply([entry("a", "定稿")])
    assert found(engine, "旧稿 OR 新稿") == []
    assert engine.search(Search("定稿")).total == 1


def test_dropped_entries_are_gone_and_unknown_ids_do_no_harm(engine: Engine) -> None:
    engine.apply([entry("a", "甲文"), entry("b", "乙文")])
    engine.apply([], drop=["a", "nobody"])
    assert engine.ids() == {"b"}
    assert found(engine, "") == ["b"]


def test_nothing_stays_of_an_apply_that_failed(engine: Engine) -> None:
    def broken() -> Iterator[Entry]:
        yield entry("b", "乙文")
        raise RuntimeError("the catalogue went away")

    engine.apply([entry("a", "甲文")])
    with pytest.raises(RuntimeError):
        engine.apply(broken(), drop=["a"])
    engine.apply([entry("c", "丙文")])
    assert engine.ids() == {"a", "c"}


def test_another_reader_sees_each_commit(open_at: Open, engine: Engine, tmp_path: Path) -> None:
    engine.apply([entry("a", "研修")])
    reader = open_at(tmp_path / "index")
    assert found(reader, "研修") == ["a"]
    engine.apply([entry("b", "研修")], drop=["a"])
    assert found(reader, "研修") == ["b"]


def test_a_second_writer_is_refused_and_a_reader_cannot_write(
    open_at: Open, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(IndexBusy):
        open_at(tmp_path / "index", writable=True)
    reader = open_at(tmp_path / "index")
    with pytest.raises(IndexBusy):
        reader.apply([entry("a")])


def test_the_lock_is_given_back(open_at: Open, tmp_path: Path) -> None:
    first = open_at(tmp_path / "index", writable=True)
    first.apply([entry("a", "研修")])
    first.close()
    second = open_at(tmp_path / "index", writable=True)
    assert found(second, "研修") == ["a"]


def test_a_reader_of_nothing_is_told_so(open_at: Open, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_at(tmp_path / "index")
    assert caught.value.message
    assert caught.value.remedy


# Matching

LETTERS = st.sampled_from("校本研修學学七3班ab1 K\n（)%，.㈠é\u0301\u200b…-*:")
texts = st.text(LETTERS, max_size=30)


@st.composite
def questions(draw: st.DrawFn, bodies: list[str]) -> str:
    source = draw(st.sampled_from(bodies))
    start = draw(st.integers(0, max(len(source) - 1, 0)))
    return source[start : start + draw(st.integers(1, 12))]


@pytest.mark.parametrize("name", INSTALLED)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, max_size=5), st.data())
def test_a_quoted_phrase_is_found_exactly_where_it_stands(
    name: str, bodies: list[str], asked: list[str], data: st.DataObject
) -> None:
    """Phrase query finds a record <=> its normal form stands in the record's."""
    asked += data.draw(st.lists(questions(bodies), min_size=1, max_size=8))
    with TemporaryDirectory() as folder:
        engine = open_engine(name, Path(folder), writable=True)
        engine.apply(
            Entry(str(i), title, "", body)
            for i, (title, body) in enumerate(itertools.product(bodies, bodies))
        )
        held = {
            str(i): normal(title) + BORDER + normal(body)
            for i, (title, body) in enumerate(itertools.product(bodies, bodies))
        }
        for text in asked:
            phrase = normal(text)
            if phrase:
                expected = {i for i, whole in held.items() if phrase in whole}
                assert set(found(engine, f'"{text}"', limit=99, snippets=False)) == expected
        engine.close()


def test_scripts_widths_and_cases_find_each_other(engine: Engine) -> None:
    engine.apply([entry("t", "學習計劃 Ｋ１２"), entry("s", "学习计划 k12")])
    for question in ('"学习计划"', '"學習計劃"', "K12", '"ｋ１２"'):
        assert sorted(found(engine, question)) == ["s", "t"]


def test_white_space_counts_between_latin_words_only(engine: Engine) -> None:
    engine.apply([entry("a", "校本\n研修"), entry("b", "ab c"), entry("c", "abc")])
    assert found(engine, '"校本研修"') == found(engine, '"校 本研修"') == ["a"]
    assert found(engine, '"ab  c"') == ["b"]
    assert found(engine, '"abc"') == ["c"]


def test_a_phrase_does_not_reach_from_the_title_into_the_body(engine: Engine) -> None:
    engine.apply([entry("a", "修计划", title="校本研")])
    assert found(engine, '"研修"') == []
    assert found(engine, '"修计划"') == ["a"]


def test_unquoted_latin_words_and_numbers_are_whole(engine: Engine) -> None:
    engine.apply([entry("a", "12月 K12"), entry("b", "2月 K123"), entry("c", "k 12")])
    assert found(engine, "K12") == ["a"]
    assert found(engine, "2月")[0] == "b"
    assert found(engine, "2月 AND 2月") == ["b"]
    assert sorted(found(engine, "K12*")) == ["a", "b"]
    assert found(engine, "*123") == ["b"]
    assert found(engine, "k*3") == ["b"]


@pytest.mark.parametrize(
    "word",
    ["七(3)班", "23%", "K12", "360云平台", "2014年度", "课", "(3)班", "3.5", "a/b", "C++", "%"],
)
def test_mixed_words_find_their_text(engine: Engine, word: str) -> None:
    engine.apply([entry("a", f"我校{word}开放"), entry("b", "别的内容")])
    assert found(engine, word) == ["a"]


def test_whole_runs_come_first_and_near_ones_after(engine: Engine) -> None:
    engine.apply(
        [
            entry("near", "研修计划，校本", title="研修计划（校本）", headings="研修计划"),
            entry("whole", "本学期校本研修计划" + "其他内容" * 500),
            entry("far", "天气晴朗"),
        ]
    )
    assert found(engine, "校本研修计划") == ["whole", "near"]
    assert found(engine, "校本研修 AND 计划") == ["whole"]


def test_the_title_outranks_headings_and_headings_the_body(engine: Engine) -> None:
    text = "本月完成各项工作，" * 5
    engine.apply(
        [
            entry("body", text + "听课"),
            entry("heading", text + "听课\n", headings="听课"),
            entry("title", text, title="听课"),
        ]
    )
    assert found(engine, "听课") == ["title", "heading", "body"]
    assert found(engine, "标题:听课") == ["title"]


def test_headings_missing_from_the_body_are_found(engine: Engine) -> None:
    engine.apply([entry("a", "正文", headings="取得成效\n下阶段安排")])
    assert found(engine, '"取得成效"') == ["a"]
    assert found(engine, '"成效下阶段"') == []


def test_boolean_questions(engine: Engine) -> None:
    engine.apply([entry("a", "数学 研修"), entry("b", "语文 研修"), entry("c", "数学 考试")])
    assert sorted(found(engine, "数学 OR 语文")) == ["a", "b", "c"]
    assert found(engine, "研修 AND NOT 语文") == ["a"]
    assert found(engine, "研修 -语文") == ["a"]
    assert sorted(found(engine, "-语文")) == ["a", "c"]
    assert sorted(found(engine, "(数学 OR 语文) AND (研修 OR 听课)")) == ["a", "b"]
    assert found(engine, "数学 AND -(研修 OR 语文)") == ["c"]
    assert sorted(found(engine, "数学 OR -研修")) == ["a", "c"]


# Filters, fields, dates, access

SCHOOLS = [
    Entry(
        "a", "计划", "", "研修甲",
        {"school": ["城关一中"], "subject": ["数学", "物理"], "month": ["2014-10"],
         "kind": ["plan"], "school_year": ["2014-2015"], "term": ["1"]},
        "2014-10-08", ["u1", "c1"], {"file": "a.doc", "n": 1}, {"kind": ["工作计划"]},
    ),
    Entry(
        "b", "总结", "", "研修乙",
        {"school": ["一中"], "subject": ["语文"], "month": ["2015-01"], "kind": ["summary"],
         "school_year": ["2014-2015"], "term": ["1"]},
        "2015-01", ["u2", "c1"], {}, {"school": ["县第一初级中学"]},
    ),
    Entry(
        "c", "总结", "", "研修丙",
        {"school": ["二中"], "subject": ["语文"], "kind": ["summary"], "term": ["2"]},
        "", ["u3"],
    ),
]  # fmt: skip


@pytest.fixture
def schools(engine: Engine) -> Engine:
    engine.apply(SCHOOLS)
    return engine


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("学校:一中", "b"),
        ("学校:城关", "a"),
        ("学校:中", "abc"),
        ("学校:县第一初级中学", "b"),
        ("單位：城關一中", "a"),
        ("文种:工作计划", "a"),
        ("文种:summary", "bc"),
        ("kind:plan", "a"),
        ("学科:(数学 OR 语文)", "abc"),
        ("学科:数学,语文 -学校:二中", "ab"),
        ("学科:没有这一科", ""),
        ("月份:2014年10月", "a"),
        ("月份:一月", "b"),
        ("学年:2014", "ab"),
        ("学期:第一学期", "ab"),
        ("日期:2014-09..2015-01", "ab"),
        ("日期:2015", "b"),
        ("日期:0000..2015", "ab"),
        ("日期:<=2014-12", "a"),
        ("学校:(", None),
        ("作者:.*", ""),
    ],
)
def test_fields(schools: Engine, question: str, ids: str | None) -> None:
    if ids is None:
        with pytest.raises(QueryError):
            schools.search(Search(question))
    else:
        assert "".join(sorted(found(schools, question))) == ids


def test_filters_hold_together_and_take_any_of_their_values(schools: Engine) -> None:
    assert found(schools, "研修", filters={"subject": ["物理"]}) == ["a"]
    both = {"subject": ["数学", "语文"], "kind": ["summary"]}
    assert sorted(found(schools, "", filters=both)) == ["b", "c"]
    assert found(schools, "", filters={"subject": []}) == []
    with pytest.raises(QueryError):
        schools.search(Search("", filters={"colour": ["red"]}))


def test_dates_take_both_ends_and_leave_out_the_undated(schools: Engine) -> None:
    assert found(schools, "", date_from="2014-10-08", date_to="2014-10-08") == ["a"]
    assert sorted(found(schools, "", date_from="2014-10-09")) == ["b"]
    assert sorted(found(schools, "", date_to="2015-01-31")) == ["a", "b"]


def test_facets_count_all_that_match(schools: Engine) -> None:
    answer = schools.search(Search("研修", limit=1, facets=("subject", "school")))
    assert answer.total == 3
    assert dict(answer.facets) == {
        "subject": (("语文", 2), ("数学", 1), ("物理", 1)),
        "school": (("一中", 1), ("二中", 1), ("城关一中", 1)),
    }


@pytest.mark.parametrize(
    ("access", "ids"), [(None, "abc"), (["u1"], "a"), (["c1", "u9"], "ab"), (["u9"], ""), ([], "")]
)
@pytest.mark.parametrize(
    "text", ["", "研修", '"研修"', "-甲 OR 研修", "研修 OR 2*", "学校:中 OR 学校:二中"]
)
def test_access_rules_hits_totals_facets_and_snippets(
    schools: Engine, access: list[str] | None, ids: str, text: str
) -> None:
    for sort in ("relevance", "date", "-date", "school"):
        answer = schools.search(Search(text, access=access, facets=("school", "kind"), sort=sort))
        assert "".join(sorted(h.id for h in answer.hits)) == ids
        assert answer.total == len(ids)
        assert sum(count for _, count in answer.facets["school"]) == len(ids)
        shown = "".join(s.text for h in answer.hits for s in h.snippets)
        assert {"甲": "a", "乙": "b", "丙": "c"}.keys() - set(shown) == {
            sign for sign, i in {"甲": "a", "乙": "b", "丙": "c"}.items() if i not in ids
        }


# Order and pages


def test_sorting(schools: Engine) -> None:
    assert found(schools, "研修", sort="date") == ["b", "a", "c"]
    assert found(schools, "研修", sort="-date") == ["a", "b", "c"]
    # In pinyin order: chengguan, erzhong, yizhong.
    assert found(schools, "研修", sort="school") == ["a", "c", "b"]
    assert found(schools, "") == ["b", "a", "c"]
    with pytest.raises(QueryError):
        found(schools, "", sort="colour")


def test_pages_cover_all_hits_once(engine: Engine) -> None:
    engine.apply(entry(f"{n:02}", "研修" + "字" * n) for n in range(25))
    pages = [found(engine, "研修", offset=offset, limit=10) for offset in (0, 10, 20, 30)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert sorted(itertools.chain(*pages)) == [f"{n:02}" for n in range(25)]
    answer = engine.search(Search("研修", limit=0))
    assert (answer.total, answer.hits) == (25, ())


# What a hit shows


def test_a_hit_brings_back_what_was_given(schools: Engine) -> None:
    hit = schools.search(Search("甲")).hits[0]
    assert hit.title == "计划"
    assert hit.extra == {"file": "a.doc", "n": 1}
    assert hit.values["subject"] == ["数学", "物理"]
    assert hit.date == "2014-10-08"
    assert hit.score > 0


def test_a_range_turned_round_is_no_empty_answer(engine: Engine) -> None:
    for turned in (
        Search("日期:2015-01..2014-09"),
        Search("", date_from="2015-01-01", date_to="2014-09-01"),
    ):
        with pytest.raises(QueryError, match="日期范围的开头晚于结尾"):
            engine.search(turned)


def test_snippets_are_original_text_with_every_hit_marked(engine: Engine) -> None:
    body = "一、工作開展情況\n本月開展校本\n研修，教師參加校本研修。\n二、取得成效\n成績提高。"
    engine.apply(
        [entry("a", body, title="校本研修階段報告", headings="一、工作開展情況\n二、取得成效")]
    )
    hit = engine.search(Search("校本研修 成绩")).hits[0]
    assert hit.title[slice(*hit.title_marks[0])] == "校本研修"
    assert marked(hit) == ["校本 研修", "校本研修", "成績"]
    assert hit.snippets[0].heading == "一、工作開展情況"
    assert all(len(s.text) <= 80 for s in hit.snippets)


def test_a_title_that_heads_the_text_is_not_quoted_again(engine: Engine) -> None:
    body = "校本研修計劃\n一、目標\n做好校本研修。"
    engine.apply([entry("a", body, title="校本研修計劃", headings="一、目標")])
    hit = engine.search(Search("校本研修")).hits[0]
    assert hit.title[slice(*hit.title_marks[0])] == "校本研修"
    assert [s.text for s in hit.snippets] == ["做好校本研修。"]


def test_highlight_marks_a_whole_page(engine: Engine) -> None:
    text = "K12雲平台。校本研修、研修。K123"
    spans = engine.highlight(text, "k12 云平台 “研修” -平台")
    assert [text[a:b] for a, b in spans] == ["K12雲平台", "研修", "研修"]
    assert engine.highlight(text, "") == ()


wild = st.text(
    st.sampled_from(
        '校本研修K12七(3)班 "“”「」()-*?:：|ANDORT学校日期标题.，\x00\ud800\u0301😀㈠=\\[]{}^$~'
    )
    | st.characters(),
    max_size=60,
)


@pytest.fixture(scope="module", params=INSTALLED)
def settled(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = open_engine(request.param, Path(folder), writable=True)
        engine.apply(SCHOOLS)
        yield engine
        engine.close()


@settings(max_examples=200, deadline=2000, suppress_health_check=list(HealthCheck))
@given(wild)
def test_any_question_gives_an_answer_or_a_query_error(settled: Engine, text: str) -> None:
    try:
        answer = settled.search(Search(text, facets=("kind",)))
    except QueryError:
        return
    assert answer.total >= len(answer.hits)


#: With lone surrogates, which file names on Linux can bring.
odd = st.lists(st.characters(exclude_categories=()), max_size=30).map("".join)


@pytest.mark.parametrize("name", INSTALLED)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(odd, odd)
def test_any_text_can_be_stored_and_comes_back(name: str, body: str, title: str) -> None:
    entry = Entry("odd", title, title, body, {"author": [title]}, title, ["u1"], {"t": title})
    with TemporaryDirectory() as folder:
        engine = open_engine(name, Path(folder), writable=True)
        engine.apply([entry])
        hit = engine.search(Search("")).hits[0]
        engine.close()
    assert (hit.id, hit.title, hit.extra) == ("odd", title, {"t": title})
