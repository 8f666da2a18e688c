"""Recorded data that belongs to no single record, in the store as lines of JSON: what any journal
is, and that of the forms handed out, one object for each form and period.

A copy's bytes and values are kept once: issuing again what is known already adds nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from django.db import transaction

from archive import paper as papers
from archive.catalogue import event_row
from archive.deposit import line
from archive.forms import EXTRA, Paper
from archive.house import House
from archive.models import IssuedCopy, IssuedForm

OBJECT = "urn:yanxiu:forms:"
EVENTS = "events.jsonl"
BATCH = 200


class IssuedRow(TypedDict):
    """A form handed out. `sha256` and `values` are those of its bytes (absent in journals of
    earlier versions); `place` is the folder 待填 it was put in."""

    number: str
    unit: str
    subject: str
    mode: str
    sha256: NotRequired[str]
    values: NotRequired[dict[str, Any]]
    place: NotRequired[str]


def note_issued(
    house: House, form: str, period: str, issued: Sequence[IssuedRow], *, actor: str
) -> None:
    """Keep which forms were handed out. `form` is the form's id, `period` the label its journal
    goes by (2014-10, 2014-2015-1). One store version a batch, none where all of it is known."""
    new = _unknown(issued)
    if not new:
        return
    event = papers.event("forms_issued", actor, kind=form, period=period, forms=new)
    with house.locks.deciding():
        append(house, f"{OBJECT}{form}:{period or 'blank'}", event)
        _enter(event)


def append(house: House, object_id: str, event: papers.EventPaper) -> None:
    """One more event in the journal of that name, a version of its object. The caller holds the
    deciding lock, and enters the event into the catalogue."""
    exists = house.store.exists(object_id)
    before = house.store.read(object_id, EVENTS) if exists else b""
    house.store.put(
        object_id,
        {EVENTS: before + line(event)},
        message=event["type"],
        user=(event["actor"] or "yanxiu", ""),
        created=datetime.fromisoformat(event["at"]),
        token=event["id"],
    )


def events_of(house: House, objects: Iterable[str], journals: str) -> Iterator[papers.EventPaper]:
    """Every event of the journals whose names begin so, in the order of `objects` (rebuild)."""
    for object_id in objects:
        if object_id.startswith(journals):
            for text in house.store.read(object_id, EVENTS).splitlines():
                yield json.loads(text)


def untouched(digests: Iterable[str]) -> set[str]:
    """Those of the sha256 that are of forms as they were handed out."""
    asked, found = list(digests), set()
    for start in range(0, len(asked), 500):
        rows = IssuedCopy.objects.filter(sha256__in=asked[start : start + 500])
        found |= set(rows.values_list("sha256", flat=True))
    return found


def issued_values(number: str) -> list[dict[str, Any]]:
    """What was printed on the copies of a form number, each as `copy_values` made it."""
    return list(IssuedCopy.objects.filter(number=number).values_list("values", flat=True))


def copy_values(paper: Paper, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a copy as they are kept: text by name, lists as rows in the order of the
    list's columns. What every form of the county bears (县名, 片区 …) is left out."""
    kept: dict[str, Any] = {}
    lists = [*(s.rows for s in paper.kind.sections if s.rows), *paper.text.rows]
    columns = {rows.name: rows.columns for rows in lists}
    own = {field.key for field in (*paper.kind.fields, *paper.text.fields)}
    for name, value in values.items():
        if isinstance(value, list):
            kept[name] = [[str(row.get(c, "")) for c in columns[name]] for row in value]
        elif name in own or name not in EXTRA:
            kept[name] = str(value)
    return kept


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unknown(issued: Sequence[IssuedRow]) -> list[IssuedRow]:
    """Those whose bytes, or whose folder, are not known yet."""
    known = untouched(row["sha256"] for row in issued if "sha256" in row)
    placed = [row["number"] for row in issued if row.get("place")]
    there: dict[str, str] = {}
    for start in range(0, len(placed), 500):
        rows = IssuedForm.objects.filter(number__in=placed[start : start + 500])
        there.update(rows.values_list("number", "place"))
    return [row for row in issued if row.get("sha256") not in known or _moved(row, there)]


def _moved(row: IssuedRow, there: Mapping[str, str]) -> bool:
    """Whether the copy was put into a folder that is not its known one."""
    return bool(row.get("place")) and row.get("place") != there.get(row["number"])


def _enter(event: papers.EventPaper) -> None:
    data = event["data"]
    at = datetime.fromisoformat(event["at"])
    forms = [_form_row(row, data, at, event["actor"]) for row in data["forms"]]
    copies = [_copy_row(row) for row in data["forms"] if row.get("sha256")]
    summary = {**data, "forms": [row["number"] for row in data["forms"]]}
    with transaction.atomic():
        event_row({**event, "data": summary}, None).save()
        placed = [form for form in forms if form.place]
        for rows, fields in ((forms, ["mode"]), (placed, ["mode", "place"])):
            IssuedForm.objects.bulk_create(
                rows, BATCH, update_conflicts=True, unique_fields=["number"], update_fields=fields
            )
        IssuedCopy.objects.bulk_create(copies, BATCH, ignore_conflicts=True)


def _form_row(row: IssuedRow, data: dict[str, Any], at: datetime, actor: str) -> IssuedForm:
    return IssuedForm(
        number=row["number"],
        kind=data["kind"],
        unit_id=row["unit"],
        subject=row["subject"],
        period={"label": data["period"]},
        mode=row["mode"],
        place=row.get("place", ""),
        at=at,
        actor=actor,
    )


def _copy_row(row: IssuedRow) -> IssuedCopy:
    return IssuedCopy(
        sha256=row["sha256"], number=row["number"], mode=row["mode"], values=row.get("values", {})
    )


def restore(house: House, objects: Iterable[str]) -> None:
    """Bring the issued forms back from the store (rebuild)."""
    for event in events_of(house, objects, OBJECT):
        _enter(event)
