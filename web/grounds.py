"""Why a value was chosen, for people: the words found and where they stand, best first."""

from __future__ import annotations

from typing import Any

from archive.models import Record
from archive.review import PERSON

#: Evidence is kept under the names of archive.filing; corrections under those of the form.
ALSO = {"subjects": "subject"}
SHOWN = 2


def grounds(record: Record) -> dict[str, list[str]]:
    """Form field -> its grounds in words, at most SHOWN. A person's word stands alone."""
    keys = ("kind", "school", "subjects", "period", "month", "author", "date", "grade", "test",
            "title", "term", "school_year")  # fmt: skip
    return {key: _of(record, key) for key in keys}


def _of(record: Record, key: str) -> list[str]:
    found = record.evidence.get(key) or record.evidence.get(ALSO.get(key, ""), [])
    if any(item["place"] == PERSON for item in found):
        return [PERSON]
    chosen = _chosen(record, key)
    speaking = [item for item in found if chosen is None or item["value"] in chosen]
    said = dict.fromkeys(f"「{item['words']}」（{item['place']}）" for item in speaking)
    return list(said)[:SHOWN]


def _chosen(record: Record, key: str) -> list[Any] | None:
    """The values in force, where evidence also names the ones that lost."""
    chosen: dict[str, list[Any]] = {
        "kind": [record.kind],
        "school": [record.school_id],
        "subjects": list(record.subjects),
    }
    return chosen.get(key)
