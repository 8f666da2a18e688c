"""Reading in child processes: a hostile file costs bounded time and memory; the next one works."""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.reading import Reading
from indexer.worker import receive, send

#: Files after which a worker is replaced, and the resident size that replaces it at once.
RECYCLE_AFTER = 1000
RECYCLE_BYTES = 400 * 1024 * 1024

log = logging.getLogger("yanxiu.reader")

_MEMORY_WORDS = (b"MemoryError", b"memory allocation of", b"bad_alloc", b"out of memory")


class ReaderPool:
    """Reads files in up to `workers` child processes, started when first needed.

    `read` and `submit` may be called from any number of threads. `scratch` is where readers put
    temporary files (default: the system's place). Use as a context manager, or call `close`.
    """

    def __init__(
        self, workers: int = 2, scratch: Path | None = None, limits: Limits = DEFAULT
    ) -> None:
        self.limits = limits
        self._scratch = scratch
        self._slots: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(max(1, workers)):
            self._slots.put(None)
        self._threads = ThreadPoolExecutor(max(1, workers), "reader")
        self._closed = threading.Event()

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
        worker = self._slots.get()
        try:
            if self._closed.is_set():
                raise RuntimeError("the reader pool is closed")
            if worker is None or not worker.alive:
                worker = _Worker(self.limits, self._scratch)
            answer = worker.ask(path, name)
        finally:
            if worker is not None and worker.spent:
                worker.close()
                worker = None
            self._slots.put(worker)
        if "error" in answer:
            raise ReadError(answer["error"]["code"], answer["error"]["detail"])
        return Reading.from_json(answer["reading"])

    def submit(self, path: Path, name: str | None = None) -> Future[Reading]:
        """Like `read`, later."""
        return self._threads.submit(self.read, path, name)

    def close(self) -> None:
        """End all workers; waits for readings that are under way."""
        self._closed.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for _ in range(self._slots.qsize()):
            worker = self._slots.get()
            if worker is not None:
                worker.close()
            self._slots.put(None)


class _Worker:
    """One reader process and its pipes. Not thread-safe: one order at a time."""

    def __init__(self, limits: Limits, scratch: Path | None) -> None:
        self._limits = limits
        self._served = 0
        self._peak = 0
        self._broken = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "indexer.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
        )
        try:
            self._send({"limits": limits.to_json(), "scratch": str(scratch) if scratch else ""})
            started = self._receive() is not None
        except OSError:
            started = False
        if not started:
            reason = self._said()
            self.close()
            raise RuntimeError(f"the reader process does not start: {reason!r}")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None and not self._broken

    @property
    def spent(self) -> bool:
        """Whether it is to be replaced before the next file."""
        grown = self._peak > RECYCLE_BYTES
        return self._broken or grown or self._served >= RECYCLE_AFTER

    def ask(self, path: Path, name: str | None) -> dict[str, Any]:
        """The answer to one order; a worker that died or hangs becomes an error answer."""
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._process.kill()

        watchdog = threading.Timer(self._limits.seconds, expire)
        watchdog.daemon = True
        watchdog.start()
        try:
            self._send({"path": str(path.absolute()), "name": name})
            answer = self._receive()
        except (OSError, ValueError):
            answer = None
        finally:
            watchdog.cancel()
        self._served += 1
        if answer is not None:
            self._peak = answer.get("peak", 0)
            self._note(path, name)
            return answer
        self._broken = True
        return {"error": self._cause(expired.is_set())}

    def close(self) -> None:
        self._broken = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent bytes to a dead process

    def _cause(self, expired: bool) -> dict[str, str]:
        """Why the process ended without an answer."""
        if expired:
            return {"code": "timeout", "detail": f"no answer within {self._limits.seconds} s"}
        self._process.kill()
        status = self._process.wait()
        said = self._said()
        # A kill that is not ours is the system's, short of memory.
        if any(word in said for word in _MEMORY_WORDS) or status == -9:
            return {"code": "too_large", "detail": f"out of memory, exit {status}"}
        tail = said[-300:].decode("utf-8", "replace")
        return {"code": "corrupt", "detail": f"reader process ended with {status}: {tail}"}

    def _note(self, path: Path, name: str | None) -> None:
        """What a library wrote on standard error over one file (the panic of a Rust library, a
        parser's warnings) is kept in the log, not on the terminal, and takes no room for long."""
        said = self._said()
        if said:
            words = " ".join(said[-500:].decode("utf-8", "replace").split())
            log.info("reading %s: %s", name or path.name, words)
            self._errors.seek(0)
            self._errors.truncate()

    def _said(self) -> bytes:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 4096))
        return self._errors.read()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        send(self._process.stdin, message)  # type: ignore[arg-type]

    def _receive(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        return receive(self._process.stdout)  # type: ignore[arg-type]


def _environment() -> dict[str, str]:
    """Ours, with this very package first on the path: a child must not import another `indexer`."""
    home = str(Path(__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([home, others] if others else [home])
    settings = {"PYTHONUTF8": "1", "RUST_BACKTRACE": "0", "OMP_NUM_THREADS": "1"}
    return {**os.environ, "PYTHONPATH": path, **settings}
