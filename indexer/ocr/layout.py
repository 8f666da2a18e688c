"""From pieces of lines to blocks in reading order: tables, columns, paragraphs, centred titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from indexer.ocr.engines import Line
from indexer.ocr.grid import Grid
from indexer.ocr.paragraphs import Edges, body_of, edges_of, paragraphs, rows
from indexer.ocr.pieces import Piece, pieces, settled, split
from indexer.ocr.ruled import table
from indexer.reading import Block

#: A gutter parts columns where at least this many rows of text stand on either side of it.
_BESIDE = 4
#: Fewer squares than this are a table.
_SQUARES = 60
#: A quarter of the rows of running text fill their column to this share at least; a form's labels
#: and values do not.
_FILLED = 0.6


#: The shorter and the longer side of A4, in points.
_A4 = 595.0, 842.0


def blocks(
    lines: Sequence[Line], grids: Sequence[Grid], size: tuple[int, int], page: int
) -> list[Block]:
    """The blocks of the page with this number. `size`: its width and height in pixels, in which
    lines and grids are given too."""
    found = settled([piece for line in lines for piece in pieces(line)])
    ruled = [grid for grid in grids if _is_table(grid, found)]
    free: list[Piece] = []
    inside: dict[Grid, list[Piece]] = {grid: [] for grid in ruled}
    for piece in found:
        for part, grid in split(piece, ruled):
            (free if grid is None else inside[grid]).append(part)
    width, height = size
    body = body_of(rows(free), _A4[width > height] / width)
    ordered: list[Block] = []
    for column in columns([*free, *ruled]):
        tables = sorted((e for e in column if isinstance(e, Grid)), key=lambda grid: grid.top)
        texts = [e for e in column if isinstance(e, Piece)]
        edges = _edges(texts, tables)
        for band, grid in _bands(texts, tables):
            ordered += paragraphs(rows(band), body, page, edges)
            if grid is not None:
                ordered += table(grid, inside[grid], body, page)
    return ordered


def _is_table(grid: Grid, found: Sequence[Piece]) -> bool:
    """Whether what is written fits in it: a large character may look like a grid of cells, and
    paper for essays has a square for each character."""
    within = [piece for piece in found if grid.holds(piece.x, piece.y)]
    out = any(
        piece.top < grid.top - piece.height / 2 or piece.bottom > grid.bottom + piece.height / 2
        for piece in within
    )
    return bool(within) and not out and not _is_squared(grid)


def _is_squared(grid: Grid) -> bool:
    """Whether it is the ruling of squared paper: many small squares, all alike."""
    if len(grid.cells) < _SQUARES:
        return False
    widths = [cell.right - cell.left for cell in grid.cells]
    heights = [cell.bottom - cell.top for cell in grid.cells]
    alike = all(
        sum(abs(size - median(sizes)) < 0.25 * median(sizes) for size in sizes) > 0.8 * len(sizes)
        for sizes in (widths, heights)
    )
    return alike and 0.7 < median(widths) / median(heights) < 1.4


def _edges(texts: Sequence[Piece], tables: Sequence[Grid]) -> Edges | None:
    """Where a column's text and tables begin and end."""
    if not texts:
        return None
    left, right = edges_of(rows(texts))
    return (
        min((left, *(grid.left for grid in tables))),
        max((right, *(grid.right for grid in tables))),
    )


def _bands(
    free: Sequence[Piece], grids: Sequence[Grid]
) -> Iterator[tuple[list[Piece], Grid | None]]:
    """What stands above each table, with the table, and what stands below the last."""
    rest = list(free)
    for grid in grids:
        yield [piece for piece in rest if piece.y < grid.top], grid
        rest = [piece for piece in rest if piece.y >= grid.top]
    yield rest, None


# --- columns ------------------------------------------------------------------

Element = Piece | Grid


def columns(found: Sequence[Element]) -> list[list[Element]]:
    """Text and tables in parts that are read one after the other: whole lines above, the left
    column, the right one, what comes below."""
    gutter = _gutter(found)
    if gutter is None:
        return [list(found)] if found else []
    x, top, bottom = gutter
    above = [e for e in found if _middle(e) < top]
    below = [e for e in found if _middle(e) > bottom]
    beside = [e for e in found if top <= _middle(e) <= bottom]
    left = [e for e in beside if e.right <= x]
    right = [e for e in beside if e.right > x]
    return [part for some in (above, left, right, below) for part in columns(some)]


def _middle(element: Element) -> float:
    return (element.top + element.bottom) / 2


def _rows(element: Element) -> int:
    """How many rows of text the element counts for."""
    return max(cell.row for cell in element.cells) + 1 if isinstance(element, Grid) else 1


def _gutter(found: Sequence[Element]) -> tuple[float, float, float] | None:
    """Where a white strip stands between two columns: its middle, upper and lower end."""
    sizes = [e.height for e in found if isinstance(e, Piece)]
    if len(sizes) < _BESIDE or sum(map(_rows, found)) < 2 * _BESIDE:
        return None
    half = median(sizes) / 2
    left, right = min(e.left for e in found), max(e.right for e in found)
    best: tuple[int, float, float, float] | None = None
    for step in range(30, 71):
        x = left + (right - left) * step / 100
        for run in _runs(found, x, half):
            beside = _both_sides(run, x, left, right)
            if beside and (best is None or beside > best[0]):
                best = (beside, x, min(e.top for e in run), max(e.bottom for e in run))
    return None if best is None else best[1:]


def _runs(found: Sequence[Element], x: float, half: float) -> Iterator[list[Element]]:
    """Elements one below the other of which none crosses the strip around `x`."""
    run: list[Element] = []
    for element in sorted(found, key=_middle):
        if element.left < x + half and element.right > x - half:
            yield run
            run = []
        else:
            run.append(element)
    yield run


def _both_sides(run: Sequence[Element], x: float, left: float, right: float) -> int:
    """How many rows stand beside the strip, 0 where they are not running text on both sides."""
    sides = [e for e in run if e.right <= x], [e for e in run if e.left >= x]
    if min(sum(map(_rows, side)) for side in sides) < _BESIDE:
        return 0
    spans = [(min(e.top for e in side), max(e.bottom for e in side)) for side in sides]
    shared = min(end for _, end in spans) - max(begin for begin, _ in spans)
    if shared < 0.5 * min(end - begin for begin, end in spans):
        return 0
    for side, room in zip(sides, (x - left, right - x), strict=True):
        widths = sorted(e.right - e.left for e in side for _ in range(_rows(e)))
        if widths[len(widths) * 3 // 4] < _FILLED * room:
            return 0
    return sum(map(_rows, run))
