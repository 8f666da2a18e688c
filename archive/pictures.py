"""The first page of a version as a picture, drawn when somebody looks and kept beside the reading:
derived and disposable like it."""

from __future__ import annotations

import logging

from archive.house import House
from archive.models import Version
from archive.paper import OBJECT
from indexer.errors import ReadError

log = logging.getLogger("yanxiu.pictures")

#: Formats of which a child draws the first page by itself: those a scan comes in, and PDF.
DRAWN = frozenset({"pdf", "jpg", "png", "gif", "bmp", "tiff", "webp", "heic"})
#: Errors that say something of this moment, not of the file.
_PASSING = ("timeout", "unreadable")


def first_page(house: House, version: Version) -> bytes | None:
    """PNG, None where there is none to be had."""
    if version.format not in DRAWN:
        return None
    kept = house.readings.picture(version.sha256)
    return (_draw(house, version) if kept is None else kept) or None


def _draw(house: House, version: Version) -> bytes:
    path = house.store.path(OBJECT + version.record_id, version.logical)
    try:
        with house.pool() as pool:
            png = pool.picture(path, version.format) or b""
    except ReadError as error:
        if error.code in _PASSING:
            return b""
        png = b""
    except RuntimeError:
        log.exception("no reader process for a picture")
        return b""
    house.readings.save_picture(version.sha256, png)
    return png
