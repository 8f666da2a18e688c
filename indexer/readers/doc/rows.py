"""Tables of a Word 97-2003 document, put together from marks at the ends of cells and rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from indexer.readers.doc.modifiers import MERGED, VERTICAL, VERTICAL_FIRST, Cells, Paragraph
from indexer.readers.tables import Cell, table_block
from indexer.reading import Block

Kind = Literal["paragraph", "header", "footer", "note", "comment"]

_CELL_MARK = "\x07"
#: Edges nearer than this (in twips, a twentieth of a point) are one column's: drawn by hand.
_SAME_EDGE = 60


@dataclass(slots=True)
class _Row:
    cells: list[list[Block]] = field(default_factory=list)
    shape: Cells = ()
    header: bool = False


@dataclass(slots=True)
class Bounds:
    """How many places all tables of a document may take; `reached` once rows were left out."""

    cells: int
    reached: bool = False

    def kept(self, rows: list[_Row], width: int) -> list[_Row]:
        """As many rows as still fit: every row takes as many places as there are columns."""
        kept = rows[: self.cells // max(1, width)]
        self.cells -= len(kept) * width
        self.reached = self.reached or len(kept) < len(rows)
        return kept


@dataclass(slots=True)
class _Table:
    """A table in the making: its rows, the row that is open, the cell that is open in it."""

    rows: list[_Row] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self, form: Paragraph, gone: bool) -> None:
        if self.cells and not gone:
            self.rows.append(_Row(self.cells, form.cells, form.repeated))
        self.cells, self.cell = [], []

    def blocks(self, kind: Kind, bounds: Bounds) -> list[Block]:
        """The table as one block; a lone cell is a frame and gives its content itself."""
        if self.cell:
            self.end_cell()
        if self.cells:
            self.rows.append(_Row(self.cells))
        if not self.rows:
            return []
        if len(self.rows) == 1 and len(self.rows[0].cells) == 1:
            return self.rows[0].cells[0]
        block = _block(self.rows, bounds)
        if block is None or not block.text:
            return []
        return [block if kind == "paragraph" else Block(kind, block.text)]


@dataclass(slots=True)
class Tables:
    """The tables that are open at a point of a story, outermost first."""

    kind: Kind
    bounds: Bounds
    _open: list[_Table] = field(default_factory=list)

    def take(self, found: list[Block], form: Paragraph, mark: str, gone: bool) -> Iterable[Block]:
        """Take the blocks of a paragraph; what is complete with it comes out. `gone`: its mark is
        deleted, and with the mark of a row the row."""
        depth = form.tables
        done = list(self._close(depth))
        while len(self._open) < depth:
            self._open.append(_Table())
        if not depth:
            return [*done, *found]
        table = self._open[-1]
        outer = depth == 1
        if form.row_end and mark == _CELL_MARK if outer else form.inner_row_end:
            table.end_row(form, gone)
            return done
        table.cell += found
        if mark == _CELL_MARK if outer else form.inner_cell:
            table.end_cell()
        return done

    def finish(self) -> Iterator[Block]:
        yield from self._close(0)

    def _close(self, depth: int) -> Iterator[Block]:
        """Close the tables deeper than `depth`: each goes into the cell that holds it."""
        while len(self._open) > depth:
            blocks = self._open.pop().blocks(self.kind, self.bounds)
            if self._open:
                self._open[-1].cell += blocks
            else:
                yield from blocks


def _block(rows: list[_Row], bounds: Bounds) -> Block | None:
    places = _columns(sorted({edge for row in rows for cell in row.shape for edge in cell[:2]}))
    width = max(len(places), *(len(row.cells) for row in rows))
    rows = bounds.kept(rows, width)
    block = table_block([list(_cells(row, places)) for row in rows])
    header = next((at for at, row in enumerate(rows) if not row.header), len(rows))
    return replace(block, header_rows=header) if block is not None and header else block


def _cells(row: _Row, places: dict[int, int]) -> Iterator[Cell]:
    held: Cell | None = None
    if row.shape and places[row.shape[0][0]] > 0:
        yield Cell("", places[row.shape[0][0]])
    for at, blocks in enumerate(row.cells):
        left, right, flags = row.shape[at] if at < len(row.shape) else (0, 0, 0)
        span = max(1, places.get(right, 0) - places.get(left, 0))
        text = "\n".join(block.text for block in blocks)
        if held is not None and flags & MERGED:
            joined_text = "\n".join(part for part in (held.text, text) if part)
            held = Cell(joined_text, held.span + span, held.below and not text)
            continue
        if held is not None:
            yield held
        below = bool(flags & VERTICAL) and not flags & VERTICAL_FIRST and not text
        held = Cell(text, span, below)
    if held is not None:
        yield held


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
