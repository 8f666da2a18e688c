"""A bundle (zip) becomes its members: each an arrival of its own, streamed out one by one."""

from __future__ import annotations

from collections.abc import Callable
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
from indexer.errors import ReadError
from indexer.readers.bundle import Bundle, Member

#: Bundles inside bundles, the outermost counted as 1.
DEEPEST = 5


def unpack(house: House, arrival: Arrival, ignored: Callable[[str], object]) -> list[Arrival]:
    """Stage every member of a staged bundle and record them with the bundle in one transaction.

    Returns the members' arrivals. Raises ReadError when the bundle as a whole cannot be opened.
    """
    staging = house.staging
    if arrival.depth >= DEEPEST:
        raise ReadError("too_large", f"bundles nested deeper than {DEEPEST}")
    source = staging / staged_file(arrival.id)
    members: list[Arrival] = []
    try:
        with Bundle(source, house.settings.limits) as bundle:
            for member in sorted(bundle.members(), key=_order):
                members.append(_announced(arrival, member))
                _take_out(staging, members[-1], bundle, member, ignored)
        if not members:
            raise ReadError("empty", "a bundle without members")
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


def _order(member: Member) -> tuple[bool, datetime, int]:
    """Late copies last, then by time: as `yanxiu add` takes the files of a folder."""
    name = member.name.rsplit("/", 1)[-1]
    return comes_late(name), member.modified or datetime.min, member.index


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


def _announced(parent: Arrival, member: Member) -> Arrival:
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


def _take_out(
    staging: Path,
    arrival: Arrival,
    bundle: Bundle,
    member: Member,
    ignored: Callable[[str], object],
) -> None:
    """Stage a member's bytes, or note on its arrival why there are none."""
    if ignored(member.name.rsplit("/", 1)[-1]):
        arrival.outcome = "ignored"
        arrival.state = "committed" if arrival.source == "folder" else "done"
        return
    target = staging / staged_file(arrival.id)
    try:
        _extract(bundle, member, target)
    except ReadError as error:
        arrival.error = {"code": error.code, "detail": error.detail}
        target.unlink(missing_ok=True)
        return
    arrival.size, arrival.sha256 = target.stat().st_size, hash_file(target)


def _extract(bundle: Bundle, member: Member, target: Path) -> None:
    """Raises ReadError whatever is wrong with the member, OSError where our disk is."""
    try:
        bundle.extract(member, target)
    except ReadError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise ReadError("corrupt", str(error)) from error  # bz2 says so
    except Exception as error:
        raise ReadError("corrupt", repr(error)) from error
