"""What can be thought of an arrival without asking the catalogue: its reading, the judgement on it,
its sketch. Done in a thread beside the ingest, while that waits for disk and database."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from archive import likeness
from archive.filing import Clues
from archive.judging import Judgement, judge
from archive.kinds import Kind
from archive.models import Arrival
from archive.readings import Readings
from archive.register import Register
from indexer.errors import ReadError
from indexer.reading import Reading

log = logging.getLogger("yanxiu.thinking")


@dataclass(frozen=True, slots=True)
class Thought:
    """`sketch` is that of `archive.likeness.sketch`, ([], []) where nothing was read."""

    read: Reading | ReadError
    judgement: Judgement
    sketch: tuple[list[int], list[int]]

    @property
    def reading(self) -> Reading | None:
        return self.read if isinstance(self.read, Reading) else None


def think(
    arrival: Arrival,
    reading: Future[Reading],
    readings: Readings,
    kinds: dict[str, Kind],
    register: Register,
    own: Path | None = None,
) -> Thought:
    """Wait for a reading, keep it in the cache, and judge it (`own`: the county's folder of
    kinds). Asks no database; raises what is no ReadError (a pool that was closed, a full disk)."""
    try:
        read: Reading | ReadError = readings.save(arrival.sha256, reading.result())
    except ReadError as error:
        read = error
    judgement = judge(read, clues(arrival), kinds, register, own)
    return Thought(read, judgement, _sketch(arrival, read))


def _sketch(arrival: Arrival, read: Reading | ReadError) -> tuple[list[int], list[int]]:
    try:
        return likeness.sketch(read.text) if isinstance(read, Reading) else ([], [])
    except Exception:
        # Nothing in a text may stop the next paper: this one is only compared with none.
        log.exception("sketch of %r failed", arrival.path)
        return [], []


def clues(arrival: Arrival) -> Clues:
    """The names around an arrival: folders of the inbox and of the bundle, outermost first."""
    parts = arrival.path.replace("\\", "/").split("/")
    name = parts[-1]
    # Of a file named by its absolute path only the folder it lies in was chosen for it.
    folders = parts[-2:-1] if Path(arrival.path).is_absolute() else parts[:-1]
    if arrival.member:
        inner = arrival.member.replace("\\", "/").split("/")
        folders = [*folders, name, *inner[:-1]]
        name = inner[-1]
    return Clues(
        name=name,
        folders=tuple(f for f in folders if f not in ("", ".", "..")),
        sender=arrival.sender_id,
        received=arrival.first_seen,
        modified=arrival.modified,
    )
