"""A slot is the place of one tag: what is printed there for a value, and what for none."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Literal

from markupsafe import Markup

from generator.chinese import chinese_date
from generator.errors import FormError
from generator.levels import Level, styled
from generator.ooxml import legal
from generator.pictures import Picture, pieces

#: Longest single value in characters: a 50-page section.
MAX_VALUE = 60_000
#: The full-width space; underlined, it is a blank that typing does not push along.
WIDE_SPACE = "\u3000"

#: How a paragraph begins on a new page; of several only the first one does.
BREAK = "<w:pageBreakBefore/>"
_STYLE = re.compile(r'(<w:pStyle w:val=")[^"]*(")')
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def printed(value: object) -> str:
    """A value as text, "" for none. Dates are written in Chinese, whole floats without a point.

    Raises `FormError` bad_value for anything that is no text, number, date or yes/no, and
    too_large for text beyond MAX_VALUE.
    """
    if isinstance(value, str):
        text = value
    elif value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    elif isinstance(value, bool):
        return "是" if value else "否"
    elif isinstance(value, date):
        return str(chinese_date(value))
    elif isinstance(value, float):
        return f"{value:.12g}"
    elif isinstance(value, int | Decimal):
        text = _figures(value)
    else:
        raise FormError("bad_value", type(value).__name__)
    if len(text) > MAX_VALUE:
        raise FormError("too_large", f"a value of {len(text)} characters")
    return legal(_LINE_ENDS.sub("\n", text)).strip()


def _figures(value: int | Decimal) -> str:
    try:
        return str(value)
    except ValueError as error:  # more digits than Python writes
        raise FormError("too_large", "a number") from error


def wide(text: str) -> float:
    """The length of `text` in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def broken_once(paragraphs: str) -> str:
    """Printed paragraphs with the page break of their common layout before the first alone."""
    first, found, rest = paragraphs.partition(BREAK)
    return first + found + rest.replace(BREAK, "")


def _words(text: str) -> str:
    pieces = (f'<w:t xml:space="preserve">{escape(p)}</w:t>' if p else "" for p in text.split("\t"))
    return "<w:tab/>".join(pieces)


@dataclass(frozen=True, slots=True)
class Slot:
    """`shape` run: in the middle of a line; paragraph: the tag is all its paragraph holds, each
    line of the value becomes a paragraph. `head` and `foot` stand around the text, `blank` is
    printed where there is no value. `pad`: an underlined value is filled up to `width` full-width
    characters, so that a line of blanks keeps its shape when it is filled. `open_line`: how a
    paragraph of pictures begins, which a line of fixed height would cut off; in the middle of a
    line the author's own paragraph decides. `levels`: styles of the lines of an official text by
    how they begin."""

    shape: Literal["run", "paragraph"]
    head: str
    foot: str
    blank: Markup
    width: int = 0
    pad: bool = False
    open_line: str = ""
    levels: tuple[Level, ...] = ()

    def fill(self, value: object) -> Markup:
        if value is None:
            return self.blank
        if type(value) is str and value.isalnum() and self._plain and len(value) <= MAX_VALUE:
            return Markup(self._wrap(f'<w:t xml:space="preserve">{value}</w:t>'))  # most values
        several = pieces(value)
        return self._mixed(several) if several else self._text(value)

    @property
    def _plain(self) -> bool:
        """Whether a value of letters and digits alone is printed as it is."""
        return not (self.pad or self.levels)

    def _text(self, value: object) -> Markup:
        text = printed(value)
        if not text:
            return self.blank
        if self.pad:
            text += WIDE_SPACE * math.floor(self.width - wide(text))
        if self.shape == "paragraph":
            lines = [line for line in text.split("\n") if line.strip()]
            return Markup(broken_once("".join(self._line(li.lstrip()) for li in lines)))
        return Markup(self._wrap("<w:br/>".join(_words(line) for line in text.split("\n"))))

    def _mixed(self, several: Sequence[object]) -> Markup:
        """Texts and pictures in their order; pictures that follow each other share a paragraph."""
        filled: list[str] = []
        row: list[str] = []
        for piece in (*several, None):
            if isinstance(piece, Picture):
                row.append(piece.drawing())
                continue
            if row:
                filled.append(self._row(row))
                row = []
            if printed(piece):
                filled.append(self._text(piece))
        return Markup(broken_once("".join(filled)))

    def _row(self, drawings: Sequence[str]) -> str:
        if self.shape == "run":
            return "".join(map(self._wrap, drawings))
        runs = "".join(f"<w:r>{drawing}</w:r>" for drawing in drawings)
        return f"{self.open_line}{runs}</w:p>"

    def _line(self, line: str) -> str:
        """A paragraph of one line, in the style of its level."""
        set_as = styled(line, self.levels)
        head, words = self.head, line
        if set_as.paragraph:
            head = _STYLE.sub(rf"\g<1>{set_as.paragraph}\g<2>", head, count=1)
        if set_as.words:
            run = f'<w:r><w:rPr><w:rStyle w:val="{set_as.words}"/></w:rPr>'
            start, own = head.split("<w:r>", 1)
            head = f"{start}{run}{_words(line[: set_as.head])}</w:r><w:r>{own}"
            words = line[set_as.head :]
        return f"{head}{_words(words)}{self.foot}"

    def _wrap(self, words: str) -> str:
        return f"{self.head}{words}{self.foot}"
