"""What is said of one arrival: the line of `yanxiu add --json`, and of the pages."""

from __future__ import annotations

import json
from typing import Any

from archive import paper as papers
from archive.facts import error_line, facts_of
from archive.house import House
from archive.models import Arrival


def arrival_line(house: House, arrival: Arrival) -> dict[str, Any]:
    """One line of the contract: see DESIGN, `yanxiu add`."""
    head: dict[str, Any] = {
        "file": arrival.path,
        "member": arrival.member or None,
        "status": arrival.outcome or "pending",
        "id": arrival.record_id,
    }
    relation = (arrival.decision or {}).get("relation", {})
    if arrival.record_id:
        paper = paper_of(house, arrival)
        head["status"] = _status(arrival, paper)
        facts = paper_facts(house, paper)
    else:
        facts = filing_facts(house, None)
    tail = {
        "duplicate_of": relation.get("duplicate_of"),
        "new_version_of": relation.get("new_version_of"),
        "error": error_line(arrival.error) or facts.pop("error", None),
    }
    facts.pop("error", None)
    return {**head, **facts, **tail}


def _status(arrival: Arrival, paper: papers.Paper) -> str:
    """What became of the file; of a scan, once its text was recognised, what became of it then."""
    own = next((v for v in paper["versions"] if v["n"] == arrival.version), None)
    recognised = own is not None and own.get("recognition") == papers.DONE
    taken_in = arrival.outcome in ("filed", "review")
    return paper["status"] if recognised and taken_in else arrival.outcome or "pending"


def paper_of(house: House, arrival: Arrival) -> papers.Paper:
    """The paper by what this arrival brought: as it stands, or, where a later version took its
    place, as it stood when its content came in."""
    object_id = papers.OBJECT + str(arrival.record_id)
    paper: papers.Paper = json.loads(house.store.read(object_id, "record.json"))
    own = next((v for v in paper["versions"] if v["n"] == arrival.version), None)
    if own is None or own is paper["versions"][-1]:
        return paper
    infos = house.store.versions(object_id)
    stored = next((i.n for i in infos if i.token == own["arrival"]), None)
    if stored is None:
        return paper
    then: papers.Paper = json.loads(house.store.read(object_id, "record.json", stored))
    return then


def paper_facts(house: House, paper: papers.Paper) -> dict[str, Any]:
    """The facts of a record as the command line's contract names them."""
    facts = filing_facts(house, paper["filing"])
    return {
        **facts,
        "missing": papers.missing(paper),
        "empty": papers.empty(paper),
        "missing_fields": paper["missing_fields"],
        "missing_recommended": papers.missing_recommended(paper),
        "near": paper["near"],
        "error": error_line(paper["error"]),
    }


def filing_facts(house: House, filing: dict[str, Any] | None) -> dict[str, Any]:
    """The filing part of a line, for a filing given as JSON; None gives the empty line."""
    return facts_of(filing, house.kinds, house.register)
