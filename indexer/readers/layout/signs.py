"""What a page holds by place: characters and ruled lines.

Lengths are millimetres from the page's upper left corner, x to the right and y downwards.
"""

from __future__ import annotations

from typing import NamedTuple

#: Right, down, left or up.
Direction = tuple[int, int]
RIGHT: Direction = (1, 0)


class Sign(NamedTuple):
    """A character. `along` and `across` are its start and its base line in the direction of its
    text; `x` and `y` its middle on the page. `spaced`: a space was typed before it."""

    sign: str
    along: float
    across: float
    width: float
    size: float
    bold: bool
    x: float
    y: float
    spaced: bool = False


class Rule(NamedTuple):
    """A drawn line along an axis, left or upper end first."""

    x0: float
    y0: float
    x1: float
    y1: float
