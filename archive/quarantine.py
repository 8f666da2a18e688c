"""What could not be read: the outcome is kept in the store, the bytes where a person finds them.

Files of an inbox are moved to its 隔离 folder by the door (`watch`); bytes that came by `add` or
by upload are kept in the house's own quarantine folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from archive import paper as papers
from archive.catalogue import arrival_values
from archive.deposit import dump
from archive.faults import point
from archive.house import House
from archive.models import Arrival
from archive.ocfl import logical_name
from archive.staging import staged_file

OBJECT = "urn:yanxiu:arrival:"


def keep(house: House, arrival: Arrival, error: dict[str, Any]) -> None:
    """Record the outcome of an unreadable arrival, and keep its bytes if nobody else has them.
    Idempotent."""
    event = papers.event("quarantined", arrival.actor, error=error, arrival=arrival_values(arrival))
    house.store.put(
        OBJECT + arrival.id,
        {"outcome.json": dump(event)},
        message="quarantined",
        user=(arrival.actor or "yanxiu", ""),
        created=datetime.fromisoformat(event["at"]),
        token=arrival.id,
    )
    if arrival.source != "folder":
        keep_bytes(house, arrival, error)
    point("ingest-quarantined")


def keep_bytes(house: House, arrival: Arrival, error: dict[str, Any]) -> None:
    """Keep the staged bytes in the house's own quarantine, with the reason beside. Idempotent."""
    staged = house.staging / staged_file(arrival.id)
    if not staged.exists():
        return
    folder = kept_at(house, arrival)
    folder.mkdir(parents=True, exist_ok=True)
    name = Path((arrival.member or arrival.path).replace("\\", "/")).name
    target = folder / logical_name(name)
    partial = target.with_name(target.name + ".part")
    shutil.copyfile(staged, partial)
    partial.replace(target)
    reason = f"{error.get('message', '')}\r\n{error.get('remedy', '')}\r\n"
    (folder / f"{target.name}.原因.txt").write_text(reason, "utf-8-sig")


def kept_at(house: House, arrival: Arrival) -> Path:
    return house.quarantine / arrival.id


def outcomes(house: House, objects: Iterable[str]) -> Iterator[papers.EventPaper]:
    """The quarantine events the store holds (rebuild)."""
    for object_id in objects:
        if object_id.startswith(OBJECT):
            yield json.loads(house.store.read(object_id, "outcome.json"))
