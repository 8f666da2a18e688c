"""The catalogue and the index made anew from the store: the same records, events and answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from archive import index_folder, journal, quarantine
from archive.catalogue import arrival_rows, enter
from archive.deposit import load_object
from archive.entries import entry
from archive.errors import ArchiveError
from archive.house import House
from archive.ids import uuid7
from archive.models import Arrival, Event, IssuedForm, Order, Record, RegisterSnapshot, Version
from archive.paper import OBJECT
from archive.registering import restore_register
from indexer.engines import open_engine
from indexer.errors import ReadError

T = TypeVar("T")
BATCH = 200
#: (done, in all) of the step named.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    records: int
    events: int
    unreadable: int


def rebuild(house: House, progress: Progress = lambda step, done, total: None) -> Rebuilt:
    """Rebuild catalogue rows and index. Nothing in the store is changed; open arrivals and users
    stay. The old index serves until the new one is swapped in. Raises ArchiveError('busy')."""
    lock = house.locks.try_index()
    if lock is None:
        raise ArchiveError("busy", "档案库正在运行，不能重建", "请先停止 yanxiu serve 再重建")
    with lock, house.locks.deciding():
        house.store.recover()
        objects = sorted(house.store.objects())
        _catalogue(house, objects, progress)
        unreadable = _readings(house, progress)
        reindex(house, progress)
    return Rebuilt(Record.objects.count(), Event.objects.count(), unreadable)


def _catalogue(house: House, objects: list[str], progress: Progress) -> None:
    with transaction.atomic():
        under_way = list(Arrival.objects.filter(state__in=("staged", "decided")))
        for model in (Order, Arrival, Version, Event, Record, IssuedForm, RegisterSnapshot):
            model.objects.all().delete()
        restore_register(house)
        records = [o.removeprefix(OBJECT) for o in objects if o.startswith(OBJECT)]
        for done, batch in _batches(records):
            loaded = [load_object(house.store, record_id) for record_id in batch]
            enter(loaded, orders=False)
            _arrivals(arrival_rows(e, paper["id"]) for paper, es in loaded for e in es)
            progress("目录", done, len(records))
        _arrivals(arrival_rows(e, None) for e in quarantine.outcomes(house, objects))
        journal.restore(house, objects)
        Arrival.objects.bulk_create(under_way, ignore_conflicts=True)


def _arrivals(found: Iterable[list[Arrival]]) -> None:
    """Bundles come before their members; a bundle named by several members is made once."""
    rows = {row.id: row for group in found for row in group}
    for depth in sorted({row.depth for row in rows.values()}):
        level = [row for row in rows.values() if row.depth == depth]
        Arrival.objects.bulk_create(level, BATCH, ignore_conflicts=True)


def _readings(house: House, progress: Progress) -> int:
    """Read again what the cache of readings has lost; how many could not be read."""
    heads = Version.objects.filter(n=F("record__head")).exclude(reading="none")
    lost = [v for v in heads if house.reading(v.sha256) is None]
    unreadable = 0
    if not lost:
        return 0
    with house.pool() as pool:
        for done, batch in _batches(lost):
            futures = [(v, pool.submit(_content(house, v), v.name)) for v in batch]
            for version, future in futures:
                try:
                    house.readings.save(version.sha256, future.result())
                except ReadError:
                    unreadable += 1
            progress("读取", done, len(lost))
    return unreadable


def _content(house: House, version: Version) -> Path:
    return house.store.path(OBJECT + version.record_id, version.logical)


def reindex(house: House, progress: Progress = lambda step, done, total: None) -> None:
    """Build a new index from the catalogue beside the one that serves, then swap. The caller
    holds the index lock."""
    root, old = house.home / "index", house.index_folder
    new = root / f"i-{uuid7()}"
    engine = open_engine(house.settings.engine, new, writable=True)
    register, total = house.register, Record.objects.count()
    ids = list(Record.objects.order_by("id").values_list("id", flat=True))
    for done, batch in _batches(ids):
        records = Record.objects.filter(id__in=batch).prefetch_related("versions")
        engine.apply([entry(house, register, r) for r in records])
        progress("索引", done, total)
    engine.close()
    index_folder.serve(new)
    if old.exists() and old != new:
        shutil.rmtree(old, ignore_errors=True)


def _batches(items: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        yield start + len(batch), batch
