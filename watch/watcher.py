"""The rounds: scan, settle, offer. Events shorten the wait and decide nothing.

So a watcher that is deaf, stutters or lies changes only the delay: whatever an event said or
failed to say, the next scan sees the folder as it is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from archive.late_copies import comes_late
from watch.clearing import put_back_unchecked
from watch.endings import is_complete
from watch.events import Ears
from watch.folders import FolderFault, Inbox, Seen, scan, scan_forms
from watch.settle import Settled, Settler, Signature, signature

log = logging.getLogger(__name__)

#: Between two scans of a folder at least this long, and four times as long as a scan took: a
#: storm of events must not keep the disk busy. Seconds.
_BREATH = 0.5
#: `run` looks this often whether it should stop. Seconds.
_STOP_CHECK = 0.5
#: After an offer that raised, its file is offered again after this long, doubling. Seconds.
_RETRY, _RETRY_MOST = 10.0, 600.0


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """Files of one folder, the leaves of bundles counted. `seen` is counted apart from the
    others, so that `balanced` can fail."""

    seen: int = 0
    filed: int = 0
    review: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ignored: int = 0
    pending: int = 0

    @property
    def accounted(self) -> int:
        return (
            self.filed + self.review + self.duplicate
            + self.quarantined + self.ignored + self.pending
        )  # fmt: skip

    @property
    def balanced(self) -> bool:
        return self.seen == self.accounted


class IngestPort(Protocol):
    """What the door needs of the house."""

    def known(self, inbox: Inbox, files: Sequence[Seen]) -> Collection[str]:
        """The relpaths among `files` that were taken over before with this very size and mtime
        (after a restart), and the forms in 待填 that are as they were issued. Asked once for
        each file and signature, in batches."""

    def offer(
        self, inbox: Inbox, relpath: str, path: Path, first_seen: datetime, stat: Seen
    ) -> bool:
        """Take a settled file over: True when it is answered for from now on (it will not be
        offered again unless it changes), False for not now. May raise: it is offered again."""

    def counts(self, inbox: Inbox) -> FolderCounts:
        """All files ever taken over from this inbox, by what became of them."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""

    def monotonic(self) -> float:
        """Seconds, never going back."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the 收件 page shows of an inbox. `faults` are folders that cannot be listed now,
    `deaf` is why no events come ("" = they do, or polling was chosen)."""

    inbox: Inbox
    counts: FolderCounts
    faults: tuple[FolderFault, ...]
    deaf: str
    scanned: datetime | None


class Watcher:
    """Watches inboxes and hands settled files to the ingest. One thread calls `tick` or `run`;
    `state` may be called from any."""

    def __init__(
        self, inboxes: Iterable[Inbox], ingest: IngestPort, clock: Clock | None = None
    ) -> None:
        self._ingest = ingest
        self._clock = clock or SystemClock()
        self._wake = threading.Event()
        self._rounds = [_Round(inbox, ingest, self._clock) for inbox in inboxes]

    def tick(self, stop: threading.Event | None = None) -> int:
        """One pass over all inboxes now, due or not; returns how many files were handed over."""
        return sum(r.run(stop) for r in self._rounds)

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set. Errors of one folder or file are logged and never end it."""
        ears = [Ears(r.inbox, r.call, self._wake) for r in self._rounds]
        for ear, r in zip(ears, self._rounds, strict=True):
            r.deaf = ear.start()
        try:
            while not stop.is_set():
                self._wake.clear()
                for r in self._rounds:
                    if r.due <= self._clock.monotonic() and not stop.is_set():
                        _guarded(r, stop)
                self._wait(stop)
        finally:
            for ear in ears:
                ear.stop()

    def state(self) -> list[FolderState]:
        return [r.state() for r in self._rounds]

    def offer_again(self, inbox: Inbox, relpath: str) -> None:
        """The ingest found a file it had taken over to be another one (`clear` says "changed"):
        it is offered anew even if size and mtime hide the change. From any thread."""
        for r in self._rounds:
            if r.inbox == inbox:
                r.forget(relpath)
                self._wake.set()

    def _wait(self, stop: threading.Event) -> None:
        due = min((r.due for r in self._rounds), default=float("inf"))
        while not stop.is_set() and not self._wake.is_set():
            left = due - self._clock.monotonic()
            if left <= 0:
                return
            self._wake.wait(min(left, _STOP_CHECK))
        # A folder that called is due after its breath; do not spin until then.
        soonest = min((r.due for r in self._rounds), default=0.0) - self._clock.monotonic()
        stop.wait(max(0.0, min(soonest, _STOP_CHECK)))


@dataclass
class _Round:
    """One inbox from scan to scan."""

    inbox: Inbox
    ingest: IngestPort
    clock: Clock
    deaf: str = ""
    due: float = 0.0
    _taken: dict[str, Signature] = field(default_factory=dict)
    _asked: dict[str, Signature] = field(default_factory=dict)
    _failed: dict[str, tuple[float, float]] = field(default_factory=dict)
    _outside: tuple[int, int] = (0, 0)
    _faults: tuple[FolderFault, ...] = ()
    _scanned: datetime | None = None
    _earliest: float = 0.0
    _mended: bool = False

    def __post_init__(self) -> None:
        root = self.inbox.path
        self._settler = Settler(
            self.inbox.settle,
            self.inbox.patience,
            lambda seen: is_complete(root / seen.relpath),
        )

    def call(self) -> None:
        """An event came: scan as soon as the last scan's breath is over."""
        self.due = min(self.due, self._earliest)

    def forget(self, relpath: str) -> None:
        self._taken.pop(relpath, None)
        self.call()

    def run(self, stop: threading.Event | None) -> int:
        """Scan, settle, offer; errors of the ingest are logged, the next file still goes."""
        began = self.clock.monotonic()
        self.due = began + self.inbox.interval  # an event during the scan brings it forward
        if not self._mended and self.inbox.path.is_dir():
            put_back_unchecked(self.inbox)
            self._mended = True
        files = self._scan()
        now = self.clock.monotonic()
        self._earliest = now + max(_BREATH, 4 * (now - began))
        folders = [fault.relpath for fault in self._faults]
        settled = self._settler.feed(self._new(files), self.clock.now(), now, folders)
        settled.sort(key=_order)
        handed = sum(self._offer(s) for s in settled if not (stop and stop.is_set()))
        self._plan()
        return handed

    def state(self) -> FolderState:
        ignored, pending = self._outside
        ours = self.ingest.counts(self.inbox)
        counts = replace(
            ours,
            seen=ours.seen + ignored + pending,
            ignored=ours.ignored + ignored,
            pending=ours.pending + pending,
        )
        return FolderState(self.inbox, counts, self._faults, self.deaf, self._scanned)

    def _scan(self) -> list[Seen]:
        """The files that may be submissions; notes the faults and the ignored."""
        found = [*scan(self.inbox), *(scan_forms(self.inbox) if self.inbox.forms else ())]
        faults = tuple(item for item in found if isinstance(item, FolderFault))
        seen = [item for item in found if isinstance(item, Seen)]
        for fault in set(faults) - set(self._faults):
            log.warning("inbox %s: cannot list %r: %s", self.inbox.name, *fault)
        self._faults, self._scanned = faults, self.clock.now()
        files = [item for item in seen if not item.ignored]
        if not faults:
            self._forget_gone({item.relpath for item in files})
        self._outside = (len(seen) - len(files), self._outside[1])
        return files

    def _forget_gone(self, present: Collection[str]) -> None:
        memories: tuple[dict[str, Signature] | dict[str, tuple[float, float]], ...]
        memories = (self._taken, self._asked, self._failed)
        for memory in memories:
            for relpath in [p for p in memory if p not in present]:
                del memory[relpath]

    def _new(self, files: list[Seen]) -> list[Seen]:
        """Those that the ingest does not answer for yet. It is asked once for each."""
        open_ = [f for f in files if self._taken.get(f.relpath) != signature(f)]
        unasked = [f for f in open_ if self._asked.get(f.relpath) != signature(f)]
        known = set(self.ingest.known(self.inbox, unasked)) if unasked else set()
        for f in unasked:
            memory = self._taken if f.relpath in known else self._asked
            memory[f.relpath] = signature(f)
        left = [f for f in open_ if f.relpath not in known]
        self._outside = (self._outside[0], len(left))
        return left

    def _offer(self, settled: Settled) -> bool:
        seen = settled.seen
        wait, until = self._failed.get(seen.relpath, (_RETRY, 0.0))
        if until > self.clock.monotonic():
            return False
        path = self.inbox.path / seen.relpath
        # Noted before it is handed over: the ingest may be through with it, and have said that
        # it must come again (`forget`), before `offer` returns.
        self._taken[seen.relpath] = signature(seen)
        try:
            taken = self.ingest.offer(self.inbox, seen.relpath, path, settled.first_seen, seen)
        except Exception:
            # Whatever one file does to the ingest, the next one still gets its turn.
            log.exception("inbox %s: offering %r failed", self.inbox.name, seen.relpath)
            self._taken.pop(seen.relpath, None)
            retry = min(wait * 2, _RETRY_MOST)
            self._failed[seen.relpath] = (retry, self.clock.monotonic() + wait)
            return False
        if taken:
            self._handed_over(seen)
        else:
            self._taken.pop(seen.relpath, None)
        return taken

    def _handed_over(self, seen: Seen) -> None:
        self._settler.forget(seen.relpath)
        self._asked.pop(seen.relpath, None)
        self._failed.pop(seen.relpath, None)
        self._outside = (self._outside[0], self._outside[1] - 1)

    def _plan(self) -> None:
        now = self.clock.monotonic()
        waiting = self._settler.next_due(now)
        if waiting is not None:
            self.due = min(self.due, waiting)
        self.due = max(self.due, self._earliest)


def _order(settled: Settled) -> tuple[bool, int, str]:
    """What says that it replaces another comes after it, then by time: as `yanxiu add` does."""
    seen = settled.seen
    return comes_late(seen.relpath.rsplit("/", 1)[-1]), seen.mtime_ns, seen.relpath


def _guarded(r: _Round, stop: threading.Event) -> None:
    try:
        r.run(stop)
    except Exception:
        # The catalogue may be locked, the share torn away: the other inboxes and the next round
        # must not suffer. `run` has already planned that round.
        log.exception("inbox %s: this round failed", r.inbox.name)
