"""Lines of a page laid out by place (PDF, OFD): characters in order, gaps as spaces, centring."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

WIDE = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60]"
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ufffd]")

#: Gaps in units of the line's character size: below the first nothing is meant (Chinese and
#: Latin are set apart by a quarter), from the second on columns are.
_GAP, _WIDE_GAP = 0.6, 1.6
_LATIN_GAP = 0.15
#: A typed space over which something else was drawn is none.
_TYPED = 0.1
#: Fonts that are bold by their name.
BOLD_FONT = re.compile(r"bold|heavy|black|simhei|heiti|黑体", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """`size` is in points; `left` and `right` are its ends in its page's own unit. 0 where not
    known."""

    text: str
    page: int
    centred: bool = False
    bold: bool = False
    size: float = 0.0
    left: float = 0.0
    right: float = 0.0

    @property
    def width(self) -> float:
        """In full-width characters."""
        return (len(self.text) + len(WIDE.findall(self.text))) / 2

    @property
    def character(self) -> float:
        """The width of a full-width character in the page's unit; 0 where not known."""
        return (self.right - self.left) / self.width if self.text else 0.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character in its place; `spaced` where a space was typed before it."""

    sign: str
    left: float
    right: float
    spaced: bool = False


def line_text(glyphs: Sequence[Glyph]) -> str:
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
    wide = _TYPED if after.spaced else _LATIN_GAP if latin else _GAP
    return " " if gap >= wide else ""


_CLOSE = re.compile(f"(?<={WIDE.pattern}) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?={WIDE.pattern})")


def close_up(text: str) -> str:
    """Without the single spaces that stand for the quarter gap between Chinese and Latin."""
    return _CLOSE.sub("", text)


def with_centring(
    found: Sequence[tuple[str, float, float, bool]],
    number: int,
    extent: tuple[float, float] | None = None,
) -> list[Line]:
    """Lines, those centred that stand in from both edges of the text by about the same.

    The edges are those of the lines themselves, or `extent` where more is known of the page.
    """
    lefts = [left for _, left, right, _ in found if right > left]
    rights = [right for _, left, right, _ in found if right > left]
    if not lefts:
        return [Line(text, number, bold=bold) for text, _, _, bold in found]
    start, end = extent or (min(lefts), max(rights))
    width = end - start

    def centred(left: float, right: float) -> bool:
        before, after = left - start, end - right
        inside = right > left and before > 0.08 * width and after > 0.08 * width
        return inside and abs(before - after) < 0.08 * width

    return [
        Line(text, number, centred(left, right), bold, left=left, right=right)
        for text, left, right, bold in found
    ]
