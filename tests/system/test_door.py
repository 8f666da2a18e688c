"""The door between an inbox and the archive, and the service behind it, when things go wrong."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import report

from watch.folders import Inbox, Seen, scan

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from watch.reception import Reception


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    folder = tmp_path / "收件箱"
    folder.mkdir()
    return Inbox(folder, "收件箱", settle=0.0)


@pytest.fixture
def reception(house: House, ingest: Ingest, inbox: Inbox) -> Reception:
    from watch.reception import Reception

    return Reception(house, ingest, {inbox.name: inbox})


def seen(inbox: Inbox) -> list[Seen]:
    return [one for one in scan(inbox) if isinstance(one, Seen) and not one.ignored]


def take(reception: Reception, inbox: Inbox) -> list[bool]:
    """One round of the door over everything in the inbox."""
    now = datetime.now(UTC)
    files = seen(inbox)
    taken = [reception.offer(inbox, f.relpath, inbox.path / f.relpath, now, f) for f in files]
    reception.ingest.run()
    reception.close_all()
    return taken


def test_a_name_that_is_no_text(reception: Reception, inbox: Inbox, tmp_path: Path) -> None:
    """GBK names from an old share, below a folder named in UTF-8."""
    from archive.models import Arrival

    file = report(tmp_path / "a.docx", "椿林初中", "语文", 10)
    (inbox.path / "椿林初中").mkdir()
    raw = os.fsencode(inbox.path / "椿林初中") + b"/" + "语文十月报告.docx".encode("gbk")
    file.rename(os.fsdecode(raw))
    assert take(reception, inbox) == [True]
    arrival = Arrival.objects.get()
    assert (arrival.path, arrival.outcome) == ("椿林初中/语文十月报告.docx", "filed")
    assert arrival.state == "done"
    assert seen(inbox) == []
    assert (inbox.path / "回执" / "椿林初中" / "语文十月报告.docx.回执.html").exists()


def test_a_file_held_open_by_its_writer_is_offered_again(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.models import Arrival

    file = report(inbox.path / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    real = Path.open

    def locked(path: Path, *args: object, **more: object) -> object:
        if path == file:
            raise PermissionError(13, "in use by another program", str(path))
        return real(path, *args, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        assert take(reception, inbox) == [False]
        assert Arrival.objects.count() == 0
    assert take(reception, inbox) == [True]
    assert Arrival.objects.get().outcome == "filed"


def test_a_file_that_cannot_be_cleared_away_is_not_tried_all_the_time(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch import reception as module

    report(inbox.path / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    tries: list[str] = []

    def away(_: Inbox, relpath: str, expected: object) -> None:
        tries.append(relpath)
        raise OSError(5, "the share is away")

    monkeypatch.setattr(module, "clear", away)
    take(reception, inbox)
    for _ in range(5):
        reception.close_all()
    assert len(tries) == 1


def test_a_crowd_waits_in_the_inbox(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch import reception as module

    monkeypatch.setattr(module, "WAITING", 2)
    for month in (9, 10, 11):
        report(inbox.path / f"{month}.docx", "孙镇初中", "语文", month)
    assert sorted(take(reception, inbox)) == [False, True, True]
    assert take(reception, inbox) == [True]


def test_what_comes_late_by_its_name_is_taken_last(
    reception: Reception, ingest: Ingest, inbox: Inbox
) -> None:
    from archive.models import Version
    from watch.watcher import Watcher

    late = report(inbox.path / "a（重交）.docx", "孙镇初中", "语文", 10)
    early = report(inbox.path / "b.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    os.utime(late, (1, 1))
    assert early.stat().st_mtime > 1
    assert Watcher([inbox], reception).tick() == 2
    ingest.run()
    names = Version.objects.order_by("n").values_list("name", flat=True)
    assert list(names) == ["b.docx", "a（重交）.docx"]


def test_what_a_full_disk_left_decided_is_finished_without_new_files(
    house: House, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import intake, settling
    from archive.models import Arrival, Record

    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    with monkeypatch.context() as patch:
        patch.setattr(settling, "store_all", _full)
        with pytest.raises(OSError, match="No space"):
            intake.add(ingest, intake.find([file], ingest.ignored))
    assert Arrival.objects.get().state == "decided"
    settling.finish(house)
    assert Arrival.objects.get().state == "done"
    assert Record.objects.count() == 1


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_correction_that_failed_is_not_done_later(
    house: House, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import intake, review, settling
    from archive.models import Record

    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    intake.add(ingest, intake.find([file], ingest.ignored))
    record = Record.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(settling, "store_all", _full)
        with pytest.raises(OSError, match="No space"):
            review.correct(house, record.id, {"subjects": ["数学"]}, actor="甲")
    settling.finish(house)
    assert Record.objects.get().subjects == ["语文"]


def test_an_index_that_opens_late_is_still_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.outbox import Indexer
    from yanxiu import serving
    from yanxiu.config import Config

    service = serving.Service(house, Config())
    applied: list[int] = []

    class Opened:
        def apply(self) -> None:
            applied.append(1)
            service.stop.set()

        def close(self) -> None:
            applied.append(2)

    answers = [OSError("the disk is full"), None, Opened()]

    def claim(_: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(serving, "BREATH", 0.0)
    monkeypatch.setattr(serving, "PAUSE", 0.0)
    monkeypatch.setattr(Indexer, "claim", claim)
    service._write_index()
    assert applied == [1, 2]


def test_a_clerk_gets_in_between_two_batches(tmp_path: Path) -> None:
    """One that comes back at once must not keep out one that waits."""
    from archive.locks import Locks

    locks, stop, rounds = Locks(tmp_path), threading.Event(), []

    def busy() -> None:
        while not stop.is_set():
            with locks.deciding():
                rounds.append(time.monotonic())
                stop.wait(0.03)

    worker = threading.Thread(target=busy)
    worker.start()
    try:
        for _ in range(8):
            while not rounds:
                stop.wait(0.005)
            before = len(rounds)
            with locks.deciding(10):
                assert len(rounds) - before <= 5
    finally:
        stop.set()
        worker.join()


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    from archive.errors import ArchiveError
    from archive.locks import Locks

    second = Locks(tmp_path).deciding(0.05)
    with Locks(tmp_path).deciding(), pytest.raises(ArchiveError) as told, second:
        pass
    assert told.value.code == "busy"


def test_what_seems_damaged_is_read_a_second_time(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload that paused may have its ending and lack its middle."""
    from archive.models import Arrival
    from watch import reception as module

    monkeypatch.setattr(module, "SECOND_LOOK", 0.0)
    file = report(inbox.path / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    whole = file.read_bytes()
    directory = whole.index(b"PK\x01\x02")
    file.write_bytes(whole[:30] + bytes(directory - 30) + whole[directory:])
    assert take(reception, inbox) == [True]
    assert (Arrival.objects.count(), file.exists()) == (0, True)
    file.write_bytes(whole)
    assert take(reception, inbox) == [True]
    assert Arrival.objects.get().outcome == "filed"


def test_a_file_comes_again_once_nothing_is_known_of_it(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door asked at once would call it taken over, and never offer it again."""
    from archive.models import Arrival
    from watch import reception as module

    monkeypatch.setattr(module, "SECOND_LOOK", 0.0)
    known: list[int] = []
    reception.again = lambda _, relpath: known.append(Arrival.objects.count())
    (inbox.path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing more %%EOF")
    assert take(reception, inbox) == [True]
    assert known == [0]


def test_what_stays_damaged_is_called_so_after_the_second_look(
    reception: Reception, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.models import Arrival
    from watch import reception as module

    monkeypatch.setattr(module, "SECOND_LOOK", 60.0)
    (inbox.path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing more %%EOF")
    assert take(reception, inbox) == [True]
    assert take(reception, inbox) == [False]
    assert Arrival.objects.count() == 0
    reception._seconds = {key: (sha, 0.0) for key, (sha, _) in reception._seconds.items()}
    assert take(reception, inbox) == [True]
    assert Arrival.objects.get().outcome == "quarantined"
