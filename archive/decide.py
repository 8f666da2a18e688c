"""What becomes of one arrival: filed, review, duplicate, or quarantine; record or version.

Pure but for looking things up in the catalogue. The rules are DESIGN's "Record or version"; see
docs/ARCHITECTURE.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from django.db import DatabaseError
from django.db.models import Q

from archive import likeness
from archive import paper as papers
from archive.catalogue import arrival_values
from archive.completeness import Findings
from archive.deposit import DAMAGED, Deposit, load_object
from archive.durable import StoreError
from archive.filing import Filing
from archive.house import House
from archive.ids import uuid7
from archive.issued import by_catalogue
from archive.judging import QUARANTINED, Judgement, findings_of, to_review
from archive.kinds import Kind
from archive.looking_up import LookedUp, has_place, identity_of, sharing
from archive.models import Arrival, Record, Version
from archive.paper import Paper, VersionPaper, filing_from_json
from archive.register import Register
from archive.staging import staged_file
from archive.thinking import Thought, clues
from indexer.errors import ReadError
from indexer.reading import Reading

log = logging.getLogger("yanxiu.decide")

#: Records looked at of those that are, or were taken for, the same: hardly ever more than two.
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcome`: filed | review | duplicate | quarantined. `relation`: {"duplicate_of"},
    {"new_version_of"} or {}. `deposit` is None for a quarantined file."""

    outcome: str
    record_id: str
    version: int
    relation: dict[str, str]
    deposit: Deposit | None
    error: dict[str, Any] | None = None

    @property
    def touches(self) -> set[str]:
        """Keys that no other decision of one batch may share."""
        if self.deposit is None:
            return set()
        paper = self.deposit.paper
        keys = {paper["id"]}
        if paper["identity"]:
            keys.add(paper["identity"])
        return keys

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "record_id": self.record_id,
            "version": self.version,
            "relation": self.relation,
            "deposit": self.deposit.to_json() if self.deposit else None,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Decision:
        deposit = Deposit.from_json(data["deposit"]) if data["deposit"] else None
        return cls(
            data["outcome"], data["record_id"], data["version"], data["relation"], deposit,
            data["error"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk while a batch is decided: kinds and register, looked up once;
    `beside`: what was decided before in the batch and is not in the catalogue yet. `looked_up`
    is what the catalogue said of the batch as a whole, None where it must be asked one by one."""

    house: House
    kinds: dict[str, Kind]
    register: Register
    beside: Sequence[Deposit] = ()
    looked_up: LookedUp | None = None

    @classmethod
    def of(cls, house: House) -> Desk:
        return cls(house, house.kinds, house.register)


def decide(
    desk: Desk, arrival: Arrival, thought: Thought, beside: Sequence[Deposit] = ()
) -> Decision:
    """The decision on one staged arrival, from what was thought of it. Whatever upsets the rules
    goes to a person, so that the next paper still goes through. Raises OSError, StoreError and
    DatabaseError of disks and database."""
    try:
        return _decide(replace(desk, beside=beside), arrival, thought)
    except StoreError as error:
        if error.code not in DAMAGED:
            raise
        log.exception("what %r belongs to is damaged", arrival.path)
        why = "档案库中与它相关的一件已经损坏（见 yanxiu verify），请人工核对"
    except (OSError, DatabaseError):
        raise
    except Exception:
        log.exception("deciding on %r failed", arrival.path)
        why = "自动判定时出错，请人工归档"
    judgement = Judgement(to_review(Filing(None), why), Findings())
    draft = _Draft(arrival, judgement.filing, replace(thought, judgement=judgement))
    return _new_record(desk, draft, None, None, ([], []))


def _decide(desk: Desk, arrival: Arrival, thought: Thought) -> Decision:
    read = thought.read
    bytes_lost = not arrival.sha256  # it could not even be opened: there is nothing to keep
    if isinstance(read, ReadError) and (read.code in QUARANTINED or bytes_lost):
        return Decision("quarantined", "", 0, {}, None, read.to_json())
    copies = _same_bytes(desk, arrival)
    known = next((v for v in copies if _same_unit(arrival, v.record)), None)
    if known is not None:
        return _duplicate(desk, arrival, known)
    thought = _by_catalogue(desk, arrival, thought)
    filing = thought.judgement.filing
    if copies:
        title = copies[0].record.title or copies[0].name
        filing = to_review(filing, f"与已收的「{title}」内容完全相同，但来自另一单位")
    return _place(desk, _Draft(arrival, filing, thought))


def _by_catalogue(desk: Desk, arrival: Arrival, thought: Thought) -> Thought:
    """The thought with what the catalogue of issued forms knows of a returned one."""
    if thought.judgement.form is None or thought.reading is None:
        return thought
    known = (desk.house, desk.kinds, desk.register, thought.reading, clues(arrival))
    return replace(thought, judgement=by_catalogue(*known, thought.judgement))


# --- record, version or duplicate -----------------------------------------


def _same_bytes(desk: Desk, arrival: Arrival) -> list[Version]:
    """One of each unit at most, and their earlier contents: few."""
    if desk.looked_up and arrival.sha256 not in desk.looked_up.sha256:
        return []
    same = Version.objects.filter(sha256=arrival.sha256)
    # Nearly always there are none, and asking that costs a third of fetching both rows.
    if not desk.looked_up and not same.order_by().exists():
        return []
    return list(same.select_related("record").order_by("record_id", "n"))


def _same_unit(arrival: Arrival, record: Record) -> bool:
    """The same bytes count as a duplicate unless two units are known to have sent them."""
    senders = {arrival.sender_id, record.sender_id or record.school_id} - {""}
    return not arrival.sender_id or len(senders) < 2


def _duplicate(desk: Desk, arrival: Arrival, known: Version) -> Decision:
    paper, _ = load_object(desk.house.store, known.record_id)
    event = papers.event(
        "duplicate", arrival.actor, arrival=arrival_values(arrival), version=known.n
    )
    deposit = Deposit(arrival.id, paper, event, {})
    relation = {"duplicate_of": known.record_id}
    return Decision("duplicate", known.record_id, known.n, relation, deposit)


@dataclass(frozen=True, slots=True)
class _Draft:
    arrival: Arrival
    filing: Filing
    thought: Thought

    @property
    def findings(self) -> Findings:
        return self.thought.judgement.findings

    @property
    def blank(self) -> bool:
        return self.thought.judgement.blank

    @property
    def reading(self) -> Reading | None:
        return self.thought.reading


def _place(desk: Desk, draft: _Draft) -> Decision:
    kind = desk.kinds.get(draft.filing.kind or "")
    identity = identity_of(draft.filing, desk.kinds)
    sketch, bands = draft.thought.sketch
    earlier = _earlier(desk, draft, identity, sketch)
    filing = draft.filing
    if earlier is not None and filing.status != Record.FILED:
        # What is not sure of itself never touches a record that stands (blank forms, doubts).
        filing = to_review(filing, f"可能是「{earlier.title}」的新版本，请核对")
    elif earlier is not None:
        alike = likeness.resemblance(sketch, earlier.versions.get(n=earlier.head).sketch)
        # With a form that nobody had filled in there is nothing to compare.
        if earlier.blank or not sketch or alike >= likeness.STRANGE:
            return _new_version(desk, draft, earlier, kind, identity, (sketch, bands))
        if identity and earlier.identity == identity:
            reason = (
                f"与已归档的「{earlier.title}」同属一项，内容却很少相同，请确认是新版本还是另一份"
            )
            filing = to_review(filing, reason)
    draft = replace(draft, filing=filing)
    return _new_record(desk, draft, kind, identity, (sketch, bands))


def _earlier(
    desk: Desk, draft: _Draft, identity: str | None, sketch: Sequence[int]
) -> Record | None:
    """The record this may be a new version of: the same identity, else the same inbox path."""
    arrival = draft.arrival
    if identity and not (desk.looked_up and identity in desk.looked_up.unheard):
        found = _of_identity(draft, identity, sketch)
        if found is not None:
            return found
    place = (arrival.inbox, arrival.path)
    if not has_place(arrival) or (desk.looked_up and place not in desk.looked_up.places):
        return None
    before = (
        Arrival.objects.filter(inbox=arrival.inbox, path=arrival.path, member="")
        .exclude(record=None)
        .select_related("record")
        .order_by("-id")
        .first()
    )
    if before is None or before.record is None:
        return None
    if identity and before.record.identity and before.record.identity != identity:
        return None
    return before.record


def _of_identity(draft: _Draft, identity: str, sketch: Sequence[int]) -> Record | None:
    """The filled-in record of this identity; rather one that the rules took for it too before a
    person corrected it, if the contents are near copies (they make the same slip again); else the
    form that the same sender had handed in before it was filled in."""
    either = Q(identity=identity) | Q(proposed_identity=identity)
    # Ordered here: asked for an order, the database might walk all records in it.
    rows = Record.objects.filter(either).order_by()[:_CANDIDATES]
    found = sorted(rows, key=lambda r: r.received, reverse=True)
    same = [r for r in found if r.identity == identity]
    filled = next((r for r in same if not r.blank), None)
    slips = [(_alike(r, sketch), r) for r in found if r.identity != identity and not r.blank]
    best, slip = max(slips, key=lambda one: one[0], default=(0.0, None))
    if best >= likeness.NEAR and (filled is None or best > _alike(filled, sketch)):
        return slip
    if filled is not None or draft.blank:
        return filled
    # A blank form is nobody's paper yet, but its sender's.
    return next((r for r in same if r.sender_id == draft.arrival.sender_id), None)


def _alike(record: Record, sketch: Sequence[int]) -> float:
    return likeness.resemblance(sketch, record.versions.get(n=record.head).sketch)


def _new_record(
    desk: Desk,
    draft: _Draft,
    kind: Kind | None,
    identity: str | None,
    sketch: tuple[list[int], list[int]],
) -> Decision:
    record_id = uuid7()
    version, read = _version(draft, 1, sketch), draft.thought.read
    paper: Paper = {
        "id": record_id,
        "county": draft.arrival.county_id,
        "status": draft.filing.status,
        "sender": draft.arrival.sender_id,
        "filing": {},
        "sections": [],
        "missing_fields": [],
        "blank": draft.blank,
        "error": read.to_json() if isinstance(read, ReadError) else None,
        "identity": identity,
        "proposed_identity": identity,
        "near": _near(desk, sketch, ""),
        "retention": "",
        "received": draft.arrival.first_seen.astimezone(UTC).isoformat(),
        "settled": False,
        "versions": [version],
    }
    papers.refile(paper, draft.filing, draft.findings, kind)
    return _deposited(draft, paper, version, "received", {})


def _new_version(
    desk: Desk,
    draft: _Draft,
    earlier: Record,
    kind: Kind | None,
    identity: str | None,
    sketch: tuple[list[int], list[int]],
) -> Decision:
    """The newest content speaks for the record, save where a person had settled its filing."""
    paper, _ = load_object(desk.house.store, earlier.id)
    version = _version(draft, paper["versions"][-1]["n"] + 1, sketch)
    paper["versions"].append(version)
    paper["near"] = _near(desk, sketch, earlier.id)
    if paper["blank"] and not draft.blank:
        paper["received"] = version["received"]  # a blank form handed nothing in
    paper["blank"] = draft.blank
    paper["error"] = None
    if paper["settled"]:
        kept = desk.kinds.get(paper["filing"]["kind"] or "")
        if draft.reading and kept:
            findings = papers.findings_json(
                findings_of(draft.reading, kept, filing_from_json(paper["filing"]))
            )
            paper["sections"], paper["missing_fields"] = findings
    else:
        papers.refile(paper, draft.filing, draft.findings, kind)
        paper["status"], paper["identity"] = draft.filing.status, identity or paper["identity"]
        paper["proposed_identity"] = paper["identity"]
    return _deposited(draft, paper, version, "version", {"new_version_of": earlier.id})


def _version(draft: _Draft, n: int, sketch: tuple[list[int], list[int]]) -> VersionPaper:
    arrival = draft.arrival
    name = clues(arrival).name
    return {
        "n": n,
        "name": name,
        "logical": papers.logical_path(n, name),
        "sha256": arrival.sha256,
        "size": arrival.size,
        "format": draft.reading.format if draft.reading else "",
        "reading": draft.reading.status if draft.reading else "none",
        "received": arrival.first_seen.astimezone(UTC).isoformat(),
        "sketch": sketch[0],
        "bands": sketch[1],
        "arrival": arrival.id,
        "recognition": papers.WAITING if draft.reading and draft.reading.scanned else "",
    }


def _deposited(
    draft: _Draft, paper: Paper, version: VersionPaper, type_: str, relation: dict[str, str]
) -> Decision:
    arrival = draft.arrival
    event = papers.event(
        type_,
        arrival.actor,
        version=version["n"],
        name=version["name"],
        status=paper["status"],
        arrival=arrival_values(arrival),
    )
    deposit = Deposit(arrival.id, paper, event, {version["logical"]: staged_file(arrival.id)})
    return Decision(paper["status"], paper["id"], version["n"], relation, deposit)


def _near(desk: Desk, sketch: tuple[list[int], list[int]], own: str) -> list[dict[str, Any]]:
    """Near copies among what was kept, best first: [{"id", "title", "likeness"}]."""
    smallest, bands = sketch
    best: dict[str, tuple[float, str]] = {}
    for record_id, title, other in _sharing_a_band(desk, bands) if bands else ():
        alike = likeness.resemblance(smallest, other)
        better = alike > best.get(record_id, (0.0, ""))[0]
        if record_id != own and alike >= likeness.NEAR and better:
            best[record_id] = (alike, title)
    ranked = sorted(best.items(), key=lambda item: -item[1][0])[:5]
    return [{"id": i, "title": t, "likeness": round(a, 2)} for i, (a, t) in ranked]


def _sharing_a_band(desk: Desk, bands: list[int]) -> Iterator[tuple[str, str, list[int]]]:
    """(record id, title, sketch) of contents that may be near copies, those of the batch too."""
    for deposit in desk.beside:
        paper = deposit.paper
        newest = paper["versions"][-1]
        if any(one == other for one, other in zip(newest["bands"], bands, strict=False)):
            yield paper["id"], paper["filing"]["title"], newest["sketch"]
    kept = desk.looked_up.kept if desk.looked_up else sharing([bands], 50)
    for record_id, title, sketch, others in kept:
        if any(one == other for one, other in zip(others, bands, strict=False)):
            yield record_id, title, sketch
