"""The picture of a page, by the format of its file."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from indexer import sniff
from indexer.errors import ReadError
from indexer.limits import Limits


def picture(path: Path, form: str, number: int, limits: Limits) -> Image.Image:
    """Page `number` (from 1) of the file at `path`, upright as far as the file tells, RGB.

    Raises ReadError: corrupt, too_large, unreadable; unsupported for a format without pictures.
    """
    try:
        if form in sniff.IMAGES:
            from indexer.readers import image

            with path.open("rb") as file:
                return image.frame(file, form, number, limits)
        if form == "pdf":
            from indexer.readers import pdf

            return pdf.page_picture(path, number, limits)
        if form == "ofd":
            return _ofd(path, number, limits)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    raise ReadError("unsupported", f"no pictures of pages of {form}")


def _ofd(path: Path, number: int, limits: Limits) -> Image.Image:
    from indexer.readers import image, ofd

    data = ofd.page_image(path, number, limits)
    if data is None:
        raise ReadError("corrupt", f"ofd: page {number} has no picture")
    form = sniff.of_head(data[: sniff.HEAD])
    if form not in sniff.IMAGES:
        raise ReadError("unreadable", f"ofd: the picture of page {number} is {form}")
    return image.frame(io.BytesIO(data), form, 1, limits)
