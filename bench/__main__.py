"""python -m bench [names…] [--quick]: measure, keep the results, write the page.

    python -m bench                  everything, docs/BENCHMARKS.md
    python -m bench search press     these anew; the page keeps the last results of the others
    python -m bench --quick          small sizes, bench/out/quick/BENCHMARKS.md: does it all run?

Exit code 1 when a bench could not be run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import OUT, ROOT, Values, environment, report, summary

PAGE = ROOT / "docs" / "BENCHMARKS.md"


class Skipped(Exception):
    """A bench that this machine lacks something for; the sentence says what."""


# --- the benches --------------------------------------------------------------


def add(files: int, runs: int) -> Values:
    from bench import ingest

    values = ingest.add(files, runs)
    for name, peer in (("share_of_copying", "copied_per_s"), ("share_of_reading", "read_per_s")):
        values[name] = report.ratio(values["files_per_s"], values[peer])
    return values


def inbox(files: int, runs: int) -> Values:
    from bench import ingest

    return ingest.inbox(files, runs)


def search(documents: int, per_family: int, runs: int) -> Values:
    from bench import search as speed

    pool = speed.sentences(speed.samples_folder(None))
    done: list[dict[str, Any]] = [
        speed.run("tantivy", documents, pool, per_family) for _ in range(runs)
    ]
    figures = ("p50_ms", "p95_ms", "index_mb_per_s", "index_size_ratio")
    families = {name: [d["families"][name] for d in done] for name in done[0]["families"]}
    return {
        **{key: done[0][key] for key in ("engine", "documents", "text_mb")},
        **{key: summary([d[key] for d in done]) for key in figures},
        "families": {
            "columns": ["kind of question", "p50 ms", "p95 ms"],
            "rows": [
                [name, *(summary([r[key] for r in rows]) for key in ("p50_ms", "p95_ms"))]
                for name, rows in families.items()
            ],
        },
    }


def peers(documents: int, per_family: int, runs: int) -> Values:
    """Answering times of the engine and of plain rankers, on the same texts and questions."""
    from bench import relevance as ranking
    from bench import search as speed
    from bench import work

    pool = speed.sentences(speed.samples_folder(None))
    asked = speed.questions(pool, per_family)
    texts = [s.text for family in ("word", "words", "question") for s in asked[family]]
    docs = [{"id": e.id, "title": e.title, "text": e.body} for e in speed.entries(pool, documents)]
    with work() as place:
        rankers = {
            "ours": ranking.with_engine("tantivy", docs, place),
            "raw": ranking.raw_tantivy(docs),
            "fts5": ranking.fts5(docs),
        }
        # In turn, so that a neighbour's load falls on all alike.
        rounds = [{k: _p95(rank, texts) for k, rank in rankers.items()} for _ in range(runs)]
    times = {f"{name}_p95_ms": summary([r[name] for r in rounds]) for name in rankers}
    return {
        "documents": documents,
        "questions": len(texts),
        **times,
        "beside_fts5": report.ratio(times["fts5_p95_ms"], times["ours_p95_ms"]),
        "beside_raw": report.ratio(times["raw_p95_ms"], times["ours_p95_ms"]),
    }


def _p95(rank: Callable[[str], object], texts: Sequence[str]) -> float:
    from bench.search import percentile

    rank(texts[0])
    times = []
    for text in texts:
        started = time.perf_counter()
        rank(text)
        times.append((time.perf_counter() - started) * 1000)
    return percentile(times, 0.95)


def relevance(every: int) -> Values:
    from bench import relevance as ranking
    from bench import work
    from bench.search import samples_folder

    folder = samples_folder(None) / "search"
    if not (folder / "docs.jsonl").exists():
        raise Skipped("no sample questions (YANXIU_SAMPLES names their folder)")
    docs = ranking.lines(folder / "docs.jsonl")
    queries = ranking.lines(folder / "queries.jsonl")[::every]
    with work() as place:
        rankers = {
            "tantivy": ranking.with_engine("tantivy", docs, place),
            "raw tantivy, bigrams": ranking.raw_tantivy(docs),
            "SQLite FTS5, bigrams": ranking.fts5(docs),
        }
        found = {name: ranking.measure(rank, queries) for name, rank in rankers.items()}
    recall, mrr = found["tantivy"]["all"]
    return {
        "documents": len(docs),
        "queries": len(queries),
        "recall": recall,
        "mrr": mrr,
        "rankers": {
            "columns": ["ranker, kind of question", "recall@10", "MRR@10"],
            "rows": [
                [f"{name}, {kind}", *pair]
                for name, kinds in found.items()
                for kind, pair in sorted(kinds.items())
            ],
        },
    }


def press(copies: int, reference_copies: int, runs: int) -> Values:
    from bench import forms

    return forms.measure(copies, reference_copies, runs)


def readers(papers: int, every: int, office: int, peers: int, runs: int) -> Values:
    """`office`: 1 with the formats that LibreOffice makes; `peers`: how many of them."""
    from bench.readers import contest
    from bench.search import samples_folder

    folder = samples_folder(None)
    if not (folder / "files").is_dir():
        raise Skipped("no sample files (YANXIU_SAMPLES names their folder)")
    if office and shutil.which("soffice") is None:
        raise Skipped("no LibreOffice to make papers with")
    return contest.measure(folder, papers, every, bool(office), peers, runs)


def ocr(pages: int) -> Values:
    """`pages` of each kind of scan."""
    from bench import ocr as recognition

    for program in ("fc-match", "tesseract"):
        if shutil.which(program) is None:
            raise Skipped(f"no {program} on this machine")
    try:
        return recognition.measure(pages)
    except recognition.scans.NoFont as reason:
        raise Skipped(str(reason)) from reason


def forms(runs: int) -> Values:
    from bench import starts

    return starts.forms(runs)


def search_start(documents: int, runs: int) -> Values:
    from bench import starts

    return starts.search_start(documents, runs)


def serve_start(documents: int, runs: int) -> Values:
    from bench import starts

    return starts.serve_start(documents, runs)


@dataclass(frozen=True, slots=True)
class Bench:
    """A function with the sizes it is measured at, and those of `--quick`."""

    measure: Callable[..., Values]
    sizes: dict[str, int]
    quick: dict[str, int]

    @property
    def name(self) -> str:
        return self.measure.__name__


BENCHES = {
    bench.name: bench
    for bench in (
        Bench(add, {"files": 500, "runs": 3}, {"files": 12, "runs": 1}),
        Bench(inbox, {"files": 500, "runs": 3}, {"files": 8, "runs": 1}),
        Bench(
            readers,
            {"papers": 300, "every": 1, "office": 1, "peers": 3, "runs": 5},
            {"papers": 12, "every": 20, "office": 0, "peers": 0, "runs": 1},
        ),
        Bench(ocr, {"pages": 12}, {"pages": 1}),
        Bench(
            search,
            {"documents": 10_000, "per_family": 40, "runs": 3},
            {"documents": 60, "per_family": 1, "runs": 1},
        ),
        Bench(
            peers,
            {"documents": 10_000, "per_family": 40, "runs": 3},
            {"documents": 60, "per_family": 2, "runs": 1},
        ),
        Bench(relevance, {"every": 1}, {"every": 400}),
        Bench(forms, {"runs": 5}, {"runs": 1}),
        Bench(
            press,
            {"copies": 342, "reference_copies": 38, "runs": 5},
            {"copies": 4, "reference_copies": 1, "runs": 2},
        ),
        Bench(search_start, {"documents": 10_000, "runs": 7}, {"documents": 30, "runs": 1}),
        Bench(serve_start, {"documents": 10_000, "runs": 5}, {"documents": 30, "runs": 1}),
    )
}


# --- running them -------------------------------------------------------------


def here(name: str, sizes: dict[str, int]) -> int:
    """Run one bench in this process; one JSON object on standard output."""
    try:
        found: Values = {"values": BENCHES[name].measure(**sizes)}
    except Skipped as reason:
        found = {"skipped": str(reason)}
    print(json.dumps(found, ensure_ascii=False))
    return 0


def apart(name: str, sizes: dict[str, int]) -> Values:
    """Run one bench in a process of its own. Raises RuntimeError when it fails."""
    before = report.machine()
    command = [sys.executable, "-m", "bench", name, "--here", json.dumps(sizes)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}")
    found: Values = json.loads(done.stdout.splitlines()[-1])
    when = datetime.now(UTC).date().isoformat()
    return {**found, "sizes": sizes, "date": when, "commit": report.commit(), "machine": before}


def run_all(names: Sequence[str], quick: bool, out: Path) -> list[str]:
    """Measure, keep each result as JSON in `out`; the names of those that failed."""
    out.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in names:
        bench = BENCHES[name]
        sizes = bench.quick if quick else bench.sizes
        print(f"— {name} {sizes}", file=sys.stderr, flush=True)
        try:
            result = apart(name, sizes)
        except RuntimeError as error:
            print(f"  {error}", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        text = json.dumps(result, ensure_ascii=False, indent=1)
        (out / f"{name}.json").write_text(text + "\n", "utf-8")
    return failed


def write_page(out: Path, target: Path) -> None:
    """The page of all results kept in `out`."""
    kept = {p.stem: json.loads(p.read_text("utf-8")) for p in sorted(out.glob("*.json"))}
    target.write_text(report.page(kept), "utf-8")
    print(f"{target.name}: {len(kept)} of {len(BENCHES)} benches", file=sys.stderr)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=" ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes, once")
    parser.add_argument("--here", metavar="SIZES", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if options.here:
        return here(options.names[0], json.loads(options.here))
    out = OUT / ("quick" if options.quick else "results")
    failed = run_all(options.names or list(BENCHES), options.quick, out)
    write_page(out, out / PAGE.name if options.quick else PAGE)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
