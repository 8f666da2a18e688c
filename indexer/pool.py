"""Reading in child processes: a hostile file costs bounded time and memory; the next one works.

Three lanes: the native readers, in as many children as asked for; one child that recognises the
text of pictures, which gives way to everything else; and LibreOffice, where there is one, for what
the native readers give up. Children start when first needed.
"""

from __future__ import annotations

import base64
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from indexer import sniff
from indexer.child import Child, Lane, native, recognising
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.office import Office, OfficeLane
from indexer.reading import Reading

if TYPE_CHECKING:
    from indexer.bundles import Taken

#: (pages done, pages in all) while a scan is recognised.
Progress = Callable[[int, int], None]


class ReaderPool:
    """Reads files in up to `workers` child processes, started when first needed.

    All methods may be called from any number of threads. `scratch` is where readers put temporary
    files (default: the system's place). Use as a context manager, or call `close`.
    """

    def __init__(
        self, workers: int = 2, scratch: Path | None = None, limits: Limits = DEFAULT
    ) -> None:
        self.limits = limits
        self._native = _Children(native(limits), max(1, workers), limits, scratch)
        self._recognising = _Children(recognising(limits), 1, limits, scratch)
        office = Office(scratch or Path(tempfile.gettempdir()), limits)
        self._office = OfficeLane(office, self._read)
        self._threads = ThreadPoolExecutor(max(1, workers), "reader")

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: Path, name: str | None = None) -> Reading:
        """Read the file at `path`, known to people as `name`; waits for a free worker.

        Raises ReadError (`timeout` after `limits.seconds`), RuntimeError where the pool is closed
        or no reader process can be started.
        """
        begun = self._begin(path, name)
        return begun.result() if isinstance(begun, Future) else begun

    def submit(self, path: Path, name: str | None = None) -> Future[Reading]:
        """Like `read`, later. A file that goes to LibreOffice keeps no other one waiting, and
        those that go there together share one start of it."""
        answer: Future[Reading] = Future()
        answer.set_running_or_notify_cancel()
        begun = self._threads.submit(self._begin, path, name)
        begun.add_done_callback(lambda done: _follow(done, answer))
        return answer

    def _begin(self, path: Path, name: str | None) -> Reading | Future[Reading]:
        """The reading, or that which LibreOffice will give."""
        try:
            return self._read(path, name)
        except ReadError as error:
            form = sniff.detect(path, name)
            if not self._office.takes(form, error):
                raise
            return self._office.ask(path, form, error)

    def _read(self, path: Path, name: str | None = None) -> Reading:
        order = {"do": "read", "path": str(path.absolute()), "name": name}
        answer = self._native.ask(order, self.limits.seconds)
        return Reading.from_json(answer["reading"])

    def unpack(self, path: Path, form: str, folder: Path, name: str | None = None) -> list[Taken]:
        """The members of the bundle at `path` (of the sniffed format `form`, known to people as
        `name`), each laid into `folder` under a name of ours. Raises ReadError for the bundle as
        a whole."""
        from indexer.bundles import Taken

        seconds = self.limits.bundle_seconds
        order = {"do": "unpack", "path": str(path.absolute()), "form": form, "name": name,
                 "folder": str(folder.absolute()), "seconds": seconds}  # fmt: skip
        answer = self._native.ask(order, seconds)
        return [Taken.from_json(one) for one in answer["taken"]]

    def picture(self, path: Path, form: str) -> bytes | None:
        """The first page as PNG, None where the format cannot be drawn here. Raises ReadError."""
        order = {"do": "picture", "path": str(path.absolute()), "form": form}
        answer = self._native.ask(order, self.limits.seconds)
        return base64.b64decode(answer["picture"]) or None

    def recognise(
        self, path: Path, reading: Reading, progress: Progress = lambda done, total: None
    ) -> Reading:
        """`reading` of the file at `path` with the text of its scanned pages recognised, page by
        page; a page that cannot be recognised stays left out and is named. Raises RuntimeError
        where the pool is closed meanwhile, ReadError('unsupported') where nothing can recognise
        text here."""
        from indexer import ocr

        pages: dict[int, ocr.Page | ReadError] = {}
        for done, number in enumerate(reading.scanned):
            progress(done, len(reading.scanned))
            order = {"do": "page", "path": str(path.absolute()), "form": reading.format,
                     "number": number, "seconds": self.limits.page_seconds}  # fmt: skip
            try:
                answer = self._recognising.ask(order, self.limits.page_seconds)
                pages[number] = ocr.Page.from_json(answer["page"])
            except ReadError as error:
                if error.code == "unsupported":
                    raise
                pages[number] = error
        progress(len(reading.scanned), len(reading.scanned))
        return ocr.assemble(reading, pages)

    def give_up_recognising(self) -> None:
        """End what is being recognised, now and for good: whoever waits for it meets RuntimeError.
        It takes long, and can start over another time."""
        self._recognising.close()

    def close(self) -> None:
        """End all workers; waits for readings that are under way, but for no recognition."""
        self._native.shut()
        self._office.close()
        self.give_up_recognising()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._native.close()


def _follow(done: Future[Any], answer: Future[Reading]) -> None:
    """`answer` ends as `done` does, or as the future does in which `done` ended."""
    if done.cancelled():
        answer.set_exception(CancelledError())
    elif (error := done.exception()) is not None:
        answer.set_exception(error)
    elif isinstance(later := done.result(), Future):
        later.add_done_callback(lambda now: _follow(now, answer))
    else:
        answer.set_result(later)


class _Children:
    """Up to `most` children of one lane."""

    def __init__(self, lane: Lane, most: int, limits: Limits, scratch: Path | None) -> None:
        self._lane, self._limits, self._scratch = lane, limits, scratch
        self._slots: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(most):
            self._slots.put(None)
        self._busy: set[Child] = set()
        self._shut = threading.Event()

    def ask(self, order: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer of a free child. Raises ReadError, RuntimeError where shut."""
        with self._child() as child:
            answer = child.ask(order, seconds)
        if "error" in answer:
            if self._shut.is_set():
                raise RuntimeError("the reader pool was closed")
            raise ReadError(answer["error"]["code"], answer["error"]["detail"])
        return answer

    @contextmanager
    def _child(self) -> Iterator[Child]:
        child = self._slots.get()
        try:
            if self._shut.is_set():
                raise RuntimeError("the reader pool is closed")
            if child is None or not child.alive:
                child = Child(self._lane, self._limits, self._scratch)
            self._busy.add(child)
            yield child
        finally:
            if child is not None:
                self._busy.discard(child)
                if child.spent or self._shut.is_set():
                    child.close()
                    child = None
            self._slots.put(child)

    def shut(self) -> None:
        """From here on every order is refused."""
        self._shut.set()

    def close(self) -> None:
        """End the children, the busy ones too."""
        self._shut.set()
        for child in list(self._busy):
            child.kill()
        for _ in range(self._slots.qsize()):
            idle = self._slots.get()
            if idle is not None:
                idle.close()
            self._slots.put(None)
