"""What stands beside the main text: text boxes, notes, comments, headers and footers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from indexer.readers.doc import fib as places
from indexer.readers.doc.fib import Fib
from indexer.readers.doc.formats import CODE, DELETED
from indexer.readers.doc.modifiers import modifiers
from indexer.readers.doc.story import Story
from indexer.reading import Block

Edge = Literal["header", "footer"]

#: The header document: six separators, then for each section even and odd page's header, even
#: and odd page's footer, first page's header and footer ([MS-DOC] 2.3.5).
_SEPARATORS = 6
_EDGES: tuple[tuple[Edge, str], ...] = (
    ("header", "even"), ("header", "odd"), ("footer", "even"), ("footer", "odd"),
    ("header", "first"), ("footer", "first"),
)  # fmt: skip
_TITLE_PAGE = 0x300A
#: Sections that are looked at, and bytes of one's properties: more than any real paper has.
_MOST, _LONGEST = 2000, 2048
#: Sizes in the table stream: FTXBXS, Spa, FRD of a note, ATRDPre10, Sed.
_BOX, _SHAPE, _NOTE, _COMMENT, _SECTION = 22, 26, 2, 30, 12
_BOX_SHAPE, _AUTHOR = 14, 20


def boxes(fib: Fib, story: int) -> dict[int, list[tuple[int, int]]]:
    """The text boxes of the main text or of the headers by the character that anchors them; those
    whose anchor is not told (in groups of shapes) stand at the end of the story."""
    main = story == places.MAIN
    shapes = fib.plc(places.SHAPES if main else places.HEADER_SHAPES, _SHAPE)
    base, end = fib.story(story)
    anchors = {struct.unpack_from("<i", data)[0]: base + at for at, _, data in shapes}
    first, last = fib.story(places.BOX_TEXT if main else places.HEADER_BOX_TEXT)
    found: dict[int, list[tuple[int, int]]] = {}
    for start, stop, data in fib.plc(places.BOXES if main else places.HEADER_BOXES, _BOX):
        if len(data) < _BOX or not 0 <= start < stop <= last - first:
            continue
        (shape,) = struct.unpack_from("<i", data, _BOX_SHAPE)
        found.setdefault(anchors.get(shape, end), []).append((first + start, first + stop))
    return found


def left_over(story: Story) -> Iterator[Block]:
    """The text boxes that no anchor led to, in their order."""
    while story.boxes:
        for start, end in story.boxes.pop(min(story.boxes)):
            yield from story.blocks(start, end)


def notes(fib: Fib, story: Story) -> Iterator[Block]:
    """Footnotes, then endnotes; one whose mark is deleted is gone with it."""
    for texts, references, which in (
        (places.FOOTNOTES, places.FOOTNOTE_REFS, places.NOTE_TEXT),
        (places.ENDNOTES, places.ENDNOTE_REFS, places.ENDNOTE_TEXT),
    ):
        marks = [at for at, _, _ in fib.plc(references, _NOTE)]
        for number, (start, end) in enumerate(_texts(fib, texts, which)):
            if number < len(marks) and _is_gone(story, marks[number]):
                continue
            text = story.text(start, end)
            if text:
                yield Block("note", text)


def _is_gone(story: Story, character: int) -> bool:
    marks = story.formats.marks
    return 0 <= character < len(marks) and bool(marks[character] & (DELETED | CODE))


def comments(fib: Fib, story: Story) -> Iterator[Block]:
    """The comments, each as 作者：文字."""
    owners = _owners(fib.part(places.COMMENT_AUTHORS))
    given = [data for _, _, data in fib.plc(places.COMMENT_REFS, _COMMENT)]
    for number, (start, end) in enumerate(_texts(fib, places.COMMENTS, places.COMMENT_TEXT)):
        text = story.text(start, end)
        author = _author(given[number], owners) if number < len(given) else ""
        if text:
            yield Block("comment", f"{author}：{text}" if author else text)


def _author(data: bytes, owners: list[str]) -> str:
    (number,) = struct.unpack_from("<H", data, _AUTHOR)
    return owners[number].strip() if number < len(owners) else ""


def _owners(names: bytes) -> list[str]:
    """Strings one after the other, each with its length before it (XST, [MS-DOC] 2.9.352)."""
    found = []
    at = 0
    while at + 2 <= len(names):
        (length,) = struct.unpack_from("<H", names, at)
        found.append(names[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length
    return found


def _texts(fib: Fib, plc: int, which: int) -> list[tuple[int, int]]:
    """(first character, one past the last) of the notes in a story; the whole story as one where
    the table of them is lost."""
    base, end = fib.story(which)
    # The last range of the table is the paragraph mark that closes the story.
    ranges = [(base + a, base + b) for a, b, _ in fib.plc(plc, 0) if 0 <= a < b <= end - base]
    return ranges or ([(base, end)] if end > base else [])


def edges(fib: Fib, story: Story) -> Iterator[Block]:
    """Headers, then footers, that are seen; each text once."""
    found = list(_seen(fib))
    story.boxes = boxes(fib, places.HEADER_TEXT)
    # Boxes in a group of shapes: which header holds the group is not told.
    lone = story.boxes.pop(fib.story(places.HEADER_TEXT)[1], [])
    found += [("header", bounds) for bounds in lone]
    for kind in ("header", "footer"):
        texts: set[str] = set()
        for start, end in (bounds for edge, bounds in found if edge == kind):
            for block in story.blocks(start, end, kind):
                # A bare page number says nothing.
                if block.text not in texts and any(sign.isalpha() for sign in block.text):
                    texts.add(block.text)
                    yield block


def _seen(fib: Fib) -> Iterator[tuple[Edge, tuple[int, int]]]:
    base, end = fib.story(places.HEADER_TEXT)
    ranges = islice(fib.plc(places.HEADERS, 0), _SEPARATORS, _MOST * len(_EDGES))
    dop = fib.part(places.DOP)
    two_sided = bool(dop and dop[0] & 1)
    sections = islice(fib.plc(places.SECTIONS, _SECTION), _MOST)
    titled = [_has_title_page(fib, data) for _, _, data in sections]
    held: dict[int, tuple[int, int]] = {}
    for number, (first, last, _) in enumerate(ranges):
        section, at = divmod(number, len(_EDGES))
        if 0 <= first < last <= end - base:
            held[at] = (base + first, base + last)
        # An empty one is that of the section before.
        edge, side = _EDGES[at]
        shown = {"odd": True, "even": two_sided, "first": not titled or any(titled[section:][:1])}
        if at in held and shown[side]:
            yield edge, held[at]


def _has_title_page(fib: Fib, section: bytes) -> bool:
    (place,) = struct.unpack_from("<I", section, 2)
    if place + 2 > len(fib.word):
        return False
    length = min(struct.unpack_from("<H", fib.word, place)[0], _LONGEST)
    found = modifiers(fib.word[place + 2 : place + 2 + length])
    return any(sprm == _TITLE_PAGE and operand[0] for sprm, operand in found)
