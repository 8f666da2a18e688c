"""Word 97-2003 documents: .doc, and the .wps that Kingsoft's WPS writes in the same format.

After [MS-DOC] (Microsoft Open Specifications): FIB, piece table, FKP formatting, list tables.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import olefile

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.doc import fib as places
from indexer.readers.doc.fib import Fib, read_fib
from indexer.readers.doc.lists import Lists
from indexer.readers.doc.pieces import read_text
from indexer.readers.doc.properties import Styles, read_runs
from indexer.readers.doc.story import Formats, Kind, Story, character_marks
from indexer.readers.ole import properties
from indexer.reading import Block, Reading

FORMATS = ("doc",)

#: The character that holds an inline picture's place ([MS-DOC] 2.6.1, sprmCPicLocation).
_PICTURE = "\x01"
_MAIN, _NOTES, _HEADERS, _ENDNOTES, _BOXES = 0, 1, 2, 5, 6
#: The header document: six separators, then for each section even and odd page's header, even
#: and odd page's footer, first page's header and footer ([MS-DOC] 2.3.5).
_SEPARATORS = 6
_EDGES: tuple[Kind, ...] = ("header", "header", "footer", "footer", "header", "footer")


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, encrypted, unsupported, too_large."""
    try:
        with olefile.OleFileIO(path) as ole:
            fib = read_fib(ole, limits)
            metadata = properties(ole)
    except (olefile.olefile.OleFileError, struct.error, IndexError) as error:
        raise ReadError("corrupt", f"ole: {error}") from error
    text = read_text(fib.word, fib.part(places.CLX), limits.characters)
    story = Story(
        text=text.text,
        offsets=text,
        marks=character_marks(text, read_runs(fib.word, fib.part(places.CHPX), paragraphs=False)),
        formats=_formats(fib),
    )
    cut = sum(fib.stories) > limits.characters
    blocks = tuple(islice(_blocks(fib, story), limits.blocks + 1))
    left_out = [f"超过 {limits.characters} 字，后面的内容没有读"] if cut else []
    if not blocks and _PICTURE in text.text:
        left_out.append("正文是图片，没有文字")
    return Reading(
        format="doc",
        status="partial" if left_out else "complete",
        blocks=blocks,
        metadata=metadata,
        left_out=tuple(left_out),
    )


def _formats(fib: Fib) -> Formats:
    levels_at = sum(fib.pairs[places.LISTS]) if len(fib.pairs) > places.LISTS else 0
    return Formats(
        styles=Styles(fib.part(places.STSHF), fib.data),
        paragraphs=read_runs(fib.word, fib.part(places.PAPX), paragraphs=True),
        lists=Lists(fib.part(places.LISTS), fib.table[levels_at:], fib.part(places.OVERRIDES)),
        data=fib.data,
    )


def _blocks(fib: Fib, story: Story) -> Iterator[Block]:
    size = len(story.text)
    for which in (_MAIN, _BOXES, _NOTES, _ENDNOTES):
        start, end = fib.story(which)
        kind: Kind = "paragraph" if which in (_MAIN, _BOXES) else "note"
        yield from story.blocks(min(start, size), min(end, size), kind)
    for start, end, kind in _edges(fib):
        for block in story.blocks(min(start, size), min(end, size), kind):
            if any(sign.isalpha() for sign in block.text):
                yield block


def _edges(fib: Fib) -> Iterator[tuple[int, int, Kind]]:
    base, end = fib.story(_HEADERS)
    plc = fib.part(places.HEADERS)
    count = len(plc) // 4
    if end <= base or count < 2:
        return
    starts = struct.unpack_from(f"<{count}i", plc)
    for at in range(_SEPARATORS, count - 1):
        first, last = base + starts[at], base + starts[at + 1]
        if base <= first < last <= end:
            yield first, last, _EDGES[(at - _SEPARATORS) % 6]
