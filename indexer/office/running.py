"""One run of a foreign program under watch: it ends in time, with bounded memory and disk, and
nothing that it started outlives it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Seconds between two looks at memory, disk and progress.
_LOOK = 0.25
#: Bytes kept of what the program said.
_SAID = 4096
#: A group of its own, so that it can be ended as a whole and Ctrl-C does not reach it; elsewhere a
#: session of its own does that.
if sys.platform == "win32":
    _FLAGS = (
        subprocess.CREATE_NEW_PROCESS_GROUP
        | subprocess.CREATE_NO_WINDOW
        | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    )
else:
    _FLAGS = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """`seconds`: wall clock of the whole run; `standstill`: without progress; `memory`: resident
    bytes of the program and what it started; `disk`: bytes below its folder."""

    seconds: float
    standstill: float
    memory: int
    disk: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `code` is "" for a program that ended by itself with success, else that of
    the ReadError: timeout, too_large, or corrupt where the program crashed. `said`: the end of what
    it wrote on standard output and error."""

    code: str
    detail: str
    said: str


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    bounds: Bounds,
    progress: Callable[[], int],
    stopped: threading.Event,
) -> Ending:
    """Run `command` in `folder` to its end or to the first bound that it reaches.

    `progress` gives a figure that grows while the program gets on; `stopped` ends it from another
    thread. Raises OSError where the program cannot be started.
    """
    log = folder / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
            cwd=folder, env=dict(environment), creationflags=_FLAGS,
            start_new_session=sys.platform != "win32",
        )  # fmt: skip
    tree = _Tree(process)
    try:
        _give_way(process.pid, bounds)
        why = _watch(process, tree, folder, bounds, progress, stopped)
    finally:
        tree.kill()
        process.wait()
    words = log.read_bytes()[-_SAID:].decode("utf-8", "replace")
    if why is not None:
        return Ending(*why, words)
    if process.returncode:
        return Ending("corrupt", f"ended with {process.returncode}", words)
    return Ending("", "", words)


def _watch(
    process: subprocess.Popen[bytes],
    tree: _Tree,
    folder: Path,
    bounds: Bounds,
    progress: Callable[[], int],
    stopped: threading.Event,
) -> tuple[str, str] | None:
    """(code, detail) of the bound that was reached; None where it ended by itself."""
    started = moved = time.monotonic()
    done = progress()
    while True:
        resident = tree.resident()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)
            return None
        if stopped.is_set():
            return "unreadable", "stopped"
        now = time.monotonic()
        if progress() > done:
            done, moved = progress(), now
        if resident > bounds.memory:
            return "too_large", f"more than {bounds.memory} bytes of memory"
        if _disk(folder) > bounds.disk:
            return "too_large", f"more than {bounds.disk} bytes on disk"
        if now - moved > bounds.standstill or now - started > bounds.seconds:
            return (
                "timeout",
                f"nothing new within {now - moved:.0f} s, {now - started:.0f} s in all",
            )


class _Tree:
    """A process and all that it started, as far as was ever seen of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._leader = process.pid
        self._seen: set[psutil.Process] = set()
        with contextlib.suppress(psutil.Error):
            self._seen.add(psutil.Process(process.pid))

    def _look(self) -> None:
        for process in list(self._seen):
            with contextlib.suppress(psutil.Error):
                self._seen.update(process.children(recursive=True))

    def resident(self) -> int:
        """Bytes of memory that all of them hold."""
        self._look()
        total = 0
        for process in self._seen:
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
        return total

    def kill(self) -> None:
        """End all of them: by the process group where the system has such, and one by one, which
        also meets those that left the group."""
        self._look()
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self._leader, signal.SIGKILL)
        for process in self._seen:
            with contextlib.suppress(psutil.Error):
                process.kill()  # psutil first makes sure that the number was not given away


def _give_way(pid: int, bounds: Bounds) -> None:
    """Whoever waits for a page comes first. On Linux a last net for the case that we are killed
    ourselves: time on the processor and the size of a file end in the kernel."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(10)
    if sys.platform.startswith("linux"):
        import resource

        seconds = int(bounds.seconds * 2) + 1
        for what, most in (
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, bounds.disk),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(pid, what, (most, most))


def _disk(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(place) / name).lstat().st_size
    return total
