"""Ruled tables on a page: where their cells are, before anything is read.

The rules are found by morphology, the cells are the closed regions between them. So a merged cell
is one region, however many rows and columns it reaches over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.ocr.prepare import Mask, Pixels

#: Shortest pieces that count as rules, beside the page's longer side. On A4 8 mm across, more than
#: a stroke of a title, and 5 mm upright; 4 mm, the height of the lowest rows, below or above
#: others.
_ACROSS, _UPRIGHT, _BELOW = 0.027, 0.018, 0.0135
#: Up to this length, beside the same, a piece may be a stroke that touches the rules above and
#: below it; then no more than this share of the paper close beside it is inked.
_LONG, _CROWDED = 0.05, 0.12
#: A long rule is no wider than this, in pixels, and what it leans; strokes that only chain up are.
_STRAIGHT = 7
#: How far from its end a rule still meets the one across it, in pixels.
_END = 8
#: A table is at least this wide and high, beside the same.
_LEAST = 0.03
#: The cells of a table fill it; what noise and the edges of things enclose does not.
_COVERED = 0.65
#: More cells than this is a pattern, no form.
_CELLS = 2000


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of a table: its edges in pixels, the first row and column it is in, and how many
    of them it reaches over."""

    left: int
    top: int
    right: int
    bottom: int
    row: int
    column: int
    rows: int
    columns: int

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table and its cells, by row and column. Edges in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    cells: tuple[Region, ...]

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def grids(image: Pixels) -> tuple[list[Grid], Mask]:
    """The tables of a straightened page from top to bottom, and their rules (255 on 0)."""
    across, upright = _rules(image)
    rules = cv2.dilate(across | upright, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    least = _LEAST * max(image.shape[:2])
    found, own = [], np.zeros_like(rules)
    for label in range(1, min(count, _CELLS)):
        left, top, width, height = (int(value) for value in stats[label, :4])
        if width < least or height < least:
            continue
        patch = (slice(top, top + height), slice(left, left + width))
        mask = np.where(labels[patch] == label, 255, 0).astype(np.uint8)
        cells = _cells(mask, left, top, least)
        if len(cells) > 1:
            found.append(Grid(left, top, left + width, top + height, tuple(cells)))
            own[patch] |= mask
    return sorted(_innermost(found), key=lambda grid: (grid.top, grid.left)), own


def _innermost(found: Sequence[Grid]) -> list[Grid]:
    """Without what goes around another: the edges of the sheet, or a frame."""
    return [
        grid
        for grid in found
        if not any(
            other is not grid and grid.holds(other.left, other.top)
            and grid.holds(other.right, other.bottom)
            for other in found
        )
    ]  # fmt: skip


def without_rules(image: Pixels, rules: Mask) -> Pixels:
    """The page with the rules painted over: they end up as strokes of characters otherwise."""
    wiped = image.copy()
    wiped[rules > 0] = 245
    return wiped


def _rules(image: Pixels) -> tuple[Mask, Mask]:
    """The rules across and those upright."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12
    )
    longer = max(image.shape[:2])
    across = _pieces(np.ascontiguousarray(ink.T), round(_ACROSS * longer)).T
    upright = _pieces(ink, round(_UPRIGHT * longer))
    columns = cv2.dilate(upright.max(axis=0, keepdims=True), np.ones((1, 5), np.uint8))
    upright |= _pieces(ink, round(_BELOW * longer)) & columns
    for _ in range(2):  # what a false piece held up falls with it
        upright = _kept(upright, across, ink, round(_LONG * longer))
        across = _kept(across.T, upright.T, ink.T, round(_LONG * longer)).T
    return across, upright


def _pieces(ink: Mask, length: int) -> Mask:
    """Straight upright pieces of at least `length`, those in one line joined."""
    length = max(9, length)
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8))
    found = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    # A rule that leans breaks where it goes one pixel further, and corners may just fail to meet.
    found = cv2.dilate(found, np.ones((9, 3), np.uint8))
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((length, 1), np.uint8)))


def _kept(upright: Mask, across: Mask, ink: Mask, long: int) -> Mask:
    """Of the upright pieces what reaches from one rule across to the next; of short ones only
    those that stand alone. Strokes of characters do neither."""
    upright, ink = np.ascontiguousarray(upright), np.ascontiguousarray(ink)
    crossed = cv2.dilate(np.ascontiguousarray(across), np.ones((3, 1), np.uint8))
    near = cv2.dilate(crossed, np.ones((_END, 3), np.uint8))
    _, whole, sizes, _ = cv2.connectedComponentsWithStats(upright, connectivity=8)
    between = upright & ~crossed
    count, labels, stats, _ = cv2.connectedComponentsWithStats(between, connectivity=8)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        columns = slice(left, left + width)
        if not (near[top, columns].any() and near[top + height - 1, columns].any()):
            continue
        _, _, over, whole_height, _ = sizes[whole[top : top + height, columns].max()]
        is_long = whole_height >= long and over <= _STRAIGHT + 0.02 * whole_height
        if is_long or _beside(ink, left, top, width, height) < _CROWDED:
            kept[label] = 255
    return np.asarray(kept[labels] | (upright & crossed), np.uint8)


def _beside(ink: Mask, left: int, top: int, width: int, height: int) -> float:
    """How much ink stands close by on both sides, as a share."""
    rows = slice(top, top + height)
    sides = ink[rows, max(0, left - 5) : left], ink[rows, left + width : left + width + 5]
    return float(np.mean([side.mean() / 255 if side.size else 0.0 for side in sides]))


def _cells(rules: Mask, left: int, top: int, least: float) -> list[Region]:
    """The closed regions between a table's rules; [] where they are no table."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.bitwise_not(cv2.copyMakeBorder(rules, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)),
        connectivity=4,
    )
    high, wide = rules.shape
    boxes = []
    for x, y, width, height, area in stats[1:count].tolist():
        if x == 0 and width >= wide:
            continue  # all around the table
        if min(width, height) < 0.25 * least or area < 0.6 * width * height:
            continue  # between double rules, or not a cell's shape
        boxes.append((x - 1, y - 1, x - 1 + width, y - 1 + height))
    covered = sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes)
    if not 1 < len(boxes) <= _CELLS or covered < _COVERED * wide * high:
        return []
    near = 0.25 * least
    columns = _edges([edge for box in boxes for edge in (box[0], box[2])], near)
    rows = _edges([edge for box in boxes for edge in (box[1], box[3])], near)
    return sorted(
        (_region(box, rows, columns, left, top) for box in boxes),
        key=lambda cell: (cell.row, cell.column),
    )


def _edges(values: Sequence[int], near: float) -> NDArray[np.float64]:
    """The rules that edges of cells lie beside: edges nearer than `near` to the last are one."""
    groups: list[list[int]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return np.array([float(np.mean(group)) for group in groups])


def _region(
    box: tuple[int, int, int, int],
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
    left: int,
    top: int,
) -> Region:
    first, last = (int(np.abs(columns - edge).argmin()) for edge in (box[0], box[2]))
    upper, lower = (int(np.abs(rows - edge).argmin()) for edge in (box[1], box[3]))
    return Region(
        left + box[0], top + box[1], left + box[2], top + box[3],
        upper, first, max(1, lower - upper), max(1, last - first),
    )  # fmt: skip
