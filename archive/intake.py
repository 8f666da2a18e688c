"""Files that come by hand: `yanxiu add` and the upload page."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive import recognition
from archive.errors import ArchiveError
from archive.house import House
from archive.ingest import Ingest
from archive.late_copies import comes_late
from archive.models import Arrival
from archive.outbox import wait
from archive.staging import Offer, as_text, claim, stage_stream

#: Files staged at one time, and their bytes: a large folder must not fill the disk with copies.
CHUNK, CHUNK_BYTES = 256, 256 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in: `label` is what it is called in the answers. `ignored` by a name rule."""

    label: str
    file: Path
    ignored: bool = False


def find(paths: Iterable[Path], ignored: Callable[[str], object]) -> list[Found]:
    """All files of the given files and folders, in the order they are taken in: late copies last,
    then by time, then by path. Links inside a folder are ignored: they may lead anywhere. Raises
    ArchiveError('path_missing') naming every missing path."""
    given = list(paths)
    missing = [p for p in given if not p.exists()]
    if missing:
        names = "、".join(as_text(str(p)) for p in missing)
        raise ArchiveError("path_missing", f"找不到：{names}", "请检查路径是否写对")
    found = [one for path in given for one in _walk(path, ignored)]
    return sorted(found, key=_order)


def _walk(path: Path, ignored: Callable[[str], object]) -> Iterator[Found]:
    if path.is_file():
        yield Found(as_text(str(path)), path, bool(ignored(path.name)))
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            left = file.is_symlink() or bool(ignored(name))
            yield Found(as_text(file.relative_to(path).as_posix()), file, left)


def _order(one: Found) -> tuple[bool, float, str]:
    try:
        modified = one.file.stat().st_mtime
    except OSError:
        modified = 0.0
    return (comes_late(one.file.name), modified, one.label)


def add(ingest: Ingest, found: Iterable[Found], *, actor: str = "", sender: str = "") -> list[str]:
    """Take files in and wait until what was kept is searchable; ids of all their arrivals, the
    members of bundles among them, in order. The files given are never changed."""
    ids: list[str] = []
    offers = [
        Offer("add", one.label, one.file, actor=actor, sender=sender)
        for one in found
        if not one.ignored
    ]
    ingest.expect(len(offers))
    for chunk in _chunks(offers):
        ids += [a.id for a in ingest.offer(chunk)]
        ingest.run()
    rows = list(_with_members(ids))
    kept = {str(a.record_id) for a in rows if a.record_id}
    if not wait(ingest.house, kept):
        raise ArchiveError(
            "index_slow", "文件已经收存，但索引迟迟没有更新", "稍后即可检索，不必重交"
        )
    return [a.id for a in rows]


def recognise(
    ingest: Ingest,
    ids: Sequence[str],
    progress: Callable[[int, int, int, int], None] = lambda done, total, page, pages: None,
) -> None:
    """Wait until the scans among these arrivals are recognised and searchable; recognised here
    where no other process of the archive does it."""
    rows = Arrival.objects.filter(id__in=ids).exclude(record=None)
    kept = {str(a) for a in rows.values_list("record_id", flat=True)}
    recognition.bring_through(ingest.house, ingest.pool, kept, progress)
    wait(ingest.house, kept)


def _chunks(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    chunk: list[Offer] = []
    size = 0
    for offer in offers:
        chunk.append(offer)
        with contextlib.suppress(OSError):
            size += offer.file.stat().st_size
        if len(chunk) >= CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _with_members(ids: list[str]) -> Iterator[Arrival]:
    for start in range(0, len(ids), 500):
        for arrival in Arrival.objects.filter(id__in=ids[start : start + 500]).order_by("id"):
            yield arrival
            if arrival.outcome == "unpacked":
                yield from _members(arrival)


def _members(arrival: Arrival) -> Iterator[Arrival]:
    for member in arrival.members.order_by("id"):
        yield member
        yield from _members(member)


def upload(
    house: House, name: str, stream: BinaryIO, *, sender_id: str = "", actor: str = ""
) -> Arrival:
    """Stage an uploaded file durably; the running service takes it from there."""
    offer = Offer("upload", logical_file_name(name), Path(name), actor=actor, sender=sender_id)
    arrival = stage_stream(house.staging, stream, offer)
    claim([arrival])
    return arrival


def logical_file_name(name: str) -> str:
    """The last part of a name as a browser gives it (some send whole Windows paths)."""
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "未命名"
