"""Outcomes of arrivals that made no record, kept in the store for a rebuild: what was quarantined,
and bundles that were opened with what was left out of them by a name rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from archive import paper as papers
from archive.catalogue import arrival_values
from archive.deposit import dump
from archive.house import House
from archive.models import Arrival

OBJECT = "urn:yanxiu:arrival:"


def keep(house: House, arrival: Arrival, event: papers.EventPaper) -> None:
    """Keep the outcome of an arrival. Idempotent: the first one stands."""
    house.store.put(
        OBJECT + arrival.id,
        {"outcome.json": dump(event)},
        message=event["type"],
        user=(arrival.actor or "yanxiu", ""),
        created=datetime.fromisoformat(event["at"]),
        token=arrival.id,
    )


def keep_unpacked(house: House, arrival: Arrival, members: Sequence[Arrival]) -> None:
    """Keep that a bundle was opened; its ignored members as {"id", "member", "size"}."""
    left = [
        {"id": m.id, "member": m.member, "size": m.size} for m in members if m.outcome == "ignored"
    ]
    values = arrival_values(arrival)
    keep(house, arrival, papers.event("unpacked", arrival.actor, arrival=values, ignored=left))


def of(objects: Iterable[str]) -> list[str]:
    """Those among the store's objects that are outcomes."""
    return [o for o in objects if o.startswith(OBJECT)]


def outcome(house: House, object_id: str) -> papers.EventPaper:
    """An outcome that the store holds (rebuild)."""
    found: papers.EventPaper = json.loads(house.store.read(object_id, "outcome.json"))
    return found
