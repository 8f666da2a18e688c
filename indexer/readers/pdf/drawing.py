"""The characters and ruled lines of a PDF page by their places, as pdfium has them.

What `indexer.readers.layout` makes tables of; lengths are millimetres from the page's upper
left corner, x to the right and y downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from indexer.readers.layout import Rule, Sign
from indexer.readers.lines import CONTROL
from indexer.readers.pdf.lines import is_bold, point_size, typed_space

_MM = 25.4 / 72
#: Objects looked at; a page with more paths is a drawing.
_OBJECTS, _SEGMENTS = 4000, 400
#: A filled path not thicker than this (mm) is a rule; a rule is longer than the second.
_THIN, _SHORTEST, _SLOPE = 1.2, 1.0, 0.3
#: A line of text that rises by more than this (radians) lies askew.
_ASKEW = 0.14

Point = tuple[float, float]


def ruled_lines(page: pdfium.PdfPage) -> list[Rule] | None:
    """The ruled lines of a page; None where it is turned, or has forms within it, which cannot be
    looked into from here."""
    if page.get_rotation():
        return None
    left, _, _, top = page.get_cropbox()
    rules: list[Rule] = []
    for at in range(min(raw.FPDFPage_CountObjects(page), _OBJECTS)):
        thing = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            return None
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules_of(thing, left, top)
    return rules


def characters(page: pdfium.PdfPage) -> list[Sign] | None:
    """The visible characters of a page; None where some do not run to the right."""
    left, _, right, top = page.get_cropbox()
    text_page = page.get_textpage()
    try:
        found = _laid(text_page, text_page.get_text_range(), left, top)
    finally:
        text_page.close()
    if found is None:
        return None
    # A sheet's page holds the whole text of cells that run out of it.
    return [sign for sign in found if 0 <= sign.x <= (right - left) * _MM]


def _rules_of(thing: object, left: float, top: float) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(thing, fill, stroke):
        return
    if stroke.value:
        for (x0, y0), (x1, y1) in _straight(thing):
            rule = _rule((x0 - left) * _MM, (top - y0) * _MM, (x1 - left) * _MM, (top - y1) * _MM)
            if rule is not None:
                yield rule
    elif fill.value:
        bounds = [ctypes.c_float() for _ in range(4)]
        if raw.FPDFPageObj_GetBounds(thing, *bounds):
            x0, y1, x1, y0 = (bound.value for bound in bounds)
            rule = _bar((x0 - left) * _MM, (top - y0) * _MM, (x1 - left) * _MM, (top - y1) * _MM)
            if rule is not None:
                yield rule


def _straight(thing: object) -> Iterator[tuple[Point, Point]]:
    """The straight lines of a path on the page."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    last: Point | None = None
    begun: Point | None = None
    for at in range(min(raw.FPDFPath_CountSegments(thing), _SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(thing, at)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        kind = raw.FPDFPathSegment_GetType(segment)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield last, point
        if raw.FPDFPathSegment_GetClose(segment) and begun is not None:
            yield point, begun
        last = point


def _rule(x0: float, y0: float, x1: float, y1: float) -> Rule | None:
    """A line along an axis."""
    across, down = abs(x1 - x0), abs(y1 - y0)
    if min(across, down) > _SLOPE or max(across, down) < _SHORTEST:
        return None
    return Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _bar(x0: float, y0: float, x1: float, y1: float) -> Rule | None:
    """A filled box that is as thin as a line, as that line."""
    across, down = x1 - x0, y1 - y0
    if min(across, down) > _THIN or max(across, down) < _SHORTEST:
        return None
    if across >= down:
        return Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    return Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)


def _laid(text_page: pdfium.PdfTextPage, text: str, left: float, top: float) -> list[Sign] | None:
    found: list[Sign] = []
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    size, bold, line = 0.0, False, True
    for at, sign in enumerate(text):
        if sign.isspace() or CONTROL.match(sign):
            line = line or sign in "\r\n"
            continue
        if line:
            # The size and weight of a line's first character stand for all of it.
            angle = raw.FPDFText_GetCharAngle(text_page, at)
            if _ASKEW < angle < 2 * math.pi - _ASKEW:
                return None
            size, bold, line = point_size(text_page, at) * _MM, is_bold(text_page, at), False
        if not raw.FPDFText_GetLooseCharBox(text_page, at, box):
            return None
        if not raw.FPDFText_GetCharOrigin(text_page, at, x, y):
            return None
        own = size or (box.top - box.bottom) * _MM
        begin, width = (box.left - left) * _MM, (box.right - box.left) * _MM
        base = (top - y.value) * _MM
        # The middle of a character lies a third of its size above the base line.
        middle = begin + width / 2, base - own / 3
        spaced = typed_space(text, at)
        found.append(Sign(sign, begin, base, width, own, bold, *middle, spaced))
    return found
