"""A ruled table: its cells with what is written in them, as a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer import numbering
from indexer.ocr.grid import Grid, Region
from indexer.ocr.paragraphs import Body, Row, joined, paragraphs, rows
from indexer.ocr.pieces import Piece, cell_at
from indexer.readers.tables import Cell, table_block
from indexer.reading import Block

_ENDED = re.compile(r"[。！？!?：:；;]$")
#: A row of a cell runs full that ends less than this before the cell's edge, in characters.
_FULL = 2.2


def table(grid: Grid, found: Sequence[Piece], body: Body, page: int) -> Iterator[Block]:
    """The table as a block; as paragraphs where only one cell holds anything, for then the
    rules are a frame."""
    inside: dict[Region, list[Piece]] = {}
    for piece in found:
        cell = cell_at(grid, piece.x, piece.y)
        if cell is not None:
            inside.setdefault(cell, []).append(piece)
    if len(inside) < 2:
        yield from paragraphs(rows(found), body, page)
        return
    texts = {cell: _text(rows(group), cell) for cell, group in inside.items()}
    block = table_block(_cells(grid, texts), page=page)
    if block is not None:
        yield block


def _text(lines: Sequence[Row], cell: Region) -> str:
    """The rows of a cell; those that only end because the cell does are one."""
    groups: list[list[Row]] = []
    for row in lines:
        if groups and _continues(groups[-1][-1], row, cell):
            groups[-1].append(row)
        else:
            groups.append([row])
    return "\n".join(joined(group) for group in groups)


def _continues(above: Row, below: Row, cell: Region) -> bool:
    if cell.right - above.right > _FULL * above.size:
        return False
    return not (numbering.parse(below.text) is not None or _ENDED.search(above.text))


def _cells(grid: Grid, texts: dict[Region, str]) -> list[list[Cell]]:
    """Every place of the grid: a cell's first, and those it reaches over."""
    place = {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    height = max(row for row, _ in place) + 1
    width = max(column for _, column in place) + 1
    return [list(_places(row, width, place, texts)) for row in range(height)]


def _places(
    row: int, width: int, place: dict[tuple[int, int], Region], texts: dict[Region, str]
) -> Iterator[Cell]:
    column = 0
    while column < width:
        cell = place.get((row, column))
        if cell is None:
            yield Cell("")
            column += 1
            continue
        span = max(1, cell.column + cell.columns - column)
        begins = cell.row == row
        yield Cell(texts.get(cell, "") if begins else "", span, below=not begins)
        column += span
