"""The paper of a record: all that is known of one 件, as the `record.json` of its store object.

The catalogue's rows are made from papers (`archive.catalogue`) and from nothing else, so a
rebuild from the store gives the same rows. A paper is plain JSON; its keys are those of `Paper`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from archive.ids import uuid7
from archive.ocfl import logical_name
from archive.periods import Period

if TYPE_CHECKING:
    # What judges a paper takes long to load and is not needed to read one.
    from archive.completeness import Findings
    from archive.filing import Filing
    from archive.kinds import Kind

OBJECT = "urn:yanxiu:record:"

#: `recognition` of a version whose pages are pictures (archive.recognition); "" of all others.
WAITING, DONE, FAILED = "waiting", "done", "failed"


class VersionPaper(TypedDict):
    """One content. `logical` is its path in the store object; `arrival` the id of the arrival
    that brought it (its event says how); `sketch` and `bands` see `archive.likeness`;
    `recognition` of a scan: waiting, done or failed, see `archive.recognition`."""

    n: int
    name: str
    logical: str
    sha256: str
    size: int
    format: str
    reading: str
    received: str
    sketch: list[int]
    bands: list[int]
    arrival: str
    recognition: NotRequired[str]


class Paper(TypedDict):
    """`filing` is Filing.to_json(); `sections` the findings; times are ISO 8601 in UTC.
    `settled` is true once a person accepted or corrected the filing: no later content of the
    record changes it by itself. `proposed_identity` is what the rules made of its contents, kept
    beside a corrected `identity`."""

    id: str
    county: str
    status: str
    sender: str
    filing: dict[str, Any]
    sections: list[dict[str, Any]]
    missing_fields: list[str]
    blank: bool
    error: dict[str, Any] | None
    identity: str | None
    proposed_identity: NotRequired[str | None]
    near: list[dict[str, Any]]
    retention: str
    received: str
    settled: bool
    versions: list[VersionPaper]


class EventPaper(TypedDict):
    id: str
    at: str
    actor: str
    type: str
    data: dict[str, Any]


def event(type_: str, actor: str, **data: Any) -> EventPaper:
    return {"id": uuid7(), "at": now(), "actor": actor, "type": type_, "data": data}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def findings_json(findings: Findings) -> tuple[list[dict[str, Any]], list[str]]:
    sections = [
        {
            "name": s.name,
            "required": s.required,
            "state": s.state,
            "heading": s.heading,
            "place": s.place,
        }
        for s in findings.sections
    ]
    return sections, list(findings.missing_fields)


def missing(paper: Paper) -> list[str]:
    """Required sections that are absent."""
    return [s["name"] for s in paper["sections"] if s["required"] and s["state"] == "missing"]


def empty(paper: Paper) -> list[str]:
    """Required sections that stand there without content."""
    return [s["name"] for s in paper["sections"] if s["required"] and s["state"] == "empty"]


def missing_recommended(paper: Paper) -> list[str]:
    return [s["name"] for s in paper["sections"] if not s["required"] and s["state"] != "present"]


def complete(paper: Paper) -> bool:
    return not (missing(paper) or empty(paper) or paper["missing_fields"])


def logical_path(n: int, name: str) -> str:
    """Where the n-th content lies in the object, under the name it came with. No folders: each
    would have to be made and synced."""
    return f"{n}-{logical_name(name)}"


def refile(paper: Paper, filing: Filing, findings: Findings, kind: Kind | None) -> None:
    """Put a new filing and its findings on the paper."""
    paper["filing"] = filing.to_json()
    paper["sections"], paper["missing_fields"] = findings_json(findings)
    paper["retention"] = kind.retention if kind else ""


def filing_from_json(data: Mapping[str, Any]) -> Filing:
    """The inverse of Filing.to_json."""
    from archive.filing import Evidence, Filing

    known = {f.name for f in fields(Filing)}
    values = {k: v for k, v in data.items() if k in known}
    for key in ("subjects", "covers", "reasons"):
        values[key] = tuple(values[key])
    values["period"] = Period.from_json(values["period"]) if values["period"] else None
    values["evidence"] = {
        k: tuple(Evidence(**e) for e in found) for k, found in values["evidence"].items()
    }
    return Filing(**values)
