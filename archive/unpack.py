"""A bundle (zip) becomes its members: each an arrival of its own, streamed out one by one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from archive import quarantine
from archive.faults import point
from archive.house import House
from archive.ids import uuid7
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
    with Bundle(source, house.settings.limits) as bundle:
        members = [_member(staging, arrival, bundle, m, ignored) for m in bundle.members()]
    if not members:
        raise ReadError("empty", "a bundle without members")
    if arrival.source != "folder" and any(m.error for m in members):
        # What could not be taken out stands nowhere but in the bundle itself.
        quarantine.keep_bytes(house, arrival, {"message": "压缩包里有文件取不出来"})
    with transaction.atomic():
        Arrival.objects.bulk_create(members, 200)
        arrival.outcome = "unpacked"
        arrival.state = "committed" if arrival.source == "folder" else "done"
        arrival.save()
    point("ingest-unpacked")
    if arrival.state == "done":
        unstage(staging, arrival.id)
    return members


def _member(
    staging: Path,
    parent: Arrival,
    bundle: Bundle,
    member: Member,
    ignored: Callable[[str], object],
) -> Arrival:
    arrival = Arrival(
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
    if ignored(member.name.rsplit("/", 1)[-1]):
        arrival.outcome = "ignored"
        arrival.state = "committed" if parent.source == "folder" else "done"
        return arrival
    target = staging / staged_file(arrival.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if member.error:
            raise member.error
        bundle.extract(member, target)
    except ReadError as error:
        arrival.error = {"code": error.code, "detail": error.detail}
        shutil.rmtree(target.parent, ignore_errors=True)
        return arrival
    arrival.size, arrival.sha256 = target.stat().st_size, hash_file(target)
    return arrival
