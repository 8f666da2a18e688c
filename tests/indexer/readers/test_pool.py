"""The pool: whatever a file does to its reader, the caller meets a code and the next file works."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from made_docx import docx, para

import indexer
from indexer import child as children
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.pool import ReaderPool

#: A worker that breaks in a way told by the file's name, then behaves again.
_BREAKING = """
import os, sys, time
from indexer import readers, worker
real = readers.read
def read(path, name=None, limits=None):
    if name == "hang": time.sleep(60)
    if name == "die": os._exit(7)
    if name == "panic": os.write(2, b"thread panicked at src/lib.rs:7\\nnote: backtrace\\n")
    if name == "print": print("noise"); sys.stdout.flush()
    if name == "memory": x = bytearray(4 << 30)
    return real(path, name, limits)
readers.read = read
worker.main()
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return docx(tmp_path / "a.docx", para("教学反思") + para("今天上了一节课。"))


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    real = children.subprocess.Popen

    def start(command: list[str], **settings: object) -> object:
        return real([command[0], "-c", _BREAKING], **settings)  # type: ignore[call-overload]

    monkeypatch.setattr(children.subprocess, "Popen", start)


def test_a_reading_crosses_the_border_unchanged(paper: Path) -> None:
    with ReaderPool(1) as pool:
        assert pool.read(paper) == indexer.read(paper)


def test_errors_cross_the_border_with_their_code(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"Rar!\x1a\x07\x01\x00")
    with ReaderPool(1) as pool, pytest.raises(ReadError) as caught:
        pool.read(tmp_path / "x")
    assert caught.value.code == "unsupported"


@pytest.mark.usefixtures("breaking")
@pytest.mark.parametrize(
    ("name", "code"), [("hang", "timeout"), ("die", "corrupt"), ("memory", "too_large")]
)
def test_a_broken_reader_is_a_code_and_the_next_file_works(
    paper: Path, name: str, code: str
) -> None:
    with ReaderPool(1, limits=Limits(seconds=1.0, memory=512 << 20)) as pool:
        assert pool.read(paper).title == "教学反思"
        started = time.monotonic()
        with pytest.raises(ReadError) as caught:
            pool.read(paper, name)
        assert caught.value.code == code
        assert time.monotonic() - started < 5
        assert pool.read(paper).title == "教学反思"


@pytest.mark.usefixtures("breaking")
def test_what_a_library_prints_does_not_disturb(paper: Path) -> None:
    with ReaderPool(1) as pool:
        assert pool.read(paper, "print").title == "教学反思"


def test_many_threads_share_few_workers(paper: Path) -> None:
    with ReaderPool(2) as pool, ThreadPoolExecutor(8) as threads:
        titles = list(threads.map(lambda _: pool.read(paper).title, range(40)))
    assert titles == ["教学反思"] * 40


def test_submit_gives_futures(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with ReaderPool(2) as pool:
        good, bad = pool.submit(paper), pool.submit(tmp_path / "empty")
        assert good.result().title == "教学反思"
        assert isinstance(bad.exception(), ReadError)


def test_workers_are_replaced_after_their_share(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "RECYCLE_AFTER", 2)
    started = []
    real = children.Child.__init__

    def count(self: children.Child, *settings: object) -> None:
        started.append(1)
        real(self, *settings)

    monkeypatch.setattr(children.Child, "__init__", count)
    with ReaderPool(1) as pool:
        for _ in range(5):
            pool.read(paper)
    assert len(started) == 3


def test_a_pool_costs_nothing_until_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children.subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    ReaderPool(4).close()


def test_a_closed_pool_says_so(paper: Path) -> None:
    pool = ReaderPool(1)
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.read(paper)


@pytest.mark.usefixtures("breaking")
def test_what_a_library_prints_is_logged_and_stays_off_the_terminal(
    paper: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "yanxiu.reader"), ReaderPool(workers=1) as pool:
        pool.read(paper, "panic")
        pool.read(paper, "a.docx")
        pool.read(paper, "panic")
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""
    told = [record.getMessage() for record in caplog.records]
    assert told == ["reading panic: thread panicked at src/lib.rs:7 note: backtrace"] * 2
