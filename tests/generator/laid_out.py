"""Forms as LibreOffice lays them out, with the fonts that stand in for those the forms name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from PIL import ImageChops

from indexer.office.soffice import fonts

SOFFICE = shutil.which("soffice")
#: The fonts of the standard by their roles; indexer/office/fonts.conf says what takes their place.
ROLES = ("仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体")
#: A pixel darker than this is ink.
DARK = 128
DPI = 300
MM = 25.4


def as_pdf(paths: Sequence[Path], folder: Path) -> list[Path]:
    """All of them with one start of LibreOffice; skips where there is none."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, paths)],
        check=True, capture_output=True, timeout=600, env={**os.environ, **fonts()},
    )  # fmt: skip
    return [folder / f"{path.stem}.pdf" for path in paths]


def font_of(role: str) -> str:
    """The font that takes the place of one the forms name, "" without fontconfig."""
    command = shutil.which("fc-match")
    if command is None:
        return ""
    answer = subprocess.run(
        [command, "-f", "%{family[0]} %{style[0]}", role],
        capture_output=True, text=True, check=True, env={**os.environ, **fonts()},
    )  # fmt: skip
    return answer.stdout


def plain_font(name: str) -> str:
    """A font's name in a PDF without the mark of its subset."""
    return re.sub(r"^[A-Z]{6}\+", "", name)


class Picture:
    """A page as pixels; places in mm from its upper left corner."""

    def __init__(self, pdf: Path, page: int) -> None:
        image = pypdfium2.PdfDocument(pdf)[page].render(scale=DPI / 72).to_pil()
        self.image = image.convert("RGB")

    def ink(
        self, left: float, top: float, right: float, bottom: float, *, red: bool = False
    ) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what is printed inside the box, red or black."""
        at = [round(edge / MM * DPI) for edge in (left, top, right, bottom)]
        r, g, _ = self.image.crop((at[0], at[1], at[2], at[3])).split()
        shade = ImageChops.invert(ImageChops.subtract(r, g)) if red else r
        box = shade.point(lambda value: 255 if value < DARK else 0).getbbox()
        if box is None:
            pytest.fail(f"nothing is printed in {(left, top, right, bottom)}")
        return (
            left + box[0] / DPI * MM, top + box[1] / DPI * MM,
            left + box[2] / DPI * MM, top + box[3] / DPI * MM,
        )  # fmt: skip
