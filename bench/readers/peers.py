"""The readers beside ours, each in an environment of its own that the project never imports.

Installed where they are first asked for, into `.tools/peers/`, from the package index; one that
cannot be installed is told on the page with the reason.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import dev
from bench import ROOT
from bench.readers.expected import Answer

HOME = ROOT / ".tools" / "peers"
DRIVERS = Path(__file__).with_name("drivers")
#: As for ours (`indexer.limits`): a file that takes longer hangs. Seconds.
PATIENCE = 20.0
#: The start of a process with its libraries, from a cold disk. Seconds.
START = 120.0
#: A peer has no bound of its own; above this it is ended, else it would take the machine with it.
MEMORY = 4_000_000_000
#: Between two looks at its memory. Seconds.
LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Peer:
    """`name` is its distribution's, `requirement` what pip is asked for: with the extras that read
    documents, at the version that was newest when the list of expectations was written."""

    name: str
    requirement: str
    called: str = ""

    @property
    def label(self) -> str:
        return f"{self.called or self.name} {self.requirement.rpartition('==')[2]}"

    @property
    def environment(self) -> Path:
        return HOME / self.name

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


PEERS = (
    Peer("kreuzberg", "kreuzberg==4.10.4"),
    Peer("markitdown", "markitdown[docx,outlook,pdf,pptx,xls,xlsx]==0.1.9"),
    Peer("extractous", "extractous==0.3.0", "extractous (Tika)"),
)


def install(peer: Peer) -> str:
    """Make its environment unless it is there; "" or why it could not be made."""
    stamp = peer.environment / ".requirement"
    if stamp.exists() and stamp.read_text("utf-8") == peer.requirement:
        return ""
    uv = dev.find_uv()
    if uv is None:
        return "no uv"
    steps = (
        [*uv, "venv", "--quiet", "--clear", str(peer.environment)],
        [*uv, "pip", "install", "--quiet", "--python", str(peer.python), peer.requirement],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode:
            return " ".join(done.stderr.split())[-200:] or f"ended with {done.returncode}"
    stamp.write_text(peer.requirement, "utf-8")
    return ""


class Processes:
    """As many processes of one peer as ours has; `read` may be called from as many threads."""

    def __init__(self, peer: Peer, workers: int) -> None:
        self.label = peer.label
        self._free: queue.Queue[_Process] = queue.Queue()
        self._all = [_Process(peer) for _ in range(workers)]
        for process in self._all:
            self._free.put(process)

    def read(self, path: Path) -> Answer:
        process = self._free.get()
        try:
            return process.read(path)
        finally:
            self._free.put(process)

    def pids(self) -> list[int]:
        return [process.pid for process in self._all]

    def close(self) -> None:
        for process in self._all:
            process.end()


class _Process:
    """A driver at work, started anew after it hung, crashed or grew too large."""

    def __init__(self, peer: Peer) -> None:
        self._command = [str(peer.python), str(DRIVERS / f"with_{peer.name}.py")]
        self._environment = _environment(peer)
        self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=self._environment,
        )  # fmt: skip
        if self._listen(START, float("inf"))[0] is None:
            self.end()
            raise RuntimeError(f"{Path(self._command[1]).name} does not start")

    def read(self, path: Path) -> Answer:
        assert self._process.stdin is not None
        order = json.dumps({"path": str(path)}) + "\n"
        try:
            self._process.stdin.write(order.encode("ascii"))
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended: told by the answer that does not come
        said, why = self._listen(PATIENCE, MEMORY)
        if said is None:
            self.end()
            self._start()
            return Answer(failed=why)
        if "error" in said:
            return Answer(refused=said["error"] or "refused")
        return Answer(text=said["text"])

    def _listen(self, seconds: float, memory: float) -> tuple[dict[str, Any] | None, str]:
        """The next line; or None and "hung" or "crashed"."""
        assert self._process.stdout is not None
        watch = _Watch(self._process.pid, seconds, memory)
        line = self._process.stdout.readline()
        watch.end()
        return (json.loads(line), "") if line else (None, watch.why)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent bytes to a dead process


class _Watch:
    """Ends a process that takes too long or too much; `why` it gave no answer then."""

    def __init__(self, pid: int, seconds: float, memory: float) -> None:
        self.why = "crashed"
        self._pid, self._seconds, self._memory = pid, seconds, memory
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        for _ in range(round(self._seconds / LOOK)):
            if self._over.wait(LOOK):
                return
            if self._resident() > self._memory:
                self._kill("crashed")
                return
        self._kill("hung")

    def _resident(self) -> int:
        try:
            return psutil.Process(self._pid).memory_info().rss
        except psutil.Error:
            return 0

    def _kill(self, why: str) -> None:
        if not self._over.is_set():
            self.why = why
            try:
                psutil.Process(self._pid).kill()
            except psutil.NoSuchProcess:
                return

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def _environment(peer: Peer) -> dict[str, str]:
    """Without the programs of the system, so that none finds a recogniser of text there; one
    thread in each process, as in ours."""
    kept = {k: v for k, v in os.environ.items() if k in ("HOME", "LANG", "TMPDIR", "SYSTEMROOT")}
    threads = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    return {**kept, **threads, "PATH": str(peer.python.parent), "PYTHONUTF8": "1"}
