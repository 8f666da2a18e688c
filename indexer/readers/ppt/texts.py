"""The text atoms of a show ([MS-PPT] 2.9): a kind, its characters, and marks for page numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from indexer.readers.autonumbers import Autonumbers
from indexer.readers.ppt.records import (
    OUTLINE_TEXT,
    TEXT_KIND,
    TEXT_NARROW,
    TEXT_STYLE,
    TEXT_WIDE,
    Record,
    Records,
)
from indexer.readers.ppt.styles import Formatting, Numbering, read_formatting
from indexer.readers.symbols import has_private, shown

#: Kinds of text (TextTypeEnum): title and centred title; text that is in no placeholder.
TITLES = (0, 6)
_OTHER = 4

#: Slide number, date and time, header and footer stand in the text as an asterisk, and each has
#: an atom with its place (SlideNumberMCAtom, DateTimeMCAtom and so on).
_MARKS = frozenset({0x0FD8, 0x0FF7, 0x0FF8, 0x0FF9, 0x0FFA, 0x1015})
_ASTERISK = b"*\0"
_UNSHOWN = re.compile("[\x00-\x08\x0c\x0e-\x1f\ufffc\ufeff]")


@dataclass(frozen=True, slots=True)
class Text:
    """`kind` as TextHeaderAtom has it. `outline` numbers the text in the document's own list of
    the slide's texts that stands here, -1 where the text is given here itself. `size` is that of
    most characters in points, 0 where the master says it."""

    kind: int
    paragraphs: tuple[str, ...]
    size: float = 0.0
    outline: int = -1


def read_texts(
    records: Records, found: Iterable[Record], extension: Callable[[int], bytes]
) -> Iterator[Text]:
    """The texts among some sibling records, each begun by a TextHeaderAtom. `extension` gives the
    StyleTextProp9Atom of the text of a place, which stands elsewhere."""
    raw: _Raw | None = None
    count = 0
    for record in found:
        if record.kind == TEXT_KIND:
            if raw is not None:
                yield raw.text(extension(count))
                count += 1
            raw = _Raw(records.number(record, 0))
        elif record.kind == OUTLINE_TEXT:
            yield Text(-1, (), outline=records.number(record, 0))
        elif raw is not None or record.kind in (TEXT_WIDE, TEXT_NARROW):
            raw = raw or _Raw(_OTHER)
            raw.take(records, record)
    if raw is not None:
        yield raw.text(extension(count))


@dataclass(slots=True)
class _Raw:
    """The atoms of one text: its kind, its characters in UTF-16, its marks, its formatting."""

    kind: int
    characters: bytes = b""
    marks: list[int] = field(default_factory=list)
    style: bytes = b""

    def take(self, records: Records, record: Record) -> None:
        if record.kind == TEXT_WIDE:
            self.characters = records.payload(record)
        elif record.kind == TEXT_NARROW:
            self.characters = widened(records.payload(record))
        elif record.kind == TEXT_STYLE:
            self.style = records.payload(record)
        elif record.kind in _MARKS:
            self.marks.append(records.number(record, 0))

    def text(self, extension: bytes) -> Text:
        characters = _without(self.characters, sorted({2 * mark for mark in self.marks}))
        formatting = read_formatting(self.style, len(characters) // 2) if self.style else None
        size = formatting.size if formatting is not None else 0.0
        if formatting is None or not extension:
            return Text(self.kind, paragraphs(characters), size)
        return Text(self.kind, tuple(_numbered(characters, formatting, extension)), size)


def _numbered(characters: bytes, formatting: Formatting, extension: bytes) -> Iterator[str]:
    lines = _decoded(characters).split("\r")
    # Places are counted in UTF-16 units.
    sizes = [len(line.encode("utf-16-le")) // 2 + 1 for line in lines]
    starts = [0, *accumulate(sizes)][:-1]
    numbers = Autonumbers()
    numbering = formatting.numbering(extension, starts) or [Numbering()] * len(lines)
    for line, said in zip(lines, numbering, strict=True):
        text = _shown(line)
        if text:
            yield numbers.numbered(said.level, said.scheme, text)


def widened(narrow: bytes) -> bytes:
    # The low bytes of UTF-16 whose high bytes are zero (TextBytesAtom): no code page.
    return narrow.decode("latin-1").encode("utf-16-le")


def paragraphs(raw: bytes) -> tuple[str, ...]:
    """The paragraphs of UTF-16 text that are not empty, line breaks as newlines."""
    lines = (_shown(line) for line in _decoded(raw).split("\r"))
    return tuple(line for line in lines if line)


def _decoded(raw: bytes) -> str:
    return raw[: len(raw) & ~1].decode("utf-16-le", "replace")


def _shown(line: str) -> str:
    text = _UNSHOWN.sub("", line.replace("\x0b", "\n")).strip()
    return shown(text, "") if has_private(text) else text


def _without(raw: bytes, places: Iterable[int]) -> bytes:
    """The text with nothing at some places where asterisks stand."""
    pieces, start = [], 0
    for place in places:
        if raw[place : place + 2] == _ASTERISK:
            pieces += [raw[start:place], b"\0\0"]
            start = place + 2
    return b"".join((*pieces, raw[start:]))
