"""A printed and stamped paper as an office scanner sees it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from bench.scans import Pixels, _jpeg, _noisy, _stamp, _turned

DPI = 200
#: Degrees by which a sheet lies askew at most.
ASKEW = 2.0


def pages_of(pdf: Path, chance: random.Random) -> Iterator[Pixels]:
    """The pages, each turned, noisy, blurred and packed as JPEG; the last one bears a seal."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            drawn = document[number].render(scale=DPI / 72).to_pil().convert("RGB")
            page = np.asarray(drawn)
            if number == len(document) - 1:
                page = _stamp(page, chance)
            noise = np.random.default_rng(chance.randrange(2**32))
            page = _turned(page, chance.uniform(-ASKEW, ASKEW))
            page = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.4, 1.0)).astype(np.uint8)
            yield _jpeg(_noisy(page, noise, 6.0), chance.randint(55, 80))
    finally:
        document.close()
