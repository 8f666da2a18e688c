"""How a form looks when it is printed: the pages that LibreOffice makes of it, as pictures.

Never on the way of a page: whoever asks is told what is there, and what is not is put in line. One
thread takes those who wait together to one start of LibreOffice. Pictures are derived and kept by
the digest of the document, so a form is drawn once.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from archive.house import House
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.office import Office
from indexer.office.converting import BATCH
from indexer.office.running import Bounds, run

log = logging.getLogger("yanxiu.previews")

#: For the pages of one form: 0.2 s a page on two cores.
BOUNDS = Bounds(seconds=30.0, standstill=30.0, memory=512 << 20, disk=128 << 20)
KEPT = 300
#: What could not be drawn is tried again after this long: it may have been a busy moment. Seconds.
AGAIN = 600
_KEY = re.compile(r"[0-9a-f]{32}\Z")
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Preview:
    """`state`: ready (with `pages`), waiting (`ahead` others before it), failed, or absent where
    this machine has no LibreOffice."""

    key: str
    state: str
    pages: int = 0
    ahead: int = 0


class PreviewLane:
    """Draws previews below `folder`. May be used by any number of threads."""

    def __init__(self, folder: Path, scratch: Path, limits: Limits) -> None:
        self._folder = folder
        self._office = Office(scratch, limits)
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._under_way: tuple[str, ...] = ()
        self._closed = threading.Event()

    def preview(self, data: bytes) -> Preview:
        """What is there of the document; it is put in line where nothing is."""
        key = hashlib.sha256(data).hexdigest()[:32]
        kept = self._kept(key)
        if kept:
            return kept
        if not self._office.present:
            return Preview(key, "absent")
        with self._changed:
            if key not in self._under_way and key not in (k for k, _ in self._waiting):
                self._waiting.append((key, data))
                self._start()
                self._changed.notify()
            ahead = next((n for n, (k, _) in enumerate(self._waiting) if k == key), 0)
        return Preview(key, "waiting", ahead=ahead)

    def page(self, key: str, number: int) -> Path | None:
        """The picture of a page, counted from 1."""
        path = self._folder / key / f"{number}.png"
        return path if _KEY.match(key) and path.is_file() else None

    def pdf(self, key: str) -> Path | None:
        path = self._folder / key / "form.pdf"
        return path if _KEY.match(key) and path.is_file() else None

    def close(self) -> None:
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
        self._office.close()

    def _kept(self, key: str) -> Preview | None:
        path = self._folder / key / _ABOUT
        try:
            pages = json.loads(path.read_text("utf-8"))["pages"]
            age = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            return None
        if not pages and age > AGAIN:
            return None
        return Preview(key, "ready" if pages else "failed", pages)

    # --- the worker -------------------------------------------------------------------------

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="previews", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while not self._closed.is_set():
            with self._changed:
                while not self._waiting and not self._closed.is_set():
                    self._changed.wait()
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                self._under_way = tuple(key for key, _ in batch)
            try:
                self._draw(batch)
            except RuntimeError:
                return  # closed meanwhile
            except Exception:
                # The next ones are to be drawn all the same; these are asked for again.
                log.exception("no preview of %s", self._under_way)
            finally:
                self._under_way = ()

    def _draw(self, batch: list[tuple[str, bytes]]) -> None:
        self._folder.mkdir(exist_ok=True)
        _sweep(self._folder)
        with tempfile.TemporaryDirectory(prefix="new-", dir=self._folder) as made:
            paths = []
            for key, data in batch:
                paths.append(Path(made) / f"{key}.docx")
                paths[-1].write_bytes(data)
            outcomes = self._office.convert(paths, "pdf")
            for (key, _), outcome in zip(batch, outcomes, strict=True):
                self._keep(key, outcome, Path(made) / key)

    def _keep(self, key: str, pdf: Path | ReadError, folder: Path) -> None:
        folder.mkdir()
        pages = 0
        if isinstance(pdf, Path):
            pages = self._pages(pdf, folder)
            shutil.move(pdf, folder / "form.pdf")
        else:
            log.warning("no preview of %s: %s", key, pdf)
        (folder / _ABOUT).write_text(json.dumps({"pages": pages}), "utf-8")
        target = self._folder / key
        shutil.rmtree(target, ignore_errors=True)
        folder.replace(target)

    def _pages(self, pdf: Path, folder: Path) -> int:
        command = [sys.executable, "-m", "indexer.office.pages", str(pdf), str(folder)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        ending = run(
            command, environment, folder, BOUNDS, lambda: len(list(folder.iterdir())), self._closed
        )
        (folder / "said").unlink(missing_ok=True)
        if ending.code:
            log.warning("no pictures of pages: %s %s", ending.detail, ending.said[-300:])
            return 0
        return sum(1 for _ in folder.glob("*.png"))


def _sweep(folder: Path) -> None:
    """Take away the oldest where there are too many, and what was left half made."""
    found = []
    for one in folder.iterdir():
        age = time.time() - one.stat().st_mtime
        if one.name.startswith("new-") and age > 3600:
            shutil.rmtree(one, ignore_errors=True)
        elif _KEY.match(one.name):
            found.append((age, one))
    for _, old in sorted(found)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


_lanes: dict[Path, PreviewLane] = {}
_guard = threading.Lock()


def lane(house: House) -> PreviewLane:
    """The one lane of this process for the house; ended when the process ends."""
    with _guard:
        if house.home not in _lanes:
            made = PreviewLane(
                house.home / "previews", house.home / "scratch", house.settings.limits
            )
            atexit.register(made.close)
            _lanes[house.home] = made
        return _lanes[house.home]
