"""Words that stand in very many records: found sooner, and the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.engines import Answer, Entry, Search
from indexer.engines import tantivy_finding as finding
from indexer.engines.tantivy import TantivyEngine
from indexer.engines.tantivy import open as open_tantivy
from indexer.engines.tantivy_finding import SOON, Asking

WHOLE = 70
QUESTIONS = (
    Search("阶段报告"),
    Search("阶段报告", offset=20, limit=30),
    Search("阶段报告", offset=WHOLE - 5),
    Search("阶段报告", filters={"subject": ["数学"]}, facets=("subject",)),
    Search("阶段报告", access=["u1"]),
    Search("学科:数学 阶段报告"),
    Search("阶段报告 2014年度"),
    Search("阶段报告 -语文"),
    Search("阶段报告 OR 报告阶段"),
    Search('阶段报告 "报告"'),
    Search("阶段报告", synonyms=(("阶段报告", "报告阶段"),)),
    Search("阶段报告", limit=SOON + 1),
    Search("阶段报告", limit=0),
    Search("报告阶段"),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyEngine]:
    """Seventy that hold 阶段报告 whole, and thirty that hold its pairs apart, some of them short,
    so that they would rank high."""
    folder: Path = tmp_path_factory.mktemp("common")
    opened = open_tantivy(folder / "index", writable=True)
    opened.apply(made(n) for n in range(100))
    yield opened
    opened.close()


def made(n: int) -> Entry:
    text = "阶段报告" if n % 10 < WHOLE // 10 else "报告阶段" if n % 20 < 10 else "阶段，报告"
    return Entry(
        f"r{n}",
        "2014年度阶段报告" if n % 7 == 0 and n % 10 < 7 else "",
        "",
        text + "又" * (n % 13) + f"，2014年度第{n}号",
        {"subject": ["数学" if n % 3 else "语文"]},
        access=[f"u{n % 2}"],
    )


def answers(engine: TantivyEngine) -> list[Answer]:
    return [replace(engine.search(question), ms=0.0) for question in QUESTIONS]


def test_the_answers_are_those_of_the_longer_way(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = answers(engine)
    monkeypatch.setattr(finding, "MANY", 1)
    assert answers(engine) == longer


def test_pairs_that_stand_apart_are_not_whole(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MANY", 1)
    answer = engine.search(Search("阶段报告", limit=SOON))
    assert (answer.total, answer.whole) == (100, WHOLE)
    assert all(int(hit.id[1:]) % 10 < 7 for hit in answer.hits[:WHOLE])


def test_a_page_of_whole_ones_is_not_ranked_by_places(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MANY", 1)
    monkeypatch.setattr(Asking, "_whole_first", lambda *_: pytest.fail("ranked by places"))
    answer = engine.search(Search("阶段报告", limit=1))
    assert (len(answer.hits), answer.total, answer.whole) == (1, 100, WHOLE)
