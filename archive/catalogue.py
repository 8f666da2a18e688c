"""From papers to rows: the one way by which records, versions and events enter the catalogue.

`enter` serves ingest, corrections and rebuild alike. It is idempotent: the same papers and
events leave the same rows, however often.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from archive import paper as papers
from archive.models import Arrival, Cover, Event, Order, Record, Version
from archive.paper import EventPaper, Paper, VersionPaper

BATCH = 200


def enter(changed: Sequence[tuple[Paper, Sequence[EventPaper]]], *, orders: bool = True) -> None:
    """Write rows for papers and their (new) events, and order the index to follow; one
    transaction."""
    records = [record_row(paper) for paper, _ in changed]
    versions = [version_row(paper, v) for paper, _ in changed for v in paper["versions"]]
    events = [event_row(e, paper["id"]) for paper, es in changed for e in es]
    with transaction.atomic():
        _upsert(Record, records, ["id"])
        _cover(records)
        _upsert(Version, versions, ["record", "n"])
        Event.objects.bulk_create(events, BATCH, ignore_conflicts=True)
        if orders:
            Order.objects.bulk_create([Order(record_id=r.id) for r in records], BATCH)


def _cover(records: Sequence[Record]) -> None:
    Cover.objects.filter(record_id__in=[r.id for r in records]).delete()
    covers = [Cover(county_id=r.county_id, record_id=r.id, unit_id=u) for r in records
              for u in dict.fromkeys(r.covers)]  # fmt: skip
    Cover.objects.bulk_create(covers, BATCH)


def _upsert(model: Any, rows: Sequence[Any], unique: list[str]) -> None:
    if not rows:
        return
    keys = {model._meta.pk.name, *unique}
    fields = [f.name for f in model._meta.concrete_fields if f.name not in keys]
    model.objects.bulk_create(
        rows, BATCH, update_conflicts=True, unique_fields=unique, update_fields=fields
    )


def record_row(paper: Paper) -> Record:
    filing = paper["filing"]
    period = filing["period"] or {}
    return Record(
        id=paper["id"],
        county_id=paper["county"],
        status=paper["status"],
        kind=filing["kind"],
        unit_id=filing["unit"],
        school_id=filing["school"],
        sender_id=paper["sender"],
        covers=list(filing["covers"]),
        subjects=list(filing["subjects"]),
        school_year=filing["school_year"],
        term=filing["term"],
        month=filing["month"],
        period_type=period.get("type", ""),
        period_start=_date(period.get("start")),
        period_end=_date(period.get("end")),
        period_label=period.get("label", ""),
        grade=filing["grade"],
        test=filing["test"],
        author=filing["author"][:80],
        title=filing["title"][:400],
        date=filing["date"],
        confidence=filing["confidence"],
        reasons=list(filing["reasons"]),
        evidence=filing["evidence"],
        findings={"sections": paper["sections"], "missing_fields": paper["missing_fields"]},
        missing=papers.missing(paper) + papers.empty(paper),
        complete=papers.complete(paper),
        blank=paper["blank"],
        error=paper["error"],
        near=paper["near"],
        identity=paper["identity"],
        proposed_identity=paper.get("proposed_identity"),
        head=paper["versions"][-1]["n"],
        received=datetime.fromisoformat(paper["received"]),
        retention=paper["retention"],
    )


def version_row(paper: Paper, version: VersionPaper) -> Version:
    bands: list[int | None] = [*version["bands"], None, None, None, None]
    return Version(
        county_id=paper["county"],
        record_id=paper["id"],
        n=version["n"],
        name=version["name"],
        logical=version["logical"],
        sha256=version["sha256"],
        size=version["size"],
        format=version["format"],
        reading=version["reading"],
        received=datetime.fromisoformat(version["received"]),
        arrival_id=version["arrival"],
        sketch=version["sketch"],
        band0=bands[0],
        band1=bands[1],
        band2=bands[2],
        band3=bands[3],
        recognition=version.get("recognition", ""),
    )


def event_row(event: EventPaper, record_id: str | None) -> Event:
    return Event(
        id=event["id"],
        record_id=record_id,
        at=datetime.fromisoformat(event["at"]),
        actor=event["actor"],
        type=event["type"],
        data=event["data"],
    )


def arrival_values(arrival: Arrival) -> dict[str, Any]:
    """How a file came, as the event of its outcome keeps it; the bundles it came in outermost
    first, each {"id", "member", "size", "sha256"}."""
    return {
        "id": arrival.id,
        "source": arrival.source,
        "inbox": arrival.inbox,
        "path": arrival.path,
        "member": arrival.member,
        "bundles": _bundles(arrival),
        "sender": arrival.sender_id,
        "actor": arrival.actor,
        "first_seen": arrival.first_seen.isoformat(),
        "modified": arrival.modified.isoformat() if arrival.modified else "",
        "mtime_ns": arrival.mtime_ns,
        "size": arrival.size,
        "sha256": arrival.sha256,
    }


def _bundles(arrival: Arrival) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    bundle = arrival.bundle
    while bundle is not None:
        found.insert(0, {"id": bundle.id, "member": bundle.member, "size": bundle.size,
                         "sha256": bundle.sha256})  # fmt: skip
        bundle = bundle.bundle
    return found


def arrival_rows(event: EventPaper, record_id: str | None) -> list[Arrival]:
    """The settled arrival an event tells of, after the bundles it came in; [] for other events."""
    came = event["data"].get("arrival")
    if not isinstance(came, dict):
        return []
    rows: list[Arrival] = []
    parent: str | None = None
    for bundle in came["bundles"]:
        rows.append(_arrival_row({**came, **bundle}, parent, len(rows), "unpacked"))
        parent = bundle["id"]
    outcome = event["data"].get("status") or event["type"]
    row = _arrival_row(came, parent, len(rows), outcome)
    relation = {"version": "new_version_of", "duplicate": "duplicate_of"}.get(event["type"])
    row.decision = {"relation": {relation: record_id} if relation else {}}
    row.record_id, row.version = record_id, event["data"].get("version")
    row.error = event["data"].get("error")
    left = [
        _arrival_row({**came, **member, "sha256": ""}, row.id, len(rows) + 1, "ignored")
        for member in event["data"].get("ignored", ())
    ]
    return [*rows, row, *left]


def _arrival_row(came: dict[str, Any], bundle: str | None, depth: int, outcome: str) -> Arrival:
    return Arrival(
        id=came["id"],
        source=came["source"],
        inbox=came["inbox"],
        path=came["path"],
        member=came["member"],
        bundle_id=bundle,
        depth=depth,
        sender_id=came["sender"],
        actor=came["actor"],
        first_seen=datetime.fromisoformat(came["first_seen"]),
        modified=datetime.fromisoformat(came["modified"]) if came["modified"] else None,
        mtime_ns=came["mtime_ns"],
        size=came["size"],
        sha256=came["sha256"],
        state="done",
        outcome=outcome,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
