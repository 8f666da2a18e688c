"""The outbox of the index: orders written with the catalogue, applied by whoever holds the index.

Exactly one process writes the index at a time. Applying an order twice does no harm, so a kill
between the engine's commit and the deletion of the orders costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from filelock import FileLock

from archive.entries import entry
from archive.faults import point
from archive.house import House
from archive.models import Order, Record
from archive.rebuild import reindex
from indexer.engines import Engine, StampError, open_engine

BATCH = 500


class Indexer:
    """The single writer, for as long as it is open. `claim` returns None while another has it."""

    def __init__(self, house: House, lock: FileLock, engine: Engine) -> None:
        self.house, self._lock, self.engine = house, lock, engine

    @classmethod
    def claim(cls, house: House) -> Indexer | None:
        lock = house.locks.try_index()
        if lock is None:
            return None
        try:
            return cls(house, lock, _writer(house))
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        self.engine.close()
        self._lock.release()

    def apply(self) -> int:
        """Apply all orders waiting now; how many records were brought up to date."""
        applied = 0
        while orders := list(Order.objects.order_by("id")[:BATCH]):
            self._apply(sorted({o.record_id for o in orders}))
            point("index-applied")
            Order.objects.filter(id__in=[o.id for o in orders]).delete()
            point("index-done")
            applied += len(orders)
        return applied

    def _apply(self, record_ids: Sequence[str]) -> None:
        records = Record.objects.filter(id__in=record_ids).prefetch_related("versions")
        register = self.house.register
        found = {r.id: entry(self.house, register, r) for r in records}
        self.engine.apply(found.values(), [i for i in record_ids if i not in found])


def _writer(house: House) -> Engine:
    """The engine for writing; an index of another analyser or version is first made anew."""
    try:
        return open_engine(house.settings.engine, house.index_folder, writable=True)
    except StampError:
        reindex(house)
        return open_engine(house.settings.engine, house.index_folder, writable=True)


def wait(house: House, record_ids: Collection[str], seconds: float = 120) -> bool:
    """Return when no order for these records is left: they are searchable. Applies the orders
    itself where nobody else does. False when time ran out."""
    until = time.monotonic() + seconds
    ids = list(record_ids)
    while time.monotonic() < until:
        indexer = Indexer.claim(house)
        if indexer is not None:
            try:
                indexer.apply()
            finally:
                indexer.close()
        if not _waiting(ids):
            return True
        time.sleep(0.05)
    return False


def _waiting(ids: Sequence[str]) -> bool:
    chunks = (ids[i : i + 500] for i in range(0, len(ids), 500))
    return any(Order.objects.filter(record_id__in=chunk).exists() for chunk in chunks)
