"""Where unfinished work stands, and who is still at it.

    <workspace>/areas/<random>/lock        held by the process that owns the area while it lives
    <workspace>/areas/<random>/<job>/      one put; <job> = sha256 of the object id, "~", a number
    <workspace>/locks/<2 hex>              one writer at a time for the objects under this prefix
    <workspace>/aside/<random>/            a version that could not be finished, kept for a person

An area whose lock can be taken belongs to a dead process: the kernel lets go of a killed
process's locks, so nothing has to be guessed from process ids or ages.
"""

from __future__ import annotations

import itertools
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from archive.durable import StoreError

#: Waiting longer than this for another process's put means that it hangs. Seconds.
_PATIENCE = 60.0


class Workspace:
    """Jobs and locks of one process in the workspace directory. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._area: Path | None = None
        self._area_lock: FileLock | None = None
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()
        self._stripes: dict[str, tuple[threading.Lock, FileLock]] = {}

    @contextmanager
    def job(self, digest: str) -> Iterator[Path]:
        """A fresh directory for work on the object with this id digest; gone afterwards."""
        folder = self._own_area() / f"{digest}~{next(self._numbers)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def writing(self, digests: Iterable[str]) -> Iterator[None]:
        """The only writer, in this process and in all others, of the objects under the prefixes
        of these id digests.

        Raises StoreError `store_conflict` when another process does not let go.
        """
        with ExitStack() as held:
            # Always in this order: two writers never wait for each other.
            for prefix in sorted({digest[:2] for digest in digests}):
                held.enter_context(self._alone(prefix))
            yield

    @contextmanager
    def _alone(self, prefix: str) -> Iterator[None]:
        inner, outer = self._stripe(prefix)
        with inner:
            try:
                outer.acquire(timeout=_PATIENCE, poll_interval=0.01)
            except Timeout as error:
                raise StoreError("store_conflict", str(outer.lock_file)) from error
            try:
                yield
            finally:
                outer.release()

    def set_aside(self, folder: Path) -> Path:
        """Move a directory out of the store for a person to look at; never cleaned."""
        target = self._made("aside", uuid.uuid4().hex) / folder.name
        return folder.rename(target)

    def dead_areas(self) -> Iterator[Path]:
        """Areas left by killed processes; each is deleted after the caller has dealt with it."""
        areas = self.folder / "areas"
        for area in sorted(areas.iterdir()) if areas.is_dir() else ():
            with self._dead(area) as dead:
                if not dead:
                    continue
                yield area
            shutil.rmtree(area, ignore_errors=True)

    def close(self) -> None:
        """Let go of this process's area (an unfinished job in it would be recovered)."""
        with self._guard:
            if self._area and self._area_lock:
                self._area_lock.release()
                shutil.rmtree(self._area, ignore_errors=True)
            self._area = self._area_lock = None

    @contextmanager
    def _dead(self, area: Path) -> Iterator[bool]:
        lock = FileLock(area / "lock", thread_local=False)
        # Under the same lock as the making of areas: a new one is never seen half made.
        with self._making():
            try:
                lock.acquire(timeout=0)
            except Timeout:
                yield False
                return
        try:
            yield True
        finally:
            lock.release()

    def _own_area(self) -> Path:
        with self._guard:
            if self._area is None:
                with self._making():
                    area = self._made("areas", uuid.uuid4().hex)
                    lock = FileLock(area / "lock", thread_local=False)
                    lock.acquire(timeout=_PATIENCE)
                self._area, self._area_lock = area, lock
            return self._area

    def _making(self) -> FileLock:
        return FileLock(self._made("locks") / "areas", timeout=_PATIENCE, thread_local=False)

    def _stripe(self, prefix: str) -> tuple[threading.Lock, FileLock]:
        with self._guard:
            if prefix not in self._stripes:
                lock = FileLock(self._made("locks") / prefix, thread_local=False)
                self._stripes[prefix] = (threading.Lock(), lock)
            return self._stripes[prefix]

    def _made(self, *parts: str) -> Path:
        folder = self.folder.joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        return folder
