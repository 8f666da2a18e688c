"""Speed and size of a search engine: p50 and p95 of a mixed set of questions, indexing rate, ratio.

    python bench/search.py [--engine tantivy] [--documents 10000] [--samples FOLDER] [--json FILE]

The documents recombine the sentences of FOLDER/search/docs.jsonl (default: YANXIU_SAMPLES, else
../shared/samples beside the project), or, where that is absent, of the project's own templates
and docs. The seed is fixed: every run asks the same questions of the same documents.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from indexer.engines import Engine, Entry, Search, open_engine  # noqa: E402

SCHOOLS = [f"第{n}中学" for n in range(1, 61)]
SUBJECTS = ["语文", "数学", "英语", "物理", "化学", "历史", "地理", "生物", "政治"]
KINDS = ["stage_report", "school_plan", "qa_report", "reflection", "observe_record"]
FACETS = ("kind", "school", "subject", "school_year", "month", "status")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")


def samples_folder(given: str | None) -> Path:
    return Path(given or os.environ.get("YANXIU_SAMPLES") or ROOT.parent / "shared" / "samples")


def sentences(folder: Path) -> list[str]:
    """Real Chinese sentences of both scripts, at least 8 characters each."""
    file = folder / "search" / "docs.jsonl"
    if file.exists():
        texts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
    else:
        paths = [p for name in ("templates", "docs") for p in (ROOT / name).rglob("*")]
        texts = [p.read_text("utf-8") for p in paths if p.suffix in (".toml", ".md", ".html")]
    found = (s.strip() for text in texts for s in _SENTENCE.findall(text))
    return [s for s in found if len(s) >= 8 and re.search(r"[\u4e00-\u9fff]", s)]


def entries(pool: list[str], count: int) -> Iterator[Entry]:
    draw = random.Random(20141001)
    for number in range(count):
        chosen = [draw.choice(pool) for _ in range(draw.randint(4, 14))]
        month = draw.randint(1, 12)
        school, subject = draw.choice(SCHOOLS), draw.choice(SUBJECTS)
        yield Entry(
            id=f"record-{number:06}",
            title=f"{school}{subject}教研组2014年{month}月阶段报告",
            headings="工作开展情况\n取得成效\n下阶段安排",
            body="工作开展情况\n"
            + "".join(chosen[:2])
            + "\n取得成效\n"
            + "".join(chosen[2:4])
            + "\n下阶段安排\n"
            + "".join(chosen[4:]),
            values={
                "kind": [draw.choice(KINDS)],
                "school": [school],
                "subject": [subject],
                "school_year": ["2014-2015"],
                "month": [f"2014-{month:02}"],
                "status": ["filed"],
                "author": [f"教师{draw.randint(1, 900)}"],
            },
            date=f"2014-{month:02}-{draw.randint(1, 28):02}",
            access=[f"unit-{SCHOOLS.index(school)}"],
        )


def questions(pool: list[str], count: int) -> dict[str, list[Search]]:
    """The mixed set, by family."""
    draw = random.Random(20150131)

    def piece(low: int, high: int) -> str:
        text = re.sub(r"[^\w]", "", draw.choice(pool)) or "研修"
        length = min(len(text), draw.randint(low, high))
        start = draw.randint(0, len(text) - length)
        return text[start : start + length]

    makers: dict[str, Callable[[], Search]] = {
        "word": lambda: Search(piece(2, 4)),
        "words": lambda: Search(f"{piece(2, 4)} {piece(2, 4)}"),
        "question": lambda: Search(re.sub(r"[^\w，。？]", "", draw.choice(pool))[:40]),
        "phrase": lambda: Search(f'"{piece(4, 10)}"'),
        "character": lambda: Search(piece(1, 1)),
        "fields": lambda: Search(f"学校:{draw.choice(SCHOOLS)} 学科:数学 {piece(2, 2)}"),
        "filters and facets": lambda: Search(
            piece(2, 4), filters={"subject": ["数学", "语文"]}, facets=FACETS
        ),
        "one school's view": lambda: Search(piece(2, 4), access=["unit-7"], facets=FACETS),
        "boolean": lambda: Search(f"({piece(2, 2)} OR {piece(2, 2)}) -{piece(2, 2)}"),
        "wildcard": lambda: Search("19* 阶段"),
        "browse": lambda: Search("", facets=FACETS, date_from="2014-03", date_to="2014-10"),
        "by date": lambda: Search(piece(2, 4), sort="date"),
    }
    return {family: [make() for _ in range(count)] for family, make in makers.items()}


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)


def ask(engine: Engine, asked: dict[str, list[Search]]) -> dict[str, list[float]]:
    """Milliseconds of each question, by family; the first question of all is not counted."""
    engine.search(next(iter(asked.values()))[0])
    times: dict[str, list[float]] = {}
    for family, searches in asked.items():
        for search in searches:
            started = time.perf_counter()
            engine.search(search)
            times.setdefault(family, []).append((time.perf_counter() - started) * 1000)
    return times


def run(engine_name: str, count: int, pool: list[str], per_family: int) -> dict[str, object]:
    documents = list(entries(pool, count))
    size = sum(len((e.title + e.headings + e.body).encode()) for e in documents)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(engine_name, Path(folder) / "index", writable=True)
        started = time.perf_counter()
        engine.apply(documents)
        seconds = time.perf_counter() - started
        engine.close()
        on_disk = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
        reader = open_engine(engine_name, Path(folder) / "index")
        times = ask(reader, questions(pool, per_family))
        reader.close()
    every = [t for family in times.values() for t in family]
    return {
        "engine": engine_name,
        "documents": count,
        "text_mb": round(size / 1e6, 2),
        "index_mb_per_s": round(size / 1e6 / seconds, 2),
        "index_size_ratio": round(on_disk / size, 2),
        "p50_ms": percentile(every, 0.5),
        "p95_ms": percentile(every, 0.95),
        "families": {
            name: {"p50_ms": percentile(t, 0.5), "p95_ms": percentile(t, 0.95)}
            for name, t in times.items()
        },
    }


def table(report: dict[str, object]) -> str:
    families = report["families"]
    assert isinstance(families, dict)
    lines = [f"{key:>18}  {value}" for key, value in report.items() if key != "families"]
    lines.append(f"{'question':>18}  {'p50 ms':>8} {'p95 ms':>8}")
    for name, row in families.items():
        lines.append(f"{name:>18}  {row['p50_ms']:>8} {row['p95_ms']:>8}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--per-family", type=int, default=40)
    parser.add_argument("--samples")
    parser.add_argument("--json", type=Path, help="write the report here as well")
    options = parser.parse_args()
    pool = sentences(samples_folder(options.samples))
    if not pool:
        sys.exit("no Chinese text to search; give --samples or set YANXIU_SAMPLES")
    report = run(options.engine, options.documents, pool, options.per_family)
    print(table(report), file=sys.stderr)
    text = json.dumps(report, ensure_ascii=False)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
