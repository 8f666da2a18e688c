"""Formatting of paragraphs and runs ([MS-DOC] 2.4.6): FKP pages, property modifiers, styles."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

_PAGE = 512

# Property modifiers ([MS-DOC] 2.6).
_BOLD, _DELETED, _HIDDEN = 0x0835, 0x0800, 0x083C
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_LIST_LEVEL, _LIST, _OUTLINE = 0x260A, 0x460B, 0x2640
_ALIGN_80, _ALIGN = 0x2403, 0x2461
_TABLE_SHAPE, _TAB_CHANGES = 0xD608, 0xC615
_HUGE = (0x6645, 0x6646, 0x646B)

_FIXED = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TITLE_STYLE, _FIRST_TOC, _LAST_TOC = 62, 19, 27
MAX_CELLS = 63


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level`: 0 title, 1..9 heading, None text. `list`: number of the list override, 0 for none.
    `cells`: for a row's end the grid positions and merge flags of its cells, see `_row_shape`."""

    level: int | None = None
    contents: bool = False
    centred: bool = False
    bold: bool = False
    list: int = 0
    depth: int = 0
    in_table: bool = False
    nesting: int = 0
    row_end: bool = False
    inner_cell: bool = False
    inner_row_end: bool = False
    cells: tuple[tuple[int, int, int], ...] = ()


PLAIN = Paragraph()


def modifiers(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(sprm, operand) pairs of a grpprl; stops where it is cut short."""
    at = 0
    while at + 2 <= len(data):
        (sprm,) = struct.unpack_from("<H", data, at)
        at += 2
        kind = sprm >> 13
        if kind != 6:
            length = _FIXED[kind]
        elif sprm == _TABLE_SHAPE and at + 2 <= len(data):
            length = struct.unpack_from("<H", data, at)[0] + 1
        elif at < len(data):
            length = data[at] + 1
        else:
            return
        if at + length > len(data):
            return
        yield sprm, data[at : at + length]
        at += length


def apply(base: Paragraph, grpprl: bytes, data: bytes, nested: bool = False) -> Paragraph:
    """`base` with the modifiers laid over it; `data` is the Data stream (for huge properties)."""
    changes: dict[str, object] = {}
    for sprm, operand in modifiers(grpprl):
        value = operand[0]
        if sprm in _HUGE and not nested:
            base = apply(replace(base, **changes), _huge(data, operand), data, nested=True)  # type: ignore[arg-type]
            changes = {}
        elif sprm in _SWITCHES:
            changes[_SWITCHES[sprm]] = bool(value)
        elif sprm in (_ALIGN, _ALIGN_80):
            changes["centred"] = value == 1
        elif sprm == _OUTLINE:
            if base.level != 0:
                changes["level"] = value + 1 if value <= 8 else None
        elif sprm == _LIST:
            changes["list"] = struct.unpack("<H", operand)[0]
        elif sprm == _LIST_LEVEL:
            changes["depth"] = value
        elif sprm == _DEPTH:
            changes["nesting"] = min(struct.unpack("<I", operand)[0], 32)
        elif sprm == _TABLE_SHAPE:
            changes["cells"] = _row_shape(operand[2:])
    return replace(base, **changes) if changes else base  # type: ignore[arg-type]


_SWITCHES = {
    _IN_TABLE: "in_table",
    _ROW_END: "row_end",
    _INNER_CELL: "inner_cell",
    _INNER_ROW_END: "inner_row_end",
}


def _huge(data: bytes, operand: bytes) -> bytes:
    (place,) = struct.unpack("<I", operand)
    if place + 2 > len(data):
        return b""
    (length,) = struct.unpack_from("<H", data, place)
    return data[place + 2 : place + 2 + length]


def _row_shape(shape: bytes) -> tuple[tuple[int, int, int], ...]:
    """(left edge, right edge, flags) of each cell of a row, in twips ([MS-DOC] 2.9.330).

    Flags: 2 = continues the cell at its left, 0x20 = merged vertically, 0x40 = first of these.
    """
    count = shape[0] if shape else 0
    if not 0 < count <= MAX_CELLS or len(shape) < 1 + 2 * (count + 1):
        return ()
    edges = struct.unpack_from(f"<{count + 1}h", shape, 1)
    start = 1 + 2 * (count + 1)
    cells = []
    for at in range(count):
        place = start + 20 * at
        flags = struct.unpack_from("<H", shape, place)[0] if place + 2 <= len(shape) else 0
        cells.append((edges[at], edges[at + 1], flags))
    return tuple(cells)


@dataclass(frozen=True, slots=True)
class Runs:
    """Byte ranges of WordDocument with their properties: `starts[i]`..`ends[i]` -> `values[i]`."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    values: tuple[bytes, ...]

    def at(self, offset: int) -> bytes:
        place = bisect_right(self.starts, offset) - 1
        if place >= 0 and offset < self.ends[place]:
            return self.values[place]
        return b""


def read_runs(word: bytes, bin_table: bytes, paragraphs: bool) -> Runs:
    """The runs of all FKP pages that a PlcBtePapx or PlcBteChpx names ([MS-DOC] 2.8.5, 2.8.6)."""
    count = max(0, (len(bin_table) - 4) // 8)
    numbers = struct.unpack_from(f"<{count}I", bin_table, 4 * (count + 1)) if count else ()
    found: list[tuple[int, int, bytes]] = []
    for number in numbers:
        start = (number & 0x3FFFFF) * _PAGE
        page = word[start : start + _PAGE]
        if len(page) == _PAGE:
            found += _page_runs(page, paragraphs)
    found.sort(key=lambda run: run[0])
    return Runs(*(tuple(run[at] for run in found) for at in range(3)))  # type: ignore[arg-type]


def _page_runs(page: bytes, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    step = 13 if paragraphs else 1
    if 4 * (count + 1) + step * count > _PAGE - 1:
        return
    edges = struct.unpack_from(f"<{count + 1}I", page)
    for at in range(count):
        place = page[4 * (count + 1) + step * at] * 2
        value = _page_value(page, place, paragraphs) if place else b""
        yield edges[at], edges[at + 1], value


def _page_value(page: bytes, place: int, paragraphs: bool) -> bytes:
    if place >= _PAGE - 1:
        return b""
    length = page[place]
    if not paragraphs:
        return page[place + 1 : place + 1 + length]
    if length:
        return page[place + 1 : place + 2 * length]
    return page[place + 2 : place + 2 + 2 * page[place + 1]]


def character_flags(grpprl: bytes, bold: bool) -> tuple[bool, bool]:
    """(bold, gone): gone is hidden text or text deleted by a tracked change."""
    gone = False
    styled = bold
    for sprm, operand in modifiers(grpprl):
        if sprm == _BOLD:
            bold = {0: False, 1: True, 0x80: styled, 0x81: not styled}.get(operand[0], bold)
        elif sprm in (_DELETED, _HIDDEN) and operand[0] == 1:
            gone = True
    return bold, gone


class Styles:
    """The style sheet ([MS-DOC] 2.9.271): what each style gives a paragraph."""

    def __init__(self, stsh: bytes, data: bytes) -> None:
        self._given = dict(_style_definitions(stsh))
        self._data = data
        self._resolved: dict[int, Paragraph] = {}

    def __getitem__(self, index: int) -> Paragraph:
        if index not in self._resolved:
            self._resolved[index] = self._resolve(index)
        return self._resolved[index]

    def _resolve(self, index: int) -> Paragraph:
        chain: list[_Definition] = []
        while index in self._given and len(chain) < 32:
            chain.append(self._given[index])
            index = chain[-1].base
        style = PLAIN
        for given in reversed(chain):
            if 1 <= given.built_in <= 9:
                style = replace(style, level=given.built_in)
            elif given.built_in == _TITLE_STYLE:
                style = replace(style, level=0)
            elif _FIRST_TOC <= given.built_in <= _LAST_TOC:
                style = replace(style, contents=True)
            style = apply(style, given.paragraph, self._data)
            bold, _ = character_flags(given.characters, style.bold)
            style = replace(style, bold=bold)
        return style


@dataclass(frozen=True, slots=True)
class _Definition:
    built_in: int
    base: int
    paragraph: bytes
    characters: bytes


def _style_definitions(stsh: bytes) -> Iterator[tuple[int, _Definition]]:
    if len(stsh) < 6:
        return
    header, count, base_size = struct.unpack_from("<HHH", stsh)
    at = 2 + header
    for index in range(count):
        if at + 2 > len(stsh):
            return
        (size,) = struct.unpack_from("<H", stsh, at)
        definition = _definition(stsh[at + 2 : at + 2 + size], base_size)
        if definition is not None:
            yield index, definition
        at += 2 + size


def _definition(std: bytes, base_size: int) -> _Definition | None:
    if len(std) < base_size + 2 or base_size < 8:
        return None
    first, second, third = struct.unpack_from("<HHH", std)
    if second & 0xF != 1:  # only paragraph styles
        return None
    (length,) = struct.unpack_from("<H", std, base_size)
    at = base_size + 2 + 2 * length + 2
    parts = []
    for _ in range(min(third & 0xF, 3)):
        at += at & 1
        if at + 2 > len(std):
            break
        (size,) = struct.unpack_from("<H", std, at)
        parts.append(std[at + 2 : at + 2 + size])
        at += 2 + size
    paragraph = parts[0][2:] if parts else b""
    characters = parts[1] if len(parts) > 1 else b""
    return _Definition(first & 0xFFF, second >> 4, paragraph, characters)
