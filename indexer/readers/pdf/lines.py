"""The lines of a PDF page as people see them."""

from __future__ import annotations

import ctypes
import math
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from indexer.readers.lines import BOLD_FONT, CONTROL, Glyph, Line, line_text, with_centring


def page_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The lines of a page from top to bottom, as pdfium groups them."""
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        text = text_page.get_text_range() if count else ""
        found: list[tuple[str, float, float, bool]] = []
        sizes: list[float] = []
        at = 0
        for given in text.replace("\r\n", "\n ").replace("\r", "\n").split("\n"):
            glyphs = _glyphs(text_page, given, at)
            line = CONTROL.sub("", line_text(glyphs) if glyphs else given.strip())
            if line:
                left = min((glyph.left for glyph in glyphs), default=0.0)
                right = max((glyph.right for glyph in glyphs), default=0.0)
                found.append((line, left, right, _all_bold(text_page, given, at)))
                sizes.append(point_size(text_page, at + len(given) - len(given.lstrip())))
            at += len(given) + 1
        lines = with_centring(found, number)
        return [replace(line, size=size) for line, size in zip(lines, sizes, strict=True)]
    finally:
        text_page.close()


def _all_bold(text_page: pdfium.PdfTextPage, given: str, start: int) -> bool:
    """Whether the first and the last character of the line are bold."""
    first = len(given) - len(given.lstrip())
    last = len(given.rstrip()) - 1
    return is_bold(text_page, start + first) and is_bold(text_page, start + last)


def _glyphs(text_page: pdfium.PdfTextPage, given: str, start: int) -> list[Glyph]:
    """The visible characters of a line with their places; [] where pdfium has none for one."""
    # The loose box goes by the advance; the tight one by the ink, which leaves false gaps.
    box = raw.FS_RECTF()
    found = []
    for at, sign in enumerate(given):
        if sign.isspace() or CONTROL.match(sign):
            continue
        if not raw.FPDFText_GetLooseCharBox(text_page, start + at, box):
            return []
        spaced = typed_space(given, at)
        found.append(Glyph(sign, box.left, box.right, spaced))
    return found


def typed_space(text: str, at: int) -> bool:
    """Whether a space was typed before the character at `at` of `text`: pdfium gives one, from the
    file or from a gap, and it is not the quarter gap between Chinese and Latin."""
    return at > 1 and text[at - 1] == " " and text[at].isascii() == text[at - 2].isascii()


def point_size(text_page: pdfium.PdfTextPage, at: int) -> float:
    """The size of a character in points as it is drawn, to the half point; 0 where not known.

    Many programs set all text at size 1 and scale it.
    """
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text_page, at, matrix):
        return 0.0
    size = raw.FPDFText_GetFontSize(text_page, at) * math.hypot(matrix.c, matrix.d)
    return round(size * 2) / 2 if math.isfinite(size) else 0.0


def is_bold(text_page: pdfium.PdfTextPage, at: int) -> bool:
    """Whether the font of a character says that it is bold."""
    flags = ctypes.c_int()
    size = raw.FPDFText_GetFontInfo(text_page, at, None, 0, flags)
    if not 0 < size < 512:
        return False
    name = ctypes.create_string_buffer(size)
    raw.FPDFText_GetFontInfo(text_page, at, name, size, flags)
    return bool(BOLD_FONT.search(name.value.decode("utf-8", "replace")))
