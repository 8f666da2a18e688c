"""Text of pictures and scans, recognised on this machine.

    page = ocr.page(path, "pdf", 3, limits)        # one page, seconds
    reading = ocr.assemble(reading, {3: page})     # the reading with its text

A page goes through `source` (its picture), `prepare` (light, seals, slope), `grid` (ruled tables),
an `engine`, `turning` (pages that lie on their side) and `layout` (blocks in reading order).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer import codes
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.ocr import source
from indexer.ocr.assembling import assemble
from indexer.ocr.cells import overlooked
from indexer.ocr.engines import Engine, Line, engine
from indexer.ocr.grid import grids, without_rules
from indexer.ocr.layout import blocks
from indexer.ocr.pages import Page
from indexer.ocr.prepare import Pixels, prepared
from indexer.ocr.turning import turned, upright
from indexer.ocr.weight import weighed
from indexer.reading import Block

__all__ = ["Page", "assemble", "available", "page", "recognise"]

#: A line of one or two characters must be this sure: the edges of things look like 一 and 1.
_SURE = 0.6
#: Specks of dirt are read as these; nobody writes a line of them.
_SPECKS = ".·。,，'`´、…˙ "
#: No line of a page is higher than this share of it.
_HIGH = 0.4


def available() -> str:
    """The name of the engine that recognises here, "" where there is none."""
    found = engine()
    return found.name if found is not None else ""


def page(path: Path, form: str, number: int, limits: Limits) -> Page:
    """Page `number` (from 1) of the file at `path`, of the sniffed format `form`, recognised.

    Takes seconds and up to 800 MB. Raises ReadError: corrupt, too_large, unreadable; unsupported
    where nothing can recognise text here.
    """
    using = engine()
    if using is None:
        raise ReadError("unsupported", "no engine of text recognition")
    started = time.monotonic()
    image = source.picture(path, form, number, limits)
    found_codes = codes.find(image)
    found, confidence = recognise(np.asarray(image, np.uint8), number, using)
    seconds = round(time.monotonic() - started, 2)
    return Page(tuple(found), found_codes, round(confidence, 3), seconds, using.name)


def recognise(image: Pixels, number: int, using: Engine) -> tuple[list[Block], float]:
    """The blocks of a page (RGB), and the confidence, 0 to 1."""
    image = prepared(image)
    ruled, rules = grids(image)
    clean = without_rules(image, rules)
    degrees, lines = upright(clean, using)
    if degrees:
        ruled, rules = grids(turned(image, degrees))
        clean = without_rules(turned(image, degrees), rules)
    lines = [line for line in lines if _plausible(line, clean)]
    lines += overlooked(clean, ruled, lines, using)
    height, width = clean.shape[:2]
    found = blocks(list(weighed(clean, lines)), ruled, (width, height), number)
    return found, _confidence(lines)


def _plausible(line: Line, image: Pixels) -> bool:
    text = line.text.strip()
    if (len(text) <= 2 and line.confidence < _SURE) or not text.strip(_SPECKS):
        return False
    return line.height < _HIGH * image.shape[0] or line.confidence > 0.95


def _confidence(lines: Sequence[Line]) -> float:
    """Of all characters alike."""
    characters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / max(1, characters)
