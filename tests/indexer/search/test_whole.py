"""How many papers hold the words of a question whole, counted apart from near matches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.engines import Engine, Entry, Search, installed_engines, open_engine, plan
from indexer.engines.plan import WHOLE

BODIES = {
    "both": "十月开展集体备课，校本研修稳步推进",
    "one": "校本研修计划",
    "part": "研修班报名，校外活动",
    "none": "食堂采购清单",
}


@pytest.fixture(params=installed_engines())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(request.param, tmp_path / "index", writable=True)
    opened.apply([Entry(key, "", "", body) for key, body in BODIES.items()])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("校本研修", 2),
        ("集体备课 校本研修", 1),
        ("集体备课 OR 校本研修", 2),
        ("校本研修 -计划", 1),
        ("校本食堂", 0),
        ("研", 3),
        ('"校本研修"', 2),
        ("", 4),
    ],
)
def test_whole_matches_are_counted_and_stand_first(engine: Engine, text: str, whole: int) -> None:
    answer = engine.search(Search(text))
    assert answer.whole == whole <= answer.total
    if answer.whole < answer.total:
        assert [hit.score >= WHOLE for hit in answer.hits] == [
            n < whole for n in range(answer.total)
        ]


def test_the_count_keeps_to_filters_access_and_page(engine: Engine) -> None:
    engine.apply([Entry("school", "", "", "校本研修", {"school": ["东河初中"]}, access=["u1"])])
    assert engine.search(Search("校本研修", access=["u1"])).whole == 1
    assert engine.search(Search("校本研修", filters={"school": ["东河初中"]})).whole == 1
    assert engine.search(Search("校本研修", offset=1, limit=1)).whole == 3
    assert engine.search(Search("校本研修", limit=0)).whole == 3


def test_among_near_ones_a_run_held_whole_counts_more_than_pieces(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply(
        [
            Entry("whole", "", "", f"{'食堂采购' * 40}，生物"),
            Entry("pieces", "", "", "教师个人"),
            *[Entry(f"other{n}", "", "", "生物") for n in range(9)],
        ]
    )

    def order() -> list[str]:
        found = engine.search(Search("个人名单研修 生物", limit=50)).hits
        return [hit.id for hit in found if hit.id in ("whole", "pieces")]

    assert order() == ["whole", "pieces"]
    monkeypatch.setattr(plan, "RUN", 0.0)
    assert order() == ["pieces", "whole"]


@pytest.mark.parametrize("synonyms", [(), (("研修", "教研"),)])
def test_pages_of_any_size_tell_the_same(
    engine: Engine, synonyms: tuple[tuple[str, ...], ...]
) -> None:
    """Pages of whole matches, of near ones and those between come by different ways."""
    texts = ["校本研修", "校本教研", "研修校本", "校本", "本研究校本研修", "研修"]
    engine.apply(
        Entry(f"{n}-{m}", text if m % 2 else "", "", text * (n + 1), date=f"2014-10-{10 + m}")
        for n, text in enumerate(texts)
        for m in range(4)
    )
    for sort in ("relevance", "date", "received"):
        asked = Search("校本研修", sort=sort, synonyms=synonyms, limit=100)
        answer = engine.search(asked)
        ranks = [(round(hit.score, 3), hit.id) for hit in answer.hits]
        for size in (1, 3, 7):
            pages = [
                engine.search(replace(asked, offset=offset, limit=size))
                for offset in range(0, answer.total, size)
            ]
            assert {(page.total, page.whole) for page in pages} == {(answer.total, answer.whole)}
            found = [(round(hit.score, 3), hit.id) for page in pages for hit in page.hits]
            assert [score for score, _ in found] == [score for score, _ in ranks]
            assert sorted(found) == sorted(ranks)
