"""Pages that lie on their side or stand on their head: noticed by what was read, and turned."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from indexer.ocr.engines import Engine, Line
from indexer.ocr.prepare import Pixels

#: Read upside down, lines give some characters with a confidence of 0.5 to 0.8 and few for their
#: length; upright ones above 0.95, and one character for each of their height.
_DOUBTFUL = 0.85
_SPARSE = 0.6
#: Fewer lines than this tell nothing, and a turned page is not worth three looks for them.
_LINES = 3

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def upright(image: Pixels, engine: Engine) -> tuple[int, list[Line]]:
    """By how many degrees, clockwise, the page must be turned to read best, and the lines of the
    turned page. Upright pages are read once, the others two or three times."""
    best, lines = 0, engine.lines(image)
    for degrees in _worth_trying(lines):
        others = engine.lines(turned(image, degrees))
        if worth(others) > worth(lines):
            best, lines = degrees, others
        if not _worth_trying(lines):
            break
    return best, lines


def turned(image: Pixels, degrees: int) -> Pixels:
    """The page turned clockwise by a multiple of 90 degrees."""
    return np.asarray(cv2.rotate(image, _TURNS[degrees]), np.uint8) if degrees else image


def worth(lines: Sequence[Line]) -> float:
    """How much was read, the doubtful counted for little; lines across the page for nothing."""
    return sum(len(line.text) * line.confidence**3 for line in lines if not _tall(line))


def _worth_trying(lines: Sequence[Line]) -> tuple[int, ...]:
    """Turns, in degrees clockwise, that may read better than this."""
    if len(lines) < _LINES:
        return ()
    whole = sum(max(line.width, line.height) for line in lines)
    tall = sum(line.height for line in lines if _tall(line))
    sure = sum(line.confidence * len(line.text) for line in lines) / sum(
        len(line.text) for line in lines
    )
    signs = sum(len(line.text) * min(line.width, line.height) for line in lines)
    doubtful = sure < _DOUBTFUL or signs < _SPARSE * whole
    if tall > 0.5 * whole:
        return (90, 270) if doubtful else (270, 90)
    return (180, 90, 270) if doubtful else ()


def _tall(line: Line) -> bool:
    return line.height >= 1.5 * line.width and len(line.text) > 1
