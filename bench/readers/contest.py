"""All readers on all files: what each gives is held against what stands there, then each is timed.

The answers come from a first round, which also warms everybody up. Then follow the timed rounds,
the readers in turn and each round begun by another, so that a neighbour's load falls on all alike.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench import LOOK, MB, Values, high_water, summary, work
from bench.readers import papers, peers
from bench.readers.expected import Answer, Expectation, Verdict, judge, load, share_found
from bench.readers.fidelity import Kept, Shares, compare, shares
from bench.readers.ours import Ours
from bench.report import middle

WORKERS = 2


class Reader(Protocol):
    """One of those that are compared. `read` may be called from `WORKERS` threads."""

    label: str

    def read(self, path: Path) -> Answer: ...

    def pids(self) -> list[int]: ...

    def close(self) -> None: ...


@dataclass
class Record:
    """What is known of one reader by now. Speeds in files a second, `peak_mb` of its processes
    together; `kept` for each form of paper."""

    label: str
    verdicts: list[Verdict] = field(default_factory=list)
    quick: list[Path] = field(default_factory=list)
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)
    papers_per_s: list[float] = field(default_factory=list)
    samples_per_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0


def measure(samples: Path, number: int, every: int, office: bool, others: int, runs: int) -> Values:
    """`number` papers (`office`: with the formats of LibreOffice), every `every`th sample below
    `samples`, beside the first `others` of the peers."""
    wanted = [one for one in load()[::every] if one.lane != "ocr"]
    absent = {peer.label: why for peer in peers.PEERS[:others] if (why := peers.install(peer))}
    with work() as folder, ExitStack() as stack:
        made = papers.write(folder / "papers", number, office=office)
        readers: list[Reader] = [Ours(WORKERS)]
        for peer in peers.PEERS[:others]:
            if peer.label not in absent:
                readers.append(peers.Processes(peer, WORKERS))
        for reader in readers:
            stack.callback(reader.close)
        records = [answers(reader, samples, wanted, made) for reader in readers]
        for turn in range(runs):
            for place in range(len(readers)):
                at = (turn + place) % len(readers)
                _timed(readers[at], records[at], made)
    return _values(records, absent, wanted, made)


def answers(
    reader: Reader, samples: Path, wanted: Sequence[Expectation], made: Sequence[papers.Made]
) -> Record:
    """The first round of one reader, judged."""
    record = Record(reader.label)
    files = [samples / one.file for one in wanted]
    ask = [_members(reader) if one.lane == "bundle" else reader.read for one in wanted]
    given = ask_all(ask, files)
    codes = isinstance(reader, Ours)
    record.verdicts = [judge(w, a, codes=codes) for w, a in zip(wanted, given, strict=True)]
    record.quick = [
        path
        for one, path, answer in zip(wanted, files, given, strict=True)
        if not one.lane and not answer.failed
    ]
    read = ask_all([reader.read] * len(made), [paper.path for paper in made])
    for paper, answer in zip(made, read, strict=True):
        found = compare(paper.texts, answer.text, paper.merged)
        record.kept.setdefault(paper.form, []).append(found)
    record.failed = Counter(a.failed for a in (*given, *read) if a.failed)
    return record


def _members(reader: Reader) -> Callable[[Path], Answer]:
    return reader.members if isinstance(reader, Ours) else reader.read


def ask_all(ask: Iterable[Callable[[Path], Answer]], files: Iterable[Path]) -> list[Answer]:
    """The answers in the order of the files, which are handed out as the workers get free."""
    with ThreadPoolExecutor(WORKERS) as threads:
        orders = [threads.submit(one, path) for one, path in zip(ask, files, strict=True)]
        return [order.result() for order in orders]


def _timed(reader: Reader, record: Record, made: Sequence[papers.Made]) -> None:
    """One timed round of one reader, on the papers and on the samples that it did not hang on."""
    with Heaviest(reader.pids) as heaviest:
        for files, speeds in (
            ([paper.path for paper in made], record.papers_per_s),
            (record.quick, record.samples_per_s),
        ):
            started = time.perf_counter()
            ask_all([reader.read] * len(files), files)
            speeds.append(len(files) / (time.perf_counter() - started))
    record.peak_mb = max(record.peak_mb, heaviest.mb)


class Heaviest:
    """The most that some processes took together, by their high-water marks."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self.mb = 0.0
        self._pids = pids
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Heaviest:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(2 * LOOK):
            self._look()

    def _look(self) -> None:
        self.mb = max(self.mb, round(sum(map(high_water, self._pids())) / MB, 1))


# --- what is told ---------------------------------------------------------------


def _values(
    records: Sequence[Record],
    absent: dict[str, str],
    wanted: Sequence[Expectation],
    made: Sequence[papers.Made],
) -> Values:
    ours = records[0]
    whole = _shares(ours)
    return {
        "papers": len(made),
        "formats": dict(Counter(paper.form for paper in made)),
        "samples": len(wanted),
        "strings": sum(len(one.strings) for one in wanted),
        "refusals": sum(not one.readable for one in wanted),
        "files_per_s": summary(ours.papers_per_s, 1),
        "samples_per_s": summary(ours.samples_per_s, 1),
        "strings_found": share_found(ours.verdicts),
        "chinese_kept": whole.kept,
        "chinese_true": whole.true,
        "peak_mb": ours.peak_mb,
        "speed": _speed(records, absent),
        "truth": _truth(records),
        "answers": _told(records),
        "by_format": _by_format(records, [form for form in papers.SHARES if form in ours.kept]),
        "missed": _missed(ours.verdicts),
    }


def _shares(record: Record) -> Shares:
    return shares(kept for some in record.kept.values() for kept in some)


def _speed(records: Sequence[Record], absent: dict[str, str]) -> Values:
    ours = middle(summary(records[0].papers_per_s))
    rows: list[list[Any]] = []
    for record in records:
        speed = summary(record.papers_per_s, 1)
        slower = round(ours / (middle(speed) or 1), 2)
        rows.append([record.label, speed, slower, summary(record.samples_per_s, 1), record.peak_mb])
    rows += [
        [f"{label}: not installed ({why})", "—", "—", "—", "—"] for label, why in absent.items()
    ]
    columns = ["reader", "papers/s", "time beside ours", "samples/s", "peak memory MB"]
    return {"columns": columns, "rows": rows}


def _truth(records: Sequence[Record]) -> Values:
    rows = []
    for record in records:
        whole = _shares(record)
        read = [v for v in record.verdicts if v.outcome == "right" and v.asked]
        row = [
            record.label,
            share_found(record.verdicts),
            sum(bool(v.disordered) for v in read),
            sum(len(v.repeated) for v in read),
            sum(len(v.leaked) for v in read),
            *(whole.kept, whole.true, whole.order, whole.once),
        ]
        rows.append(row)
    columns = [
        "reader", "samples: strings found %", "out of order", "given twice", "should not be there",
        "papers: Chinese kept %", "of what is given, stood there %", "paragraphs in order %",
        "merged cells once %",
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _told(records: Sequence[Record]) -> Values:
    rows = []
    for record in records:
        found = Counter(verdict.outcome for verdict in record.verdicts)
        row = [record.label, found["right"], found["refused"], found["wrong code"]]
        row += [found["silent"], found["text"], record.failed["hung"], record.failed["crashed"]]
        rows.append(row)
    columns = [
        "reader", "right answers", "refused what can be read", "wrong code",
        "silent instead of refusing", "text instead of refusing", "hung", "crashed",
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _by_format(records: Sequence[Record], forms: Sequence[str]) -> Values:
    rows = [[f".{form}", *(shares(r.kept[form]).kept for r in records)] for form in forms]
    return {"columns": ["Chinese characters kept, %", *(r.label for r in records)], "rows": rows}


def _missed(verdicts: Iterable[Verdict]) -> Values:
    """What we ourselves do not give, file by file."""
    rows = [
        [verdict.file, _fault(verdict), "、".join(verdict.missing[:4])]
        for verdict in verdicts
        if not verdict.faultless
    ]
    return {"columns": ["sample", "fault of ours", "not found"], "rows": rows or [["none", "", ""]]}


def _fault(verdict: Verdict) -> str:
    parts = [verdict.outcome] if verdict.outcome != "right" else []
    parts += [f"out of order: {verdict.disordered}"] if verdict.disordered else []
    parts += [f"twice: {'、'.join(verdict.repeated)}"] if verdict.repeated else []
    parts += [f"there: {'、'.join(verdict.leaked)}"] if verdict.leaked else []
    return "; ".join(parts)
