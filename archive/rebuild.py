"""The catalogue and the index made anew from the store: the same records, events and answers."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F

from archive import index_folder, journal, outcomes, own_templates, recognition
from archive.catalogue import arrival_rows, enter
from archive.deposit import DAMAGED, load_object
from archive.durable import StoreError
from archive.entries import entry
from archive.errors import ArchiveError
from archive.house import House
from archive.ids import uuid7
from archive.models import (
    Arrival,
    Cover,
    Event,
    IssuedCopy,
    IssuedForm,
    Order,
    Record,
    RegisterSnapshot,
    Version,
)
from archive.paper import DONE, OBJECT
from archive.registering import restore_register
from indexer.engines import Entry, open_engine
from indexer.errors import ReadError

log = logging.getLogger("yanxiu.rebuild")

T = TypeVar("T")
BATCH = 200
#: Records of one commit to the new index, which serves nobody yet: every commit leaves a segment
#: that is merged again, and what one holds waits in memory.
COMMITTED = 1_000
#: (done, in all) of the step named.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`damaged`: objects that could not be brought back; `yanxiu verify` names what is wrong."""

    records: int
    events: int
    unreadable: int
    damaged: tuple[str, ...] = ()


def rebuild(house: House, progress: Progress = lambda step, done, total: None) -> Rebuilt:
    """Rebuild catalogue rows and index. Nothing in the store is changed; open arrivals and users
    stay. The old index serves until the new one is swapped in. Raises ArchiveError('busy')."""
    lock = house.locks.try_index()
    if lock is None:
        raise ArchiveError("busy", "档案库正在运行，不能重建", "请先停止 yanxiu serve 再重建")
    with lock, house.locks.deciding():
        house.store.recover()
        objects = sorted(house.store.objects())
        damaged = _catalogue(house, objects, progress)
        unreadable = _readings(house, progress)
        reindex(house, progress)
    return Rebuilt(Record.objects.count(), Event.objects.count(), unreadable, tuple(damaged))


def _catalogue(house: House, objects: list[str], progress: Progress) -> list[str]:
    """Returns the damaged objects, which are left out."""
    damaged: list[str] = []
    with transaction.atomic():
        under_way = _under_way()
        for model in (Order, Arrival, Cover, Version, Event, Record, IssuedForm, IssuedCopy,
                      RegisterSnapshot):  # fmt: skip
            # All of them go, so there is nothing to collect row by row (in memory) first.
            model.objects.all()._raw_delete(DEFAULT_DB_ALIAS)
        restore_register(house)
        told = (_loaded(damaged, o, outcomes.outcome, house, o) for o in outcomes.of(objects))
        _arrivals(arrival_rows(e, None) for e in told if e)
        records = [o.removeprefix(OBJECT) for o in objects if o.startswith(OBJECT)]
        for done, batch in _batches(records):
            read = [_loaded(damaged, OBJECT + i, load_object, house.store, i) for i in batch]
            loaded = [found for found in read if found]
            enter(loaded, orders=False)
            _arrivals(arrival_rows(e, paper["id"]) for paper, es in loaded for e in es)
            progress("目录", done, len(records))
        journal.restore(house, objects)
        own_templates.restore(house, objects)
        _resume(under_way)
    return damaged


def _loaded(damaged: list[str], object_id: str, load: Callable[..., T], *args: object) -> T | None:
    """What `load` brings back; None where the object is damaged, which is noted."""
    try:
        return load(*args)
    except StoreError as error:
        if error.code not in DAMAGED:
            raise
        log.error("left out, damaged: %s (%s)", object_id, error.detail)
        damaged.append(object_id)
        return None


def _under_way() -> list[Arrival]:
    """Arrivals whose work is not done, with the bundles they came in."""
    found = {a.id: a for a in Arrival.objects.exclude(state="done")}
    wanted = {a.bundle_id for a in found.values()} - set(found) - {None}
    while wanted:
        bundles = {a.id: a for a in Arrival.objects.filter(id__in=wanted)}
        found |= bundles
        wanted = {a.bundle_id for a in bundles.values()} - set(found) - {None}
    return list(found.values())


def _resume(under_way: list[Arrival]) -> None:
    """What the store knows the outcome of may still stand in its inbox; the rest is as it was."""
    there = set(
        Record.objects.filter(id__in=[a.record_id for a in under_way]).values_list("id", flat=True)
    )
    for arrival in under_way:
        arrival.record_id = arrival.record_id if arrival.record_id in there else None
    Arrival.objects.bulk_create(under_way, BATCH, ignore_conflicts=True)
    waiting = [a.id for a in under_way if a.state != "done" and a.source == "folder"]
    for _, batch in _batches(waiting):
        told = Arrival.objects.filter(id__in=batch, state="done")
        told.update(state="committed")


def _arrivals(found: Iterable[list[Arrival]]) -> None:
    """Bundles come before their members; a bundle named by several members is made once."""
    rows = {row.id: row for group in found for row in group}
    for depth in sorted({row.depth for row in rows.values()}):
        level = [row for row in rows.values() if row.depth == depth]
        Arrival.objects.bulk_create(level, BATCH, ignore_conflicts=True)


def _readings(house: House, progress: Progress) -> int:
    """Read again what the cache of readings has lost; how many could not be read."""
    heads = Version.objects.filter(n=F("record__head")).exclude(reading="none")
    heads = heads.only("sha256", "name", "logical", "record_id", "n", "recognition")
    lost = [v for v in heads.iterator(BATCH) if not _has_reading(house, v)]
    unreadable = 0
    if not lost:
        return 0
    with house.pool() as pool:
        for done, batch in _batches(lost):
            futures = [(v, pool.submit(_content(house, v), v.name)) for v in batch]
            for version, future in futures:
                try:
                    house.readings.save(version.sha256, future.result())
                except (ReadError, OSError):
                    unreadable += 1
            progress("读取", done, len(lost))
    return unreadable


def _has_reading(house: House, version: Version) -> bool:
    """In the cache, or brought back from the store: what was recognised of a scan is kept there."""
    if house.reading(version.sha256) is not None:
        return True
    return version.recognition == DONE and recognition.restore(house, version)


def _content(house: House, version: Version) -> Path:
    return house.store.path(OBJECT + version.record_id, version.logical)


def reindex(house: House, progress: Progress = lambda step, done, total: None) -> None:
    """Build a new index from the catalogue beside the one that serves, then swap. The caller
    holds the index lock."""
    root, old = house.home / "index", house.index_folder
    for left in root.glob("i-*"):  # by rebuilds that were killed
        if left != old:
            shutil.rmtree(left, ignore_errors=True)
    new = root / f"i-{uuid7()}"
    engine = open_engine(house.settings.engine, new, writable=True)
    made = _entries(house, progress)
    while batch := list(islice(made, COMMITTED)):
        engine.apply(batch)
    engine.close()
    index_folder.serve(new)
    if old.exists() and old != new:
        shutil.rmtree(old, ignore_errors=True)


def _entries(house: House, progress: Progress) -> Iterator[Entry]:
    """Of all records, fetched in batches."""
    register, total = house.register, Record.objects.count()
    ids = list(Record.objects.order_by("id").values_list("id", flat=True))
    for done, batch in _batches(ids):
        records = Record.objects.filter(id__in=batch).prefetch_related("versions")
        yield from (entry(house, register, record) for record in records)
        progress("索引", done, total)


def _batches(items: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        yield start + len(batch), batch
