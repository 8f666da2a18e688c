"""The demonstration: schools drop their papers into the inbox, and every step is told."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter

from archive.accounting import by_folder
from archive.house import House
from archive.models import Arrival, Order, Record
from archive.press import make
from archive.report import arrival_line
from watch.folders import Inbox
from yanxiu.cli.taking import STATUS, in_words
from yanxiu.config import Config, InboxConfig
from yanxiu.demo import submissions
from yanxiu.serving import Service, scanned

#: The month whose forms are printed, and the phrases looked for, at the end.
MONTH = "2014-10"
QUESTIONS = ("集体备课", '"存在问题"', "质检分析 数学")
#: A demonstration that takes longer than this has gone wrong. Seconds.
PATIENCE = 300


def show(house: House) -> None:
    """Drop the sample submissions, wait until all are settled, and show what became of them."""
    config = Config(inbox=(InboxConfig(settle=0.5, interval=0.5),))
    told = _Teller()
    with Service(house, config, progress=told) as service:
        (inbox,) = service.inboxes.values()
        dropped = submissions.write(inbox.path, register=house.register)
        print(f"各校往收件箱投放了 {_files(inbox)} 份文件：{inbox.path}", flush=True)
        _wait(inbox, len(dropped))
        told.end()
    _tell_arrivals(house)
    _tell_accounts(service)
    _tell_answers(house)
    _print_forms(house)


def _files(inbox: Inbox) -> int:
    return sum(1 for p in inbox.path.rglob("*") if p.is_file())


def _wait(inbox: Inbox, expected: int) -> None:
    """Until nothing waits in the folder, at the desk or before the index."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        _, waiting = scanned({inbox.name: inbox})[inbox.name]
        at_work = Arrival.objects.exclude(state="done").exists() or Order.objects.exists()
        if not waiting and not at_work and Arrival.objects.exists():
            return
        time.sleep(0.1)
    raise TimeoutError(f"{expected} submissions were not settled in {PATIENCE} s")


class _Teller:
    """Counts the steps on one line of a terminal."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._terminal = sys.stderr.isatty()

    def __call__(self, step: str, arrival: Arrival) -> None:
        with self._lock:
            self.counts[step] += 1
            words = [f"已读 {self.counts['read']}"]
            words += [f"{STATUS[s]} {n}" for s, n in self.counts.items() if s in STATUS]
            if self._terminal:
                print("\r\x1b[K" + "　".join(words), end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._terminal:
            print(file=sys.stderr)


def _tell_arrivals(house: House) -> None:
    for arrival in Arrival.objects.order_by("id"):
        print("  " + in_words(arrival_line(house, arrival)))


def _tell_accounts(service: Service) -> None:
    for account in by_folder(scanned(service.inboxes)):
        print(
            f"账目　{account.name}：共 {account.seen} = 归档 {account.filed}"
            f" + 待核 {account.review}"
            f" + 重复 {account.duplicate} + 隔离 {account.quarantined} + 忽略 {account.ignored}"
            f" + 在办 {account.pending}"
        )
    receipts = [p for box in service.inboxes.values() for p in box.path.rglob("*.回执.html")]
    print(f"回执　{len(receipts)} 份，在收件箱的「回执」文件夹里")


def _tell_answers(house: House) -> None:
    from indexer.engines import Search

    for question in QUESTIONS:
        answer = house.engine().search(Search(question, limit=1))
        best = f"，最相关：{answer.hits[0].title}" if answer.hits else ""
        print(f"检索　{question}　→ {answer.total} 件，{answer.ms:.1f} 毫秒{best}")
    waiting = Record.objects.filter(status=Record.REVIEW).count()
    print(f"待核　{waiting} 件，等工作人员在网页「待核」中确认")


def _print_forms(house: House) -> None:
    target = house.home / "预填表" / MONTH
    started, count = time.perf_counter(), 0
    for name, data in make(house, "stage_report", MONTH, actor="演示"):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    print(f"制表　{MONTH} 阶段报告 {count} 份，{time.perf_counter() - started:.1f} 秒：{target}")
