"""`OfficeLane`: files wait in line for LibreOffice, and those waiting share one start."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from indexer.errors import ReadError
from indexer.office.converting import BATCH, Office
from indexer.office.formats import is_worth_trying
from indexer.office.through import Given, read_through
from indexer.reading import Reading


class OfficeLane:
    """One thread that asks `office`; whoever hands over a file is free at once.

    `read` reads what LibreOffice made. May be used by any number of threads.
    """

    def __init__(self, office: Office, read: Callable[[Path], Reading]) -> None:
        self._office, self._read = office, read
        self._thread = ThreadPoolExecutor(1, "office")
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Given, Future[Reading]]] = deque()

    def takes(self, form: str, error: ReadError) -> bool:
        """Whether LibreOffice, where there is one, may do better than our own reader did."""
        return self._office.present and is_worth_trying(form, error.code)

    def ask(self, path: Path, form: str, error: ReadError) -> Future[Reading]:
        """The file at `path` of the sniffed format `form`, which our own reader gave up with
        `error`. The future raises ReadError, RuntimeError where the lane is closed meanwhile."""
        answer: Future[Reading] = Future()
        with self._lock:
            self._waiting.append((Given(path, form, error), answer))
        try:
            self._thread.submit(self._work)
        except RuntimeError:
            self._give_up()
        return answer

    def close(self) -> None:
        """End the conversion under way and take away all that was made, for good."""
        self._office.close()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._give_up()

    def _work(self) -> None:
        """Those who wait; the first to come has often served the next ones too."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        try:
            outcomes = read_through(self._office, [given for given, _ in batch], self._read)
        except BaseException as error:
            for _, answer in batch:
                answer.set_exception(error)
            return
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, ReadError):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

    def _give_up(self) -> None:
        with self._lock:
            left, self._waiting = list(self._waiting), deque()
        for _, answer in left:
            answer.set_exception(RuntimeError("the office is closed"))
