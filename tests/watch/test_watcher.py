"""The rounds: every file is offered once, whatever the events say and whatever goes wrong."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from watchdog.events import FileOpenedEvent, FileSystemEvent

from watch import events
from watch.folders import Inbox, Seen
from watch.watcher import FolderCounts, Watcher

START = datetime(2014, 10, 31, tzinfo=UTC)


class HandClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class Desk:
    """An ingest that remembers; `refuse` decides about an offer (False = not now)."""

    def __init__(self, refuse: Callable[[str], bool] = lambda relpath: False) -> None:
        self.refuse = refuse
        self.offers: list[tuple[str, bytes, datetime]] = []
        self.taken: dict[str, tuple[int, int]] = {}
        self.asked = 0

    def known(self, inbox: Inbox, files: Sequence[Seen]) -> list[str]:
        self.asked += len(files)
        return [f.relpath for f in files if self.taken.get(f.relpath) == (f.size, f.mtime_ns)]

    def offer(
        self, inbox: Inbox, relpath: str, path: Path, first_seen: datetime, stat: Seen
    ) -> bool:
        if self.refuse(relpath):
            return False
        self.offers.append((relpath, path.read_bytes(), first_seen))
        self.taken[relpath] = (stat.size, stat.mtime_ns)
        return True

    def counts(self, inbox: Inbox) -> FolderCounts:
        return FolderCounts(seen=len(self.offers), filed=len(self.offers))

    @property
    def contents(self) -> dict[str, bytes]:
        return {relpath: data for relpath, data, _ in self.offers}


def inbox(base: Path, **more: object) -> Inbox:
    options: dict[str, object] = {"mode": "polling", "settle": 5.0, "interval": 10.0, **more}
    return Inbox(base, "收件", **options)  # type: ignore[arg-type]


def ticks(watcher: Watcher, clock: HandClock, *steps: float) -> int:
    handed = 0
    for step in steps:
        clock.seconds += step
        handed += watcher.tick()
    return handed


def test_it_works(tmp_path: Path) -> None:
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    (tmp_path / "三中").mkdir()
    (tmp_path / "三中" / "报告.txt").write_bytes(b"x")
    assert ticks(watcher, clock, 1, 4) == 0
    assert ticks(watcher, clock, 1, 9, 9) == 1
    assert desk.offers == [("三中/报告.txt", b"x", START + timedelta(seconds=1))]


def test_a_file_is_offered_again_only_when_it_changes(tmp_path: Path) -> None:
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    path = tmp_path / "报告.txt"
    path.write_bytes(b"first")
    ticks(watcher, clock, 0, 5, 5, 5)
    path.write_bytes(b"second!")
    ticks(watcher, clock, 0, 5, 5, 5)
    assert [data for _, data, _ in desk.offers] == [b"first", b"second!"]


def test_a_change_that_size_and_mtime_hide_is_offered_when_the_ingest_says_so(
    tmp_path: Path,
) -> None:
    desk, clock = Desk(), HandClock()
    folder = inbox(tmp_path)
    watcher = Watcher([folder], desk, clock)
    path = tmp_path / "报告.txt"
    for data in (b"first", b"other"):
        path.write_bytes(data)
        os.utime(path, ns=(10**18, 10**18))
        ticks(watcher, clock, 0, 5, 5)
    assert len(desk.offers) == 1
    desk.taken.clear()
    watcher.offer_again(folder, "报告.txt")
    ticks(watcher, clock, 1, 5, 5)
    assert [data for _, data, _ in desk.offers] == [b"first", b"other"]


def test_a_file_that_must_come_again_before_its_offer_returns_comes_again(tmp_path: Path) -> None:
    """The ingest works in another thread and may be quicker than the door."""

    class Quick(Desk):
        def offer(self, *args: object) -> bool:  # type: ignore[override]
            taken = super().offer(*args)  # type: ignore[arg-type]
            if len(self.offers) == 1:
                self.taken.clear()
                watcher.offer_again(folder, "报告.txt")
            return taken

    desk, clock, folder = Quick(), HandClock(), inbox(tmp_path)
    watcher = Watcher([folder], desk, clock)
    (tmp_path / "报告.txt").write_bytes(b"x")
    ticks(watcher, clock, 0, 5, 5, 5, 5)
    assert len(desk.offers) == 2


def test_after_a_restart_known_files_are_not_offered(tmp_path: Path) -> None:
    desk, clock = Desk(), HandClock()
    for n in range(3):
        (tmp_path / f"{n}.txt").write_bytes(b"x")
    ticks(Watcher([inbox(tmp_path)], desk, clock), clock, 0, 6)
    (tmp_path / "3.txt").write_bytes(b"x")
    assert ticks(Watcher([inbox(tmp_path)], desk, clock), clock, 0, 6, 6) == 1
    assert len(desk.offers) == 4


def test_the_ingest_is_asked_once_for_each_file(tmp_path: Path) -> None:
    desk, clock = Desk(refuse=lambda relpath: True), HandClock()
    for n in range(3):
        (tmp_path / f"{n}.txt").write_bytes(b"x")
    ticks(Watcher([inbox(tmp_path)], desk, clock), clock, 0, 6, 6, 6)
    assert desk.asked == 3


def test_a_refused_file_is_offered_again(tmp_path: Path) -> None:
    busy = True
    desk, clock = Desk(refuse=lambda relpath: busy), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    (tmp_path / "1.txt").write_bytes(b"x")
    assert ticks(watcher, clock, 0, 6, 1) == 0
    busy = False
    assert ticks(watcher, clock, 1) == 1


def test_one_bad_file_does_not_stop_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = []

    def refuse(relpath: str) -> bool:
        if relpath == "1.txt":
            attempts.append(relpath)
            raise RuntimeError("boom")
        return False

    desk, clock = Desk(refuse), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    for n in range(3):
        (tmp_path / f"{n}.txt").write_bytes(b"x")
    with caplog.at_level(logging.CRITICAL):
        assert ticks(watcher, clock, 0, 6) == 2
        ticks(watcher, clock, 1, 1, 1)
        assert len(attempts) == 1  # not hammered
        ticks(watcher, clock, 10)
        assert len(attempts) == 2
        ticks(watcher, clock, 10)
        assert len(attempts) == 2  # and more and more rarely
    assert watcher.state()[0].counts.pending == 1


def test_a_slow_copy_ends_as_one_offer_with_all_its_bytes(tmp_path: Path) -> None:
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    path, whole = tmp_path / "总结.pdf", b"%PDF-1.4" + b"x" * 50_000 + b"%%EOF"
    for part in range(10):
        with path.open("ab") as out:
            out.write(whole[part * 5_002 : (part + 1) * 5_002])
        ticks(watcher, clock, 3, 3, 3)  # pauses longer than `settle`
    ticks(watcher, clock, 3, 3)
    assert [data for _, data, _ in desk.offers] == [whole]


def test_a_preallocated_copy_ends_as_one_offer_with_all_its_bytes(tmp_path: Path) -> None:
    """Size and mtime stand still (a copy program that sets them first): only the end tells."""
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    path, whole = tmp_path / "总结.pdf", b"%PDF-1.4" + b"x" * 50_000 + b"%%EOF"
    for arrived in (0, 20_000, 49_000, len(whole)):
        path.write_bytes(whole[:arrived].ljust(len(whole), b"\x00"))
        os.utime(path, ns=(10**18, 10**18))
        ticks(watcher, clock, 4, 4)
    assert [data for _, data, _ in desk.offers] == [whole]


def test_a_file_without_its_ending_is_taken_in_the_end(tmp_path: Path) -> None:
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 torn")
    assert ticks(watcher, clock, 0, 6, 43) == 0
    assert ticks(watcher, clock, 1) == 1


def test_everything_in_a_folder_is_accounted_for(tmp_path: Path) -> None:
    desk, clock = Desk(refuse=lambda relpath: relpath == "等.txt"), HandClock()
    watcher = Watcher([inbox(tmp_path)], desk, clock)
    for name in ("1.txt", "2.txt", "~$1.doc", "Thumbs.db", "等.txt"):
        (tmp_path / name).write_bytes(b"x")
    ticks(watcher, clock, 0)
    assert watcher.state()[0].counts == FolderCounts(seen=5, ignored=2, pending=3)
    ticks(watcher, clock, 6)
    (tmp_path / "新.txt").write_bytes(b"x")
    ticks(watcher, clock, 1)
    assert watcher.state()[0].counts == FolderCounts(seen=6, filed=2, ignored=2, pending=2)
    assert watcher.state()[0].counts.balanced
    assert not FolderCounts(seen=2, filed=1).balanced


def test_a_share_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    base, away = tmp_path / "share", tmp_path / "away"
    base.mkdir()
    desk, clock = Desk(), HandClock()
    watcher = Watcher([inbox(base)], desk, clock)
    (base / "1.txt").write_bytes(b"x")
    ticks(watcher, clock, 0)
    base.rename(away)
    assert ticks(watcher, clock, 6) == 0
    assert [fault.relpath for fault in watcher.state()[0].faults] == [""]
    away.rename(base)
    assert ticks(watcher, clock, 1) == 1
    assert watcher.state()[0].faults == ()
    assert desk.offers[0][2] == START  # first seen before the outage


def test_forms_waiting_to_be_filled_are_offered_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "待填").mkdir()
    (tmp_path / "待填" / "表.txt").write_bytes(b"x")
    for forms in (False, True):
        desk, clock = Desk(), HandClock()
        ticks(Watcher([inbox(tmp_path, forms=forms)], desk, clock), clock, 0, 6)
        assert list(desk.contents) == (["待填/表.txt"] if forms else [])


def test_a_file_left_under_an_interim_name_comes_back(tmp_path: Path) -> None:
    (tmp_path / "已收").mkdir()
    (tmp_path / "已收" / "1.txt.~核对").write_bytes(b"x")
    desk, clock = Desk(), HandClock()
    ticks(Watcher([inbox(tmp_path)], desk, clock), clock, 0, 6)
    assert desk.contents == {"1.txt": b"x"}


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return condition()


def running(watcher: Watcher, work: Callable[[], bool]) -> bool:
    stop = threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    try:
        return until(work)
    finally:
        stop.set()
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_an_event_shortens_the_wait(tmp_path: Path) -> None:
    """Without the event the next look would be an hour away."""
    desk = Desk()
    watcher = Watcher([inbox(tmp_path, mode="events", interval=3600, settle=0.1)], desk)

    def drop_and_wait() -> bool:
        assert until(lambda: watcher.state()[0].scanned is not None)
        (tmp_path / "报告.txt").write_bytes(b"x")
        return until(lambda: bool(desk.offers))

    assert running(watcher, drop_and_wait)
    assert watcher.state()[0].deaf == ""


class Deaf(events.Ears):
    def notice(self, event: FileSystemEvent) -> None:
        """Hears nothing."""


def test_a_deaf_watcher_only_takes_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watch.watcher.Ears", Deaf)
    desk = Desk()
    watcher = Watcher([inbox(tmp_path, mode="events", interval=0.3, settle=0.1)], desk)

    def drop_and_wait() -> bool:
        assert until(lambda: watcher.state()[0].scanned is not None)
        for n in range(20):
            (tmp_path / f"{n}.txt").write_bytes(b"%d" % n)
        return until(lambda: len(desk.offers) == 20)

    assert running(watcher, drop_and_wait)
    assert desk.contents == {f"{n}.txt": b"%d" % n for n in range(20)}


def test_without_events_it_polls_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoObserver:
        def schedule(self, *_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(events, "Observer", NoObserver)
    desk = Desk()
    watcher = Watcher([inbox(tmp_path, mode="events", interval=0.3, settle=0.1)], desk)
    (tmp_path / "报告.txt").write_bytes(b"x")
    assert running(watcher, lambda: bool(desk.offers))
    assert "0.3 秒" in watcher.state()[0].deaf


def test_reading_and_our_own_folders_wake_nobody(tmp_path: Path) -> None:
    wake, heard = threading.Event(), []
    ears = events.Ears(inbox(tmp_path, mode="events"), lambda: heard.append(1), wake)
    ears.notice(FileOpenedEvent(str(tmp_path / "1.doc")))
    ears.notice(FileSystemEvent(str(tmp_path / "已收" / "1.doc")))
    assert not heard
    assert not wake.is_set()
    ears.notice(FileSystemEvent(str(tmp_path / "三中" / "已收" / "1.doc")))
    assert heard
    assert wake.is_set()


def test_a_failing_catalogue_does_not_end_the_rounds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Locked(Desk):
        fails = 2

        def known(self, inbox: Inbox, files: Sequence[Seen]) -> list[str]:
            self.fails -= 1
            if self.fails >= 0:
                raise RuntimeError("database is locked")
            return super().known(inbox, files)

    desk = Locked()
    watcher = Watcher([inbox(tmp_path, interval=0.05, settle=0.05)], desk)
    (tmp_path / "1.txt").write_bytes(b"x")
    with caplog.at_level(logging.CRITICAL):
        assert running(watcher, lambda: bool(desk.offers))


def test_a_storm_of_events_does_not_keep_the_disk_busy(tmp_path: Path) -> None:
    clock = HandClock()
    watcher = Watcher([inbox(tmp_path)], Desk(), clock)
    watcher.tick()
    (folder,) = watcher._rounds
    for _ in range(100):
        folder.call()
    assert folder.due >= 0.5
