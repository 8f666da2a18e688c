"""Made scans: papers set on A4 pages as a printer would, then spoilt as scanners and phones do.

Every page comes with the text that stands on it, so that what is read can be compared. The same
seed gives the same pages.
"""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from yanxiu.demo.papers import Line

Pixels = NDArray[np.uint8]

#: A4 in inches, and the margins of a Chinese official paper (GB/T 9704: 37 mm above, 28 mm left).
WIDTH, HEIGHT = 8.27, 11.69
TOP, SIDE = 1.2, 1.1
#: Sizes in points: 小二 for titles, 四号, 小四 and 五号 for texts.
TITLE = 18.0
SIZES = (14.0, 12.0, 10.5)
KINDS = ("clean", "stamped", "photo", "traditional")


class NoFont(Exception):
    """A font that the scans are set in and this machine lacks."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as pixels (RGB) and the text that stands on it, line by line."""

    kind: str
    pixels: Pixels
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paper is set: `family` as fontconfig knows it, `size` in points."""

    family: str = "Noto Serif CJK SC"
    size: float = 12.0
    dpi: int = 150


@cache
def font(family: str, pixels: int, weight: str = "regular") -> ImageFont.FreeTypeFont:
    """A font of the system by its name. Raises NoFont where there is none of that name."""
    pattern = f"{family}:weight={weight}"
    command = ["fc-match", "--format=%{file}|%{index}|%{family}", pattern]
    file, index, found = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.split("|")
    if family not in found:
        raise NoFont(f"no font {family} on this machine")
    return ImageFont.truetype(file, pixels, index=int(index))


def pages(lines: Sequence[Line], setting: Setting) -> Iterator[tuple[Pixels, str]]:
    """The paper on as many pages as it needs: (white page, its text)."""
    desk = _Desk(setting)
    for line in lines:
        yield from desk.put(line)
    yield from desk.done()


class _Desk:
    """The page at hand and how far down it is filled."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.scale = setting.dpi / 72
        self.left = round(SIDE * setting.dpi)
        self.right = round((WIDTH - SIDE) * setting.dpi)
        self.bottom = round((HEIGHT - TOP) * setting.dpi)
        self._begin()

    def _begin(self) -> None:
        size = (round(WIDTH * self.setting.dpi), round(HEIGHT * self.setting.dpi))
        self.image = Image.new("L", size, 255)
        self.draw = ImageDraw.Draw(self.image)
        self.y = round(TOP * self.setting.dpi)
        self.texts: list[str] = []

    def done(self) -> Iterator[tuple[Pixels, str]]:
        if self.texts:
            yield np.asarray(self.image.convert("RGB")), "\n".join(self.texts)

    def put(self, line: Line) -> Iterator[tuple[Pixels, str]]:
        if line.kind == "table":
            for row in line.rows:
                yield from self._row(row, max(len(r) for r in line.rows))
            self.y += round(self.setting.size * self.scale)
            return
        title = line.kind == "title"
        size = TITLE if title else self.setting.size
        face = self._face(size, bold=title or line.kind in ("heading", "subheading"))
        indent = 2 if line.kind == "paragraph" else 0
        width = self.right - self.left
        for text, first in _broken(line.text, face, width, indent):
            yield from self._room(face)
            x = self.left + (indent * face.size if first else 0)
            if line.kind in ("title", "centred"):
                x = self.left + (width - face.getlength(text)) / 2
            elif line.kind == "right":
                x = self.right - face.getlength(text)
            self.draw.text((round(x), self.y), text, font=face, fill=20)
            self.texts.append(text)
            self.y += round(face.size * (2.2 if title else 1.6))

    def _face(self, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        return font(self.setting.family, round(size * self.scale), "bold" if bold else "regular")

    def _room(self, face: ImageFont.FreeTypeFont, lines: int = 1) -> Iterator[tuple[Pixels, str]]:
        if self.y + 1.6 * face.size * lines > self.bottom and self.texts:
            yield from self.done()
            self._begin()

    def _row(self, row: Sequence[str], columns: int) -> Iterator[tuple[Pixels, str]]:
        """A row of a ruled table; a short row's last cell spans the rest."""
        face = self._face(min(self.setting.size, 12.0))
        step = (self.right - self.left) / columns
        edges = [round(self.left + at * step) for at in range(len(row))] + [self.right]
        pad = round(face.size * 0.4)
        cells = []
        for at, text in enumerate(row):
            pieces = text.replace("^", "").split("//")
            room = edges[at + 1] - edges[at] - 2 * pad
            cells.append([t for piece in pieces for t, _ in _broken(piece, face, room, 0)])
        most = max(1, *(len(cell) for cell in cells))
        yield from self._room(face, most + 1)
        lower = self.y + round(face.size * 1.5 * most) + 2 * pad
        for at, cell in enumerate(cells):
            box = (edges[at], self.y, edges[at + 1], lower)
            self.draw.rectangle(box, outline=30, width=max(1, round(self.scale * 0.6)))
            for number, text in enumerate(cell):
                y = self.y + pad + round(number * face.size * 1.5)
                self.draw.text((edges[at] + pad, y), text, font=face, fill=20)
        self.texts += [text for cell in cells for text in cell]
        self.y = lower


def _broken(
    text: str, face: ImageFont.FreeTypeFont, width: float, indent: int
) -> Iterator[tuple[str, bool]]:
    """`text` in lines of at most `width` pixels, and whether each is the first; closing marks
    hang on to what they close."""
    line, first = "", True
    for sign in text:
        room = width - (indent * face.size if first else 0)
        if line and face.getlength(line + sign) > room and sign not in "，。；：、！？）》”":
            yield line, first
            line, first = "", False
        line += sign
    if line.strip():
        yield line, first


# --- spoiling them ------------------------------------------------------------


def spoilt(kind: str, page: Pixels, text: str, chance: random.Random) -> Scan:
    """The page as it comes out of a scanner (`clean`, `traditional`), out of one where it lay
    askew and stamped, or of a phone."""
    noise = np.random.default_rng(chance.randrange(1 << 30))
    if kind == "stamped":
        pixels = _stamp(page, chance)
        pixels = _turned(pixels, chance.choice((-1, 1)) * chance.uniform(0.8, 3.5))
        return Scan(kind, _noisy(_specks(pixels, noise), noise, 9), text)
    if kind == "photo":
        pixels = _shaded(_in_perspective(page, chance, noise), chance)
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.7)
        return Scan(kind, _jpeg(_noisy(pixels, noise, 6), 70), text)
    return Scan(kind, _jpeg(_noisy(cv2.GaussianBlur(page, (0, 0), 0.5), noise, 3), 85), text)


def _noisy(pixels: Pixels, noise: np.random.Generator, amount: float) -> Pixels:
    grain = noise.normal(0, amount, pixels.shape[:2])[..., None]
    return np.clip(pixels * 0.97 + grain, 0, 255).astype(np.uint8)


def _specks(pixels: Pixels, noise: np.random.Generator) -> Pixels:
    spoilt = pixels.copy()
    height, width = pixels.shape[:2]
    for x, y, size in zip(
        noise.integers(0, width, 300), noise.integers(0, height, 300), noise.integers(1, 3, 300),
        strict=True,
    ):  # fmt: skip
        cv2.circle(spoilt, (int(x), int(y)), int(size) // 2, (90, 90, 90), -1)
    return spoilt


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=quality)
    return np.asarray(Image.open(data).convert("RGB"))


def _turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    flags = {"flags": cv2.INTER_CUBIC, "borderValue": (250, 250, 250)}
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), **flags), np.uint8)


def _stamp(page: Pixels, chance: random.Random) -> Pixels:
    """A round seal of 42 mm with a star, pressed over the text."""
    height, width = page.shape[:2]
    across = round(width * 42 / 210)
    seal = Image.new("L", (across, across), 0)
    draw = ImageDraw.Draw(seal)
    draw.ellipse((2, 2, across - 3, across - 3), outline=255, width=max(3, across // 30))
    _star(draw, across)
    _around(seal, "兴镇初级中学教务处专用章", across)
    ink = np.asarray(seal.rotate(chance.uniform(-25, 25)), np.float64)[..., None] / 255 * 0.82
    used = int(np.where(page.min(axis=(1, 2)) < 128)[0].max(initial=height // 2))
    y = min(height - across - 2, max(0, used - round(across * chance.uniform(0.5, 1.1))))
    x = round(width * chance.uniform(0.45, 0.7))
    stamped = page.astype(np.float64)
    patch = stamped[y : y + across, x : x + across]
    ink = ink[:, : patch.shape[1]]
    # Ink lets what is printed under it through: the darker of the two in each channel.
    pressed = np.minimum(patch, patch * (1 - ink) + np.array([205.0, 40.0, 45.0]) * ink)
    stamped[y : y + across, x : x + across] = pressed
    return stamped.astype(np.uint8)


def _star(draw: ImageDraw.ImageDraw, across: int) -> None:
    centre, radius = across / 2, across * 0.16
    corners = []
    for at in range(10):
        angle = np.pi * at / 5 - np.pi / 2
        reach = radius if at % 2 == 0 else radius * 0.4
        corners.append((centre + reach * np.cos(angle), centre + reach * np.sin(angle)))
    draw.polygon(corners, fill=255)


def _around(seal: Image.Image, text: str, across: int) -> None:
    face = font("Noto Serif CJK SC", round(across * 0.13), "bold")
    for at, sign in enumerate(text):
        angle = 210 - 240 * at / (len(text) - 1)
        tile = Image.new("L", (face.size * 2, face.size * 2), 0)
        ImageDraw.Draw(tile).text((face.size, face.size), sign, font=face, fill=255, anchor="mm")
        tile = tile.rotate(angle - 90)
        reach = across * 0.37
        x = across / 2 + reach * np.cos(np.radians(angle)) - face.size
        y = across / 2 - reach * np.sin(np.radians(angle)) - face.size
        seal.paste(255, (round(x), round(y)), tile)


def _in_perspective(page: Pixels, chance: random.Random, noise: np.random.Generator) -> Pixels:
    """The page on a brown table, seen from somewhat below, as a phone sends it on (1,920 high)."""
    height = 1920
    width = round(height * 0.75)
    off = lambda: chance.uniform(0.01, 0.06)  # noqa: E731
    target = np.array(
        [
            [width * (0.04 + off()), height * (0.02 + off())],
            [width * (0.96 - off()), height * (0.02 + off())],
            [width * (0.99 - off() / 2), height * (0.98 - off())],
            [width * (0.01 + off() / 2), height * (0.98 - off())],
        ],
        np.float32,
    )
    tall, wide = page.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    wood = noise.normal(0, 8, (height, width, 1)) + np.array([96.0, 72.0, 52.0])
    table = np.clip(wood, 0, 255).astype(np.uint8)
    seen = cv2.warpPerspective(
        page, matrix, (width, height), dst=table, flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_TRANSPARENT,
    )  # fmt: skip
    return np.asarray(seen, np.uint8)


def _shaded(pixels: Pixels, chance: random.Random) -> Pixels:
    """Yellowish light from one side, and the shadow of a hand."""
    height, width = pixels.shape[:2]
    across = np.linspace(1.0, chance.uniform(0.6, 0.8), width)[None, :, None]
    if chance.random() < 0.5:
        across = across[:, ::-1]
    shadow = np.zeros((height, width), np.float32)
    centre = (round(width * chance.uniform(0.2, 0.8)), round(height * chance.uniform(0.6, 1.0)))
    cv2.ellipse(shadow, centre, (width // 3, height // 3), 30, 0, 360, 0.4, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), width / 30)[..., None]
    light = across * (1 - shadow) * np.array([1.0, 0.97, 0.88])
    return np.clip(pixels * light, 0, 255).astype(np.uint8)


def saved(scan: Scan, folder: Path, number: int) -> Path:
    """The scan as a file: photographs as JPEG, the rest as PNG."""
    suffix = "jpg" if scan.kind == "photo" else "png"
    path = folder / f"{number:03}-{scan.kind}.{suffix}"
    Image.fromarray(scan.pixels).save(path, quality=90)
    return path
