"""A page made fit for recognition: flat light, no seal over the text, straight, of a good size.

Pictures are arrays (height, width, 3) of RGB bytes; every function gives a new one.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.uint8]

#: The longer side of what is recognised. A4 at 220 dpi: characters of 10 points are 30 pixels
#: high, and the recogniser scales every line to 48.
LONGEST = 2600
#: Below this a page's characters are lower than about 12 pixels; twice the size reads better.
SMALL = 1100
#: Steps of work are judged on a copy of this size: enough for edges, light and slope.
_GLANCE = 800


def prepared(image: Pixels) -> Pixels:
    """The page as the engine is to see it."""
    image = laid_flat(sized(image))
    if on_paper(image):
        image = without_seals(evenly_lit(image))
    return straightened(image)


# --- size ---------------------------------------------------------------------


def sized(image: Pixels) -> Pixels:
    """Scaled down to `LONGEST`; small ones up to twice their size."""
    longer = max(image.shape[:2])
    if longer > LONGEST:
        return _scaled(image, LONGEST / longer)
    if longer < SMALL:
        return _scaled(image, min(2.0, 1.6 * SMALL / longer))
    return image


def _scaled(image: Pixels, factor: float) -> Pixels:
    height, width = image.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)


def _glance(image: Pixels) -> tuple[Pixels, float]:
    """A small copy, and how much smaller it is."""
    factor = min(1.0, _GLANCE / max(image.shape[:2]))
    return (image if factor == 1.0 else _scaled(image, factor)), factor


# --- the sheet on the table ---------------------------------------------------

#: A sheet fills at least this share of a photograph.
_SHEET = 0.35
#: Along its edges it is lighter by this factor than what it lies on, at this share of the places
#: looked at: the edge of a shadow on it is neither as sharp nor as long.
_LIGHTER, _ALONG = 1.2, 0.85
#: How much of the surroundings is kept, beside the sheet's size: what was taken for a sheet may be
#: a board with writing around it.
_KEPT = 0.25


def laid_flat(image: Pixels) -> Pixels:
    """A photographed sheet as seen from straight above; the image itself where no four-cornered
    bright sheet on something darker is seen."""
    small, factor = _glance(image)
    corners = _sheet(small)
    if corners is None:
        return image
    corners = corners / factor
    upper, right, lower, left = (
        float(np.linalg.norm(corners[at] - corners[(at + 1) % 4])) for at in range(4)
    )
    width, height = max(upper, lower), max(left, right)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    x, y, wide, high = _extent(image, corners, target)
    target = (target - (x, y)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return np.asarray(
        cv2.warpPerspective(image, matrix, (wide, high), flags=cv2.INTER_CUBIC), np.uint8
    )


def _extent(
    image: Pixels, corners: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is kept, in the flat sheet's own pixels."""
    height, width = image.shape[:2]
    whole = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target.astype(np.float32))
    seen = cv2.perspectiveTransform(whole, matrix)[0]
    size = target.max(axis=0)
    least = np.maximum(seen.min(axis=0), -_KEPT * size)
    most = np.minimum(seen.max(axis=0), (1 + _KEPT) * size)
    left, top = np.floor(least)
    wide, high = np.ceil(most - least)
    return int(left), int(top), int(wide), int(high)


def _sheet(small: Pixels) -> NDArray[np.float64] | None:
    """The corners of the sheet: upper left, upper right, lower right, lower left."""
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 2)
    middle, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    best, found = _ALONG, None
    for share in (1.0, 0.85, 0.7, 0.55, 0.45):  # the lower ones take in what lies in a shadow
        corners = _four_corners(grey, middle * share)
        if corners is not None and (along := _along_edges(grey, corners)) > best:
            best, found = along, corners
    return found


def _four_corners(grey: Mask, level: float) -> NDArray[np.float64] | None:
    """The corners of the largest region lighter than `level`, where it has four."""
    _, bright = cv2.threshold(grey, level, 255, cv2.THRESH_BINARY)
    bright = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area, whole = cv2.contourArea(hull), grey.shape[0] * grey.shape[1]
    if not _SHEET * whole < area < 0.97 * whole:
        return None
    for share in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(corners) == 4 and cv2.contourArea(corners) > 0.95 * area:
            return _ordered(corners.reshape(4, 2).astype(np.float64))
    return None


def _along_edges(grey: Mask, corners: NDArray[np.float64]) -> float:
    """At which share of places along its four edges the sheet is lighter than its surroundings;
    one edge may be that of the picture itself."""
    height, width = grey.shape
    shares = []
    for at in range(4):
        begin, end = corners[at], corners[(at + 1) % 4]
        across = np.array([begin[1] - end[1], end[0] - begin[0]]) / np.linalg.norm(end - begin)
        along = begin + np.linspace(0.04, 0.96, 40)[:, None] * (end - begin)
        inner, outer = along + 6 * across, along - 6 * across
        if outer.min() < 0 or outer[:, 0].max() >= width or outer[:, 1].max() >= height:
            shares.append(-1.0)
            continue
        lighter = _at(grey, inner) > _LIGHTER * np.maximum(_at(grey, outer), 8)
        shares.append(float(lighter.mean()))
    cut = shares.count(-1.0)
    return 0.0 if cut > 1 else min(share for share in shares if share >= 0)


def _at(grey: Mask, places: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = places.round().astype(int).T
    found: NDArray[np.float64] = grey[
        np.clip(y, 0, grey.shape[0] - 1), np.clip(x, 0, grey.shape[1] - 1)
    ].astype(float)
    return found


def _ordered(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    total, difference = corners.sum(axis=1), np.diff(corners, axis=1)[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return corners[order]


# --- light --------------------------------------------------------------------

#: Paper in dim light is still lighter than this (0 to 255).
_LIGHT = 90


def on_paper(image: Pixels) -> bool:
    """Whether the picture is mostly light ground. White writing on dark and photographs of
    people have no paper that could be made white, and red writing there is no seal."""
    small, _ = _glance(image)
    return bool(np.median(cv2.cvtColor(_ground(small), cv2.COLOR_RGB2GRAY)) >= _LIGHT)


def evenly_lit(image: Pixels) -> Pixels:
    """Paper made white: shadows and yellow light divided out."""
    small, _ = _glance(image)
    ground = _ground(small)
    # Filled cells and bars are ground too; divided out altogether, white writing in them is lost.
    floor = np.uint8(0.4 * np.median(cv2.cvtColor(ground, cv2.COLOR_RGB2GRAY)))
    height, width = image.shape[:2]
    ground = cv2.resize(np.maximum(ground, floor), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(image, ground, scale=245), np.uint8)


def _ground(small: Pixels) -> Pixels:
    """The paper without what is written on it: strokes filled from around, then smoothed."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.medianBlur(closed, 31), np.uint8)


# --- seals --------------------------------------------------------------------

#: A seal's diameter beside the page's shorter side: from 20 mm on A4 up. Official ones have 38 to
#: 45 mm; characters of a red letterhead have at most 22 by 15 mm (GB/T 9704-2012, 7.2).
_SEAL = 0.095
#: Share of a seal's outline that is inked, worn places allowed for.
_RING = 0.55


def without_seals(image: Pixels) -> Pixels:
    """Red seals faded, what is printed in black under them kept. Red writing stays: it may be
    the letterhead."""
    small, factor = _glance(image)
    faded = image
    for hull in _seals(small):
        faded = _faded(faded, hull / factor)
    return faded


def _red(image: Pixels) -> Mask:
    tint = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    # OpenCV's hues go to 180; seals are red to slightly orange or purple.
    low = cv2.inRange(tint, np.array([0, 55, 60]), np.array([12, 255, 255]))
    high = cv2.inRange(tint, np.array([163, 55, 60]), np.array([180, 255, 255]))
    return np.asarray(low | high, np.uint8)


def _seals(small: Pixels) -> list[NDArray[np.float32]]:
    """The outlines of round, oval or square seals."""
    ink = _red(small)
    if cv2.countNonZero(ink) < 100:
        return []
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    least = _SEAL * min(small.shape[:2])
    found = []
    for contour in contours:
        _, _, width, height = cv2.boundingRect(contour)
        if min(width, height) < least or not 0.6 < width / height < 1.65:
            continue
        hull = cv2.convexHull(contour)
        if cv2.contourArea(hull) > 0.68 * width * height and _inked(joined, hull) > _RING:
            found.append(hull.reshape(-1, 2).astype(np.float32))
    return found


def _inked(ink: Mask, hull: NDArray[np.int32]) -> float:
    """How much of the outline is inked."""
    outline = np.zeros_like(ink)
    cv2.polylines(outline, [hull], True, 255, 1)
    near = cv2.dilate(ink, np.ones((5, 5), np.uint8))
    return cv2.countNonZero(outline & near) / max(1, cv2.countNonZero(outline))


def _faded(image: Pixels, hull: NDArray[np.float32]) -> Pixels:
    """Inside the outline only the red channel counts, in which red is nearly as light as paper."""
    left, top, width, height = cv2.boundingRect(hull)
    edge = max(4, width // 20)
    y, x = (
        slice(max(0, top - edge), top + height + edge),
        slice(max(0, left - edge), left + width + edge),
    )
    patch = image[y, x]
    ink = _red(patch)
    if not ink.any():
        return image
    level = float(np.percentile(patch[..., 0][ink > 0], 25))
    light = np.clip(patch[..., 0] * (245.0 / max(level, 60.0)), 0, 255).astype(np.uint8)
    faded = image.copy()
    near = cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0
    faded[y, x][near] = light[near][:, None]
    return faded


# --- slope --------------------------------------------------------------------

#: Scanners and hands put a page askew by less than this. Degrees.
_STEEPEST = 10.0
#: A slope below this changes nothing for the recogniser.
_LEVEL = 0.15


def straightened(image: Pixels) -> Pixels:
    """Turned by a few degrees so that lines run level (or upright, on a page that lies on its
    side)."""
    angle = slope(image)
    if abs(angle) < _LEVEL:
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = round(width * cos + height * sin), round(height * cos + width * sin)
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    how = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    return np.asarray(cv2.warpAffine(image, matrix, (wide, high), **how), np.uint8)


def slope(image: Pixels) -> float:
    """By how many degrees the page must be turned (positive: to the left) to be straight; 0.0
    where no direction stands out."""
    ink = _ink(image)
    if cv2.countNonZero(ink) < 200:
        return 0.0
    # Thin rules are sharp within a tenth of a degree only: first a look that is blurred enough not
    # to miss them, then a closer one at the best angles of that.
    blurred = cv2.resize(ink, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    coarse = np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5)
    seen = [_sharpness(blurred, angle) for angle in coarse]
    if max(seen) < 1.1 * float(np.median(seen)):
        return 0.0
    near = [
        coarse[at] + step for at in np.argsort(seen)[-3:] for step in np.arange(-0.5, 0.51, 0.1)
    ]
    best = max(near, key=lambda angle: _sharpness(ink, angle))
    finest = best + np.arange(-2, 3) * 0.03
    return float(max(finest, key=lambda angle: _sharpness(ink, angle)))


def _ink(image: Pixels) -> Mask:
    """Strokes on a small copy, slightly blurred, 255 on 0."""
    grey = cv2.cvtColor(_glance(image)[0], cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15
    )
    # Turning blurs, and what is not turned would win by that alone.
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.9), np.uint8)


def _sharpness(ink: Mask, angle: float) -> float:
    """How sharply rows (or columns) of ink change to empty ones when turned by `angle`."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows, columns = (turned.sum(axis=axis, dtype=np.float64) / 255 for axis in (1, 0))
    return float(max((np.diff(side) ** 2).sum() for side in (rows, columns)))
