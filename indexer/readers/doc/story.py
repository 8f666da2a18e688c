"""From characters and their properties to blocks: paragraphs, rows of cells, fields' results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.readers import symbols
from indexer.readers.doc.formats import CODE, DELETED, HIDDEN_AT, SWAPPED, TOGGLE, Formats
from indexer.readers.doc.lists import Lists
from indexer.readers.doc.modifiers import Paragraph, toggled
from indexer.readers.doc.rows import Bounds, Kind, Tables
from indexer.readers.numerals import joined
from indexer.reading import Block

_END = re.compile("[\r\x07\x0c]")
_SAME = re.compile(rb"(.)\1*", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Where a drawn object stands; a text box is anchored there.
_DRAWN = "\x08"
#: Longest heading: what is longer is running text under a heading's style.
_HEADING = 200

_CLEAN = {0x0B: "\n", 0x0E: "\n", 0x1E: "-", 0xA0: " ", 0x09: "\t"}
_TRANSLATE = {code: _CLEAN.get(code, "") for code in [*range(0x20), 0xA0, 0xAD]}


@dataclass(slots=True)
class _Line:
    """The visible text of a paragraph in pieces of (text, bold), and the size of most of it."""

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    size: float = 0.0
    boxes: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """Reads one story after the other; the list counters run through all of them.

    `boxes` are the text boxes by the character at which they are anchored, each as (first
    character, one past the last); a box is taken out when it is read.
    """

    formats: Formats
    lists: Lists
    bounds: Bounds
    boxes: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def blocks(self, start: int, end: int, kind: Kind = "paragraph") -> Iterator[Block]:
        """The blocks of the characters `start`..`end`."""
        end = min(end, len(self.formats.text.text))
        tables = Tables(kind, self.bounds)
        held = _Line()
        for first, last, mark in self._paragraphs(start, end):
            form = self.formats.paragraph(min(last, end - 1))
            line = self._line(first, last, form)
            gone = last < end and bool(self.formats.marks[last] & DELETED)
            if gone and mark == "\r":
                # A deleted mark: the paragraph runs into the next one.
                held.pieces += line.pieces
                held.boxes += line.boxes
                continue
            if held.pieces or held.boxes:
                line = _Line(held.pieces + line.pieces, line.size, held.boxes + line.boxes)
                held = _Line()
            found = self._with_boxes(line, form, kind)
            yield from tables.take(found, form, mark, gone)
        yield from tables.finish()
        if held.pieces or held.boxes:
            yield from self._with_boxes(held, Paragraph(), kind)

    def text(self, start: int, end: int) -> str:
        """The lines of a note or a comment."""
        return "\n".join(block.text for block in self.blocks(start, end, "note"))

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """(first character, place of the mark, the mark) of each paragraph."""
        at = start
        for mark in _END.finditer(self.formats.text.text, start, end):
            yield at, mark.start(), mark.group()
            at = mark.end()
        if at < end:
            yield at, end, ""

    def _with_boxes(self, line: _Line, form: Paragraph, kind: Kind) -> list[Block]:
        block = self._block(line, form, kind)
        found = [block] if block is not None else []
        for start, end in line.boxes:
            found += self.blocks(start, end, kind)
        return found

    def _block(self, line: _Line, form: Paragraph, kind: Kind) -> Block | None:
        text, bold, lead = _weigh(line.pieces)
        label, follow = self._label(form) if text or not form.hidden else ("", "")
        if not text:
            return None
        shown = joined(label, text, follow)
        if kind != "paragraph":
            return Block(kind, shown)
        heading = form.level is not None and not form.contents and len(shown) <= _HEADING
        return Block(
            "heading" if heading else "paragraph",
            shown,
            (form.level or 0) if heading else 0,
            bold=bold,
            centred=form.centred,
            size=line.size,
            by="style" if heading else "",
            lead=lead + len(shown) - len(text) if lead and not heading else 0,
        )

    def _label(self, form: Paragraph) -> tuple[str, str]:
        # 0x7FF, 0xF801 and above: the number is only hidden or removed ([MS-DOC] 2.6.2).
        return self.lists.label(form.list, form.depth) if 0 < form.list < 0x7FF else ("", "")

    def _line(self, first: int, last: int, form: Paragraph) -> _Line:
        text = self.formats.text.text[first:last]
        marks = bytes(self.formats.marks[first:last])
        # In a table the size is asked for by nobody, and most paragraphs of a form lie in tables.
        line = _Line(size=0.0 if form.tables else self.formats.size(first, last, form.size))
        if self.boxes and _DRAWN in text:
            for at in range(first, last):
                line.boxes += self.boxes.pop(at, ())
        if not marks.strip(b"\0"):
            if text and not form.hidden:
                line.pieces.append((_cleaned(text), form.bold))
            return line
        for run in _SAME.finditer(marks):
            mark = run.group()[0]
            if mark & (DELETED | CODE) or toggled(form.hidden, mark >> HIDDEN_AT & TOGGLE):
                continue
            if mark & SWAPPED:
                places = range(first + run.start(), first + run.end())
                piece = "".join(self.formats.swaps.get(at, "") for at in places)
            else:
                piece = _cleaned(text[run.start() : run.end()])
            if piece:
                line.pieces.append((piece, toggled(form.bold, mark & TOGGLE)))
        return line


def _weigh(pieces: list[tuple[str, bool]]) -> tuple[str, bool, int]:
    """(text, all of it bold, length of its bold beginning where the rest is not)."""
    whole = _paired("".join(text for text, _ in pieces))
    stripped = whole.strip()
    if not any(bold for _, bold in pieces):
        return stripped, False, 0
    lead = 0
    for text, bold in pieces:
        if not bold and text.strip():
            break
        lead += len(text)
    begins = len(whole) - len(whole.lstrip())
    ends = len(whole.rstrip())
    if not any(bold for text, bold in pieces if text.strip()):
        return stripped, False, 0
    return stripped, lead >= ends, 0 if lead >= ends else max(0, lead - begins)


def _cleaned(text: str) -> str:
    text = text.translate(_TRANSLATE)
    return symbols.shown(text, "") if symbols.has_private(text) else text


def _paired(text: str) -> str:
    """Halves of characters beyond U+FFFF put together; Word counts them one by one."""
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
