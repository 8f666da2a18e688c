"""Putting a decision into the store and then into the catalogue, so that a kill anywhere leaves
either nothing or something that the next process finishes.

A `Deposit` is written to the database first (an arrival's decision, or an Amendment). The store
follows, idempotent by the deposit's token; then rows, events and index orders in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.catalogue import enter
from archive.faults import point
from archive.ocfl import Draft, Store
from archive.paper import OBJECT, EventPaper, Paper

#: Codes of StoreError that say an object itself is broken, not the disk or the moment.
DAMAGED = frozenset({"store_damaged", "store_missing"})

_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Deposit:
    """`paper` is the record as it will stand, `event` what happened; `content` maps a logical
    path to a staged file, relative to
    the house's staging folder, `texts` one to what is to stand in it. `token` makes the store's
    write idempotent."""

    token: str
    paper: Paper
    event: EventPaper
    content: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def expect(self) -> dict[str, str]:
        """sha256 of the contents that are to be stored, by logical path."""
        versions = self.paper["versions"]
        return {v["logical"]: v["sha256"] for v in versions if v["logical"] in self.content}

    def to_json(self) -> dict[str, Any]:
        # Not asdict: it copies every list of the paper, only to be written as JSON at once.
        return {
            "token": self.token,
            "paper": self.paper,
            "event": self.event,
            "content": self.content,
            "texts": self.texts,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Deposit:
        return cls(
            data["token"], data["paper"], data["event"], dict(data["content"]),
            dict(data.get("texts", {})),
        )  # fmt: skip


def store_all(store: Store, staging: Path, deposits: Sequence[Deposit]) -> None:
    """Write every deposit's object durably, read back and matched. Deposits of one batch must
    concern different records. Raises StoreError; what was written stays and is found by token."""
    store.put_all([_draft(store, staging, deposit) for deposit in deposits])
    for _ in deposits:
        point("deposit-stored")


def _draft(store: Store, staging: Path, deposit: Deposit) -> Draft:
    object_id = OBJECT + deposit.paper["id"]
    add: dict[str, Path | bytes] = {name: staging / p for name, p in deposit.content.items()}
    add |= {name: text.encode() for name, text in deposit.texts.items()}
    add["record.json"] = dump(deposit.paper)
    add["events.jsonl"] = _events(store, object_id) + line(deposit.event)
    return Draft(
        object_id,
        add,
        message=deposit.event["type"],
        user=(deposit.event["actor"] or "yanxiu", ""),
        created=datetime.fromisoformat(deposit.event["at"]),
        token=deposit.token,
        expect=deposit.expect,
    )


def enter_all(deposits: Sequence[Deposit]) -> None:
    """Catalogue rows, events and index orders of deposits that the store holds."""
    enter([(d.paper, [d.event]) for d in deposits])


def _events(store: Store, object_id: str) -> bytes:
    return store.read(object_id, "events.jsonl") if store.exists(object_id) else b""


def dump(value: Mapping[str, Any]) -> bytes:
    """A line for each value, to be read without tools. What is inside of them is not broken up:
    json's own `indent` is Python and takes three times as long."""
    lines = (f" {_plain(key)}: {_plain(value[key])}" for key in sorted(value))
    return ("{\n" + ",\n".join(lines) + "\n}").encode()


def line(value: Any) -> bytes:
    return _plain(value).encode() + b"\n"


def load_object(store: Store, record_id: str) -> tuple[Paper, list[EventPaper]]:
    """The paper of a record and all its events, as the store holds them."""
    object_id = OBJECT + record_id
    paper = json.loads(store.read(object_id, "record.json"))
    events = store.read(object_id, "events.jsonl").decode().splitlines()
    return paper, [json.loads(e) for e in events]
