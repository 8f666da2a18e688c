"""Property modifiers (sprm) of paragraphs, rows and characters ([MS-DOC] 2.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Characters ([MS-DOC] 2.6.1).
_DELETED, _BOLD, _HIDDEN, _STYLE = 0x0800, 0x0835, 0x083C, 0x4A30
_SYMBOL, _PICTURE, _FONT, _PLAIN, _SIZE = 0x6A09, 0x6A03, 0x4A4F, 0x2A33, 0x4A43
# Paragraphs ([MS-DOC] 2.6.2).
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_LIST_LEVEL, _LIST, _OUTLINE = 0x260A, 0x460B, 0x2640
_ALIGN_80, _ALIGN, _PAGE_BREAK = 0x2403, 0x2461, 0x2407
_HUGE = (0x6645, 0x6646, 0x646B)
# Rows ([MS-DOC] 2.6.3).
_SHAPE, _REPEATED, _VERTICAL = 0xD608, 0x3404, 0xD62B
_MERGE, _SPLIT, _INSERT, _REMOVE = 0x5624, 0x5625, 0x7621, 0x5622

_FIXED = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
MAX_CELLS = 63
#: No paragraph lies in more tables than this.
MAX_NESTING = 32
#: Where nobody names a size ([MS-DOC] 2.6.1, sprmCHps).
USUAL_SIZE = 20

#: Merge flags of a cell ([MS-DOC] 2.9.327, TCGRF).
FIRST_MERGED, MERGED, VERTICAL, VERTICAL_FIRST = 0x1, 0x2, 0x20, 0x40

Cells = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level`: 0 title, 1..9 heading, None text. `list`: number of the list override, 0 for none.
    `bold`, `hidden` and `size` (half points) are what the style says of its characters. `cells`:
    for a row's end the edges (in twips) and merge flags of its cells; `repeated`: the row is a
    head."""

    level: int | None = None
    contents: bool = False
    centred: bool = False
    bold: bool = False
    hidden: bool = False
    size: int = USUAL_SIZE
    list: int = 0
    depth: int = 0
    in_table: bool = False
    nesting: int = 0
    row_end: bool = False
    inner_cell: bool = False
    inner_row_end: bool = False
    repeated: bool = False
    cells: Cells = ()

    @property
    def tables(self) -> int:
        """How many tables the paragraph lies in."""
        return self.nesting or int(self.in_table)


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
        elif sprm == _SHAPE and at + 2 <= len(data):
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
        if sprm in _HUGE and not nested:
            base = apply(_with(base, changes), _huge(data, operand), data, nested=True)
            changes = {}
        elif sprm in _SWITCHES:
            changes[_SWITCHES[sprm]] = bool(operand[0])
        elif sprm in (_ALIGN, _ALIGN_80):
            changes["centred"] = operand[0] == 1
        elif sprm == _OUTLINE:
            if base.level != 0:
                changes["level"] = operand[0] + 1 if operand[0] <= 8 else None
        elif sprm == _LIST:
            changes["list"] = struct.unpack("<H", operand)[0]
        elif sprm == _LIST_LEVEL:
            changes["depth"] = operand[0]
        elif sprm == _DEPTH:
            changes["nesting"] = min(struct.unpack("<I", operand)[0], MAX_NESTING)
        elif sprm in _RESHAPES:
            cells = changes.get("cells", base.cells)
            changes["cells"] = _reshaped(cells, sprm, operand)  # type: ignore[arg-type]
    return _with(base, changes)


def _with(base: Paragraph, changes: dict[str, object]) -> Paragraph:
    return replace(base, **changes) if changes else base  # type: ignore[arg-type]


_SWITCHES = {
    _IN_TABLE: "in_table",
    _ROW_END: "row_end",
    _INNER_CELL: "inner_cell",
    _INNER_ROW_END: "inner_row_end",
    _REPEATED: "repeated",
}
_RESHAPES = frozenset({_SHAPE, _VERTICAL, _MERGE, _SPLIT, _INSERT, _REMOVE})


def _huge(data: bytes, operand: bytes) -> bytes:
    (place,) = struct.unpack("<I", operand)
    if place + 2 > len(data):
        return b""
    (length,) = struct.unpack_from("<H", data, place)
    return data[place + 2 : place + 2 + length]


def _reshaped(cells: Cells, sprm: int, operand: bytes) -> Cells:
    """The cells of a row after a modifier of the row's shape."""
    if sprm == _SHAPE:
        return _row_shape(operand[2:])
    if sprm == _VERTICAL:
        return _flagged(
            cells, operand[1], operand[1] + 1, VERTICAL | VERTICAL_FIRST, operand[2] << 5
        )
    first, last = operand[0], operand[1]
    if sprm == _MERGE:
        cells = _flagged(cells, first, first + 1, FIRST_MERGED | MERGED, FIRST_MERGED)
        return _flagged(cells, first + 1, last, FIRST_MERGED | MERGED, MERGED)
    if sprm == _SPLIT:
        return _flagged(cells, first, last, FIRST_MERGED | MERGED, 0)
    if sprm == _REMOVE:
        return cells[:first] + cells[last:]
    return _inserted(cells, first, last, struct.unpack_from("<h", operand, 2)[0])


def _flagged(cells: Cells, first: int, last: int, mask: int, flags: int) -> Cells:
    return tuple(
        (left, right, old & ~mask | flags & mask) if first <= at < last else (left, right, old)
        for at, (left, right, old) in enumerate(cells)
    )


def _inserted(cells: Cells, first: int, count: int, width: int) -> Cells:
    """`count` new cells of `width` before the cell `first`; those behind it move to the right."""
    count = min(count, MAX_CELLS - len(cells))
    if count <= 0:
        return cells
    start = cells[first][0] if first < len(cells) else cells[-1][1] if cells else 0
    new = tuple((start + width * at, start + width * (at + 1), 0) for at in range(count))
    moved = tuple((a + width * count, b + width * count, flags) for a, b, flags in cells[first:])
    return cells[:first] + new + moved


def _row_shape(shape: bytes) -> Cells:
    """(left edge, right edge, flags) of each cell of a TDefTableOperand ([MS-DOC] 2.9.321)."""
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


#: What a toggle says ([MS-DOC] 2.9.341): nothing, on, off, the opposite of the style.
KEEP, ON, OFF, FLIP = 0, 1, 2, 3
_TOGGLES = {0: OFF, 1: ON, 0x80: KEEP, 0x81: FLIP}


def toggled(styled: bool, toggle: int) -> bool:
    return (styled, True, False, not styled)[toggle]


@dataclass(frozen=True, slots=True)
class Look:
    """What modifiers of characters say. `size`: half points, 0 where none is said; `font`: number
    of the font for Latin letters, -1 where none is said; `symbol`: (font, character); `picture`:
    place in the Data stream, -1 for none."""

    bold: int = KEEP
    hidden: int = KEEP
    deleted: bool = False
    style: int = -1
    font: int = -1
    size: int = 0
    symbol: tuple[int, int] | None = None
    picture: int = -1


PLAIN_LOOK = Look()


def look(grpprl: bytes) -> Look:
    """The modifiers of a run of characters."""
    found: dict[str, object] = {}
    for sprm, operand in modifiers(grpprl):
        if sprm == _BOLD:
            found["bold"] = _TOGGLES.get(operand[0], KEEP)
        elif sprm == _HIDDEN:
            found["hidden"] = _TOGGLES.get(operand[0], KEEP)
        elif sprm == _DELETED:
            found["deleted"] = operand[0] == 1
        elif sprm == _STYLE:
            found["style"] = struct.unpack("<H", operand)[0]
        elif sprm == _FONT:
            found["font"] = struct.unpack("<H", operand)[0]
        elif sprm == _SIZE:
            found["size"] = struct.unpack("<H", operand)[0]
        elif sprm == _SYMBOL:
            found["symbol"] = struct.unpack("<HH", operand)
        elif sprm == _PICTURE:
            found["picture"] = struct.unpack("<I", operand)[0]
        elif sprm == _PLAIN:
            found = {}
    return Look(**found) if found else PLAIN_LOOK  # type: ignore[arg-type]
