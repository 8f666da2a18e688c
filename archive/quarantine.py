"""What could not be read: the outcome is kept in the store, the bytes where a person finds them.

Files of an inbox are moved to its 隔离 folder by the door (`watch`); bytes that came by `add` or
by upload are kept in the house's own quarantine folder.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from archive import outcomes
from archive import paper as papers
from archive.catalogue import arrival_values
from archive.faults import point
from archive.house import House
from archive.models import Arrival
from archive.ocfl import logical_name
from archive.ocfl.layout import content_path
from archive.staging import staged_file


def keep(house: House, arrival: Arrival, error: dict[str, Any]) -> None:
    """Record the outcome of an unreadable arrival, and keep its bytes if nobody else has them.
    Idempotent."""
    event = papers.event("quarantined", arrival.actor, error=error, arrival=arrival_values(arrival))
    outcomes.keep(house, arrival, event)
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
    target = folder / _kept_name(arrival)
    partial = target.with_name(target.name + ".part")
    shutil.copyfile(staged, partial)
    partial.replace(target)
    reason = f"{error.get('message', '')}\r\n{error.get('remedy', '')}\r\n"
    (folder / f"{target.name}.原因.txt").write_text(reason, "utf-8-sig")


def _kept_name(arrival: Arrival) -> str:
    """A name for any disk: an over-long one, or one that Windows refuses, is marked."""
    name = logical_name((arrival.member or arrival.path).replace("\\", "/").rsplit("/", 1)[-1])
    return content_path(1, name).rsplit("/", 1)[-1]


def kept_at(house: House, arrival: Arrival) -> Path:
    return house.quarantine / arrival.id
