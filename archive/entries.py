"""What the index knows of a record."""

from __future__ import annotations

from archive.house import House
from archive.models import Record
from archive.paper import WAITING
from archive.register import Register
from archive.section_names import sections
from indexer.engines import Entry
from indexer.parts import pages, parts

COMPLETE, INCOMPLETE = "齐全", "不全"
STATUS_NAMES = {Record.FILED: "已归档", Record.REVIEW: "待核"}


def entry(house: House, register: Register, record: Record) -> Entry:
    """The index entry of a record's newest content; `record.versions` should be prefetched."""
    version = max(record.versions.all(), key=lambda v: v.n)
    reading = house.reading(version.sha256)
    kind = house.kinds.get(record.kind or "")
    headings = "\n".join(item.title for item in reading.outline) if reading else ""
    return Entry(
        id=record.id,
        title=record.title or version.name,
        headings=headings,
        body=reading.text if reading else "",
        values={**values(house, register, record), "section": sections(kind, reading)},
        # Papers without a date are sorted by their period's end; `extra` has the date to be shown.
        date=record.date or (record.period_end.isoformat() if record.period_end else ""),
        access=tuple({u for u in (record.school_id, record.sender_id, *record.covers) if u}),
        extra={
            "file": version.name,
            "kind": record.kind or "",
            "head": record.head,
            "date": record.date,
            "period": record.period_label,
        },
        labels=labels(house, register, record),
        parts=parts(reading) if reading else (),
        pages=pages(reading) if reading else (),
        received=version.received.isoformat(),
    )


def labels(house: House, register: Register, record: Record) -> dict[str, list[str]]:
    """Further names by which a question may ask for the record's kind and school."""
    kind = house.kinds.get(record.kind or "")
    school = register.units.get(record.school_id)
    found = {
        "kind": [kind.id, *kind.also] if kind else [],
        "school": [n for n in (school.official, *school.aliases) if n] if school else [],
    }
    return {facet: names for facet, names in found.items() if names}


def values(house: House, register: Register, record: Record) -> dict[str, list[str]]:
    """The facet values, in the words people use."""
    kind = house.kinds.get(record.kind or "")
    school = register.units.get(record.school_id)
    head = max(record.versions.all(), key=lambda v: v.n)
    checked = kind is not None and head.recognition != WAITING
    cluster = register.cluster_of(school.id, record.period_start) if school else None
    found = {
        "kind": kind.name if kind else "",
        "school": school.name if school else "",
        "cluster": cluster.name if cluster else "",
        "school_year": record.school_year,
        "term": f"{record.school_year}-{record.term}" if record.term else "",
        "month": record.month,
        "author": record.author,
        "grade": record.grade,
        "completeness": (COMPLETE if record.complete else INCOMPLETE) if checked else "",
        "status": STATUS_NAMES[record.status],
    }
    return {**{k: [v] for k, v in found.items() if v}, "subject": list(record.subjects)}
