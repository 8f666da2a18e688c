"""Founding an archive and importing its register; a register is kept in the store, so that a
rebuild brings it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from archive import paper as papers
from archive.catalogue import event_row
from archive.deposit import dump, line
from archive.errors import ArchiveError
from archive.house import House
from archive.models import Order, Record, RegisterSnapshot
from archive.ocfl import Store
from archive.register import Register
from archive.register_stored import OBJECT


def found(house: House) -> None:
    """Make the store and folders of a new archive; harmless on one that exists."""
    house.home.mkdir(parents=True, exist_ok=True)
    for folder in (house.staging, house.quarantine, house.readings.folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not (house.home / "store").exists():
        Store(house.home / "store", house.home / "workspace").create()


def in_force(house: House) -> Register | None:
    try:
        return house.register
    except ArchiveError:
        return None


def import_register(house: House, path: Path, *, actor: str) -> tuple[Register, list[str]]:
    """Read a register file and put it in force; (the register, Chinese lines of what changed).

    Raises RegisterError with all faults; nothing is imported then.
    """
    from archive.register_import import changes, load_register  # only `init` needs it

    with house.locks.deciding():
        # Under the lock, so that a second import goes on from this one's ids.
        old = in_force(house)
        new = load_register(path, old)
        changed = changes(old, new) if old else [f"新建名册：{len(new.schools())} 所学校"]
        event = papers.event("register_imported", actor, file=path.name, changes=changed)
        number = len(house.store.versions(OBJECT)) + 1 if house.store.exists(OBJECT) else 1
        data = new.to_json()
        before = house.store.read(OBJECT, "events.jsonl") if number > 1 else b""
        house.store.put(
            OBJECT,
            {"register.json": dump(data), "events.jsonl": before + line(event)},
            message="register_imported",
            user=(actor or "yanxiu", ""),
            created=datetime.now(UTC),
            token=event["id"],
        )
        with transaction.atomic():
            event_row(event, None).save()
            _snapshot(number, event, data).save()
            if old is not None:
                _reindex(old, new)
    # What was left out of the file is no part of the snapshot, but is to be told.
    return replace(house.register, warnings=new.warnings), changed


def _reindex(old: Register, new: Register) -> None:
    """Order the index to follow where it names what was renamed or regrouped."""
    records = Record.objects.all()
    if _clusters(old) == _clusters(new):
        renamed = [u.id for u in new.units.values() if _names(old, u.id) != _names(new, u.id)]
        records = records.filter(school_id__in=renamed)
    found = records.order_by("id").values_list("id", flat=True)
    Order.objects.bulk_create([Order(record_id=i) for i in found], 200)


def _clusters(register: Register) -> tuple[object, ...]:
    return register.memberships, tuple(_names(register, c.id) for c in register.clusters())


def _names(register: Register, unit_id: str) -> tuple[object, ...]:
    unit = register.units.get(unit_id)
    return (unit.name, unit.official, unit.aliases) if unit else ()


def _snapshot(number: int, event: papers.EventPaper, data: dict[str, Any]) -> RegisterSnapshot:
    at = datetime.fromisoformat(event["at"])
    return RegisterSnapshot(n=number, at=at, actor=event["actor"], data=data)


def restore_register(house: House) -> None:
    """Bring register snapshots and their events back from the store (rebuild)."""
    if not house.store.exists(OBJECT):
        return
    events = [json.loads(e) for e in house.store.read(OBJECT, "events.jsonl").splitlines()]
    for number, event in enumerate(events, 1):
        data = json.loads(house.store.read(OBJECT, "register.json", number))
        event_row(event, None).save()
        _snapshot(number, event, data).save()
