"""When is a file finished? Scans go in, settled files come out; no clock and no disk of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from watch.folders import Seen

Signature = tuple[int, int, int]


def signature(seen: Seen) -> Signature:
    """What must stay the same: size, mtime in ns, inode (another inode = another file)."""
    return seen.size, seen.mtime_ns, seen.inode


@dataclass(frozen=True, slots=True)
class Settled:
    """`first_seen` (aware, UTC) is when this path was first seen with this size and mtime;
    `incomplete` says that it was taken without a plausible ending, after `give_up`."""

    seen: Seen
    first_seen: datetime
    incomplete: bool = False


@dataclass(slots=True)
class _Track:
    signature: Signature
    first_seen: datetime
    since: float


class Settler:
    """Remembers each file of one inbox from scan to scan.

    A file is settled when its signature stood for `settle` seconds and `complete(seen)` holds
    (see endings.is_complete), or after `give_up` seconds in any case. It is reported on every
    `feed` until `forget` is called, so an offer that failed is made again.
    """

    def __init__(self, settle: float, give_up: float, complete: Callable[[Seen], bool]) -> None:
        self.settle, self.give_up, self._complete = settle, give_up, complete
        self._tracks: dict[str, _Track] = {}

    def __len__(self) -> int:
        return len(self._tracks)

    def feed(
        self,
        scanned: Iterable[Seen],
        now: datetime,
        monotonic: float,
        unseen: Collection[str] = (),
    ) -> list[Settled]:
        """The files of one scan that are settled at `now` (aware) = `monotonic` (seconds).

        What the scan does not name is gone and forgotten, except below the folders `unseen`
        that could not be listed ("" = all).
        """
        present = {seen.relpath: seen for seen in scanned}
        for relpath in [p for p in self._tracks if p not in present]:
            if not any(
                folder in ("", relpath) or relpath.startswith(folder + "/") for folder in unseen
            ):
                del self._tracks[relpath]
        found = (self._look(seen, now, monotonic) for seen in present.values())
        return [settled for settled in found if settled]

    def forget(self, relpath: str) -> None:
        self._tracks.pop(relpath, None)

    def next_due(self, monotonic: float) -> float | None:
        """When to look again (monotonic seconds): when the next file may have settled; those
        that wait for their ending are looked at every `settle` seconds. None: nothing waits."""
        dues = (
            due if (due := track.since + self.settle) > monotonic else monotonic + self.settle
            for track in self._tracks.values()
        )
        return min(dues, default=None)

    def _look(self, seen: Seen, now: datetime, monotonic: float) -> Settled | None:
        mark = signature(seen)
        track = self._tracks.get(seen.relpath)
        if track is None or track.signature != mark:
            self._tracks[seen.relpath] = track = _Track(mark, now, monotonic)
        stood = monotonic - track.since
        if stood < self.settle:
            return None
        if self._complete(seen):
            return Settled(seen, track.first_seen)
        return Settled(seen, track.first_seen, incomplete=True) if stood >= self.give_up else None
