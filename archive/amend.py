"""Changes to a record that do not come from a file: accepting and correcting its filing.

A change is first an Amendment row, then a version of the store's object, then catalogue rows; a
kill in between is finished by the next process that holds the deciding lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.deposit import Deposit, load_object
from archive.durable import StoreError
from archive.errors import unknown_record
from archive.house import House
from archive.models import Amendment, Record
from archive.paper import OBJECT, EventPaper, Paper
from archive.settling import carry_out_amendment, deciding, is_stored

#: Changes the paper in place and returns the event that says what happened.
Change = Callable[[Paper], EventPaper]


def amend(
    house: House, record_id: str, change: Change, texts: Mapping[str, str] | None = None
) -> Record:
    """Apply a change to a record, durably; `texts` are further files of its object by logical
    path. Raises ArchiveError('record_unknown')."""
    with deciding(house):
        if not house.store.exists(OBJECT + record_id):
            raise unknown_record(record_id)
        paper, _ = load_object(house.store, record_id)
        event = change(paper)
        deposit = Deposit(event["id"], paper, event, {}, dict(texts or {}))
        Amendment.objects.create(id=event["id"], record_id=record_id, deposit=deposit.to_json())
        try:
            carry_out_amendment(house, deposit)
        except (StoreError, OSError):
            # Who is told that it failed must not find it done later.
            if not is_stored(house, deposit):
                Amendment.objects.filter(id=event["id"]).delete()
            raise
    return Record.objects.get(id=record_id)
