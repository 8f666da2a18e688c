"""How thick the strokes of lines are: what is set in bold, or in 黑体, stands out by that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from indexer.ocr.engines import Line
from indexer.ocr.prepare import Pixels

#: Lines are looked at three times as large: a stroke is 2 to 4 pixels wide, and the difference
#: between regular and bold less than one.
_LARGER = 3
#: Wider pieces than this tell no more.
_WIDEST = 600


def weighed(image: Pixels, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with the mean width of their strokes, in pixels."""
    for line in lines:
        xs, ys = zip(*line.box, strict=True)
        left, top = max(0, round(min(xs))), max(0, round(min(ys)))
        piece = image[top : round(max(ys)), left : min(round(max(xs)), left + _WIDEST)]
        yield replace(line, weight=_stroke(piece))


def _stroke(piece: Pixels) -> float:
    if min(piece.shape[:2], default=0) < 4:
        return 0.0
    grey = cv2.cvtColor(piece, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    depth = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    inside = depth[depth > 0]
    # Over a stroke the distance from its edge is on average a quarter of its width.
    return float(np.mean(inside)) * 4 / _LARGER if inside.size else 0.0
