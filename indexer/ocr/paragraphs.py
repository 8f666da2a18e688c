"""Rows of a column, and the paragraphs they make: by indents, full rows and white between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer import numbering
from indexer.labels import is_header_line
from indexer.ocr.pieces import Piece, space, spaced
from indexer.reading import Block

_ENDED = re.compile(r"[。！？!?：:；;]$")
_BULLET = re.compile(r"^[•●■◆▲★☆○◇□➢\-–—]\s*")

#: All in characters of the row. A paragraph begins two characters further in (GB/T 9704-2012,
#: 7.3.3). A row runs full that ends less than two before the edge: a mark that must not begin the
#: next or a number may not have fitted; more, where indents tell paragraphs apart. What stands in
#: by nearly three on both sides alike is centred.
_INDENT = 1.0
_FULL, _FULL_INDENTED = 2.2, 3.5
_FLUSH = 1.0
_CENTRED = 2.6
_ASIDE = 5.0
#: From row to row at most; 28 points for characters of 16 are usual (GB/T 9704-2012, 7.3.3).
_APART = 2.5
#: Bold strokes are thicker by this factor; measured on scans: bold 1.24 to 1.45, regular up to 1.1.
_BOLD = 1.2
#: A bold row shorter than this is a heading even where it fills its column.
_HEADING = 40


#: Left and right, in pixels.
Edges = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of text in a column. Edges in pixels; `size`: the width of a full-width character,
    `measured` or guessed; `weight`: that of its strokes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    measured: bool
    weight: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


def rows(found: Sequence[Piece]) -> list[Row]:
    """Pieces beside each other as rows, from top to bottom."""
    groups: list[list[Piece]] = []
    for piece in sorted(found, key=lambda piece: piece.y):
        group = next((g for g in reversed(groups[-3:]) if _beside(g, piece)), None)
        if group is None:
            groups.append([piece])
        else:
            group.append(piece)
    return [_row(sorted(group, key=lambda piece: piece.left)) for group in groups]


def _beside(group: Sequence[Piece], piece: Piece) -> bool:
    """Whether the piece stands in the row: at its height, and over nothing of it."""
    near = min(group, key=lambda other: abs(other.x - piece.x))
    level = abs(near.y - piece.y) < 0.5 * min(near.height, piece.height)
    return level and all(
        min(other.right, piece.right) - max(other.left, piece.left) < 0.5 * piece.size
        for other in group
    )


def _row(group: Sequence[Piece]) -> Row:
    text = spaced(group[0])
    for before, after in pairwise(group):
        gap = (after.left - before.right) / max(1.0, median((before.size, after.size)))
        latin = text[-1:].isascii() and after.text[:1].isascii()
        text += (space(gap) or (" " if latin and gap > 0.2 else "")) + spaced(after)
    return Row(
        text,
        group[0].left,
        min(piece.top for piece in group),
        max(piece.right for piece in group),
        max(piece.bottom for piece in group),
        median([piece.size for piece in group if piece.steps] or [p.size for p in group]),
        any(piece.steps for piece in group),
        max(group, key=lambda piece: len(piece.text)).weight,
    )


@dataclass(frozen=True, slots=True)
class Body:
    """What most of a page is set in: the size of a character and the width of its strokes, in
    pixels. `points` of a pixel, were the page of A4."""

    size: float
    weight: float
    points: float

    def bold(self, held: Sequence[Row]) -> bool:
        """Whether strokes are thicker than the size of the characters accounts for."""
        return self.weight > 0 and all(
            row.weight > _BOLD * self.weight * max(1.0, row.size / self.size) for row in held
        )

    def size_of(self, row: Row) -> float:
        """In points, to the half; what is nearly the body's size has it."""
        ratio = row.size / self.size if row.measured and self.size else 1.0
        size = self.size if 0.9 < ratio < 1.1 else row.size
        return round(2 * size * self.points) / 2


def body_of(found: Sequence[Row], points: float) -> Body:
    """The body of a page with these rows, the longer ones counting for more."""
    sizes = [row.size for row in found if row.measured for _ in range(len(row.text))]
    weights = [row.weight for row in found for _ in range(len(row.text))]
    return Body(median(sizes) if sizes else 0.0, median(weights) if weights else 0.0, points)


@dataclass(frozen=True, slots=True)
class _Column:
    """What is usual in a column: its edges, a character's size, from row to row."""

    left: float
    right: float
    size: float
    pitch: float
    indented: bool

    def centred(self, row: Row) -> bool:
        before, after = (row.left - self.left) / row.size, (self.right - row.right) / row.size
        # A title in larger characters may nearly fill its row.
        least = 0.5 if row.size > 1.2 * self.size else _CENTRED
        return min(before, after) > least and abs(before - after) < max(
            1.2, 0.25 * (before + after)
        )

    def aside(self, row: Row) -> bool:
        """Whether the row is set to the right, as a signature or a date is."""
        return row.left - self.left > _ASIDE * self.size

    def full(self, row: Row) -> bool:
        least = _FULL_INDENTED if self.indented else _FULL
        return self.right - row.right < least * self.size

    def indent(self, row: Row) -> bool:
        return row.left - self.left > _INDENT * self.size


def paragraphs(
    found: Sequence[Row], body: Body, page: int, edges: Edges | None = None
) -> Iterator[Block]:
    """The rows of one column joined to paragraphs. `edges`: the column's left and right where more
    stands in it than these rows."""
    if not found:
        return
    column = _column(found, edges or edges_of(found))
    held: list[Row] = []
    for row in found:
        if held and not _continues(held[-1], row, column, body):
            yield _block(held, column, body, page)
            held = []
        held.append(row)
    yield _block(held, column, body, page)


def edges_of(found: Sequence[Row]) -> Edges:
    """Where rows begin and end; one in twenty may stick out: a page number, a note."""
    lefts, rights = sorted(row.left for row in found), sorted(row.right for row in found)
    out = len(found) // 20
    return lefts[out], rights[-1 - out]


def _column(found: Sequence[Row], edges: Edges) -> _Column:
    left, right = edges
    size = median(row.size for row in found)
    steps = [after.y - before.y for before, after in pairwise(found)]
    begun = sum(1.2 < (row.left - left) / size < 3.0 for row in found)
    flush = sum(row.left - left < 0.8 * size for row in found)
    return _Column(left, right, size, median(steps) if steps else 0.0, begun > 0 and flush > 0)


def _continues(above: Row, below: Row, column: _Column, body: Body) -> bool:
    if not column.full(above) or column.aside(above):
        return False
    if column.centred(above) or column.centred(below):
        return False
    step = below.y - above.y
    if above.measured and below.measured and not 0.87 < above.size / below.size < 1.15:
        return False
    if step > min(1.9 * column.pitch, _APART * column.size):
        return False
    if body.bold([above]) != body.bold([below]) and len(above.text) < _HEADING:
        return False
    if _is_tabular(above.text) and _is_tabular(below.text):
        return False
    if column.indent(below) or _BULLET.match(below.text):
        return False
    ended = bool(_ENDED.search(above.text))
    flush = column.right - above.right < _FLUSH * column.size
    if numbering.parse(below.text) is not None and (ended or not flush):
        return False
    # Where paragraphs are indented, a row at the edge goes on whatever the last one ended with.
    return column.indented or not ended or flush


def _is_tabular(text: str) -> bool:
    """Whether it is a row of labels and values, or of columns."""
    return "  " in text or is_header_line(text)


def _block(held: Sequence[Row], column: _Column, body: Body, page: int) -> Block:
    return Block(
        "paragraph",
        joined(held),
        page=page,
        centred=column.centred(held[0]),
        bold=body.bold(held),
        size=body.size_of(held[0]),
    )


def joined(held: Sequence[Row]) -> str:
    """The rows as one text; between Latin words a space."""
    text = ""
    for row in held:
        latin = text[-1:].isascii() and row.text[:1].isascii() and text[-1:] not in ("", " ")
        text += f" {row.text}" if latin and row.text[:1].isalpha() else row.text
    return text
