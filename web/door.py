"""What the running service tells the pages about its inboxes: files ignored by a name rule and
files seen but not yet taken over stand in no row. The shell connects it; without a service
(tests, a pages-only process) nothing is waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: Inbox name -> (ignored by a name rule, seen but not yet claimed).
Scan = Callable[[], Mapping[str, tuple[int, int]]]


def _nothing() -> Mapping[str, tuple[int, int]]:
    return {}


_scan: Scan = _nothing


def connect(scan: Scan) -> None:
    """Called once by the process that watches the inboxes."""
    global _scan
    _scan = scan


def scanned() -> Mapping[str, tuple[int, int]]:
    return _scan()
