"""Ruled tables found by their rules; nothing is recognised here."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.ocr.grid import Grid, grids, without_rules
from indexer.ocr.prepare import Pixels

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


def sheet() -> Pixels:
    return np.full((1754, 1240, 3), 248, np.uint8)


def ruled(image: Pixels, xs: list[int], ys: list[int]) -> Pixels:
    for x in xs:
        cv2.line(image, (x, ys[0]), (x, ys[-1]), (40, 40, 40), 2)
    for y in ys:
        cv2.line(image, (xs[0], y), (xs[-1], y), (40, 40, 40), 2)
    return image


def places(grid: Grid) -> list[tuple[int, int, int, int]]:
    return [(cell.row, cell.column, cell.rows, cell.columns) for cell in grid.cells]


def test_the_cells_of_a_table() -> None:
    found, _ = grids(ruled(sheet(), [150, 400, 800, 1090], [300, 360, 420, 600]))
    assert places(found[0]) == [(r, c, 1, 1) for r in range(3) for c in range(3)]
    assert found[0].cells[4].holds(600, 390)


def test_merged_cells_are_one() -> None:
    image = ruled(sheet(), [150, 400, 800, 1090], [300, 360, 420, 600])
    cv2.rectangle(image, (405, 365), (1086, 416), (248, 248, 248), -1)  # two columns of row 1
    cv2.rectangle(image, (153, 355), (397, 365), (248, 248, 248), -1)  # rows 0 and 1 of column 0
    found, _ = grids(image)
    assert places(found[0]) == [
        (0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 2),
        (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip


@pytest.mark.skipif(not FONT.is_file(), reason="no Chinese font on this machine")
def test_strokes_of_characters_are_no_rules() -> None:
    """Tight rows: characters touch the rule above, and their strokes nearly reach the one below."""
    image = Image.fromarray(ruled(sheet(), [150, 600, 1090], [300, 330, 360, 390]))
    font = ImageFont.truetype(str(FONT), 25, index=2)
    for y in (294, 324, 354):
        ImageDraw.Draw(image).text((170, y), "课题教师周期中册单甲里国圆", (20, 20, 20), font)
        ImageDraw.Draw(image).text((620, y), "申由甲曲典目且耳門開聞", (20, 20, 20), font)
    found, _ = grids(np.asarray(image))
    assert places(found[0]) == [(r, c, 1, 1) for r in range(3) for c in range(2)]


def test_a_page_of_text_has_no_table() -> None:
    image = sheet()
    for y in range(200, 1500, 40):
        for x in range(150, 1080, 30):
            cv2.rectangle(image, (x, y), (x + 22, y + 24), (20, 20, 20), 2)
    assert grids(image)[0] == []


def test_a_frame_around_a_table_is_not_one() -> None:
    image = ruled(sheet(), [150, 600, 1090], [300, 400, 500])
    cv2.rectangle(image, (60, 60), (1180, 1700), (40, 40, 40), 3)
    found, _ = grids(image)
    assert [len(grid.cells) for grid in found] == [4]


def test_rules_are_painted_over_and_nothing_else() -> None:
    image = ruled(sheet(), [150, 600, 1090], [300, 400, 500])
    cv2.putText(image, "11", (300, 370), 0, 1.5, (20, 20, 20), 3)
    _, rules = grids(image)
    wiped = without_rules(image, rules)
    assert wiped[295:506, 145:156].min() > 200
    assert (wiped[320:380, 290:380] == image[320:380, 290:380]).all()
