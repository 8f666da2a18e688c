"""Recorded data that belongs to no single record: the forms handed out, one journal object for
each kind and period, in the store as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from archive import paper as papers
from archive.catalogue import event_row
from archive.deposit import line
from archive.house import House
from archive.models import IssuedForm

OBJECT = "urn:yanxiu:forms:"


def note_issued(
    house: House, kind: str, period: str, issued: Sequence[dict[str, Any]], *, actor: str
) -> None:
    """Keep which forms were handed out: `issued` rows are {"number", "unit", "subject", "mode"};
    `period` is the label its journal goes by (2014-10, 2014-2015-1). One store version a batch."""
    event = papers.event("forms_issued", actor, kind=kind, period=period, forms=list(issued))
    object_id = f"{OBJECT}{kind}:{period or 'blank'}"
    with house.locks.deciding():
        exists = house.store.exists(object_id)
        before = house.store.read(object_id, "events.jsonl") if exists else b""
        house.store.put(
            object_id,
            {"events.jsonl": before + line(event)},
            message="forms_issued",
            user=(actor or "yanxiu", ""),
            created=datetime.fromisoformat(event["at"]),
            token=event["id"],
        )
        _enter(event)


def _enter(event: papers.EventPaper) -> None:
    data = event["data"]
    rows = [
        IssuedForm(
            number=form["number"],
            kind=data["kind"],
            unit_id=form["unit"],
            subject=form["subject"],
            period={"label": data["period"]},
            mode=form["mode"],
            at=datetime.fromisoformat(event["at"]),
            actor=event["actor"],
        )
        for form in data["forms"]
    ]
    with transaction.atomic():
        event_row(event, None).save()
        IssuedForm.objects.bulk_create(
            rows,
            200,
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=["mode", "at", "actor"],
        )


def restore(house: House, objects: Iterable[str]) -> None:
    """Bring the issued forms back from the store (rebuild)."""
    for object_id in objects:
        if object_id.startswith(OBJECT):
            for text in house.store.read(object_id, "events.jsonl").splitlines():
                _enter(json.loads(text))
