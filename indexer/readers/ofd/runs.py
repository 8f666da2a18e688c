"""The characters of a text object with their places (GB/T 33190-2016, 11)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.readers.layout.signs import RIGHT, Direction, Sign
from indexer.readers.lines import CONTROL, WIDE
from indexer.readers.ofd.geometry import FARTHEST, Matrix, numbers

#: Characters drawn within this angle (radians, 8 degrees) of an axis are lines of text;
#: what lies askew is a watermark.
_ASKEW = 0.14
#: A private code, which only the file's own font could show.
PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(slots=True)
class Run:
    """The characters of one TextCode."""

    text: str
    x: float
    y: float
    size: float
    bold: bool
    matrix: Matrix
    reading: str

    def lay(self, delta_x: str | None, delta_y: str | None) -> tuple[Direction | None, list[Sign]]:
        """The axis along which the text is read, None where it lies askew; and its characters."""
        count = len(self.text) - 1
        if not count:
            direction = self._direction((), ())
            return direction, self._signs((), (), direction) if direction is not None else []
        right, down = steps(delta_x, count), steps(delta_y, count)
        if right is None and down is None:
            right = [(_nominal(sign) or 1.0) * self.size for sign in self.text[:count]]
        nothing = [0.0] * count
        right, down = right or nothing, down or nothing
        direction = self._direction(right, down)
        return direction, self._signs(right, down, direction) if direction is not None else []

    def _direction(self, right: Sequence[float], down: Sequence[float]) -> Direction | None:
        vertical = sum(abs(dy) > abs(dx) for dx, dy in zip(right, down, strict=True))
        if vertical * 2 > len(right):
            dx, dy = 0.0, math.copysign(1.0, sum(map(_unit, down)))
        elif right:
            dx, dy = math.copysign(1.0, sum(map(_unit, right))), 0.0
        else:
            dx, dy = _READING.get(self.reading, (1.0, 0.0))
        a, b, c, d, _, _ = self.matrix
        if dx > 0 and a > 0 and not b:
            return RIGHT
        x, y = a * dx + c * dy, b * dx + d * dy
        if abs(y) <= _ASKEW * abs(x):
            return (1, 0) if x > 0 else (-1, 0)
        if abs(x) <= _ASKEW * abs(y):
            return (0, 1) if y > 0 else (0, -1)
        return None

    def _signs(
        self, right: Sequence[float], down: Sequence[float], direction: Direction
    ) -> list[Sign]:
        a, b, c, d, e, f = self.matrix
        em = math.hypot(c, d) * self.size
        stretch = math.hypot(a, b) * self.size
        x, y = a * self.x + c * self.y + e, b * self.x + d * self.y + f
        if not (0 < em < FARTHEST and abs(x) < FARTHEST and abs(y) < FARTHEST):
            return []
        ux, uy = direction
        # From a character's start on the base line to its middle, by its own axes.
        across_x, across_y = -0.35 * self.size * c, -0.35 * self.size * d
        found = []
        last = len(self.text) - 1
        for at, sign in enumerate(self.text):
            dx, dy = (right[at], down[at]) if at < last else (0.0, 0.0)
            step_x, step_y = a * dx + c * dy, b * dx + d * dy
            nominal = _nominal(sign)
            if nominal:
                width = self._width(nominal, ux * step_x + uy * step_y, em, stretch)
                half = nominal / 2 * self.size
                found.append(
                    Sign(
                        " " if sign.isspace() else sign,
                        x * ux + y * uy,
                        y * ux - x * uy,
                        width,
                        em,
                        self.bold,
                        x + half * a + across_x,
                        y + half * b + across_y,
                    )
                )
            x, y = x + step_x, y + step_y
        return found

    def _width(self, nominal: float, step: float, em: float, stretch: float) -> float:
        """How far the character reaches: to the next, save where that stands clearly apart."""
        own = nominal * (stretch or em)
        return step if 0 < step <= own + 0.5 * em else own


_READING = {"90": (0.0, 1.0), "180": (-1.0, 0.0), "270": (0.0, -1.0)}
_BROAD = frozenset("mwMW@%&ABCDEFGHKNOQRUVXYZ")


@lru_cache(maxsize=16384)
def _nominal(sign: str) -> float:
    """The width of a character in units of its size, as most fonts have it; 0 where nobody can
    say what it is."""
    if CONTROL.match(sign) or PRIVATE.match(sign):
        return 0.0
    if WIDE.match(sign) or sign in "\u3000“”‘’—…·①②③④⑤⑥⑦⑧⑨⑩√×÷□■○●☑":
        return 1.0
    return 0.7 if sign in _BROAD else 0.5


def _unit(value: float) -> int:
    return (value > 0) - (value < 0)


def steps(given: str | None, count: int) -> list[float] | None:
    """The `count` distances of a DeltaX or DeltaY; None where there is none.

    `g n d` stands for n times d (11.3). Where there are too few the last one goes on, as
    every viewer does with `DeltaX="1.59"` before twelve digits.
    """
    if not given:
        return None
    tokens = given.split(None, 3 * count + 3)[: 3 * count + 3]
    found: list[float] = []
    at = 0
    while at < len(tokens) and len(found) < count:
        if tokens[at] in ("g", "G"):
            repeat = numbers(" ".join(tokens[at + 1 : at + 3]), 2)
            if repeat is not None:
                found += [repeat[1]] * int(min(max(repeat[0], 0), count - len(found)))
            at += 3
        else:
            found += numbers(tokens[at], 1) or ()
            at += 1
    if found:
        found += [found[-1]] * (count - len(found))
    return found or None
