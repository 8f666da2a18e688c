"""The lines of a PDF page as people see them: characters in order of place, gaps as spaces."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

WIDE = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60]"
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ufffd]")

#: Gaps in units of the line's character size: below the first nothing is meant (Chinese and
#: Latin are set apart by a quarter), from the second on columns are.
_GAP, _WIDE_GAP = 0.6, 1.6
_LATIN_GAP = 0.15
_BOLD = re.compile(r"bold|heavy|black|simhei|heiti|黑体", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    page: int
    centred: bool = False
    bold: bool = False

    @property
    def width(self) -> float:
        """In full-width characters."""
        return (len(self.text) + len(WIDE.findall(self.text))) / 2


@dataclass(frozen=True, slots=True)
class Glyph:
    sign: str
    left: float
    right: float


def page_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The lines of a page from top to bottom, as pdfium groups them."""
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        text = text_page.get_text_range() if count else ""
        found: list[tuple[str, float, float, bool]] = []
        at = 0
        for given in text.replace("\r\n", "\n ").replace("\r", "\n").split("\n"):
            glyphs = _glyphs(text_page, given, at)
            line = CONTROL.sub("", _set(glyphs) if glyphs else given.strip())
            if line:
                left = min((glyph.left for glyph in glyphs), default=0.0)
                right = max((glyph.right for glyph in glyphs), default=0.0)
                found.append((line, left, right, _all_bold(text_page, given, at)))
            at += len(given) + 1
        return with_centring(found, number)
    finally:
        text_page.close()


def _all_bold(text_page: pdfium.PdfTextPage, given: str, start: int) -> bool:
    """Whether the first and the last character of the line are bold."""
    first = len(given) - len(given.lstrip())
    last = len(given.rstrip()) - 1
    return _is_bold(text_page, start + first) and _is_bold(text_page, start + last)


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
        found.append(Glyph(sign, box.left, box.right))
    return found


def _set(glyphs: Sequence[Glyph]) -> str:
    """The line in order of place: quotes in a font of their own come late in the file's order."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.left)
    size = _size(ordered)
    text = ordered[0].sign
    for before, after in pairwise(ordered):
        text += _space(before, after, size) + after.sign
    return text


def _size(glyphs: Sequence[Glyph]) -> float:
    """The width of a full-width character on this line."""
    wide = [glyph.right - glyph.left for glyph in glyphs if WIDE.match(glyph.sign)]
    # A Latin letter's box is on average half as wide as its size.
    return max(median(wide), 1.0) if wide else max(
        2 * median(glyph.right - glyph.left for glyph in glyphs), 1.0
    )  # fmt: skip


def _space(before: Glyph, after: Glyph, size: float) -> str:
    gap = (after.left - before.right) / size
    if gap >= _WIDE_GAP:
        return "  "
    if before.sign == "、":
        return ""  # the indent after a number
    latin = before.sign.isascii() and after.sign.isascii()
    return " " if gap >= (_LATIN_GAP if latin else _GAP) else ""


_CLOSE = re.compile(f"(?<={WIDE.pattern}) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?={WIDE.pattern})")


def close_up(text: str) -> str:
    """Without the single spaces that stand for the quarter gap between Chinese and Latin."""
    return _CLOSE.sub("", text)


def _is_bold(text_page: pdfium.PdfTextPage, at: int) -> bool:
    """Whether the font of a character says that it is bold."""
    flags = ctypes.c_int()
    size = raw.FPDFText_GetFontInfo(text_page, at, None, 0, flags)
    if not 0 < size < 512:
        return False
    name = ctypes.create_string_buffer(size)
    raw.FPDFText_GetFontInfo(text_page, at, name, size, flags)
    return bool(_BOLD.search(name.value.decode("utf-8", "replace")))


def with_centring(found: Sequence[tuple[str, float, float, bool]], number: int) -> list[Line]:
    """Lines, those centred that stand in from both edges of the text by about the same."""
    lefts = [left for _, left, right, _ in found if right > left]
    rights = [right for _, left, right, _ in found if right > left]
    if not lefts:
        return [Line(text, number, bold=bold) for text, _, _, bold in found]
    start, end = min(lefts), max(rights)
    width = end - start

    def centred(left: float, right: float) -> bool:
        before, after = left - start, end - right
        inside = right > left and before > 0.08 * width and after > 0.08 * width
        return inside and abs(before - after) < 0.08 * width

    return [Line(text, number, centred(left, right), bold) for text, left, right, bold in found]
