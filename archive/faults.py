"""Named points where a test may kill the process or fill the disk.

Every step that changes something durable announces itself with `point(name)`. In normal use that
is a lookup of two environment variables. Tests set one of them in a child process:

* `YANXIU_FAULT=name` kills the process there the first time, `name:3` the third time;
* `YANXIU_FAULT_ERROR=name` raises `OSError(ENOSPC)` there every time, `name:3` only the third time.

A kill is a real one (SIGKILL, TerminateProcess): no `finally`, no `atexit`, no flush.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections import Counter

#: The store (archive/ocfl): a version stands built and synced in the workspace; a new object was
#: renamed into place; a new version directory was; the root inventory; its sidecar was replaced.
STORE_POINTS: tuple[str, ...] = (
    "store-built",
    "store-renamed",
    "store-version-renamed",
    "store-inventory",
    "store-sidecar",
)

#: The door (watch/clearing.py): a copy stands under its interim name (other file system only);
#: a file was moved out of the inbox under its interim name, not yet checked; it has its final name
#: in 已收 or 隔离; the note of a quarantined file was written (before the file is moved);
#: (watch/receipts.py) a receipt was written.
DOOR_POINTS: tuple[str, ...] = (
    "clear-copied",
    "clear-moved",
    "clear-named",
    "quarantine-noted",
    "receipt-written",
)

#: The way through the house (archive/ingest.py), in the order of its steps.
INGEST_POINTS: tuple[str, ...] = (
    "ingest-staged",
    "ingest-claimed",
    "ingest-unpacked",
    "ingest-read",
    "ingest-decided",
    "deposit-stored",
    "ingest-stored",
    "ingest-committed",
    "ingest-quarantined",
    "index-applied",
    "index-done",
)

POINTS: tuple[str, ...] = STORE_POINTS + DOOR_POINTS + INGEST_POINTS

_seen: Counter[str] = Counter()
_lock = threading.Lock()


def point(name: str) -> None:
    """Die or fail here if the environment says so. `name` must stand in POINTS."""
    if name not in POINTS:
        raise ValueError(f"unknown fault point {name!r}")
    kill = os.environ.get("YANXIU_FAULT", "")
    fail = os.environ.get("YANXIU_FAULT_ERROR", "")
    if not (kill or fail):
        return
    with _lock:
        _seen[name] += 1
        count = _seen[name]
    if _strikes(kill, name, count, default=1):
        # os.kill with SIGTERM is TerminateProcess on Windows, which has no SIGKILL.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if _strikes(fail, name, count, default=0):
        raise OSError(errno.ENOSPC, "No space left on device (injected)", name)


def _strikes(order: str, name: str, count: int, default: int) -> bool:
    """Whether `order` ("name" or "name:3") means this, the `count`-th passing; 0 = every one."""
    wanted, _, nth = order.partition(":")
    turn = int(nth) if nth else default
    return wanted == name and turn in (0, count)
