"""The originals of many papers as one zip that is sent while it is made: a folder a school, and a
list of what is in it. Nothing of it is kept, neither in memory nor on the disk.

Every original is read through against its digest before its first byte is sent; one that is gone
or damaged is told of in the list and left out.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.durable import StoreError
from archive.result_list import COLUMNS, csv_lines
from indexer.bundles.names import safe, unique

#: Files and bytes of one parcel: what a browser on a county's line fetches in one go. The bytes
#: are below 2^31, so that no member needs the sizes of Zip64, which old unpackers do not know.
MOST_FILES, MOST_BYTES = 1_000, 2_000_000_000
LIST = "清单.csv"
PACKED, GONE, DAMAGED, CUT = (
    "已打包", "原件不在库中，没有打包", "原件与登记的校验值不符，没有打包",
    "原件读到一半出错，包里的这份不完整",
)  # fmt: skip
_PIECE = 1 << 20
#: Characters of a name: with its folder and the place it is unpacked to, below Windows' 260.
_NAME = 120


@dataclass(frozen=True, slots=True)
class Original:
    """One file to be packed: its folder and name as people write them, where its bytes stand
    (asked only when its turn comes), its digest, and its line of the list (COLUMNS)."""

    folder: str
    name: str
    place: Callable[[], Path]
    sha256: str
    size: int
    received: datetime
    line: Sequence[str]


def pieces(originals: Sequence[Original]) -> Iterator[bytes]:
    """The zip, piece by piece."""
    pipe = _Pipe()
    lines: list[Sequence[str]] = [("压缩包内的文件", "说明", *COLUMNS)]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for original, place in zip(originals, places(originals), strict=True):
            became = yield from _add(packed, pipe, original, place)
            inside = place if became in (PACKED, CUT) else ""
            lines.append((inside, became, *original.line))
        packed.writestr(_member(LIST, datetime.now()), b"".join(csv_lines(lines)))
    yield from pipe.taken()


def _add(
    packed: zipfile.ZipFile, pipe: _Pipe, original: Original, place: str
) -> Generator[bytes, None, str]:
    """Pack one file; what became of it."""
    try:
        file = original.place().open("rb")
    except (OSError, StoreError):
        return GONE
    with file:
        if not _sound(file, original.sha256):
            return DAMAGED
        member = _member(place, original.received)
        member.file_size = original.size
        with packed.open(member, "w") as target:
            try:
                while piece := file.read(_PIECE):
                    target.write(piece)
                    yield from pipe.taken()
            except OSError:
                return CUT
    return PACKED


def _sound(file: io.BufferedReader, sha256: str) -> bool:
    try:
        right = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        file.seek(0)
    except OSError:
        return False
    return right


def _member(place: str, at: datetime) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(place, (max(at.year, 1980), *at.timetuple()[1:6]))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member


class _Pipe(io.RawIOBase):
    """What a ZipFile writes to: no place to go back to, emptied after each piece."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(self._waiting[-1])

    def taken(self) -> Iterator[bytes]:
        waiting, self._waiting = self._waiting, []
        whole = b"".join(waiting)
        if whole:
            yield whole


def places(originals: Sequence[Original]) -> list[str]:
    """Where each stands inside the zip: a name that Explorer unpacks, each once, also where case
    does not count; the list's own name is taken."""
    named = (unicodedata.normalize("NFC", f"{_one(o.folder)}/{_one(o.name)}") for o in originals)
    return unique([LIST, *(safe(name, _NAME) for name in named)])[1:]


def _one(name: str) -> str:
    """A name of one folder or file: no part of a path."""
    plain = re.sub(r"[/\\]", "_", name)
    return plain if plain.strip(" .") else "未命名"
