"""Light, seals, slope and sheets, on pages drawn for it; nothing is recognised here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexer.ocr import prepare
from indexer.ocr.prepare import Pixels

INK, RED = (25, 25, 25), (205, 40, 45)


def page(width: int = 900, height: int = 1200) -> Pixels:
    """Bars in rows, as text looks from afar."""
    image = np.full((height, width, 3), 250, np.uint8)
    for y in range(150, height - 300, 36):
        for x in range(120, width - 130, 24):
            cv2.rectangle(image, (x, y), (x + 16, y + 18), INK, 2)
    return image


def sealed(image: Pixels, centre: tuple[int, int], radius: int = 90) -> Pixels:
    """A round seal printed over what is there: dark stays dark."""
    ink = np.full_like(image, 255)
    cv2.circle(ink, centre, radius, RED, 8)
    cv2.putText(ink, "SEAL", (centre[0] - 60, centre[1] + 15), 0, 1.5, RED, 4)
    return np.minimum(image, ink)


@pytest.mark.parametrize("degrees", [-7.3, -1.2, 0.0, 0.8, 4.0])
def test_a_page_askew_is_set_straight(degrees: float) -> None:
    matrix = cv2.getRotationMatrix2D((450, 600), degrees, 1)
    askew = cv2.warpAffine(page(), matrix, (900, 1200), borderValue=(250, 250, 250))
    assert prepare.slope(np.asarray(askew, np.uint8)) == pytest.approx(-degrees, abs=0.25)
    straight = prepare.straightened(np.asarray(askew, np.uint8))
    assert abs(prepare.slope(straight)) < 0.3


def test_a_picture_without_lines_is_not_turned() -> None:
    blank = np.full((600, 800, 3), 255, np.uint8)
    assert prepare.straightened(blank) is blank


def test_a_seal_fades_and_what_is_under_it_stays() -> None:
    plain = page()
    faded = prepare.without_seals(sealed(plain, (600, 700)))
    near = (slice(600, 800), slice(500, 700))
    assert (faded[near].min(axis=2) < 90).mean() == pytest.approx(
        (plain[near].min(axis=2) < 90).mean(), abs=0.01
    )
    saturation = faded[near].astype(int).max(axis=2) - faded[near].min(axis=2)
    assert (saturation > 60).mean() < 0.005


def test_red_writing_is_no_seal() -> None:
    image = page()
    cv2.putText(image, "NOTICE 2014", (150, 110), 0, 2.5, RED, 8)
    assert prepare.without_seals(image) is image


def test_shadows_are_divided_out() -> None:
    light = np.linspace(1.0, 0.45, 900)[None, :, None]
    lit = prepare.evenly_lit((page() * light).astype(np.uint8))
    ground = np.median(lit[20:130].reshape(-1, 3), axis=0)
    assert ground.min() > 235
    assert np.median(lit[20:130, 850:]) > 235


def test_white_writing_on_dark_is_left_alone() -> None:
    assert not prepare.on_paper(255 - page())
    assert prepare.on_paper(page())


def test_white_writing_in_a_dark_bar_of_a_page_survives() -> None:
    image = page()
    cv2.rectangle(image, (120, 20), (780, 120), INK, -1)
    cv2.putText(image, "TITLE", (300, 95), 0, 2, (250, 250, 250), 6)
    bar = prepare.evenly_lit(image)[30:110, 290:520]
    assert 0.1 < (bar.min(axis=2) > 200).mean() < 0.6


def on_a_table(sheet: Pixels, shadow: bool = False) -> Pixels:
    corners = np.array([[140, 90], [880, 130], [970, 1150], [60, 1200]], np.float32)
    height, width = sheet.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    table = np.full((1280, 1020, 3), (90, 70, 50), np.uint8)
    matrix = cv2.getPerspectiveTransform(source, corners)
    cv2.warpPerspective(sheet, matrix, (1020, 1280), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    if shadow:
        dark = np.ones((1280, 1020), np.float32)
        cv2.circle(dark, (300, 1200), 420, 0.5, -1)
        table = (table * cv2.GaussianBlur(dark, (0, 0), 40)[..., None]).astype(np.uint8)
    return table


def slopes(image: Pixels) -> tuple[float, float]:
    """Of the upper and of the lower rows."""
    height = image.shape[0]
    return prepare.slope(image[: height * 2 // 5]), prepare.slope(image[height * 3 // 5 :])


@pytest.mark.parametrize("shadow", [False, True])
def test_a_photographed_sheet_is_laid_flat(shadow: bool) -> None:
    photograph = on_a_table(page(), shadow)
    upper, lower = slopes(photograph)
    assert abs(upper - lower) > 1.0
    assert max(map(abs, slopes(prepare.laid_flat(photograph)))) < 0.5


def test_a_page_that_fills_its_picture_is_no_sheet_on_a_table() -> None:
    image = page()
    assert prepare.laid_flat(image) is image


def test_writing_around_a_bright_board_is_kept() -> None:
    """What was taken for a sheet may be a screen: its surroundings stay in the picture."""
    photograph = on_a_table(page())
    cv2.putText(photograph, "ROOM 3", (380, 60), 0, 1.6, (240, 240, 240), 4)
    flat = prepare.laid_flat(photograph)
    assert flat is not photograph
    assert (flat[: flat.shape[0] // 12].min(axis=2) > 200).any()


@pytest.mark.parametrize(
    ("size", "expected"), [((6000, 4000), 2600), ((2338, 1654), 2338), ((700, 500), 1400)]
)
def test_pages_are_recognised_at_a_good_size(size: tuple[int, int], expected: int) -> None:
    assert max(prepare.sized(np.zeros((*size, 3), np.uint8)).shape) == expected
