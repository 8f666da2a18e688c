"""The first page of a version as a picture, drawn when somebody looks and kept beside the readings:
derived and disposable like them."""

from __future__ import annotations

import os
from pathlib import Path

from archive.house import House
from archive.models import Version
from archive.paper import OBJECT
from indexer.errors import ReadError

#: Formats of which a child draws the first page by itself: those a scan comes in, and PDF.
DRAWN = frozenset({"pdf", "jpg", "png", "gif", "bmp", "tiff", "webp", "heic"})


def first_page(house: House, version: Version) -> bytes | None:
    """PNG, None where there is none to be had."""
    if version.format not in DRAWN:
        return None
    kept = _place(house, version.sha256)
    try:
        return kept.read_bytes() or None
    except FileNotFoundError:
        return _draw(house, version, kept)


def _draw(house: House, version: Version, kept: Path) -> bytes | None:
    path = house.store.path(OBJECT + version.record_id, version.logical)
    try:
        with house.pool() as pool:
            png = pool.picture(path, version.format)
    except ReadError:
        png = None
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}.tmp")
    partial.write_bytes(png or b"")
    partial.replace(kept)
    return png


def _place(house: House, sha256: str) -> Path:
    return house.readings.folder / sha256[:2] / f"{sha256}.png"
