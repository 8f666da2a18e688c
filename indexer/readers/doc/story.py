"""From characters and their properties to blocks: paragraphs, rows of cells, fields' results."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from indexer.readers.doc.lists import Lists
from indexer.readers.doc.pieces import Text
from indexer.readers.doc.properties import Paragraph, Runs, Styles, apply, character_flags
from indexer.readers.numerals import joined
from indexer.readers.tables import Cell, table_block
from indexer.reading import Block

Kind = Literal["paragraph", "header", "footer", "note"]

_END = re.compile("[\r\x07\x0c]")
_FIELD = re.compile("[\x13\x14\x15]")
_BOLD, _GONE = 1, 2

_CLEAN = {0x0B: "\n", 0x0E: "\n", 0x1E: "-", 0xA0: " ", 0x09: "\t"}
_TRANSLATE = {code: _CLEAN.get(code, "") for code in [*range(0x20), 0xA0]}

#: Flags of a cell in a row's shape.
_JOINED_LEFT, _VERTICAL, _VERTICAL_FIRST = 0x2, 0x20, 0x40


@dataclass(slots=True)
class Formats:
    """What the formatting tables say about a character."""

    styles: Styles
    paragraphs: Runs
    lists: Lists
    data: bytes

    def paragraph(self, offset: int) -> Paragraph:
        value = self.paragraphs.at(offset)
        if len(value) < 2:
            return self.styles[0]
        (style,) = struct.unpack_from("<H", value)
        return apply(self.styles[style], value[2:], self.data)


def character_marks(text: Text, runs: Runs) -> bytearray:
    """For each character: bold, and gone (hidden, deleted, a field's code)."""
    marks = bytearray(len(text.text))
    values = [character_flags(value, False) for value in runs.values]
    for piece in text.pieces:
        low, high = piece.offset, piece.offset + (piece.end - piece.start) * piece.width
        for start, end, (bold, gone) in zip(runs.starts, runs.ends, values, strict=True):
            if start >= high:
                break
            if end <= low or not (bold or gone):
                continue
            first = piece.start + max(0, start - low) // piece.width
            last = piece.start + (min(end, high) - low) // piece.width
            marks[first:last] = bytes([bold * _BOLD | gone * _GONE]) * (last - first)
    _mark_field_codes(text.text, marks)
    return marks


def _mark_field_codes(text: str, marks: bytearray) -> None:
    """A field is 0x13 code 0x14 result 0x15: the code goes, the result stays."""
    open_codes: list[int | None] = []
    for sign in _FIELD.finditer(text):
        at = sign.start()
        if sign.group() == "\x13":
            open_codes.append(at)
        elif open_codes:
            start = open_codes.pop()
            if start is not None:
                marks[start : at + 1] = bytes([_GONE]) * (at + 1 - start)
            if sign.group() == "\x14":
                open_codes.append(None)


@dataclass(slots=True)
class _Row:
    cells: list[list[Block]] = field(default_factory=list)
    shape: tuple[tuple[int, int, int], ...] = ()


@dataclass(slots=True)
class Story:
    """Reads one story after the other; the list counters run through all of them."""

    text: str
    offsets: Text
    marks: bytearray
    formats: Formats

    def blocks(self, start: int, end: int, kind: Kind = "paragraph") -> Iterator[Block]:
        """The blocks of the characters `start`..`end`."""
        rows: list[_Row] = []
        row = _Row()
        cell: list[Block] = []
        inner: list[str] = []
        for first, last, mark in self._paragraphs(start, end):
            form = self.formats.paragraph(self.offsets.offset(min(last, end - 1)))
            if not (form.in_table or form.nesting):
                yield from _table(rows, row, cell, kind)
                rows, row, cell = [], _Row(), []
                yield from self._block(first, last, form, kind)
            elif form.row_end and mark == "\x07":
                row.shape = form.cells
                rows.append(row)
                row, cell = _Row(), []
            elif form.inner_row_end:
                cell.append(Block("paragraph", "\t".join(inner)))
                inner = []
            else:
                found = list(self._block(first, last, form, kind))
                if form.nesting > 1 and form.inner_cell:
                    inner.append("\n".join(block.text for block in found))
                    continue
                cell += found
                if mark == "\x07":
                    row.cells.append(cell)
                    cell = []
        yield from _table(rows, row, cell, kind)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """(first character, place of the mark, the mark) of each paragraph."""
        at = start
        for mark in _END.finditer(self.text, start, end):
            yield at, mark.start(), mark.group()
            at = mark.end()
        if at < end:
            yield at, end, ""

    def _block(self, first: int, last: int, form: Paragraph, kind: Kind) -> Iterator[Block]:
        text, bold, lead = self._line(first, last, form.bold)
        label = self._label(form)
        if not text:
            return
        shown = joined(label, text)
        if kind != "paragraph":
            yield Block(kind=kind, text=shown)
        elif form.level is not None and not form.contents and len(shown) <= 200:
            yield Block("heading", shown, form.level, bold=bold, centred=form.centred, by="style")
        else:
            lead = lead + len(shown) - len(text) if lead else 0
            yield Block("paragraph", shown, bold=bold, centred=form.centred, lead=lead)

    def _label(self, form: Paragraph) -> str:
        # 0x7FF, 0xF801 and above: the number is only hidden or removed ([MS-DOC] 2.6.2).
        return self.formats.lists.label(form.list, form.depth) if 0 < form.list < 0x7FF else ""

    def _line(self, first: int, last: int, styled: bool) -> tuple[str, bool, int]:
        """(visible text, all of it bold, length of its bold beginning)."""
        marks = self.marks[first:last]
        if not any(marks):
            return _cleaned(self.text[first:last]).strip(), styled, 0
        pieces: list[tuple[str, bool]] = []
        at = 0
        while at < len(marks):
            end = at + 1
            while end < len(marks) and marks[end] == marks[at]:
                end += 1
            if not marks[at] & _GONE:
                piece = _cleaned(self.text[first + at : first + end])
                pieces.append((piece, styled or bool(marks[at] & _BOLD)))
            at = end
        return _weigh(pieces)


def _weigh(pieces: list[tuple[str, bool]]) -> tuple[str, bool, int]:
    whole = "".join(text for text, _ in pieces)
    lead = 0
    for text, bold in pieces:
        if not bold and text.strip():
            break
        lead += len(text)
    begins = len(whole) - len(whole.lstrip())
    ends = len(whole.rstrip())
    some = any(bold for text, bold in pieces if text.strip())
    if not some:
        return whole.strip(), False, 0
    return whole.strip(), lead >= ends, 0 if lead >= ends else max(0, lead - begins)


def _cleaned(text: str) -> str:
    text = text.translate(_TRANSLATE)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _table(rows: list[_Row], row: _Row, cell: list[Block], kind: Kind) -> Iterator[Block]:
    """The collected rows as one table; a lone cell is a frame and gives its content itself."""
    if cell:
        row.cells.append(cell)
    if row.cells:
        rows = [*rows, row]
    if not rows:
        return
    if len(rows) == 1 and len(rows[0].cells) == 1:
        yield from rows[0].cells[0]
        return
    edges = sorted({edge for line in rows for cell in line.shape for edge in cell[:2]})
    block = table_block([list(_cells(line, edges)) for line in rows])
    if block is not None and block.text:
        yield block if kind == "paragraph" else Block(kind=kind, text=block.text)


def _cells(row: _Row, edges: list[int]) -> Iterator[Cell]:
    places = _columns(edges)
    held: Cell | None = None
    if row.shape and places[row.shape[0][0]] > 0:
        yield Cell("", places[row.shape[0][0]])
    for at, blocks in enumerate(row.cells):
        left, right, flags = row.shape[at] if at < len(row.shape) else (0, 0, 0)
        span = max(1, places.get(right, 0) - places.get(left, 0))
        text = "\n".join(block.text for block in blocks)
        if held is not None and flags & _JOINED_LEFT:
            joined_text = "\n".join(part for part in (held.text, text) if part)
            held = Cell(joined_text, held.span + span, held.below)
            continue
        if held is not None:
            yield held
        below = bool(flags & _VERTICAL) and not flags & _VERTICAL_FIRST and not text
        held = Cell(text, span, below)
    if held is not None:
        yield held


#: Edges nearer than this (in twips, a twentieth of a point) are one column's: drawn by hand.
_SAME_EDGE = 60


def _columns(edges: list[int]) -> dict[int, int]:
    """Edge -> number of its grid line, edges that almost meet taken as one."""
    found: dict[int, int] = {}
    number, last = -1, None
    for edge in edges:
        if last is None or edge - last > _SAME_EDGE:
            number += 1
            last = edge
        found[edge] = number
    return found
