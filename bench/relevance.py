"""How well an engine ranks: recall@10 and MRR@10, by kind of question, beside its peers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import Values, work
from bench.corpus import lines
from bench.rankers import Fts5, Ours, RawTantivy, Words
from indexer.engines import Entry

#: How far an engine of ours may stay behind the best peer (issue 4).
NEAR = 0.005
#: Answers looked at.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """`plain`: the same without the query language, for those who do not know it."""

    kind: str
    text: str
    relevant: frozenset[str]
    plain: str


Scores = dict[str, tuple[float, float]]


def measure(folder: Path, every: int, whoosh: bool) -> Values:
    """The paragraphs and every so many-th question of the sample folder's `search`."""
    docs = lines(folder / "docs.jsonl")
    entries = [Entry(d["id"], d["title"], "", d["text"]) for d in docs]
    asked = [
        Question(q["type"], q["text"], frozenset(q["relevant"]), q["text"])
        for q in lines(folder / "queries.jsonl")[::every]
    ]
    return compared(entries, asked, whoosh)


def compared(entries: Sequence[Entry], asked: Sequence[Question], whoosh: bool) -> Values:
    """Our engines and the peers on the same texts and questions; `whoosh`, which takes half a
    minute for a thousand texts, only if asked for."""
    with work() as place:
        ours = [Ours(place / name, name) for name in ("tantivy", *["whoosh"] * whoosh)]
        others = [RawTantivy(place / "raw"), Words(place / "words"), Fts5(place / "fts5")]
        for ranker in (*ours, *others):
            ranker.add(entries)
            ranker.finish()
        own = {r.name: scores(r.words, asked, plain=False) for r in ours}
        peers = {r.name: scores(r.words, asked, plain=True) for r in others}
        for ranker in (*ours, *others):
            ranker.close()
    recall, mrr = own[ours[0].name]["all"]
    return {
        "documents": len(entries),
        "queries": len(asked),
        "recall": recall,
        "mrr": mrr,
        "near_best": near_best(own[ours[0].name], peers),
        "rankers": table({**own, **peers}, peers),
    }


def scores(rank: Callable[[str], list[str]], asked: Iterable[Question], *, plain: bool) -> Scores:
    """kind -> (recall@10, MRR@10), and "all". Recall is of the ten that ten answers can hold."""
    sums: dict[str, list[float]] = {}
    for question in asked:
        found = rank(question.plain if plain else question.text)[:DEPTH]
        places = [n for n, found_id in enumerate(found, 1) if found_id in question.relevant]
        for name in (question.kind, "all"):
            row = sums.setdefault(name, [0.0, 0.0, 0.0])
            row[0] += 1
            row[1] += len(places) / min(DEPTH, len(question.relevant))
            row[2] += 1 / places[0] if places else 0.0
    return {name: (round(r[1] / r[0], 4), round(r[2] / r[0], 4)) for name, r in sums.items()}


def near_best(own: Scores, peers: Mapping[str, Scores]) -> float:
    """Percent of the figures (kinds of question, recall and MRR) within NEAR of the best peer."""
    good = [
        own[kind][i] >= max(peer[kind][i] for peer in peers.values()) - NEAR
        for kind in own
        if kind != "all"
        for i in (0, 1)
    ]
    return round(100 * sum(good) / len(good), 1)


def table(found: Mapping[str, Scores], peers: Mapping[str, Scores]) -> Values:
    kinds = sorted(next(iter(found.values())))
    rows = [
        [f"{kind}: {name}", *kinds_of[kind], *_behind(kinds_of[kind], kind, peers)]
        for kind in kinds
        for name, kinds_of in found.items()
    ]
    columns = ["question: ranker", "recall@10", "MRR@10", "recall beside best peer", "MRR beside"]
    return {"columns": columns, "rows": rows}


def _behind(pair: tuple[float, float], kind: str, peers: Mapping[str, Scores]) -> list[float]:
    return [round(pair[i] - max(peer[kind][i] for peer in peers.values()), 4) for i in (0, 1)]
