"""A bundle (zip, rar, 7z, tar, a letter with attachments) becomes its members: each an arrival of
its own."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from archive import outcomes, quarantine
from archive.durable import sync_dir, sync_file
from archive.faults import point
from archive.house import House
from archive.ids import uuid7
from archive.late_copies import comes_late
from archive.models import Arrival
from archive.staging import hash_file, staged_file, unstage
from archive.thinking import clues
from indexer import sniff
from indexer.bundles import DEEPEST, Taken
from indexer.errors import ReadError
from indexer.pool import ReaderPool


def unpack(
    house: House, pool: ReaderPool, arrival: Arrival, ignored: Callable[[str], object]
) -> list[Arrival]:
    """Stage every member of a staged bundle and record them with the bundle in one transaction.

    Returns the members' arrivals. Raises ReadError when the bundle as a whole cannot be opened.
    """
    staging = house.staging
    if arrival.depth >= DEEPEST:
        raise ReadError("too_deep", f"bundles nested deeper than {DEEPEST}")
    members: list[Arrival] = []
    try:
        with _room(house, arrival) as folder:
            for taken in sorted(_taken(house, pool, arrival, folder), key=_order):
                members.append(_announced(arrival, taken))
                _stage(staging, members[-1], taken, folder, ignored)
        _enter(house, arrival, members)
    except BaseException:
        for member_ in members:
            unstage(staging, member_.id)
        raise
    # After the members are known: a rebuild must not take the bundle for done before.
    outcomes.keep_unpacked(house, arrival, members)
    point("ingest-unpacked")
    if arrival.state == "done":
        unstage(staging, arrival.id)
    return members


def sweep(house: House, alone: Callable[[], bool]) -> None:
    """Remove what a kill left half unpacked. As `archive.staging.sweep`: only while no other
    worker lives."""
    if any(_rooms(house).iterdir()) and alone():
        shutil.rmtree(_rooms(house), ignore_errors=True)


def _rooms(house: House) -> Path:
    folder = house.home / "scratch" / "unpacked"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _room(house: House, arrival: Arrival) -> Iterator[Path]:
    """An empty folder for the members, gone afterwards with all that was not staged."""
    folder = _rooms(house) / arrival.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _taken(house: House, pool: ReaderPool, arrival: Arrival, folder: Path) -> list[Taken]:
    source, name = house.staging / staged_file(arrival.id), clues(arrival).name
    form = sniff.detect(source, name)
    return pool.unpack(source, form, folder, name)


def _order(taken: Taken) -> tuple[bool, datetime, int]:
    """Late copies last, then by time: as `yanxiu add` takes the files of a folder."""
    name = taken.name.rsplit("/", 1)[-1]
    return comes_late(name), taken.modified or datetime.min, taken.index


def _enter(house: House, arrival: Arrival, members: list[Arrival]) -> None:
    """Make the members known, once their bytes are safe: nobody goes back to the bundle."""
    for member in members:
        if member.sha256:
            sync_file(house.staging / staged_file(member.id))
    sync_dir(house.staging)
    if arrival.source != "folder" and any(m.error for m in members):
        # What could not be taken out stands nowhere but in the bundle itself.
        quarantine.keep_bytes(house, arrival, {"message": "压缩包里有文件取不出来"})
    # Not while a rebuild reads the rows under way and writes them anew.
    with house.locks.deciding(), transaction.atomic():
        Arrival.objects.bulk_create(members, 200)
        arrival.outcome = "unpacked"
        arrival.state = "committed" if arrival.source == "folder" else "done"
        arrival.save()


def _announced(parent: Arrival, member: Taken) -> Arrival:
    return Arrival(
        id=uuid7(),
        source=parent.source,
        inbox=parent.inbox,
        path=parent.path,
        member=f"{parent.member}/{member.name}" if parent.member else member.name,
        bundle=parent,
        depth=parent.depth + 1,
        sender_id=parent.sender_id,
        actor=parent.actor,
        first_seen=parent.first_seen,
        modified=parent.modified,
        size=member.size,
        state="staged",
        worker=parent.worker,
    )


def _stage(
    staging: Path,
    arrival: Arrival,
    taken: Taken,
    folder: Path,
    ignored: Callable[[str], object],
) -> None:
    """Stage a member's bytes, or note on its arrival why there are none."""
    if ignored(taken.name.rsplit("/", 1)[-1]):
        arrival.outcome = "ignored"
        arrival.state = "committed" if arrival.source == "folder" else "done"
        return
    if taken.error is not None:
        arrival.error = {"code": taken.error.code, "detail": taken.error.detail}
        return
    file, target = folder / taken.file, staging / staged_file(arrival.id)
    if not stat.S_ISREG(file.lstat().st_mode):
        raise OSError(f"{file}: not a regular file")
    file.replace(target)
    arrival.size, arrival.sha256 = target.stat().st_size, hash_file(target)
