"""How well an engine ranks: recall@10 and MRR@10 on 300 paragraphs and 3,208 questions.

    python bench/relevance.py [--engine tantivy] [--samples FOLDER] [--every N]

FOLDER/search holds docs.jsonl and queries.jsonl (CMRC 2018 and DRCD). Beside the engine stand
two plain rankers on the same texts: tantivy's BM25 over folded bigrams, and SQLite FTS5 (its
BM25) over the same bigrams.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from search import samples_folder

from indexer.engines import Entry, QueryError, Search, open_engine
from indexer.tokens import near_units, normal, pairs

Ranker = Callable[[str], list[str]]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def with_engine(name: str, docs: list[dict[str, Any]], folder: Path) -> Ranker:
    engine = open_engine(name, folder / name, writable=True)
    engine.apply(Entry(d["id"], d["title"], "", d["text"]) for d in docs)

    def rank(text: str) -> list[str]:
        try:
            return [h.id for h in engine.search(Search(text, limit=10, snippets=False)).hits]
        except QueryError:
            return []

    return rank


def raw_tantivy(docs: list[dict[str, Any]]) -> Ranker:
    import tantivy as t

    builder = t.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="blank")
    schema = builder.build()
    index = t.Index(schema)
    index.register_tokenizer("blank", t.TextAnalyzerBuilder(t.Tokenizer.whitespace()).build())
    writer = index.writer(20_000_000, 1)
    for d in docs:
        text = " ".join(pairs(normal(d["title"] + "\n" + d["text"])))
        writer.add_document(t.Document(id=d["id"], text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        terms = [t.Query.term_query(schema, "text", p) for p in pairs(normal(text))]
        query = t.Query.boolean_query([(t.Occur.Should, term) for term in terms])
        return [searcher.doc(a)["id"][0] for _, a in searcher.search(query, 10).hits]

    return rank


def fts5(docs: list[dict[str, Any]]) -> Ranker:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, text, tokenize='unicode61')")

    def units(text: str) -> list[str]:
        return [u.lstrip("=") for u in near_units(normal(text))]

    for d in docs:
        base.execute("INSERT INTO t VALUES (?, ?)", (d["id"], " ".join(_every(d))))

    def rank(text: str) -> list[str]:
        match = " OR ".join(f'"{u}"' for u in units(text))
        rows = base.execute("SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match,))
        return [row[0] for row in rows] if match else []

    return rank


def _every(doc: dict[str, Any]) -> list[str]:
    text = normal(doc["title"] + "\n" + doc["text"])
    return [pair for pair in pairs(text) if pair.isalnum()]


def measure(rank: Ranker, queries: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """type -> (recall@10, MRR@10); "all" for every question."""
    sums: dict[str, list[float]] = {}
    for query in queries:
        found = rank(query["text"])
        places = [found.index(r) + 1 for r in query["relevant"] if r in found]
        for name in (query["type"], "all"):
            row = sums.setdefault(name, [0.0, 0.0, 0.0])
            row[0] += 1
            row[1] += bool(places)
            row[2] += 1 / min(places) if places else 0.0
    return {name: (round(r[1] / r[0], 4), round(r[2] / r[0], 4)) for name, r in sums.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--samples")
    parser.add_argument("--every", type=int, default=1, help="only every Nth question")
    options = parser.parse_args()
    folder = samples_folder(options.samples) / "search"
    if not (folder / "docs.jsonl").exists():
        sys.exit(f"no samples at {folder}; give --samples or set YANXIU_SAMPLES")
    docs, queries = lines(folder / "docs.jsonl"), lines(folder / "queries.jsonl")[:: options.every]
    with tempfile.TemporaryDirectory() as work:
        rankers = {
            options.engine: with_engine(options.engine, docs, Path(work)),
            "raw tantivy bigrams": raw_tantivy(docs),
            "sqlite fts5 bigrams": fts5(docs),
        }
        for name, rank in rankers.items():
            for kind, (recall, mrr) in sorted(measure(rank, queries).items()):
                print(f"{name:>20}  {kind:>15}  recall@10 {recall:.4f}  MRR@10 {mrr:.4f}")


if __name__ == "__main__":
    main()
