"""The records of a PowerPoint stream ([MS-PPT] 2.3.1): eight bytes of header, then the payload."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.errors import ReadError

#: The richest slide of the samples has 500 records; ten times as many as 300 of such have are
#: made to take time (measured: 4 s for 1.5 million).
_MOST = 1_500_000
HEADER = 8

# Record types ([MS-PPT] 2.13.24); the last six are the drawing's own ([MS-ODRAW] 2.2).
DOCUMENT, SLIDE, SLIDE_ATOM, NOTES, MASTER = 0x03E8, 0x03EE, 0x03EF, 0x03F0, 0x03F8
SLIDE_PERSIST, DRAWING, SLIDE_LIST = 0x03F3, 0x040C, 0x0FF0
HEADERS_FOOTERS, HEADERS_FOOTERS_ATOM = 0x0FD9, 0x0FDA
HEADER_FOOTER_PLACE, PLACE, OLE_OBJECT = 0x0420, 0x0BC3, 0x0BC1
OUTLINE_TEXT, TEXT_KIND, TEXT_WIDE, TEXT_NARROW, TEXT_STYLE = 0x0F9E, 0x0F9F, 0x0FA0, 0x0FA8, 0x0FA1
STYLE_9, OUTLINE_9, OUTLINE_HEADER_9, DOCUMENT_TAGS = 0x0FAC, 0x0FAE, 0x0FAF, 0x07D0
USER_EDIT, DIRECTORY, CRYPT_SESSION, CURRENT_USER = 0x0FF5, 0x1772, 0x2F14, 0x0FF6
TAGS, TAG, TAG_DATA, STRING, COMMENT = 0x1388, 0x138A, 0x138B, 0x0FBA, 0x2EE0
SHAPES_OF_DRAWING, GROUP, SHAPE = 0xF002, 0xF003, 0xF004
GROUP_AREA, SHAPE_ATOM, OPTIONS, MORE_OPTIONS = 0xF009, 0xF00A, 0xF00B, 0xF122
TEXT_BOX, CHILD_ANCHOR, ANCHOR, SHAPE_DATA = 0xF00D, 0xF00F, 0xF010, 0xF011


#: Names under which PowerPoint 2000 and 2002 kept what the format had no place for.
EXTENDED, EXTENDED_AGAIN = "___PPT9", "___PPT10"


@dataclass(frozen=True, slots=True)
class Record:
    """`start` and `end` bound the payload in the stream. `container`: it holds records itself."""

    kind: int
    instance: int
    container: bool
    start: int
    end: int


class Records:
    """The stream, and how many of its records were looked at. Raises ReadError("too_large")."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._seen = 0

    def at(self, offset: int) -> Record | None:
        """The record at an offset; None where there cannot be one."""
        return self._at(offset, len(self.data)) if offset >= 0 else None

    def inside(self, record: Record) -> Iterator[Record]:
        """The records that a record holds; what runs over its end is cut there."""
        return self.between(record.start, record.end)

    def between(self, start: int, end: int) -> Iterator[Record]:
        offset = start
        while (found := self._at(offset, end)) is not None:
            yield found
            offset = found.end

    def first(self, record: Record, kind: int) -> Record | None:
        return next((inner for inner in self.inside(record) if inner.kind == kind), None)

    def tagged(self, holder: Record, name: str) -> Iterator[Record]:
        """The records that a later PowerPoint put below a holder under its own name."""
        for tags in self.inside(holder):
            for tag in self.inside(tags) if tags.kind == TAGS else ():
                if tag.kind == TAG:
                    said = self.first(tag, STRING)
                    data = self.first(tag, TAG_DATA)
                    if said and data and self.payload(said) == name.encode("utf-16-le"):
                        yield from self.inside(data)

    def payload(self, record: Record) -> bytes:
        return self.data[record.start : record.end]

    def number(self, record: Record, at: int, form: str = "<I") -> int:
        """The number at a place of the payload; 0 where the payload is too short for it."""
        if record.start + at + struct.calcsize(form) > record.end:
            return 0
        return int(struct.unpack_from(form, self.data, record.start + at)[0])

    def spend(self, count: int) -> None:
        """Count what was looked at beside the records themselves."""
        self._seen += count
        if self._seen > _MOST:
            raise ReadError("too_large", "records")

    def _at(self, offset: int, end: int) -> Record | None:
        if offset + HEADER > end:
            return None
        self.spend(1)
        first, kind, length = struct.unpack_from("<HHI", self.data, offset)
        start = offset + HEADER
        return Record(kind, first >> 4, first & 0xF == 0xF, start, min(start + length, end))
