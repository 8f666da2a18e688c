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
from indexer.readers.doc.beside import boxes, comments, edges, left_over, notes
from indexer.readers.doc.fib import Fib, read_fib
from indexer.readers.doc.fields import mark_fields
from indexer.readers.doc.formats import Formats
from indexer.readers.doc.lists import Lists
from indexer.readers.doc.pieces import Text, plain_text, read_text
from indexer.readers.doc.rows import Bounds
from indexer.readers.doc.salvage import salvaged
from indexer.readers.doc.story import Story
from indexer.readers.doc.styles import Styles
from indexer.readers.ole import properties
from indexer.reading import Block, Reading

FORMATS = ("doc",)

#: What olefile raises where directory, sector table or property sets are damaged.
_BROKEN_CONTAINER = (
    olefile.olefile.OleFileError, struct.error, IndexError, OSError, ValueError, TypeError,
)  # fmt: skip
#: The character that holds an inline picture's place ([MS-DOC] 2.6.1, sprmCPicLocation), and the
#: one of a drawn object.
_PICTURES = ("\x01", "\x08")
_TEXT = frozenset({"paragraph", "heading", "table", "note"})
_DAMAGED = "文件已损坏，只读出了能找到的文字"


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, encrypted, unsupported, too_large.

    What of a damaged document can still be found is read; `left_out` tells of it.
    """
    fib, metadata, left_out = _opened(path, limits)
    text, damaged = _text(fib, limits.characters)
    if damaged and _DAMAGED not in left_out:
        left_out.append(_DAMAGED)
    if sum(fib.stories) > limits.characters:
        left_out.append(f"超过 {limits.characters} 字，后面的内容没有读")
    story = _story(fib, text, Bounds(limits.cells))
    blocks = tuple(islice(_blocks(fib, story), limits.blocks + 1))
    if story.bounds.reached:
        left_out.append(f"表格超过 {limits.cells} 格，后面的行没有读")
    if not blocks and _DAMAGED in left_out:
        raise ReadError("corrupt", "no text was found")
    seen = any(block.kind in _TEXT for block in blocks)
    if not seen and any(sign in text.text for sign in _PICTURES):
        left_out.append("正文是图片，没有文字")
    return Reading(
        format="doc",
        status="partial" if left_out else "complete",
        blocks=blocks,
        metadata=metadata,
        left_out=tuple(left_out),
    )


def _opened(path: Path, limits: Limits) -> tuple[Fib, dict[str, str], list[str]]:
    """The document's streams, its properties, and what to say of damage."""
    try:
        with olefile.OleFileIO(path) as ole:
            return read_fib(ole, limits), properties(ole), []
    except ReadError as error:
        if error.code != "corrupt":
            raise
    except _BROKEN_CONTAINER:
        pass  # what follows looks for the streams without it
    return salvaged(path, limits), {}, [_DAMAGED]


def _text(fib: Fib, most: int) -> tuple[Text, bool]:
    """The text of all stories, and whether some of it is lost."""
    try:
        text = read_text(fib, fib.part(places.CLX), most)
    except (ReadError, struct.error):
        text = plain_text(fib, most)
    return text, text.missing


def _story(fib: Fib, text: Text, bounds: Bounds) -> Story:
    formats = Formats.read(
        fib,
        text,
        Styles.read(fib.part(places.STSHF), fib.data),
        (fib.part(places.PAPX), fib.part(places.CHPX), fib.part(places.FONTS)),
    )
    for which in range(len(fib.stories)):
        mark_fields(formats, *fib.story(which))
    levels_at = sum(fib.pairs[places.LISTS]) if len(fib.pairs) > places.LISTS else 0
    return Story(
        formats=formats,
        lists=Lists(fib.part(places.LISTS), fib.table[levels_at:], fib.part(places.OVERRIDES)),
        bounds=bounds,
        boxes=boxes(fib, places.MAIN),
    )


def _blocks(fib: Fib, story: Story) -> Iterator[Block]:
    yield from story.blocks(*fib.story(places.MAIN))
    yield from left_over(story)
    yield from notes(fib, story)
    yield from edges(fib, story)
    yield from comments(fib, story)
