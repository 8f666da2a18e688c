"""Our own copy of an arriving file, before anything is decided about it.

`staging/<arrival id>` is complete before the arrival's row exists; files without a row are
leftovers of a kill and are swept.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from archive.durable import sync_dir, sync_file
from archive.faults import point
from archive.ids import uuid7
from archive.models import Arrival

CHUNK = 1 << 20
#: So often a file that changes while it is copied is copied anew, where nobody offers it again.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A file offered to the archive. `path` is what people call it: relative to the inbox or the
    folder added; `file` is where its bytes are; `source`: folder | add | upload."""

    source: str
    path: str
    file: Path
    inbox: str = ""
    sender: str = ""
    actor: str = ""
    first_seen: datetime | None = None


class StillChanging(Exception):
    """The file changed while it was copied, or cannot be opened now: it will be offered again."""


def as_text(path: str) -> str:
    """A path as text: names Linux could not decode (GBK from an old share) are read as GB18030,
    each for itself."""
    if path.isascii():
        return path
    return "/".join(_name_as_text(part) for part in path.split("/"))


def _name_as_text(name: str) -> str:
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def staged_file(arrival_id: str) -> str:
    """The staged bytes of an arrival, relative to the staging folder."""
    return arrival_id


def stage(staging: Path, offer: Offer, worker: str) -> Arrival:
    """Copy the offered file and return its (unsaved) arrival. OSError on our own disk's faults.

    A file that cannot be read: of an inbox it raises StillChanging (it may be open elsewhere, and
    is offered again); given by hand it becomes an arrival that carries the error.
    """
    arrival = _arrival(offer, worker)
    attempts = 1 if offer.source == "folder" else ATTEMPTS
    for attempt in range(1, attempts + 1):
        try:
            with _room(staging, arrival) as target:
                _copy_file(offer.file, target, arrival)
            break
        except StillChanging as error:
            if offer.source == "folder":
                raise
            if attempt == attempts or isinstance(error.__cause__, Exception):
                arrival.size, arrival.sha256 = 0, ""
                arrival.error = {"code": "unreadable", "detail": str(error)}
                break
    point("ingest-staged")
    return arrival


def _copy_file(file: Path, target: Path, arrival: Arrival) -> None:
    """Raises StillChanging, with its cause where the file cannot be read at all."""
    try:
        before = file.stat()
        if not stat.S_ISREG(before.st_mode):
            raise OSError(f"{file}: not a regular file")  # a pipe would never end
        source = file.open("rb")
    except OSError as error:
        raise StillChanging(str(error)) from error
    with source:
        arrival.size, arrival.sha256 = copy(source, target)
    try:
        after = file.stat()
    except OSError as error:
        raise StillChanging(str(error)) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise StillChanging(f"{file} changes while it is copied")
    arrival.mtime_ns = before.st_mtime_ns
    arrival.modified = _moment(before.st_mtime)


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # a clock gone mad on the other side


@contextmanager
def _room(staging: Path, arrival: Arrival) -> Iterator[Path]:
    """The place of an arrival's bytes; given up when they do not come."""
    target = staging / staged_file(arrival.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield target
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def stage_stream(staging: Path, stream: BinaryIO, offer: Offer) -> Arrival:
    """Stage bytes that exist nowhere else (an upload): synced before this returns."""
    arrival = _arrival(offer, "")
    with _room(staging, arrival) as target:
        arrival.size, arrival.sha256 = copy(stream, target)
        sync_file(target)
        sync_dir(staging)
    return arrival


def _arrival(offer: Offer, worker: str) -> Arrival:
    return Arrival(
        id=uuid7(),
        source=offer.source,
        inbox=offer.inbox,
        path=as_text(offer.path),
        sender_id=offer.sender,
        actor=offer.actor,
        first_seen=offer.first_seen or datetime.now(UTC),
        state="staged",
        worker=worker,
    )


def copy(source: BinaryIO, target: Path) -> tuple[int, str]:
    """Copy a stream into a file; (size in bytes, sha256). Raises StillChanging where the stream
    breaks off, OSError where our own disk does."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := _read(source):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return size, digest.hexdigest()


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise StillChanging(str(error)) from error


def hash_file(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def claim(arrivals: Sequence[Arrival]) -> None:
    """Make staged arrivals known: from here on they are never forgotten."""
    with transaction.atomic():
        Arrival.objects.bulk_create(arrivals, 200)
    point("ingest-claimed")


def unstage(staging: Path, arrival_id: str) -> None:
    (staging / staged_file(arrival_id)).unlink(missing_ok=True)


def sweep(staging: Path, alone: Callable[[], bool]) -> None:
    """Remove staged copies that no open arrival owns (left by a kill before `claim`).

    Only while no other worker lives: what a living one is just copying has no row yet. `alone` is
    asked after looking: whoever comes later stages what was not seen here.
    """
    found = {p.name for p in staging.iterdir()} if staging.exists() else set()
    if not found or not alone():
        return
    owned = set(Arrival.objects.exclude(state="done").values_list("id", flat=True))
    for name in found - owned:
        unstage(staging, name)
