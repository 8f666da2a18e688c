"""What an engine of text recognition is, and which one this machine has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from indexer.ocr.prepare import Pixels

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a line of text as the engine saw it.

    `box`: upper left, upper right, lower right, lower left, in pixels. `confidence`: 0 to 1.
    `at`: for each character of `text` where its middle is along the box, 0 to 1; () where the
    engine does not tell. `weight`: the width of its strokes in pixels, 0 where not measured.
    """

    text: str
    box: tuple[Point, Point, Point, Point]
    confidence: float
    at: tuple[float, ...] = ()
    weight: float = 0.0

    @property
    def width(self) -> float:
        (x0, y0), (x1, y1) = self.box[0], self.box[1]
        return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)

    @property
    def height(self) -> float:
        (x0, y0), (x1, y1) = self.box[0], self.box[3]
        return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)


class Engine(Protocol):
    """Recognises text. `name` is what a reading says of itself."""

    name: str

    def lines(self, image: Pixels) -> list[Line]:
        """The pieces of text on a page (RGB) that stands upright, in any order."""
        ...

    def word(self, image: Pixels) -> tuple[str, float]:
        """What stands on a small picture of one short line, and the confidence; "" for nothing."""
        ...


@cache
def engine() -> Engine | None:
    """The best engine that works here, its models loaded; None where there is none.

    Once a process: loading takes a second and 200 MB.
    """
    from indexer.ocr import rapid, tesseract

    return rapid.load() or tesseract.load()
