"""Speed and size of search as the archive grows: ours beside raw tantivy, SQLite FTS5 and whoosh.

Every engine indexes the same reports (`bench.corpus`) in the same batches, and is asked in the
same process. Making the texts is not timed. One size after the other: memory and disk are those
of the largest.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import tantivy

from bench import MB, Values, report, summary, work
from bench.corpus import entries, questions, samples_folder, sentences, size
from bench.rankers import Fts5, Ours, Ranker, RawTantivy
from indexer.bulk import normal_all, streams
from indexer.engines import Engine, Entry, Search, open_engine
from indexer.engines.records import records
from indexer.engines.tantivy import HEAP
from indexer.engines.tantivy_documents import portions
from indexer.tokens import normal

SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: The size of the aims (issue 4); the largest that the peers are measured at, and whoosh, which
#: takes half a minute for a thousand documents.
AIMED, PEERS_UPTO, WHOOSH_UPTO = 100_000, 100_000, 1_000
PHRASES = ("phrase", "phrase in 60 %")
#: Documents of one commit: what a reading of a whole archive hands over at once.
BATCH = 10_000
#: Documents that tokenising alone is timed on, and tantivy's own part.
TOKENISED, PAIRED = 2_000, 20_000
#: How often a new document is looked for while 10,000 are replaced.
LOOKS = 50
AIMS = {"filter, facets, date sort": 15.0, "common term": 10.0, "phrase in 60 %": 60.0}


@dataclass(frozen=True, slots=True)
class Grown:
    """An index that was built: its text in MB, seconds of the clock and of all cores, bytes."""

    ranker: Ranker
    text_mb: float
    seconds: float
    cpu: float

    @property
    def mb_per_s(self) -> float:
        return round(self.text_mb / self.seconds, 2)

    def ratio(self, without: str = "") -> float:
        """Size on disk beside the text; `without` leaves out files of that suffix."""
        return round(self.ranker.bytes(without) / MB / self.text_mb, 3)


def measure(largest: int, per_family: int, updates: int, runs: int) -> Values:
    """`largest`: documents of the largest index; `updates`: documents replaced one by one."""
    pool = sentences(samples_folder())
    sizes = [n for n in SIZES if n < largest] + [largest]
    asked = questions(pool, per_family)
    found = [at(n, pool, asked, runs if n <= AIMED else 1) for n in sizes]
    aimed = max((row for row in found if row["documents"] <= AIMED), key=lambda r: r["documents"])
    return {
        **{key: aimed[key] for key in KEPT},
        **{KEYS[name]: aimed["families"][name]["p95_ms"] for name in AIMS},
        "tokenising": tokenising(pool, aimed["seconds"] / aimed["documents"]),
        **pairs_alone(pool),
        **replaced(pool, min(largest, 10_000), updates),
        "largest": largest,
        "batch": BATCH,
        "peers_upto": PEERS_UPTO,
        "whoosh_upto": WHOOSH_UPTO,
        "families": families_table(found),
        "peers": peers_table(found),
        "growth": growth(found),
    }


KEYS = {
    "filter, facets, date sort": "filters_p95_ms",
    "common term": "common_p95_ms",
    "phrase in 60 %": "phrase_p95_ms",
}
#: Of the size that the aims are for.
KEPT = (
    "documents", "text_mb", "p50_ms", "p95_ms", "mb_per_s", "cpu_mb_per_s", "ratio",
    "ratio_without", "segments",
)  # fmt: skip


# --- one size ------------------------------------------------------------------


def at(count: int, pool: Sequence[str], asked: Mapping[str, list[Search]], runs: int) -> Values:
    """All engines at one size, each in a folder that is gone when the next one begins."""
    makers: list[Callable[[Path], Ranker]] = []
    if count <= PEERS_UPTO:
        makers += [RawTantivy, Fts5]
    if count <= WHOOSH_UPTO:
        makers.append(lambda folder: Ours(folder, "whoosh"))
    with work() as place:
        built = grown(Ours(place / "ours"), pool, count)
        values = ours_at(built, asked, runs, count)
        values["peers"] = {built.ranker.name: beside(built, asked)}
    for make in makers:
        with work() as place:
            built = grown(make(place / "peer"), pool, count)
            values["peers"][built.ranker.name] = beside(built, asked)
    return values


def beside(built: Grown, asked: Mapping[str, list[Search]]) -> dict[str, float]:
    """What every engine can do: ten answers to words and to phrases, without facets or snippets."""
    texts = [s.text for family in ("word", "words", "question") for s in asked[family]]
    phrases = [s.text.strip('"') for family in PHRASES for s in asked[family]]
    ranker = built.ranker
    ranker.words(texts[0])
    values = {
        "mb_per_s": built.mb_per_s,
        "ratio": built.ratio(),
        "words_p95_ms": percentile(timed(ranker.words, texts), 0.95),
        "phrase_p95_ms": percentile(timed(ranker.phrase, phrases), 0.95),
    }
    ranker.close()
    return values


def grown(ranker: Ranker, pool: Sequence[str], count: int) -> Grown:
    """Fill an index; only the engine's own work is timed."""
    seconds = cpu = 0.0
    text = 0
    for batch in batches(entries(pool, count)):
        text += sum(map(size, batch))
        clock, spent = time.perf_counter(), time.process_time()
        ranker.add(batch)
        seconds += time.perf_counter() - clock
        cpu += time.process_time() - spent
    clock, spent = time.perf_counter(), time.process_time()
    ranker.finish()
    seconds += time.perf_counter() - clock
    cpu += time.process_time() - spent
    return Grown(ranker, text / MB, seconds, cpu)


def batches(made: Iterator[Entry]) -> Iterator[list[Entry]]:
    while batch := list(islice(made, BATCH)):
        yield batch


def ours_at(built: Grown, asked: Mapping[str, list[Search]], runs: int, count: int) -> Values:
    ranker = built.ranker
    assert isinstance(ranker, Ours)
    rounds = [ask(ranker.engine, asked) for _ in range(runs)]
    mixed = [list(chain.from_iterable(times.values())) for times in rounds]
    shares = {"p50_ms": 0.5, "p95_ms": 0.95}
    return {
        "documents": count,
        "text_mb": round(built.text_mb, 2),
        "seconds": built.seconds,
        "mb_per_s": built.mb_per_s,
        "cpu_mb_per_s": round(built.text_mb / built.cpu, 2),
        "ratio": built.ratio(),
        "ratio_without": built.ratio(".store"),
        "segments": segments(ranker),
        **{key: summary([percentile(t, share) for t in mixed]) for key, share in shares.items()},
        "families": {
            family: {
                key: summary([percentile(times[family], share) for times in rounds])
                for key, share in shares.items()
            }
            for family in asked
        },
    }


def ask(engine: Engine, asked: Mapping[str, list[Search]]) -> dict[str, list[float]]:
    """Milliseconds of each question, by family; the first question of all is not counted."""
    engine.search(next(iter(asked.values()))[0])
    return {family: timed(engine.search, searches) for family, searches in asked.items()}


def timed(call: Callable[[Any], object], arguments: Iterable[Any]) -> list[float]:
    times = []
    for argument in arguments:
        started = time.perf_counter()
        call(argument)
        times.append((time.perf_counter() - started) * 1000)
    return times


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)


def segments(ranker: Ours) -> int:
    """As tantivy's meta.json lists them."""
    return len(json.loads((ranker.place / "meta.json").read_text("utf-8"))["segments"])


def tokenising(pool: Sequence[str], seconds_each: float) -> float:
    """What folding and cutting a document take, in percent of `seconds_each`, its indexing."""
    made = list(entries(pool, TOKENISED))
    spent = 0.0
    for portion in portions(made):
        texts = [text for one in records(portion) for text in one.texts.values()]
        started = time.perf_counter()
        normal_all([entry.title for entry in portion])
        normal_all([entry.body for entry in portion])
        for entry in portion:
            for line in entry.headings.splitlines():
                normal(line)
        streams(texts)
        spent += time.perf_counter() - started
    return round(100 * spent / len(made) / seconds_each, 1)


def pairs_alone(pool: Sequence[str]) -> dict[str, float]:
    """MB of text a second that tantivy itself takes of the pairs alone, made ready beforehand, with
    one writer's thread and with two, which leave nothing of two cores: no index of pairs with their
    places is made sooner."""
    made = list(entries(pool, PAIRED))
    text = sum(map(size, made)) / MB
    cut = streams(normal_all([f"{entry.title}\n{entry.body}" for entry in made]))
    return {
        f"pairs_{threads}_mb_per_s": round(text / seconds_of([p for p, _ in cut], threads), 2)
        for threads in (1, 2)
    }


def seconds_of(pairs: Sequence[str], threads: int) -> float:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("pair", tokenizer_name="blank", index_option="position")
    with work() as place:
        index = tantivy.Index(builder.build(), path=str(place))
        blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("blank", blank)
        writer = index.writer(HEAP * threads, threads)
        documents = [tantivy.Document(pair=text) for text in pairs]
        started = time.perf_counter()
        for document in documents:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return time.perf_counter() - started


# --- updates -------------------------------------------------------------------


def replaced(pool: Sequence[str], count: int, updates: int) -> Values:
    """An index of `count` documents of which `updates` are replaced, a commit each, beside a fresh
    one of the same documents; and how long until another reader finds what was put."""
    made = list(entries(pool, 2 * count))
    old, new = made[:count], made[count:]
    changes = [replace(new[i % count], id=old[i * 7919 % count].id) for i in range(updates)]
    with work() as place:
        updated = Ours(place / "updated")
        updated.add(old)
        each, visible = update(updated, changes)
        while_open = segments(updated)
        updated.finish()
        fresh = Ours(place / "fresh")
        fresh.add({entry.id: entry for entry in (*old, *changes)}.values())
        fresh.finish()
        values = {
            "updated_documents": count,
            "updates": updates,
            "update_p50_ms": percentile(each, 0.5),
            "update_p95_ms": percentile(each, 0.95),
            "visible_p50_ms": percentile(visible, 0.5),
            "visible_p95_ms": percentile(visible, 0.95),
            "segments_open": while_open,
            "segments_updated": segments(updated),
            "segments_fresh": segments(fresh),
            "updated_ratio": round(updated.bytes() / fresh.bytes(), 3),
        }
        updated.close()
        fresh.close()
    return values


def update(ranker: Ours, changes: Sequence[Entry]) -> tuple[list[float], list[float]]:
    """Milliseconds of each update, and of some until a reader of its own has found the new text."""
    reader = open_engine(ranker.engine_name, ranker.place)
    each, visible = [], []
    every = max(1, len(changes) // LOOKS)
    for number, entry in enumerate(changes):
        looked = number % every == 0
        mark = f"见证{number}号"
        put = replace(entry, body=f"{entry.body}\n{mark}") if looked else entry
        started = time.perf_counter()
        ranker.add([put])
        each.append((time.perf_counter() - started) * 1000)
        if looked:
            while not reader.search(Search(f'"{mark}"', limit=1)).total:
                time.sleep(0.001)
            visible.append((time.perf_counter() - started) * 1000)
    reader.close()
    return each, visible


# --- what is told --------------------------------------------------------------


def families_table(found: Sequence[Values]) -> Values:
    columns = ["kind of question"]
    for row in found:
        columns += [f"{row['documents']:,}: p50 ms", "p95 ms"]
    rows = [
        [name, *(row["families"][name][key] for row in found for key in ("p50_ms", "p95_ms"))]
        for name in found[0]["families"]
    ]
    return {"columns": columns, "rows": rows}


def peers_table(found: Sequence[Values]) -> Values:
    columns = ["engine", "documents", "MB/s", "size ÷ text", "words p95 ms", "phrases p95 ms"]
    rows = [
        [name, row["documents"], *(values[key] for key in PEER_KEYS)]
        for row in found
        for name, values in row["peers"].items()
    ]
    return {"columns": columns, "rows": rows}


PEER_KEYS = ("mb_per_s", "ratio", "words_p95_ms", "phrase_p95_ms")


def growth(found: Sequence[Values]) -> list[Values]:
    """The panels of docs/search-growth.svg: series of (documents, value)."""

    def own(name: str) -> list[tuple[int, float]]:
        return [(r["documents"], report.middle(r["families"][name]["p95_ms"])) for r in found]

    def peer(name: str, key: str) -> list[tuple[int, float]]:
        return [(r["documents"], r["peers"][name][key]) for r in found if name in r["peers"]]

    names = list(dict.fromkeys(name for row in found for name in row["peers"]))
    panels = [
        {
            "title": "Ours: 95 % of answers within / 95% 的回答用时",
            "unit": "ms",
            "series": {name: own(name) for name in (*AIMS, "word", "question")},
        }
    ]
    for title, key, unit in (
        ("Questions in words / 词语检索", "words_p95_ms", "ms"),
        ("Quoted phrases / 引号短语", "phrase_p95_ms", "ms"),
        ("Text indexed / 建库速度", "mb_per_s", "MB/s"),
    ):
        panels.append(
            {"title": title, "unit": unit, "series": {name: peer(name, key) for name in names}}
        )
    return panels
