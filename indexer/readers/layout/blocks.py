"""From characters and rules to blocks in reading order: tables, columns, lines, paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.readers.flow import cell_text, full_edge, paragraphs
from indexer.readers.layout.columns import columns
from indexer.readers.layout.grids import Grid, grids
from indexer.readers.layout.rows import Row, lines, rows
from indexer.readers.layout.signs import RIGHT, Direction, Rule, Sign
from indexer.readers.lines import Line
from indexer.readers.tables import Cell, table_block
from indexer.reading import Block

#: A frame (a rectangle around text) smaller than this (mm) is a box to tick or an ornament.
_SMALLEST = 12.0
#: A line fills its cell where no more than this many characters would have room beside it (the
#: one that did not fit, and Word's margins of 1.9 mm), nor as many as it has.
_MARGINS = 2.5

#: Characters by the direction in which they are read.
Signs = dict[Direction, list[Sign]]


@dataclass(frozen=True, slots=True)
class _Region:
    """A table or a frame with the characters inside it."""

    grid: Grid
    signs: Signs

    @property
    def top(self) -> float:
        return self.grid.ys[0]

    @property
    def bottom(self) -> float:
        return self.grid.ys[-1]


def page_blocks(signs: Signs, rules: Sequence[Rule], number: int) -> list[Block]:
    """The blocks of a page, from its characters by direction and its rules. Text that lies askew is
    no part of them."""
    if not any(sign.sign != " " for found in signs.values() for sign in found):
        return []
    main = max(signs, key=lambda direction: len(signs[direction]))
    signs, rules = _turned(signs, rules, main)
    regions, free = _regions(signs, grids(rules))
    found = list(_bands(rows(free.pop(main, [])), regions, number, main))
    for rest in free.values():
        found += _flow(rows(rest), number)
    return found


def _turned(given: Signs, drawn: Sequence[Rule], main: Direction) -> tuple[Signs, Sequence[Rule]]:
    """Everything as the page is read: a page that lies on its side, or is written downwards, is
    turned so that its lines run to the right."""
    if main == RIGHT:
        return dict(given), drawn
    ux, uy = main
    signs = {
        direction: [s._replace(x=s.x * ux + s.y * uy, y=s.y * ux - s.x * uy) for s in found]
        for direction, found in given.items()
    }
    rules = []
    for x0, y0, x1, y1 in drawn:
        ends = sorted((x * ux + y * uy, y * ux - x * uy) for x, y in ((x0, y0), (x1, y1)))
        (left, one), (right, other) = ends
        rules.append(Rule(left, min(one, other), right, max(one, other)))
    return signs, rules


def _regions(signs: Signs, found: Sequence[Grid]) -> tuple[list[_Region], Signs]:
    """Tables and frames with their characters, and the characters outside them."""
    regions = [_Region(grid, {}) for grid in _useful(found)]
    free: Signs = {}
    for direction, given in signs.items():
        for sign in given:
            region = next((r for r in regions if r.grid.holds(sign.x, sign.y)), None)
            holder = free if region is None else region.signs
            holder.setdefault(direction, []).append(sign)
    return [region for region in regions if region.signs], free


def _useful(found: Sequence[Grid]) -> list[Grid]:
    """Without frames around other grids and without small ones."""
    kept = []
    for grid in found:
        around = any(other is not grid and grid.encloses(other) for other in found)
        side = min(grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0])
        if not grid.single or not (around or side < _SMALLEST):
            kept.append(grid)
    return kept


def _bands(
    level: Sequence[Row], regions: Sequence[_Region], number: int, main: Direction
) -> Iterator[Block]:
    """From top to bottom: text above, between and below the regions; regions beside each other
    from left to right, with the text beside them."""
    frame = _frame(level, regions, number)
    for band in _beside(regions):
        top, bottom = min(r.top for r in band), max(r.bottom for r in band)
        yield from _flow([row for row in level if row.y < top], number, frame)
        between = [sign for row in level if top <= row.y <= bottom for sign in row.signs]
        level = [row for row in level if row.y > bottom]
        for region in band:
            edge = region.grid.xs[0]
            yield from _flow(rows(sign for sign in between if sign.x < edge), number)
            between = [sign for sign in between if sign.x >= edge]
            yield from _region(region, number, main)
        yield from _flow(rows(between), number)
    yield from _flow(level, number, frame)


def _beside(regions: Sequence[_Region]) -> list[list[_Region]]:
    bands: list[list[_Region]] = []
    bottom = float("-inf")
    for region in sorted(regions, key=lambda region: region.top):
        if region.top < bottom - 1:
            bands[-1].append(region)
        else:
            bands.append([region])
        bottom = max(bottom, region.bottom)
    for band in bands:
        band.sort(key=lambda region: (region.grid.xs[0], region.top))
    return bands


@dataclass(frozen=True, slots=True)
class _Frame:
    """From where to where the page is filled, and where its full lines end."""

    extent: tuple[float, float]
    edge: float


def _frame(level: Sequence[Row], regions: Sequence[_Region], number: int) -> _Frame | None:
    if not level:
        return None
    left = min([row.left for row in level] + [region.grid.xs[0] for region in regions])
    right = max([row.right for row in level] + [region.grid.xs[-1] for region in regions])
    return _Frame((left, right), full_edge([row.right for row in level]))


def _flow(found: Sequence[Row], number: int, frame: _Frame | None = None) -> Iterator[Block]:
    """Running text: columns one after the other, their lines joined to paragraphs."""
    parts = columns(found)
    if len(parts) == 1 and frame is not None:
        yield from paragraphs(lines(found, number, frame.extent), frame.edge)
        return
    for part in parts:
        yield from paragraphs(lines(part, number))


def _region(region: _Region, number: int, main: Direction) -> Iterator[Block]:
    if region.grid.single:
        for direction in sorted(region.signs, key=lambda direction: direction != main):
            yield from _flow(rows(region.signs[direction]), number)
        return
    block = table_block(list(_table(region, number)), page=number)
    if block is not None and block.text:
        yield block


def _table(region: _Region, number: int) -> Iterator[list[Cell]]:
    """The rows of cells; a row in which none begins is left out."""
    texts = _cell_texts(region, number)
    seen: set[int] = set()
    for places in region.grid.cells:
        cells: list[Cell] = []
        for at, cell in enumerate(places):
            if at and places[at - 1] == cell:
                cells[-1] = replace(cells[-1], span=cells[-1].span + 1)
            else:
                below = cell in seen
                cells.append(Cell("" if below else texts.get(cell, ""), 1, below))
                seen.add(cell)
        if not all(cell.below for cell in cells):
            yield cells


def _cell_texts(region: _Region, number: int) -> dict[int, str]:
    grid = region.grid
    widths = _widths(grid)
    found: dict[int, list[Line]] = {}
    for signs in region.signs.values():
        inside: dict[int, list[Sign]] = {}
        for sign in signs:
            row = min(bisect_right(grid.ys, sign.y) - 1, len(grid.ys) - 2)
            column = min(bisect_right(grid.xs, sign.x) - 1, len(grid.xs) - 2)
            inside.setdefault(grid.cells[row][column], []).append(sign)
        for cell, own in inside.items():
            found.setdefault(cell, []).extend(lines(rows(own), number))
    return {
        cell: cell_text([line.text for line in own], [_fills(line, widths[cell]) for line in own])
        for cell, own in found.items()
    }


def _fills(line: Line, width: float) -> bool:
    return width - (line.right - line.left) <= min(_MARGINS * line.character, width / 2)


def _widths(grid: Grid) -> dict[int, float]:
    """How wide each cell is."""
    edges: dict[int, tuple[float, float]] = {}
    for places in grid.cells:
        for at, cell in enumerate(places):
            left, right = edges.get(cell, (grid.xs[at], grid.xs[at + 1]))
            edges[cell] = (min(left, grid.xs[at]), max(right, grid.xs[at + 1]))
    return {cell: right - left for cell, (left, right) in edges.items()}
