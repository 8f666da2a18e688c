"""Pages of a PDF that are pictures of text: how they are told, and drawn to be recognised."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from indexer import codes
from indexer.errors import ReadError
from indexer.readers.lines import Line

#: Objects of a page that are looked at; more change nothing in what it is.
_OBJECTS = 4000
#: A page that is a picture up to this share, with no more letters than this beside it, is a scan
#: with a page number or a header printed over it.
_COVERED, _BESIDE = 0.5, 30
#: A text layer is rubbish where less than this share of its signs are letters, digits or marks:
#: fonts without a map to Unicode give control characters and such of the private use area.
_REAL = 0.5
#: Pages looked at for codes, and how finely they are drawn: modules of 0.5 mm are 3 pixels wide.
#: Not those of many objects: letters turned into curves may take seconds to draw.
_CODED, _CODED_DPI, _FEW = 3, 150, 500
_POINTS = 72


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page: objects, paths among them (rules), and the share of the page that
    its largest picture or group covers."""

    objects: int
    paths: int
    covered: float


def drawn(page: pdfium.PdfPage) -> Drawn:
    """What is drawn, counted up to a bound."""
    total = min(raw.FPDFPage_CountObjects(page), _OBJECTS)
    width, height = page.get_size()
    paths, largest = 0, 0.0
    for at in range(total):
        item = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(item)
        paths += kind == raw.FPDF_PAGEOBJ_PATH
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            largest = max(largest, _area(item))
    return Drawn(total, paths, largest / max(1.0, width * height))


def _area(item: object) -> float:
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *edges):
        return 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    return max(0.0, right - left) * max(0.0, top - bottom)


def is_scanned(lines: Sequence[Line], seen: Drawn) -> bool:
    """Whether the page has to be recognised: something is drawn on it and nothing, rubbish, or
    next to nothing beside a large picture can be read."""
    if not seen.objects:
        return False
    return is_rubbish(lines) or (seen.covered >= _COVERED and sum(map(_real, lines)) < _BESIDE)


def is_rubbish(lines: Sequence[Line]) -> bool:
    """Whether the text layer tells nothing; an empty one too."""
    signs = sum(not sign.isspace() for line in lines for sign in line.text)
    return sum(map(_real, lines)) <= _REAL * signs


def _real(line: Line) -> int:
    """How many signs are letters, digits or marks."""
    return sum(unicodedata.category(sign)[0] in "LNPSM" and sign != "\ufffd" for sign in line.text)


def codes_on(document: pdfium.PdfDocument, pages: Sequence[int], pixels: int) -> tuple[str, ...]:
    """The texts of the QR codes on the first and the last of the scanned pages, each once."""
    found: list[str] = []
    for number in pages if len(pages) <= _CODED else (*pages[: _CODED - 1], pages[-1]):
        page = document[number - 1]
        try:
            if raw.FPDFPage_CountObjects(page) <= _FEW:
                found += codes.find(picture(page, _CODED_DPI, pixels))
        except (ReadError, pdfium.PdfiumError):
            continue  # what cannot be drawn has no code to be seen
        finally:
            page.close()
    return tuple(dict.fromkeys(found))


def picture(page: pdfium.PdfPage, dpi: int, pixels: int) -> Image.Image:
    """The page drawn at `dpi`, coarser where that would be more than `pixels`. RGB.

    Raises ReadError("corrupt") for a page without a size.
    """
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise ReadError("corrupt", f"pdf: a page of {width} by {height}")
    scale = min(dpi / _POINTS, (pixels / (width * height)) ** 0.5)
    # A strip a hair wide and a mile long has few pixels all the same.
    if max(width, height) * scale > pixels**0.5 * 8:
        raise ReadError("corrupt", f"pdf: a page of {width} by {height}")
    bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=True)
    image: Image.Image = bitmap.to_pil()
    return image.convert("RGB")
