"""Thoughts on papers: the same in a thread and in a process, and none is lost with the process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from archive import thinking
from archive.filing import Clues
from archive.kind_files import BUILTIN, load_kinds
from archive.readings import Readings
from archive.thinking import Known, Thinker, Thought, think
from indexer.errors import ReadError
from indexer.outline import recover
from indexer.reading import Block, Reading
from yanxiu.demo import county

TEXT = """孙镇初中{subject}学科校本研修工作10月阶段报告
学校：孙镇初中　学科：{subject}　报告时间：2014年10月31日
一、工作开展情况
本月开展集体备课三次，听评课六节，主题是说明文教学第{n}单元。
二、取得成效
课堂上学生发言的人数多了。"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return Known(load_kinds(BUILTIN), county(), None, Readings(tmp_path_factory.mktemp("readings")))


@pytest.fixture
def thinker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Thinker]:
    """With a process as soon as one paper waits."""
    monkeypatch.setattr(thinking, "MANY", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    made = Thinker()
    yield made
    made.close()


def reading(n: int, more: str = "") -> Reading:
    text = TEXT.format(subject=("语文", "数学", "英语")[n % 3], n=n) + more
    found = recover([Block("paragraph", line) for line in text.split("\n")])
    return Reading("txt", "complete", found.blocks, found.outline, found.fields)


def about(n: int) -> Clues:
    return Clues(f"{n}号.txt", ("孙镇初中",))


def ready(one: Reading | BaseException) -> Future[Reading]:
    future: Future[Reading] = Future()
    if isinstance(one, Reading):
        future.set_result(one)
    else:
        future.set_exception(one)
    return future


def at_work(thinker: Thinker, known: Known) -> thinking._Aside:
    """Papers are handed over until the process has begun."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        first = thinker.submit("f" * 64, about(0), ready(reading(0)), known)
        second = thinker.submit("f" * 64, about(0), ready(reading(0)), known)
        assert first.result(60) == second.result(60)
        if thinker._aside is not None and thinker._aside.ready:
            return thinker._aside
        time.sleep(0.05)
    raise AssertionError("no process")


def thoughts(thinker: Thinker, known: Known, count: int) -> list[Future[Thought]]:
    return [thinker.submit(f"{n:064}", about(n), ready(reading(n)), known) for n in range(count)]


def test_a_process_thinks_the_same(thinker: Thinker, known: Known) -> None:
    aside = at_work(thinker, known)
    found = [one.result(60) for one in thoughts(thinker, known, 12)]
    assert found == [think(f"{n:064}", reading(n), about(n), known) for n in range(12)]
    assert {one.judgement.filing.status for one in found} == {"filed"}
    assert known.readings.load(f"{11:064}") == reading(11)
    assert thinker._aside is aside


def test_what_keeping_changes_is_changed_here_too(thinker: Thinker, known: Known) -> None:
    at_work(thinker, known)
    damaged = reading(1, "\n半个字：\ud800。")
    thought = thinker.submit("a" * 64, about(1), ready(damaged), known).result(60)
    assert thought.reading is not None
    assert "半个字：?。" in thought.reading.text
    assert thought.reading == known.readings.load("a" * 64)


def test_errors_of_reading_are_thoughts_and_others_are_raised(
    thinker: Thinker, known: Known
) -> None:
    at_work(thinker, known)
    refused = thinker.submit("b" * 64, about(1), ready(ReadError("encrypted")), known).result(60)
    assert isinstance(refused.read, ReadError)
    with pytest.raises(RuntimeError, match="closed"):
        thinker.submit("c" * 64, about(1), ready(RuntimeError("closed")), known).result(60)


def test_a_full_disk_is_told_and_the_next_one_goes_through(
    thinker: Thinker, known: Known, tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_bytes(b"")
    broken = Known(known.kinds, known.register, None, Readings(tmp_path / "no folder"))
    thinker.submit("d" * 64, about(1), ready(reading(1)), known).result(60)
    at_work(thinker, known)
    with pytest.raises(OSError, match="no folder"):
        thinker.submit("d" * 64, about(1), ready(reading(1)), broken).result(60)
    assert thinker.submit("e" * 64, about(1), ready(reading(1)), known).result(60).reading


def test_what_cannot_be_handed_over_keeps_nobody_waiting(thinker: Thinker, known: Known) -> None:
    at_work(thinker, known)
    odd = replace(reading(1), metadata={"x": lambda: None})  # type: ignore[dict-item]
    refused = thinker.submit("a" * 64, about(1), ready(odd), known)
    next_one = thinker.submit("b" * 64, about(2), ready(reading(2)), known)
    with pytest.raises(TypeError):
        refused.result(60)
    assert next_one.result(60).reading


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_dies_costs_no_thought(thinker: Thinker, known: Known) -> None:
    aside = at_work(thinker, known)
    pid = aside._process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)  # so that all of them wait for it
    waiting = thoughts(thinker, known, 9)
    time.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    found = [one.result(60) for one in waiting]
    assert found == [think(f"{n:064}", reading(n), about(n), known) for n in range(9)]


def test_a_process_without_work_ends(
    thinker: Thinker, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = at_work(thinker, known)
    thinker.rest()
    assert thinker.submit("f" * 64, about(0), ready(reading(0)), known).result(60).reading
    assert aside._process.is_alive()
    monkeypatch.setattr(thinking, "IDLE", 0.0)
    thinker.rest()
    thinker._thread.submit(lambda: None).result(60)
    assert thinker._aside is None


def test_a_process_begins_for_many_that_are_expected(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    thinker = Thinker()
    thinker.prepare(known)
    thinker._thread.submit(lambda: None).result(60)
    assert thinker._aside is not None
    assert thinker.submit("f" * 64, about(0), ready(reading(0)), known).result(60).reading
    process = thinker._aside._process
    thinker.close()
    assert process.exitcode is not None


def test_few_papers_need_no_process(known: Known) -> None:
    thinker = Thinker()
    found = [one.result(60) for one in thoughts(thinker, known, 5)]
    thinker.close()
    assert len(found) == 5
    assert thinker._aside is None
