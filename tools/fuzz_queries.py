"""Odd questions to the search engines, until time is up: each has an answer or a pointed error,
soon.

    python tools/fuzz_queries.py [--seconds 600] [--seed N] [--engine tantivy]

A question that raises anything else, or takes longer than SLOW, is printed and fails the run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from indexer.engines import Engine, Entry, Part, QueryError, Search, open_engine  # noqa: E402
from indexer.query import MAX_LENGTH  # noqa: E402
from indexer.slips import corrected  # noqa: E402

#: Seconds that no question may take on 2,000 papers, however odd and whatever else runs.
SLOW = 5.0
PAPERS = 2_000
WORDS = [
    "质检", "分析", "报告", "校本研修", "教研", "研修", "计算能力", "概念不清", "後進生", "七(3)班",
    "K12", "360云平台", "23%", "2014年度", "2014-10", "存在问题", "数学", "阶段报告", "东河初中",
    "的", "一", "。", "，", "😀", "㈠", "﹙", "ａ１", "zhijian", "质捡",
    "\u0301", "\x00", "\ud800", "\u2423", "\x1f",
]  # fmt: skip
FIELDS = [
    "学校", "学科", "文种", "学年", "学期", "月份", "日期", "作者", "标题", "章节", "完整性",
    "状态", "片区", "年级", "school", "section", "date", "no",
]  # fmt: skip
SIGNS = [
    "(", ")", "（", "）", '"', "“", "”", "「", "」", "-", "－", "|", "*", ":", "：",
    " AND ", " OR ",
    " NOT ", " ", "\n", "..", "~", "=", "\\", "[", "]", "{", "}", "^", "$", "<", ">", "+", ".",
]  # fmt: skip
VALUES = ["本学年", "上学期", "2014-09..2015-01", "2014", "9月", "..", "2014-99", "(", '"', "*"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="tantivy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(options.engine, Path(folder) / "index", writable=True)
        engine.apply(papers(Random(options.seed), PAPERS))
        faults = fuzz(engine, options.seed, options.seconds)
        engine.close()
    return 1 if faults else 0


def papers(random: Random, count: int) -> list[Entry]:
    made = []
    for number in range(count):
        body = "".join(random.choices(WORDS[:20], k=200))
        half = len(body) // 2
        parts = [Part("存在问题", 0, half), Part("今后打算", half, len(body))]
        values = {"subject": ["数学"], "school": ["东河初中"], "kind": ["质检分析报告"]}
        made.append(Entry(str(number), body[:20], "存在问题\n今后打算", body, values, "2014-10-09",
                          parts=parts))  # fmt: skip
    return made


def question(random: Random) -> str:
    """Words, signs and fields in any order; sometimes any characters at all."""
    if random.random() < 0.1:
        return "".join(chr(random.randrange(0x110000)) for _ in range(random.randrange(80)))
    text = ""
    for _ in range(random.choice([1, 2, 3, 5, 8, 20, 80, 200])):
        drawn = random.random()
        if drawn < 0.4:
            text += random.choice(WORDS)
        elif drawn < 0.55:
            text += random.choice(FIELDS) + random.choice(":：") + random.choice([*VALUES, *WORDS])
        else:
            text += random.choice(SIGNS)
    return text


def fuzz(engine: Engine, seed: int, seconds: float) -> int:
    """How many questions went wrong."""
    random, end = Random(seed), time.monotonic() + seconds
    outcomes: Counter[str] = Counter()
    faults, slowest = 0, (0.0, "")
    while time.monotonic() < end:
        text = question(random)
        asked = Search(text, facets=("kind",), synonyms=[("研修", "教研")], today="2014-10-31")
        started = time.monotonic()
        try:
            outcomes[judged(engine, asked)] += 1
        except Exception as error:
            faults += 1
            print(f"{type(error).__name__}: {error}\n    {text!r}", flush=True)
        slowest = max(slowest, (time.monotonic() - started, text))
    total = sum(outcomes.values())
    told = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    print(f"{total} questions: {told}; slowest {slowest[0]:.2f} s: {slowest[1][:100]!r}")
    if slowest[0] > SLOW:
        print(f"too slow: {slowest[1]!r}")
    print(f"{faults} went wrong" if faults else "nothing found")
    return faults + (slowest[0] > SLOW)


def judged(engine: Engine, asked: Search) -> str:
    """What came of it. Raises what should not be."""
    try:
        answer = engine.search(asked)
    except QueryError as error:
        if not (0 <= error.position <= MAX_LENGTH and error.message and error.remedy):
            raise AssertionError(f"no good error: {error.position} {error.message}") from error
        return "error"
    for hit in answer.hits:
        for snippet in hit.snippets:
            if any(not 0 <= a < b <= len(snippet.text) for a, b in snippet.marks):
                raise AssertionError(f"a mark outside its text: {snippet}")
    if not answer.whole and corrected(engine, asked, ("质检分析报告",)) == asked.text:
        raise AssertionError("put right to itself")
    return "hits" if answer.total else "none"


if __name__ == "__main__":
    sys.exit(main())
