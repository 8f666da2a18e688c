"""Our own copy of an arriving file, before anything is decided about it.

`staging/<arrival id>/content` is complete before the arrival's row exists; folders without a row
are leftovers of a kill and are swept.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from archive.durable import sync_tree
from archive.faults import point
from archive.ids import uuid7
from archive.models import Arrival

CHUNK = 1 << 20


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
    """The file changed while it was copied: it will be offered again."""


def staged_file(arrival_id: str) -> str:
    """The staged bytes of an arrival, relative to the staging folder."""
    return f"{arrival_id}/content"


def stage(staging: Path, offer: Offer, worker: str) -> Arrival:
    """Copy the offered file and return its (unsaved) arrival. A file that cannot be opened becomes
    an arrival that carries the error. Raises StillChanging; OSError on our own disk's faults."""
    arrival = _arrival(offer, worker)
    target = staging / staged_file(arrival.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        before = offer.file.stat()
        source = offer.file.open("rb")
    except OSError as error:
        arrival.error = {"code": "unreadable", "detail": str(error)}
        arrival.first_seen = offer.first_seen or datetime.now(UTC)
        return arrival
    with source:
        arrival.size, arrival.sha256 = copy(source, target)
    after = offer.file.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        shutil.rmtree(target.parent, ignore_errors=True)
        raise StillChanging(offer.path)
    arrival.mtime_ns = before.st_mtime_ns
    arrival.modified = datetime.fromtimestamp(before.st_mtime, UTC)
    point("ingest-staged")
    return arrival


def stage_stream(staging: Path, stream: BinaryIO, offer: Offer) -> Arrival:
    """Stage bytes that exist nowhere else (an upload): synced before this returns."""
    arrival = _arrival(offer, "")
    target = staging / staged_file(arrival.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    arrival.size, arrival.sha256 = copy(stream, target)
    sync_tree(target.parent)
    return arrival


def _arrival(offer: Offer, worker: str) -> Arrival:
    return Arrival(
        id=uuid7(),
        source=offer.source,
        inbox=offer.inbox,
        path=offer.path,
        sender_id=offer.sender,
        actor=offer.actor,
        first_seen=offer.first_seen or datetime.now(UTC),
        state="staged",
        worker=worker,
    )


def copy(source: BinaryIO, target: Path) -> tuple[int, str]:
    """Copy a stream into a file; (size in bytes, sha256)."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return size, digest.hexdigest()


def hash_file(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def claim(arrivals: Sequence[Arrival]) -> None:
    """Make staged arrivals known: from here on they are never forgotten."""
    with transaction.atomic():
        Arrival.objects.bulk_create(arrivals, 200)
    point("ingest-claimed")


def unstage(staging: Path, arrival_id: str) -> None:
    shutil.rmtree(staging / arrival_id, ignore_errors=True)


def sweep(staging: Path) -> None:
    """Remove staged copies that no open arrival owns (left by a kill before `claim`)."""
    if not staging.exists():
        return
    found = {p.name for p in staging.iterdir()}
    owned = set(
        Arrival.objects.filter(id__in=found).exclude(state="done").values_list("id", flat=True)
    )
    for name in found - owned:
        unstage(staging, name)
