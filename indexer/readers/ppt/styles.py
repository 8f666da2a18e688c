"""Levels, sizes and automatic numbers of paragraphs ([MS-PPT] 2.9).

A text's formatting says the level of each paragraph and, with its characters, which entry of an
extension made for PowerPoint 2000 holds; that extension has the numbers.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from indexer.readers.autonumbers import Scheme

_Value = TypeVar("_Value")

#: TextAutoNumberSchemeEnum in the names of its successor.
_SCHEMES = (
    "alphaLcPeriod", "alphaUcPeriod", "arabicParenR", "arabicPeriod", "romanLcParenBoth",
    "romanLcParenR", "romanLcPeriod", "romanUcPeriod", "alphaLcParenBoth", "alphaLcParenR",
    "alphaUcParenBoth", "alphaUcParenR", "arabicParenBoth", "arabicPlain", "romanUcParenBoth",
    "romanUcParenR", "ea1ChsPlain", "ea1ChsPeriod", "circleNumDbPlain", "circleNumWdWhitePlain",
    "circleNumWdBlackPlain", "ea1ChtPlain", "ea1ChtPeriod", "arabic1Minus", "arabic2Minus",
    "hebrew2Minus", "ea1JpnKorPlain", "ea1JpnKorPeriod", "arabicDbPlain", "arabicDbPeriod",
)  # fmt: skip
_CHINESE_WIDE = 0x26
#: Where an entry says that there are numbers, but not how they are written.
_USUAL = Scheme("arabicPeriod")

#: A field of a count in two bytes and so many values of four.
_COUNTED = 0
#: Bits of a mask and the size of what each says is there, in the order in which it stands: for
#: paragraphs (TextPFException, PFMasks), characters (TextCFException, CFMasks), characters of the
#: extension (TextCFException9) and language (TextSIException, before the smart tags).
_PARAGRAPH = (
    (0x0F, 2), (0x80, 2), (0x10, 2), (0x40, 2), (0x20, 4), (0x800, 2), (0x1000, 2), (0x2000, 2),
    (0x4000, 2), (0x100, 2), (0x400, 2), (0x8000, 2), (0x100000, _COUNTED), (0x10000, 2),
    (0xE0000, 2), (0x200000, 2),
)  # fmt: skip
_CHARACTERS = (
    (0x3EB7, 2), (0x10000, 2), (0x200000, 2), (0x400000, 2), (0x800000, 2), (0x20000, 2),
    (0x40000, 4), (0x80000, 2),
)  # fmt: skip
_CHARACTERS_9 = ((0x100000, 4),)
_LANGUAGE = ((0x01, 2), (0x02, 2), (0x04, 2), (0x40, 2), (0x20, 4))
_BULLET_FLAGS, _FONT_STYLE, _FONT_SIZE, _SMART_TAGS = 0x0F, 0x3EB7, 0x20000, 0x200
#: The extension's paragraphs (TextPFException9): a picture as bullet, whether numbered, how,
#: and what LibreOffice takes for a number of PowerPoint 2002.
_NUMBERED, _NUMBER_SCHEME = 0x2000000, 0x1000000
_PARAGRAPH_9 = ((0x800000, 2), (_NUMBERED, 2), (_NUMBER_SCHEME, 4), (0x4000000, 4))
#: An entry is named by four bits (CFStyle, pp9rt) of its place.
_PLACES = 16


@dataclass(frozen=True, slots=True)
class Numbering:
    """The level of a paragraph, and how it is numbered if it is."""

    level: int = 0
    scheme: Scheme | None = None


@dataclass(frozen=True, slots=True)
class Formatting:
    """What a StyleTextPropAtom says of a text: where runs end, in UTF-16 units, and for each its
    level and whether it may have a bullet, or its place in the extension and its size."""

    paragraph_ends: list[int]
    paragraphs: list[tuple[int, bool]]
    character_ends: list[int]
    characters: list[tuple[int, int]]

    @property
    def size(self) -> float:
        """The points of most characters, 0 where they are the master's."""
        sizes: Counter[int] = Counter()
        for start, end, (_, size) in zip(
            [0, *self.character_ends], self.character_ends, self.characters, strict=False
        ):
            sizes[size] += end - start
        return float(sizes.most_common(1)[0][0]) if sizes else 0.0

    def numbering(self, extension: bytes, starts: Sequence[int]) -> list[Numbering]:
        """The numbering of the paragraphs that begin at `starts`; none where nothing is numbered
        or the extension breaks off."""
        try:
            schemes = list(_schemes(_Cursor(extension)))
        except struct.error:
            return []
        if not any(schemes):
            return []
        entries = list(_entries([place for place, _ in self.characters], len(schemes)))
        found = []
        for start in starts:
            level, bullet = self.paragraphs[bisect_right(self.paragraph_ends, start)]
            entry = entries[bisect_right(self.character_ends, start)]
            scheme = schemes[entry] if bullet and entry < len(schemes) else None
            found.append(Numbering(level, scheme))
        return found


def read_formatting(style: bytes, length: int) -> Formatting | None:
    """The formatting of a text of `length` UTF-16 units; None where it breaks off."""
    cursor = _Cursor(style)
    try:
        return Formatting(*_runs(cursor, length, _paragraph), *_runs(cursor, length, _characters))
    except struct.error:
        return None


@dataclass(slots=True)
class _Cursor:
    """A place in the bytes of a structure. Raises struct.error beyond their end."""

    data: bytes
    at: int = 0

    def number(self, size: int = 4) -> int:
        (value,) = struct.unpack_from("<H" if size == 2 else "<I", self.data, self.at)
        self.at += size
        return int(value)

    def fields(self, mask: int, table: Sequence[tuple[int, int]]) -> dict[int, int]:
        """What a mask says is there."""
        found = {}
        for bits, size in table:
            if mask & bits:
                found[bits] = self.number(size or 2)
                self.at += 4 * found[bits] if size == _COUNTED else 0
        return found


def _runs(
    cursor: _Cursor, length: int, read: Callable[[_Cursor], _Value]
) -> tuple[list[int], list[_Value]]:
    """Where each run ends, and what it says. The runs cover one character more than the text."""
    ends: list[int] = []
    values: list[_Value] = []
    covered = 0
    while covered <= length:
        covered += cursor.number()
        values.append(read(cursor))
        ends.append(covered)
    return ends, values


def _paragraph(cursor: _Cursor) -> tuple[int, bool]:
    """Level, and whether the paragraph has a bullet or may have one from its master."""
    level, mask = cursor.number(2), cursor.number()
    flags = cursor.fields(mask, _PARAGRAPH).get(_BULLET_FLAGS, 0)
    return level, bool(flags & 1 or not mask & 1)


def _characters(cursor: _Cursor) -> tuple[int, int]:
    """Place in the extension, and size in points or 0."""
    said = cursor.fields(cursor.number(), _CHARACTERS)
    return said.get(_FONT_STYLE, 0) >> 10 & 0xF, said.get(_FONT_SIZE, 0)


def _entries(places: Sequence[int], count: int) -> Iterator[int]:
    """Which entry each run of characters means: the next one that has the place's four bits."""
    entry = 0
    for place in places:
        following = entry + (place - entry) % _PLACES
        entry = following if following < count else place
        yield entry


def _schemes(cursor: _Cursor) -> Iterator[Scheme | None]:
    while cursor.at < len(cursor.data):
        mask = cursor.number()
        said = cursor.fields(mask, _PARAGRAPH_9)
        cursor.fields(cursor.number(), _CHARACTERS_9)
        language = cursor.number()
        cursor.fields(language, _LANGUAGE)
        if language & _SMART_TAGS:
            cursor.at += 4 * cursor.number()
        yield _scheme(said)


def _scheme(said: dict[int, int]) -> Scheme | None:
    if not said.get(_NUMBERED):
        return None
    if _NUMBER_SCHEME not in said:
        return _USUAL
    kind, start = said[_NUMBER_SCHEME] & 0xFFFF, said[_NUMBER_SCHEME] >> 16
    if kind == _CHINESE_WIDE:
        return Scheme("ea1JpnChsDbPeriod", start)
    return Scheme(_SCHEMES[kind] if kind < len(_SCHEMES) else "", start)
