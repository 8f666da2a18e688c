"""A table of a slide: a group of rectangles that meet, each a cell, told apart by their edges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from indexer.readers.slides import Box, Item
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block

#: Edges this close are one, in units of 1/576 inch: half a point of rounding.
_NEAR = 4.0
#: A grid of more places than this for one cell is no table; a form with many merged cells has 12.
_PLACES_A_CELL = 40


def grid_block(items: Sequence[Item], page: int) -> Block | None:
    """The cells as a table, a merged cell once; None where they make no grid."""
    cells = [(item.box, "\n".join(item.texts)) for item in items if item.box is not None]
    if not cells or len(cells) < len(items):
        return None
    rows = _Edges([(box.top, box.bottom) for box, _ in cells])
    columns = _Edges([(box.left, box.right) for box, _ in cells])
    places = len(rows.edges) * len(columns.edges)
    if len(columns.edges) > MAX_COLUMNS or places > _PLACES_A_CELL * len(cells):
        return None
    placed = _placed(sorted(cells, key=lambda cell: cell[0].left), rows, columns)
    return table_block(placed, page=page) if placed is not None else None


class _Edges:
    """Where the rows or the columns of a table begin."""

    def __init__(self, extents: Sequence[tuple[float, float]]) -> None:
        smallest = min((end - begin for begin, end in extents if end > begin), default=0.0)
        self.near = min(_NEAR, smallest / 2)
        self.edges: list[float] = []
        for begin, _ in sorted(extents):
            if not self.edges or begin - self.edges[-1] > self.near:
                self.edges.append(begin)

    def reach(self, begin: float, end: float) -> tuple[int, int]:
        """The first place that a cell takes up, and one past its last; at least one place."""
        first = max(bisect_right(self.edges, begin + self.near) - 1, 0)
        return first, max(bisect_left(self.edges, end - self.near), first + 1)


def _placed(
    cells: Sequence[tuple[Box, str]], rows: _Edges, columns: _Edges
) -> list[list[Cell]] | None:
    """The cells, from left to right, in their rows; None where a text lies over another cell."""
    placed: list[list[Cell]] = [[] for _ in rows.edges]
    filled = [0] * len(placed)
    for box, text in cells:
        first, last = rows.reach(box.top, box.bottom)
        column, end = columns.reach(box.left, box.right)
        for row in range(first, last):
            if column >= filled[row]:
                # Where nothing was drawn before it, empty cells keep the columns in step.
                placed[row] += [Cell("") for _ in range(column - filled[row])]
                placed[row].append(Cell(text if row == first else "", end - column, row > first))
                filled[row] = end
            elif row == first and text:
                return None
            else:
                break
    return placed
