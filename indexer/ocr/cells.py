"""Cells in which the detector saw nothing: it overlooks a single digit in an empty cell."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from indexer.ocr.engines import Engine, Line
from indexer.ocr.grid import Grid, Region
from indexer.ocr.prepare import Pixels

#: More cells than this are not looked into one by one: each costs up to 40 ms.
_MOST = 150
#: What is written is this high, beside the page's lines: less is a speck, more no single line.
_LOW, _HIGH = 0.3, 1.3
#: A single character is taken only when this sure.
_SURE = 0.75


def overlooked(
    image: Pixels, grids: Sequence[Grid], lines: Sequence[Line], engine: Engine
) -> list[Line]:
    """Lines of one word in cells of `grids` where none of `lines` stands. `image`: the page
    without its rules."""
    if not lines or not grids:
        return []
    height = median(line.height for line in lines)
    empty = [
        cell
        for grid in grids
        for cell in grid.cells
        if not any(_reaches(line, cell) for line in lines)
    ]
    found = (_word(image, cell, height, engine) for cell in empty[:_MOST])
    return [line for line in found if line is not None]


def _reaches(line: Line, cell: Region) -> bool:
    y = sum(y for _, y in line.box) / 4
    left, right = min(x for x, _ in line.box), max(x for x, _ in line.box)
    return cell.top <= y <= cell.bottom and left < cell.right and right > cell.left


def _word(image: Pixels, cell: Region, height: float, engine: Engine) -> Line | None:
    edge = 3
    inside = image[cell.top + edge : cell.bottom - edge, cell.left + edge : cell.right - edge]
    box = _written(inside, height)
    if box is None:
        return None
    x, y, wide, high = box
    pad = round(0.2 * high) + 2
    top, left = max(0, y - pad), max(0, x - pad)
    text, sure = engine.word(inside[top : y + high + pad, left : x + wide + pad])
    if not text or sure < _SURE:
        return None
    x, y = x + cell.left + edge, y + cell.top + edge
    corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
    return Line(text, corners, sure)


def _written(inside: Pixels, height: float) -> tuple[int, int, int, int] | None:
    """The box around the strokes in a cell; None where there are none, or not of one line."""
    if min(inside.shape[:2], default=0) < 8:
        return None
    grey = cv2.cvtColor(inside, cv2.COLOR_RGB2GRAY)
    ink = (grey < min(150, int(np.median(grey)) - 60)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    strokes = [row for row in stats[1:count].tolist() if row[3] > 0.15 * height and row[4] > 8]
    if not strokes:
        return None
    left, top = min(row[0] for row in strokes), min(row[1] for row in strokes)
    right = max(row[0] + row[2] for row in strokes)
    bottom = max(row[1] + row[3] for row in strokes)
    if not _LOW * height < bottom - top < _HIGH * height:
        return None
    return left, top, right - left, bottom - top
