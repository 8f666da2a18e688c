"""Where the live objects of a show stand ([MS-PPT] 2.3): every save appends an edit and leaves the
old copies behind; the newest edit's directory, then the older ones', say which copy counts."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.errors import ReadError
from indexer.readers.ppt.records import (
    CRYPT_SESSION,
    DIRECTORY,
    DOCUMENT,
    HEADER,
    USER_EDIT,
    Record,
    Records,
)

#: headerToken of an encrypted show ([MS-PPT] 2.3.2); 0xE391C05F of an open one.
_ENCRYPTED_TOKEN = 0xF3D1C4DF
#: More saves than any real file has had without being written anew.
_EDITS = 10_000
#: How many edits are tried from the end of the stream where the current one is not to be found.
_TRIES = 50
#: A directory of all object numbers there can be, 20 bits, each in a run of its own
#: ([MS-PPT] PersistDirectoryEntry).
_VALUES = 2 << 20
#: Header of a UserEditAtom from its type on: 28 bytes long, 32 with an encryption session.
_EDIT_MARKS = (b"\xf5\x0f\x1c\x00\x00\x00", b"\xf5\x0f\x20\x00\x00\x00")


@dataclass(frozen=True, slots=True)
class Directory:
    """The live document, and the offset of every live object by its number."""

    document: Record
    offsets: dict[int, int]


def read_directory(records: Records, current_user: bytes) -> Directory | None:
    """The directory; None where it is damaged. Raises ReadError("encrypted")."""
    token, offset = struct.unpack_from("<II", current_user.ljust(20, b"\0"), HEADER + 4)
    if token == _ENCRYPTED_TOKEN:
        raise ReadError("encrypted", "headerToken")
    for start in (offset, *_edits_from_the_end(records.data)):
        found = _directory(records, start)
        if found is not None:
            return found
    return None


def _edits_from_the_end(data: bytes) -> Iterator[int]:
    end = len(data)
    for _ in range(_TRIES):
        end = max(data.rfind(mark, 0, end) for mark in _EDIT_MARKS)
        if end < 2:
            return
        yield end - 2


def _directory(records: Records, start: int) -> Directory | None:
    offsets: dict[int, int] = {}
    number = 0
    for edit in _edits(records, start):
        # The newest edit wins.
        for entry, offset in _entries(records, records.at(records.number(edit, 12))):
            offsets.setdefault(entry, offset)
        number = number or records.number(edit, 16)
        if edit.end - edit.start >= 32:
            session = records.at(offsets.get(records.number(edit, 28), -1))
            if session is not None and session.kind == CRYPT_SESSION:
                raise ReadError("encrypted", "CryptSession10Container")
    document = records.at(offsets.get(number, -1))
    if document is None or document.kind != DOCUMENT or not document.container:
        return None
    return Directory(document, offsets)


def _edits(records: Records, offset: int) -> Iterator[Record]:
    """The edits from the one at `offset` back to the first."""
    seen: set[int] = set()
    while offset not in seen and len(seen) < _EDITS:
        edit = records.at(offset)
        if edit is None or edit.kind != USER_EDIT or edit.end - edit.start < 28:
            return
        yield edit
        seen.add(offset)
        offset = records.number(edit, 8)
        if offset == 0:
            return


def _entries(records: Records, directory: Record | None) -> Iterator[tuple[int, int]]:
    """(object number, offset): runs of offsets, each run under its first number and its length."""
    if directory is None or directory.kind != DIRECTORY:
        return
    count = min((directory.end - directory.start) // 4, _VALUES)
    records.spend(count // 4)
    values = struct.unpack_from(f"<{count}I", records.data, directory.start)
    at = 0
    while at < count:
        first, length = values[at] & 0xFFFFF, values[at] >> 20
        yield from enumerate(values[at + 1 : at + 1 + length], first)
        at += 1 + length
