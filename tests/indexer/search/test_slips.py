"""Slips put right, and what is offered while somebody types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines import Engine, Entry, Search, open_engine
from indexer.slips import corrected
from indexer.sounds import alike, heard_in, sounds_like, syllables
from indexer.suggesting import Suggester

NAMES = ("质检分析报告", "东河初中")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine("tantivy", tmp_path_factory.mktemp("slips") / "index", writable=True)
    made.apply(
        [
            Entry(
                "a", "东河初中质检分析报告", "", "概念不清，计算能力差。质检情况",
                values={"kind": ["质检分析报告"], "school": ["东河初中"], "section": ["存在问题"]},
            ),
            Entry("b", "西坡初中计划", "", "校本研修工作", access=["west"],
                  values={"school": ["西坡初中"], "kind": ["学校计划"]}),
        ]
    )  # fmt: skip
    yield made
    made.close()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("质捡", "质检"),
        ("質捡分析", "质检分析"),
        ('"质捡"', '"质检"'),
        ("“质捡” 概念", "“质检” 概念"),
        ("校本岩修", "校本研修"),
        ("计算能里", "计算能力"),
        ("zhijian", "质检"),
        ("zhijianfenxi 概念不清", "质检分析 概念不清"),
        ("学校:东和初中", "学校:东河初中"),
        ("质检", ""),
        ("计算能刀", "计算能力"),  # of another sound
        ("质检分柝", "质检分析"),
        ("棁本研修", "校本研修"),
        ("研刀", ""),  # two characters tell too little
        ("天马行空", ""),
        ("质捡 校本岩修", ""),  # no paper has both
        ("质捡 (", ""),
        ("一\x00", ""),
        ("捡 捡", ""),
    ],
)
def test_a_slip_is_put_right_where_that_finds_something(
    engine: Engine, asked: str, meant: str
) -> None:
    assert corrected(engine, Search(asked), NAMES) == meant


def test_nothing_is_offered_from_what_one_may_not_see(engine: Engine) -> None:
    assert corrected(engine, Search("质捡", access=["west"])) == ""
    assert corrected(engine, Search("校本岩修", access=["west"])) == "校本研修"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet='质捡检研校本zhijan "“”()（）:：-*OR学科', max_size=24))
def test_any_question_has_an_answer(engine: Engine, text: str) -> None:
    better = corrected(engine, Search(text), NAMES)
    assert better == "" or engine.search(Search(better)).whole > 0


def test_sounds() -> None:
    assert syllables("质") == ("zhi",)
    assert "lv" in syllables("绿")
    assert {"检", "剪"} <= alike("捡")
    assert "质" in alike("自")  # z and zh are not told apart by many
    assert sounds_like("质检分析报告", "zjfx")
    assert sounds_like("质检分析报告", "zhijianf")
    assert not sounds_like("质检", "zhijianf")
    assert heard_in("东河初中质检分析", "zhijian") == "质检"
    assert heard_in("西安", "xian") == "西安"
    assert heard_in("质检", "zhijia") == ""


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("东", ["东河初中", "东河初中质检分析报告"]),
        ("dhcz", ["东河初中"]),
        ("zhij", ["质检分析报告"]),
        ("分析", ["质检分析报告", "东河初中质检分析报告"]),
        ("cunzai", ["存在问题"]),
        ("  ", []),
        ('"', []),
        ("没有这样的", []),
    ],
)
def test_names_and_titles_are_offered(engine: Engine, typed: str, texts: list[str]) -> None:
    assert [found.text for found in Suggester().suggest(engine, typed, None)] == texts


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Five papers on 集体备课, two of them on 集体备课活动; of another unit two on 集体活动 and two
    that end with 实行轮流."""
    texts = [
        "本月集体备课三次", "集体备课活动两次", "集体备课活动记录", "语文组集体备课，人人发言",
        "每周集体备课", "集体活动的安排", "下周集体活动", "实行轮流", "实行轮流",
    ]  # fmt: skip
    made = open_engine("tantivy", tmp_path_factory.mktemp("phrases") / "index", writable=True)
    made.apply(
        [
            Entry(str(n), f"第{n}份", "", text, access=["east" if n < 5 else "west"])
            for n, text in enumerate(texts)
        ]
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "access", "phrases"),
    [
        ("集体", None, {"集体备课": 5, "集体活动": 2}),
        ("集體", None, {"集体备课": 5, "集体活动": 2}),
        ("集体备", None, {"集体备课": 5}),
        ("集体备课", None, {"集体备课活动": 2}),
        ("集体", ["west"], {"集体活动": 2}),
        ("集体", [], {}),
        ("集体备课三", None, {}),  # in one paper only
        ("实行", None, {"实行轮流": 2}),  # nothing follows on it
        ("集", None, {}),
        ("jiti", None, {}),
    ],
)
def test_frequent_phrases_are_offered(
    papers: Engine, typed: str, access: list[str] | None, phrases: dict[str, int]
) -> None:
    found = Suggester().suggest(papers, typed, access)
    assert {one.text: one.count for one in found if one.what == "phrase"} == phrases


def test_only_what_one_may_see_is_offered(engine: Engine) -> None:
    suggester = Suggester()
    assert suggester.suggest(engine, "东", None)
    assert suggester.suggest(engine, "东", ["west"]) == []
    assert [s.text for s in suggester.suggest(engine, "初中", ["west"])] == [
        "西坡初中",
        "西坡初中计划",
    ]
    assert suggester.suggest(engine, "初中", []) == []
