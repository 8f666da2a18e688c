"""The texts that search is measured on: real sentences recombined, and the questions asked of them.

The sentences are those of the sample folder's `search/docs.jsonl` (YANXIU_SAMPLES, else
../shared/samples beside the project), or, where that is absent, of the project's own templates and
docs. The seeds are fixed: every run asks the same questions of the same documents.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import ROOT
from indexer.engines import Entry, Search

SCHOOLS = [f"第{n}中学" for n in range(1, 61)]
SUBJECTS = ["语文", "数学", "英语", "物理", "化学", "历史", "地理", "生物", "政治"]
KINDS = ["stage_report", "school_plan", "qa_report", "reflection", "observe_record"]
FACETS = ("kind", "school", "subject", "school_year", "month", "status")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
#: Planted in so many of a hundred documents: what a county's forms make everybody write.
PHRASE, PHRASE_SHARE = "扎实有效地开展校本研修活动", 60
#: Stand in every document: words of two characters, one term each, and of four to six, as a kind's
#: name or a section's is.
TERMS = ("教研", "阶段", "工作", "成效", "安排")
RUNS = ("阶段报告", "工作开展情况", "下阶段安排", "取得成效")


def samples_folder() -> Path:
    return Path(os.environ.get("YANXIU_SAMPLES") or ROOT.parent / "shared" / "samples")


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a .jsonl file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sentences(folder: Path) -> list[str]:
    """Real Chinese sentences of both scripts, at least 8 characters each."""
    file = folder / "search" / "docs.jsonl"
    if file.exists():
        texts = [line["text"] for line in lines(file)]
    else:
        paths = [p for name in ("templates", "docs") for p in (ROOT / name).rglob("*")]
        texts = [p.read_text("utf-8") for p in paths if p.suffix in (".toml", ".md", ".html")]
    found = (s.strip() for text in texts for s in _SENTENCE.findall(text))
    return [s for s in found if len(s) >= 8 and re.search(r"[\u4e00-\u9fff]", s)]


def entries(pool: Sequence[str], count: int) -> Iterator[Entry]:
    """`count` reports of the same shape; the first ones are the same whatever the count."""
    draw, plant = random.Random(20141001), random.Random(60)
    for number in range(count):
        chosen = [draw.choice(pool) for _ in range(draw.randint(4, 14))]
        month = draw.randint(1, 12)
        school, subject = draw.choice(SCHOOLS), draw.choice(SUBJECTS)
        if plant.randrange(100) < PHRASE_SHARE:
            chosen.insert(plant.randint(0, len(chosen)), f"各校要{PHRASE}。")
        yield Entry(
            id=f"record-{number:07}",
            title=f"{school}{subject}教研组2014年{month}月阶段报告",
            headings="工作开展情况\n取得成效\n下阶段安排",
            body=_body(chosen),
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


def _body(chosen: Sequence[str]) -> str:
    parts = ("".join(chosen[:2]), "".join(chosen[2:4]), "".join(chosen[4:]))
    return "工作开展情况\n{}\n取得成效\n{}\n下阶段安排\n{}".format(*parts)


def size(entry: Entry) -> int:
    """Bytes of its text."""
    return len((entry.title + entry.headings + entry.body).encode())


def questions(pool: Sequence[str], count: int) -> dict[str, list[Search]]:
    """`count` of each family: the three that have an aim of their own, then the mixed set."""
    draw = random.Random(20150131)

    def piece(low: int, high: int) -> str:
        text = re.sub(r"[^\w]", "", draw.choice(pool)) or "研修"
        length = min(len(text), draw.randint(low, high))
        start = draw.randint(0, len(text) - length)
        return text[start : start + length]

    makers: dict[str, Callable[[], Search]] = {
        "filter, facets, date sort": lambda: Search(
            draw.choice(("", "教研", *RUNS)),
            filters={"subject": draw.sample(SUBJECTS, 2), "kind": draw.sample(KINDS, 2)},
            facets=FACETS,
            sort="date",
        ),
        "common term": lambda: Search(draw.choice(TERMS)),
        "phrase in 60 %": lambda: Search(f'"{_part(draw)}"'),
        "common run": lambda: Search(draw.choice(RUNS)),
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


def _part(draw: random.Random) -> str:
    """Of the planted phrase, eight characters or more."""
    length = draw.randint(8, len(PHRASE))
    start = draw.randint(0, len(PHRASE) - length)
    return PHRASE[start : start + length]
