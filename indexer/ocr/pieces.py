"""Pieces of lines with straight edges, cut where they cross the rules of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import mean, median

from indexer.ocr.engines import Line
from indexer.ocr.grid import Grid, Region
from indexer.readers.lines import WIDE

#: The detector's boxes are higher than the characters in them: a character is as wide as this
#: share of the box's height (measured on made pages: 0.75 to 0.8).
_SQUARE = 0.77
#: Extra space between two characters, in characters: from the first on people see a space, from
#: the second on columns of a line (the same figures as for PDF).
#: Between two Chinese characters, whose places are surest, less is a space (measured: up to 0.15
#: where none is meant).
_GAP, _WIDE_GAP, _CHINESE_GAP = 0.6, 1.6, 0.45
#: In a row of labels (学校：… 学科：…) less already parts a value from the next label.
_NARROW = 0.2
#: From fewer steps the size of a piece is not known to a tenth.
_FEW = 10
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LABEL = re.compile(r"[\u4e00-\u9fff]{4}[：:]")
#: Marks that fill half of their square leave this much of it blank on the other side.
_BLANK = 0.4
_CLOSING, _OPENING = "，。；：、！？）》」』】〕”’,.;:!?)", "（《「『【〔“‘("


@dataclass(frozen=True, slots=True)
class Piece:
    """Text between straight edges, in pixels. `at`: the middle of each character, in pixels from
    the page's left edge; () where unknown. `size`: the width of a full-width character, from this
    many `steps` from one to the next, or guessed from the height. `weight`: that of its strokes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
    size: float
    at: tuple[float, ...] = ()
    steps: int = 0
    weight: float = 0.0

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def pieces(line: Line) -> Iterator[Piece]:
    """The line as a piece; none where it holds only white space."""
    text, along = _without_guesses(line.text.rstrip(), line.at)
    if not text.strip():
        return
    xs = [x for x, _ in line.box]
    left, right = min(xs), max(xs)
    # The middle of a box that slopes is that of its text; its corners reach further.
    middle = sum(y for _, y in line.box) / 4
    half = line.height / 2
    at = tuple(left + place * (right - left) for place in along)
    steps = _steps(text, at)
    size = float(mean(steps)) if steps else _SQUARE * line.height
    if at:
        # The detector's boxes reach beyond the text, and into each other.
        left = max(left, at[0] - _wide(text[0]) * size * 0.6)
        right = min(right, at[-1] + _wide(text[-1]) * size * 0.6)
    yield Piece(
        text, left, middle - half, right, middle + half, line.confidence, size, at,
        len(steps), line.weight,
    )  # fmt: skip


def settled(found: Sequence[Piece]) -> list[Piece]:
    """The pieces, short ones with the size of most text where theirs is near it."""
    sizes = [piece.size for piece in found if piece.steps for _ in range(len(piece.text))]
    if not sizes:
        return list(found)
    usual = median(sizes)
    return [
        replace(piece, size=usual)
        if piece.steps < _FEW and abs(piece.size - usual) < 0.25 * usual
        else piece
        for piece in found
    ]


def _without_guesses(text: str, at: Sequence[float]) -> tuple[str, Sequence[float]]:
    """Without the spaces that the engine set beside Chinese: where they belong, the places of the
    characters tell (`spaced`). Without places as it is."""
    if not at:
        return text, ()
    kept = [
        number
        for number, sign in enumerate(text)
        if not (sign.isspace() and _HAN.search(text[max(0, number - 1) : number + 2]))
    ]
    return "".join(text[number] for number in kept), [at[number] for number in kept]


def _steps(text: str, at: Sequence[float]) -> list[float]:
    """From one full-width character to the next, where there is nothing between; none of fewer
    than three. The engine tells places in steps of a quarter of a character: their mean is finer
    than any of them."""
    wide = [bool(WIDE.match(sign)) for sign in text]
    steps = [
        after - before
        for (before, after), (one, other) in zip(pairwise(at), pairwise(wide), strict=False)
        if one and other
    ]
    if len(steps) < 3:
        return []
    middle = median(steps)
    return [step for step in steps if abs(step - middle) < 0.4 * middle]


def spaced(piece: Piece) -> str:
    """The text with spaces where its characters stand apart."""
    if not piece.at:
        return piece.text
    gaps = _gaps(piece)
    labels = _label_starts(piece.text, gaps)
    text = piece.text[0]
    for at, (one, other) in enumerate(pairwise(piece.text), 1):
        if not (one.isspace() or other.isspace()):
            chinese = gaps[at] >= _CHINESE_GAP and bool(_HAN.match(one) and _HAN.match(other))
            text += space(gaps[at]) or (" " if chinese or at in labels else "")
        text += other
    return text


def _gaps(piece: Piece) -> list[float]:
    """The extra space before each character, in characters."""
    gaps = [_WIDE_GAP]
    for (before, after), (one, other) in zip(pairwise(piece.at), pairwise(piece.text), strict=True):
        usual = (_wide(one) + _wide(other)) / 2 + _BLANK * ((one in _CLOSING) + (other in _OPENING))
        gaps.append((after - before) / piece.size - usual)
    return gaps


def _label_starts(text: str, gaps: Sequence[float]) -> set[int]:
    """Where labels of two to four characters begin in a row that has several: at the widest gap."""
    ends = [match.end() - 1 for match in _LABEL.finditer(text)]
    if text.count("：") + text.count(":") < 2:
        return set()
    starts = (max((end - n for n in (2, 3, 4)), key=gaps.__getitem__) for end in ends)
    return {start for start in starts if gaps[start] >= _NARROW}


def _wide(sign: str) -> float:
    return 1.0 if WIDE.match(sign) else 0.55


def space(gap: float) -> str:
    """What a gap, in characters, means."""
    if gap >= _WIDE_GAP:
        return "  "
    return " " if gap >= _GAP else ""


def split(piece: Piece, grids: Sequence[Grid]) -> Iterator[tuple[Piece, Grid | None]]:
    """The piece cut at the rules it crosses, each part with the table it stands in."""
    if not piece.at:
        yield piece, _grid_at(grids, piece.x, piece.y)
        return
    signs = list(zip(piece.text, piece.at, strict=True))
    where = [_cell_at(grids, x, piece.y) for x in piece.at]
    for cell, group in groupby(range(len(signs)), key=lambda at: where[at]):
        inside = list(group)
        text = "".join(piece.text[at] for at in inside).strip()
        if not text:
            continue
        begin, end = inside[0], inside[-1]
        half = piece.size / 2
        left = piece.left if begin == 0 else piece.at[begin] - half
        right = piece.right if end == len(signs) - 1 else piece.at[end] + half
        kept = [at for at in inside if not piece.text[at].isspace() or begin < at < end]
        part = replace(
            piece, text="".join(piece.text[at] for at in kept), left=left, right=right,
            at=tuple(piece.at[at] for at in kept),
        )  # fmt: skip
        yield part, cell[0] if cell else None


def _grid_at(grids: Sequence[Grid], x: float, y: float) -> Grid | None:
    return next((grid for grid in grids if grid.holds(x, y)), None)


def _cell_at(grids: Sequence[Grid], x: float, y: float) -> tuple[Grid, Region | None] | None:
    grid = _grid_at(grids, x, y)
    return None if grid is None else (grid, cell_at(grid, x, y))


def cell_at(grid: Grid, x: float, y: float) -> Region | None:
    """The cell around a point; the nearest where it lies on a rule."""

    def off(cell: Region) -> float:
        return max(cell.left - x, x - cell.right, 0) + max(cell.top - y, y - cell.bottom, 0)

    return min(grid.cells, key=off, default=None)
