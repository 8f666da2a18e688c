"""Carrying decisions out: store, then catalogue; and finishing what a dead process left half done.

From decision to commit one process of the archive works at a time. So whoever takes the
deciding lock and finds something decided but not committed knows that its owner died, and
finishes it before anything else is decided.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from archive import quarantine
from archive.decide import Decision
from archive.deposit import DAMAGED, Deposit, enter_all, store_all
from archive.durable import StoreError
from archive.faults import point
from archive.house import House
from archive.models import Amendment, Arrival
from archive.paper import OBJECT
from archive.staging import hash_file, staged_file, unstage

log = logging.getLogger("yanxiu.settling")


@contextmanager
def deciding(house: House) -> Iterator[None]:
    """The right to decide and change papers, with unfinished work finished first."""
    with house.locks.deciding():
        _finish_arrivals(house)
        _finish_amendments(house)
        yield


def finish(house: House) -> None:
    """Finish what was decided and not committed, if there is any (after a full disk, say)."""
    if Arrival.objects.filter(state="decided").exists() or Amendment.objects.exists():
        with deciding(house):
            pass


def carry_out(house: House, decided: Sequence[tuple[Arrival, Decision]]) -> None:
    """Store what was decided, enter it into the catalogue and close the arrivals' jobs."""
    deposits = [d.deposit for _, d in decided if d.deposit is not None]
    if deposits:
        store_all(house.store, house.staging, deposits)
    point("ingest-stored")
    for arrival, decision in decided:
        if decision.outcome == "quarantined":
            quarantine.keep(house, arrival, decision.error or {})
    with transaction.atomic():
        enter_all(deposits)
        for arrival, decision in decided:
            _commit(arrival, decision)
    point("ingest-committed")
    for arrival, decision in decided:
        # A quarantined file of an inbox (or of a bundle in it) is moved out by the door, which
        # may need the staged bytes.
        if not (arrival.source == "folder" and decision.outcome == "quarantined"):
            unstage(house.staging, arrival.id)


def carry_out_amendment(house: House, deposit: Deposit) -> None:
    store_all(house.store, house.staging, [deposit])
    with transaction.atomic():
        enter_all([deposit])
        Amendment.objects.filter(id=deposit.event["id"]).delete()


def _commit(arrival: Arrival, decision: Decision) -> None:
    arrival.state = "committed" if arrival.source == "folder" else "done"
    arrival.outcome = decision.outcome
    arrival.error = decision.error
    arrival.record_id = decision.record_id or None
    arrival.version = decision.version or None
    arrival.decision = {"relation": decision.relation}
    arrival.save(update_fields=("state", "outcome", "error", "record", "version", "decision"))


def _finish_arrivals(house: House) -> None:
    for arrival in Arrival.objects.filter(state="decided").select_related("bundle"):
        try:
            _finish_arrival(house, arrival)
        except StoreError as error:
            if error.code not in DAMAGED:
                raise
            # Decided anew, what it was to change is found damaged, and a person is asked.
            log.exception("%s: what it belongs to is damaged; decided anew", arrival.path)
            Arrival.objects.filter(id=arrival.id).update(state="staged", decision=None)


def _finish_arrival(house: House, arrival: Arrival) -> None:
    decision = Decision.from_json(arrival.decision or {})
    if sound(house, arrival) or _stored(house, decision):
        carry_out(house, [(arrival, decision)])
        return
    # The bytes are still where they came from: they will be offered again.
    log.warning("staged copy of %s was lost; forgotten until offered again", arrival.path)
    unstage(house.staging, arrival.id)
    arrival.delete()


def _finish_amendments(house: House) -> None:
    for row in Amendment.objects.order_by("id"):
        try:
            carry_out_amendment(house, Deposit.from_json(row.deposit))
        except StoreError as error:
            if error.code not in DAMAGED:
                raise
            # It waits for the record's repair; the rest of the archive must not wait with it.
            log.exception("change %s of record %s must wait", row.id, row.record_id)


def sound(house: House, arrival: Arrival) -> bool:
    """Is the staged copy whole? After a power cut it may be short (it is not synced where the
    original stays in its place)."""
    path = house.staging / staged_file(arrival.id)
    if not arrival.sha256:
        return bool(arrival.error)
    return path.exists() and hash_file(path) == arrival.sha256


def _stored(house: House, decision: Decision) -> bool:
    return decision.deposit is None or is_stored(house, decision.deposit)


def is_stored(house: House, deposit: Deposit) -> bool:
    """Does the store hold the version that this deposit was to make?"""
    object_id, token = OBJECT + deposit.paper["id"], f"[{deposit.token}]"
    if not house.store.exists(object_id):
        return False
    return any(v.message.endswith(token) for v in house.store.versions(object_id))
