"""python -m bench [names…] [--quick]: measure, keep the results, write the page.

    python -m bench                  everything, docs/BENCHMARKS.md
    python -m bench search press     these anew; the page keeps the last results of the others
    python -m bench search --million  with an index of a million documents: a quarter of an hour
    python -m bench --quick          small sizes, bench/out/quick/BENCHMARKS.md: does it all run?

Exit code 1 when a bench could not be run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from bench import OUT, ROOT, Values, environment, report

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


def search(largest: int, per_family: int, updates: int, runs: int) -> Values:
    """`largest`: documents of the largest index; `updates`: documents replaced one by one."""
    from bench import search as speed

    return speed.measure(largest, per_family, updates, runs)


def relevance(every: int, whoosh: int) -> Values:
    from bench import relevance as ranking

    return ranking.measure(_sample_questions(), every, bool(whoosh))


def phrases(per_length: int, every: int, whoosh: int) -> Values:
    from bench import phrases as quoted

    return quoted.measure(_sample_questions(), per_length, every, bool(whoosh))


def domain(every: int, whoosh: int) -> Values:
    from bench import domain as county

    return county.measure(every, bool(whoosh))


def _sample_questions() -> Path:
    from bench.corpus import samples_folder

    folder = samples_folder() / "search"
    if not (folder / "docs.jsonl").exists():
        raise Skipped("no sample questions (YANXIU_SAMPLES names their folder)")
    return folder


def press(copies: int, more: int, most: int, reference_copies: int, runs: int) -> Values:
    from bench import forms

    return forms.measure(copies, more, most, reference_copies, runs)


def lint(every: int, runs: int) -> Values:
    """`every`: 1 for all slips, 2 for every second one."""
    from bench import linting

    return linting.measure(every, runs)


def readers(papers: int, every: int, office: int, peers: int, runs: int) -> Values:
    """`office`: 1 with the formats that LibreOffice makes; `peers`: how many of them."""
    from bench.corpus import samples_folder
    from bench.readers import contest

    folder = samples_folder()
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


def returns(forms: int, pages: int) -> Values:
    """`forms` filled in, each four ways; `pages`: how many more are printed and scanned."""
    from bench import returns as round_trip

    for program in ("soffice", "fc-match"):
        if shutil.which(program) is None:
            raise Skipped(f"no {program} on this machine")
    return round_trip.measure(forms, pages)


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
            {"largest": 100_000, "per_family": 40, "updates": 10_000, "runs": 3},
            {"largest": 60, "per_family": 2, "updates": 12, "runs": 1},
        ),
        Bench(relevance, {"every": 1, "whoosh": 1}, {"every": 400, "whoosh": 0}),
        Bench(domain, {"every": 1, "whoosh": 1}, {"every": 40, "whoosh": 0}),
        Bench(
            phrases,
            {"per_length": 300, "every": 20, "whoosh": 1},
            {"per_length": 2, "every": 800, "whoosh": 0},
        ),
        Bench(forms, {"runs": 5}, {"runs": 1}),
        Bench(
            press,
            {"copies": 342, "more": 3420, "most": 10_000, "reference_copies": 342, "runs": 5},
            {"copies": 4, "more": 6, "most": 8, "reference_copies": 1, "runs": 2},
        ),
        Bench(lint, {"every": 1, "runs": 5}, {"every": 4, "runs": 1}),
        Bench(returns, {"forms": 1000, "pages": 30}, {"forms": 3, "pages": 1}),
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


def run_all(
    names: Sequence[str], quick: bool, out: Path, changed: Mapping[str, int] = MappingProxyType({})
) -> list[str]:
    """Measure, keep each result as JSON in `out`; the names of those that failed. `changed`:
    sizes other than a bench's own."""
    out.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in names:
        bench = BENCHES[name]
        sizes = bench.quick if quick else bench.sizes
        sizes = {key: changed.get(key, size) for key, size in sizes.items()}
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
    for name, drawn in report.pictures(kept).items():
        target.with_name(name).write_text(drawn, "utf-8")
    print(f"{target.name}: {len(kept)} of {len(BENCHES)} benches", file=sys.stderr)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=" ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes, once")
    parser.add_argument("--million", action="store_true", help="search up to 1,000,000 documents")
    parser.add_argument("--here", metavar="SIZES", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if options.here:
        return here(options.names[0], json.loads(options.here))
    out = OUT / ("quick" if options.quick else "results")
    changed = {"largest": 1_000_000} if options.million else {}
    failed = run_all(options.names or list(BENCHES), options.quick, out, changed)
    write_page(out, out / PAGE.name if options.quick else PAGE)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
