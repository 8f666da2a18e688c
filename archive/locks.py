"""Locks between processes of one archive, as files in its `locks` folder. They die with their
holder, so a killed process never blocks the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from archive.errors import busy
from archive.ids import uuid7

#: Between two looks whether a lock is free. Seconds.
_LOOK = 0.01


class Locks:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _lock(self, name: str) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / f"{name}.lock")

    @contextmanager
    def deciding(self, seconds: float = 300) -> Iterator[None]:
        """Held from a decision to its commit: papers are changed by one process at a time.

        Whoever waits holds the doorway, so that a busy worker, back at once, cannot overtake a
        clerk for as long as its work lasts. Raises ArchiveError('busy').
        """
        doorway, room = self._lock("doorway"), self._lock("deciding")
        try:
            with doorway.acquire(timeout=seconds, poll_interval=_LOOK):
                room.acquire(timeout=seconds, poll_interval=_LOOK)
        except Timeout:
            raise busy("这个档案库") from None
        try:
            yield
        finally:
            room.release()

    def try_index(self) -> FileLock | None:
        """The right to write the index, or None while another process has it."""
        return self._try("index")

    def try_recognising(self) -> FileLock | None:
        """The right to recognise scans, or None while another process has it."""
        return self._try("recognising")

    def serving(self) -> FileLock:
        """Held by `serve`; a second one on the same archive raises ArchiveError('busy')."""
        lock = self._try("serving")
        if lock is None:
            raise busy("这个档案库")
        return lock

    def _try(self, name: str) -> FileLock | None:
        lock = self._lock(name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        return lock

    def enrol(self) -> tuple[str, FileLock]:
        """A new worker's id and the lock that shows it alive."""
        worker = uuid7()
        lock = self._lock(f"worker-{worker}")
        lock.acquire(timeout=0)
        return worker, lock

    def alone(self, worker: str) -> bool:
        """Does no other worker live? Cleans up after those that do not."""
        found = {p.stem.removeprefix("worker-") for p in self.folder.glob("worker-*.lock")}
        return not any(self.alive(other) for other in found - {worker})

    def alive(self, worker: str) -> bool:
        """Does the worker of this id still run? Cleans up after one that does not."""
        path = self.folder / f"worker-{worker}.lock"
        if not worker or not path.exists():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        path.unlink(missing_ok=True)
        return False
