"""The facts of a filing as the command line names them; plain values, no catalogue."""

from __future__ import annotations

from typing import Any

from archive.filing import Filing
from archive.kinds import Kind
from archive.register import Register
from indexer.errors import READ_ERRORS


def error_line(error: dict[str, Any] | None) -> dict[str, str] | None:
    """{"code", "message", "remedy"} of a stored error; None for none."""
    if not error:
        return None
    message, remedy = READ_ERRORS.get(error["code"], ("出错", ""))
    return {
        "code": error["code"],
        "message": error.get("message", message),
        "remedy": error.get("remedy", remedy),
    }


def facts_of(
    filing: dict[str, Any] | None, kinds: dict[str, Kind], register: Register
) -> dict[str, Any]:
    given = filing or Filing(None).to_json()
    kind = kinds.get(given["kind"] or "")
    return {
        "kind": given["kind"],
        "kind_name": kind.name if kind else None,
        "unit": _name(register, given["unit"]),
        "school": _name(register, given["school"]),
        "subject": given["subjects"][0] if given["subjects"] else None,
        "subjects": list(given["subjects"]),
        "covers": [_name(register, u) for u in given["covers"]],
        "school_year": given["school_year"] or None,
        "term": given["term"],
        "month": given["month"] or None,
        "period": given["period"],
        "grade": given["grade"] or None,
        "test": given["test"] or None,
        "author": given["author"] or None,
        "title": given["title"] or None,
        "date": given["date"] or None,
        "missing": [],
        "empty": [],
        "missing_fields": [],
        "missing_recommended": [],
        "confidence": round(given["confidence"], 3),
        "evidence": given["evidence"],
        "reasons": list(given["reasons"]),
        "near": [],
        "error": None,
    }


def _name(register: Register, unit_id: str) -> str | None:
    unit = register.units.get(unit_id)
    return unit.name if unit else None
