"""A .docx as a zip: read within bounds; written so that what never changes is never packed twice.

A `Base` holds the unchanged members as they come out of the compressor. A document is the base,
the changed members behind it, and a new directory (bench/forms.py measures it). All dates are
fixed, so the same input gives the same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from generator.errors import FormError

MAX_MEMBERS = 500
MAX_DIRECTORY_BYTES = 256 * 1024
MAX_MEMBER_BYTES = 16 * 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024

#: 1980-01-01 00:00, the zero of the zip format (APPNOTE 4.4.6).
_DOS_TIME, _DOS_DATE = 0, (1 << 5) | 1
#: The end record: 22 bytes and a comment of at most 65535, and a zip64 locator before it.
_END_SEARCH = 22 + 65535 + 20
_UTF8_NAME = 0x800
#: What is packed once, and what is packed for every copy: at 6 the text of a stage report takes
#: 129 µs and 1.6 kB, at 3 55 µs and 1.7 kB.
_LEVEL, _QUICK = 6, 3
#: Of the compressor, in zlib's own measure (8 is its default): parts of some kilobytes are packed
#: to the same size with a quarter of it, which need not be made ready for each.
_MEMORY = 6
_COMPRESSED = (".png", ".jpg", ".jpeg")
#: A part up to this size is stored as it is: to pack the properties of a copy, 0.6 kB to 0.3 each,
#: takes 7 % of the time of a copy.
_SMALL = 1_000


def read_package(data: bytes) -> dict[str, bytes]:
    """Every member of a .docx by name, in the order of its directory.

    Raises `FormError` not_docx for what is no zip, is encrypted, has a name twice or one that
    climbs out of the package; too_large beyond the limits above (sizes are counted while
    unpacking, whatever the directory claims).
    """
    try:
        stream = io.BytesIO(data)
        if not directory_fits(stream):
            raise FormError("too_large", "directory of the package")
        with zipfile.ZipFile(stream) as archive:
            return _members(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise FormError("not_docx", str(error)) from error


def directory_fits(stream: BinaryIO) -> bool:
    """Whether the zip directory is small enough to be read at all; no zip64, which no .docx needs.

    Looked up before `zipfile` reads it, which would hold every entry of a hostile file in memory.
    """
    stream.seek(0, io.SEEK_END)
    start = max(0, stream.tell() - _END_SEARCH)
    stream.seek(start)
    tail = stream.read(_END_SEARCH)
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return True  # no zip: zipfile says so
    count, size = struct.unpack_from("<HL", tail, at + 10)
    zip64 = at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07"
    return not zip64 and count <= MAX_MEMBERS and size <= MAX_DIRECTORY_BYTES


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise FormError("too_large", f"{len(infos)} members")
    members: dict[str, bytes] = {}
    left = MAX_TOTAL_BYTES
    for info in infos:
        if info.flag_bits & 0x1:
            raise FormError("not_docx", "encrypted member")
        if info.filename in members or _climbs(info.filename):
            raise FormError("not_docx", f"bad member name {info.filename!r}")
        members[info.filename] = read_member(archive, info, min(left, MAX_MEMBER_BYTES))
        left -= len(members[info.filename])
    return members


def _climbs(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """One member, at most `limit` bytes of it unpacked; more raises `FormError` too_large."""
    with archive.open(info) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise FormError("too_large", f"{info.filename} unpacks to more than {limit} bytes")
    return data


def _packed(name: str, data: bytes, level: int) -> tuple[bytes, bytes, bytes]:
    """(local header and data, directory entry before and behind its offset) of one member:
    deflated, save for what is small and for pictures, which are compressed already."""
    method, body = 0, data
    if len(data) > _SMALL and not name.lower().endswith(_COMPRESSED):
        packer = zlib.compressobj(level, zlib.DEFLATED, -15, _MEMORY)
        method, body = zlib.DEFLATED, packer.compress(data) + packer.flush()
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8_NAME
    common = struct.pack(
        "<HHHHHLLLHH", 20, flags, method, _DOS_TIME, _DOS_DATE, zlib.crc32(data), len(body),
        len(data), len(raw), 0,
    )  # fmt: skip
    local = b"PK\x03\x04" + common + raw + body
    entry = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHL", 0, 0, 0, 0)
    return local, entry, raw


class Base:
    """The members of a form that are the same in every copy, packed once."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._packed = {name: _packed(name, data, _LEVEL) for name, data in members.items()}
        self._body, self._directory = _laid_out(self._packed.values(), 0)

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """A whole .docx: the base and `parts`, which replace members of their name."""
        body, directory, count = self._body, self._directory, len(self._packed)
        if not parts.keys().isdisjoint(self._packed):
            left = [packed for name, packed in self._packed.items() if name not in parts]
            (body, directory), count = _laid_out(left, 0), len(left)
        packed = [_packed(name, data, _QUICK) for name, data in parts.items()]
        more, entries = _laid_out(packed, len(body))
        count, size = count + len(packed), len(directory) + len(entries)
        end = struct.pack("<HHHHLLH", 0, 0, count, count, size, len(body) + len(more), 0)
        return b"".join((body, more, directory, entries, b"PK\x05\x06", end))


def _laid_out(members: Iterable[tuple[bytes, bytes, bytes]], offset: int) -> tuple[bytes, bytes]:
    """Packed members one behind the other from `offset` on, and their directory."""
    bodies: list[bytes] = []
    entries: list[bytes] = []
    for local, entry, name in members:
        bodies.append(local)
        entries += (entry, struct.pack("<L", offset), name)
        offset += len(local)
    return b"".join(bodies), b"".join(entries)
