"""One child process that works on foreign bytes: orders in, answers out, an end to everything.

The other side is `indexer.worker`. A child that hangs, grows or dies answers with an error code;
whoever owns it replaces it then.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from indexer.limits import Limits
from indexer.worker import receive, send

#: Files after which a child is replaced, and the resident size that replaces it at once.
RECYCLE_AFTER = 1000
RECYCLE_BYTES = 400 * 1024 * 1024
#: Between two looks at the resident size of a child whose system does not bound it. Seconds.
_LOOK = 0.2

log = logging.getLogger("yanxiu.reader")

_MEMORY_WORDS = (b"MemoryError", b"memory allocation of", b"bad_alloc", b"out of memory")


@dataclass(frozen=True, slots=True)
class Lane:
    """What kind of child: `name` tells `indexer.worker` how to confine itself. `resident`: bytes
    of resident memory at which it is killed from outside, 0 where the system itself bounds its
    address space. `recycle`: resident size after which it is replaced before the next order."""

    name: str
    resident: int = 0
    recycle: int = RECYCLE_BYTES


def native(limits: Limits) -> Lane:
    """Our own readers. Only Linux keeps RLIMIT_AS; elsewhere their memory is watched."""
    return Lane("native", 0 if sys.platform.startswith("linux") else limits.memory)


def recognising(limits: Limits) -> Lane:
    """Text recognition. onnxruntime reserves far more address space than it uses, so its
    resident size is watched instead."""
    return Lane("recognising", limits.memory, limits.memory * 2 // 3)


class Child:
    """One process and its pipes. Not thread-safe: one order at a time.

    Raises RuntimeError where it does not start.
    """

    def __init__(self, lane: Lane, limits: Limits, scratch: Path | None) -> None:
        self._lane = lane
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
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        settings = {
            "lane": lane.name,
            "limits": limits.to_json(),
            "scratch": str(scratch.absolute()) if scratch else "",
        }
        try:
            self._send(settings)
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
        """Whether it is to be replaced before the next order."""
        grown = self._peak > self._lane.recycle
        return self._broken or grown or self._served >= RECYCLE_AFTER

    def ask(self, order: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one order; a child that dies, grows or takes longer than `seconds`
        becomes an error answer {"error": {"code", "detail"}}."""
        watchdog = _Watchdog(self._process, seconds, self._lane.resident)
        try:
            self._send(order)
            answer = self._receive()
        except (OSError, ValueError):
            answer = None
        finally:
            watchdog.end()
        self._served += 1
        if answer is not None:
            self._peak = answer.get("peak", 0)
            self._note(str(order.get("name") or Path(order["path"]).name))
            return answer
        self._broken = True
        return {"error": self._cause(watchdog.why)}

    def kill(self) -> None:
        """End it from another thread; whoever asked it meets an error."""
        kill_tree(self._process.pid)

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

    def _cause(self, why: dict[str, str] | None) -> dict[str, str]:
        """Why the process ended without an answer."""
        if why is not None:
            return why
        self._process.kill()
        status = self._process.wait()
        said = self._said()
        # A kill that is not ours is the system's, short of memory.
        if any(word in said for word in _MEMORY_WORDS) or status == -9:
            return {"code": "too_large", "detail": f"out of memory, exit {status}"}
        tail = said[-300:].decode("utf-8", "replace")
        return {"code": "corrupt", "detail": f"reader process ended with {status}: {tail}"}

    def _note(self, name: str) -> None:
        """What a library wrote on standard error over one file (the panic of a Rust library, a
        parser's warnings) is kept in the log, not on the terminal, and takes no room for long."""
        said = self._said()
        if said:
            words = " ".join(said[-500:].decode("utf-8", "replace").split())
            log.info("reading %s: %s", name, words)
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


class _Watchdog:
    """Kills a process, and what it started, that outlives `seconds` or outgrows `resident`
    bytes (0: unwatched)."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, resident: int) -> None:
        self.why: dict[str, str] | None = None
        self._process, self._seconds, self._resident = process, seconds, resident
        self._over = threading.Event()
        if resident:
            self._thread = threading.Thread(target=self._watch, daemon=True)
        else:
            self._thread = threading.Timer(seconds, self._expire)
            self._thread.daemon = True
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        if isinstance(self._thread, threading.Timer):
            self._thread.cancel()

    def _watch(self) -> None:
        rounds = int(self._seconds / _LOOK) + 1
        for _ in range(rounds):
            if self._over.wait(_LOOK):
                return
            if resident_size(self._process.pid) > self._resident:
                self._kill("too_large", f"more than {self._resident} bytes of memory")
                return
        self._expire()

    def _expire(self) -> None:
        self._kill("timeout", f"no answer within {self._seconds} s")

    def _kill(self, code: str, detail: str) -> None:
        if not self._over.is_set():
            self.why = {"code": code, "detail": detail}
            kill_tree(self._process.pid)


def resident_size(pid: int) -> int:
    """Bytes of memory that a process and its children hold; 0 where it is gone."""
    total = 0
    for process in _tree(pid):
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue  # it ended while we looked
    return total


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started (a tool that unpacks, say)."""
    for process in reversed(_tree(pid)):
        try:
            process.kill()
        except psutil.Error:
            continue  # it ended by itself


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _environment() -> dict[str, str]:
    """Ours, with this very package first on the path: a child must not import another `indexer`."""
    home = str(Path(__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([home, others] if others else [home])
    settings = {"PYTHONUTF8": "1", "RUST_BACKTRACE": "0", "OMP_NUM_THREADS": "1"}
    return {**os.environ, "PYTHONPATH": path, **settings}
