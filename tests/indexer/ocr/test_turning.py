"""Pages on their side or on their head, with an engine that is told what it sees."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.ocr.engines import Line
from indexer.ocr.prepare import Pixels
from indexer.ocr.turning import turned, upright

ROWS = ["一、工作开展情况", "四月份语文组以读写结合为主题", "开展研修两次", "二、取得成效"]


def page() -> Pixels:
    """The upper left corner of the upright page is red."""
    image = np.full((1000, 700, 3), 255, np.uint8)
    image[:20, :20] = (255, 0, 0)
    return image


class Reads:
    """Reads pages that stand upright, and rubbish of others, as engines do."""

    name = "told"

    def __init__(self) -> None:
        self.looks = 0

    def lines(self, image: Pixels) -> list[Line]:
        self.looks += 1
        reds = [tuple(image[y, x]) == (255, 0, 0) for y, x in ((0, 0), (0, -1), (-1, -1), (-1, 0))]
        turns = reds.index(True)
        sure = 0.99 if turns in (0, 1) else 0.6  # lines running down are set level by engines
        texts = ROWS if turns in (0, 1) else ["垫", "》：", "一", "·四"]
        return [self._line(at, text, sure, turns % 2 == 1) for at, text in enumerate(texts)]

    def _line(self, at: int, text: str, sure: float, down: bool) -> Line:
        x, y, long, high = 100.0, 100.0 + 50 * at, 500.0, 36.0
        wide, tall = (high, long) if down else (long, high)
        box = ((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall))
        return Line(text, box, sure)

    def word(self, image: Pixels) -> tuple[str, float]:
        return "", 0.0


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_is_found_upright(degrees: int) -> None:
    back, lines = upright(turned(page(), degrees), Reads())
    assert (degrees + back) % 360 == 0
    assert [line.text for line in lines] == ROWS


def test_an_upright_page_is_read_once() -> None:
    engine = Reads()
    upright(page(), engine)
    assert engine.looks == 1


def test_a_photograph_with_little_writing_is_not_turned_about() -> None:
    class Sees(Reads):
        def lines(self, image: Pixels) -> list[Line]:
            return super().lines(image)[:2]

    engine = Sees()
    upright(turned(page(), 180), engine)
    assert engine.looks == 1
