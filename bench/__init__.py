"""What the house costs, measured. `python -m bench [names…] [--quick]` writes docs/BENCHMARKS.md.

A bench is a function from sizes to plain values (numbers, `summary` of several runs, tables). Each
is run in a process of its own, and the commands it measures in further ones, so that memory is
that of the process named. Nothing here passes or fails by the clock.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: Results as JSON, and the work folders: on the project's disk, since the system's place for
#: temporary files may be memory, where syncing costs nothing.
OUT = ROOT / "bench" / "out"
COUNTY = ROOT / "yanxiu" / "demo" / "county.json"
#: Between two looks at the memory of a process and its children. Seconds.
LOOK = 0.02
MB = 1e6
#: Compiled modules of the measured commands: kept from run to run, as after the first start.
COMPILED = OUT / "compiled"


@contextmanager
def work() -> Iterator[Path]:
    """A folder for one bench, gone afterwards."""
    OUT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=OUT))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def summary(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """The median of several runs and how far they lay apart."""
    return {
        "median": round(statistics.median(values), digits),
        "low": round(min(values), digits),
        "high": round(max(values), digits),
        "runs": len(values),
    }


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished command. Peaks in MB (10^6 bytes), None where the system does not tell."""

    seconds: float
    code: int
    out: str
    own_mb: float | None
    child_mb: float | None


def yanxiu(home: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "yanxiu", "--home", str(home), *map(str, words)]


def environment(compiled: Path = COMPILED) -> dict[str, str]:
    """Ours, save that modules are compiled once and kept, whatever this shell says of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YANXIU_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    samples = os.environ.get("YANXIU_SAMPLES")
    return {
        **kept,
        **({"YANXIU_SAMPLES": samples} if samples else {}),
        "PYTHONPYCACHEPREFIX": str(compiled),
    }


def run(command: Sequence[str], *, allowed: Sequence[int] = (0,), compiled: Path = COMPILED) -> Ran:
    """Run a command to its end: seconds from outside, and the peaks of memory.

    Raises RuntimeError with what it said when it ends otherwise than `allowed`.
    """
    env = environment(compiled)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=said)
        with Peaks(process.pid) as peaks:
            code = process.wait()
        seconds = time.perf_counter() - started
        out.seek(0)
        said.seek(0)
        text = out.read().decode("utf-8", "replace")
        if code not in allowed:
            tail = said.read()[-2000:].decode("utf-8", "replace")
            raise RuntimeError(f"{' '.join(command[3:6])} ended with {code}: {tail}")
    return Ran(seconds, code, text, peaks.own, peaks.child)


class Peaks:
    """Watches a process and its children in a thread; `own` and `child` (the largest) in MB.

    The kernel keeps the high-water mark itself (VmHWM in /proc), so looking now and then misses
    only what is gained in the last moments of a life. getrusage would not do: on Linux a child's
    ru_maxrss begins with the memory of the process that started it.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._own = 0
        self._children: dict[int, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def own(self) -> float | None:
        return round(self._own / MB, 1) if self._own else None

    @property
    def child(self) -> float | None:
        largest = max(self._children.values(), default=0)
        return round(largest / MB, 1) if largest else None

    def _watch(self) -> None:
        while not self._stop.wait(LOOK):
            self._own = max(self._own, high_water(self.pid))
            for child in descendants(self.pid):
                # The last mark of each: until it has become another program, a child's is that
                # of the process it was made from.
                self._children[child] = high_water(child) or self._children.get(child, 0)


def high_water(pid: int) -> int:
    """Bytes; 0 where the process has gone or the system has no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def descendants(pid: int) -> Iterator[int]:
    """Children and theirs, as the kernel lists them for each thread."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from descendants(child)


def founded(home: Path) -> Path:
    """A new archive of the sample county."""
    run(yanxiu(home, "init", "--org", COUNTY))
    return home


Values = dict[str, Any]
