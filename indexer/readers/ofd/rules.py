"""The ruled lines of a page, from the paths that draw them (GB/T 33190-2016, 9)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.readers.layout.signs import Rule
from indexer.readers.ofd.geometry import FARTHEST, Matrix, numbers

#: More path data than this is a drawing or a letter turned into curves, no rule.
_PATH = 2000
#: A filled path not thicker than this (mm) is a rule.
_THIN = 1.2
#: A rule is longer than the first and no more out of true than the second (mm).
_SHORTEST, _SLOPE = 1.0, 0.3
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

Segment = tuple[float, float, float, float]


def rules_of(data: str, matrix: Matrix, stroked: bool) -> list[Rule]:
    """The rules that a path draws: its straight lines, or itself where it is a thin filled bar."""
    if len(data) > _PATH:
        return []
    lines = _straight(data, matrix)
    if stroked:
        return [rule for line in lines if (rule := _rule(*line)) is not None]
    thin = _thin(lines)
    return [thin] if thin is not None else []


def _straight(data: str, matrix: Matrix) -> list[Segment]:
    """The straight lines of a path on the page; [] where it has a curve (9.1: M S L C, Q B A)."""
    a, b, c, d, e, f = matrix
    tokens = _TOKEN.findall(data)
    found: list[Segment] = []
    start = here = (0.0, 0.0)
    at = 0
    while at < len(tokens):
        step = tokens[at]
        if step in ("M", "S", "L"):
            point = numbers(" ".join(tokens[at + 1 : at + 3]), 2)
            if point is None:
                return []
            x, y = a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f
            if step == "L":
                found.append((*here, x, y))
            else:
                start = (x, y)
            here = (x, y)
            at += 3
        elif step == "C":
            found.append((*here, *start))
            here = start
            at += 1
        else:
            return []
    return found


def _rule(x0: float, y0: float, x1: float, y1: float) -> Rule | None:
    """The line as a rule, where it runs along an axis."""
    wide, high = abs(x1 - x0), abs(y1 - y0)
    if max(wide, high) < _SHORTEST or min(wide, high) > _SLOPE:
        return None
    if max(map(abs, (x0, y0, x1, y1))) > FARTHEST:
        return None
    return Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _thin(lines: Sequence[Segment]) -> Rule | None:
    """A filled path as a rule through its middle, where it is thin."""
    if not lines:
        return None
    left = min(min(x0, x1) for x0, _, x1, _ in lines)
    right = max(max(x0, x1) for x0, _, x1, _ in lines)
    top = min(min(y0, y1) for _, y0, _, y1 in lines)
    bottom = max(max(y0, y1) for _, y0, _, y1 in lines)
    if bottom - top <= _THIN:
        return _rule(left, (top + bottom) / 2, right, (top + bottom) / 2)
    if right - left <= _THIN:
        return _rule((left + right) / 2, top, (left + right) / 2, bottom)
    return None
