"""Pages set in columns: exam papers, newspapers, folded certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from indexer.readers.layout.rows import Row, rows
from indexer.readers.layout.signs import Sign

#: The gutter between two columns is this many characters wide and lies in this part of the width.
_GUTTER, _FROM, _TO = 1.5, 0.2, 0.8
#: Each column has this many lines of this many characters; most lines of the left one reach the
#: gutter and most of the right one begin at it (in characters). A form with two labels on a line
#: does not look like that.
_LINES, _LONG, _REACH, _MOST = 5, 8, 3.0, 0.5
#: Columns inside columns.
_DEEPEST = 3
#: More lines than this are not looked at for columns.
_MANY = 2000

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def columns(found: Sequence[Row], depth: int = 0) -> list[list[Row]]:
    """The rows in groups to be read one after the other; one group where there are no columns."""
    if depth >= _DEEPEST or not _LINES <= len(found) <= _MANY:
        return [list(found)] if found else []
    size = median(row.signs[0].size for row in found)
    gutter = _gutter(found, size)
    if gutter is None:
        return [list(found)]
    parts: list[list[Row]] = [[]]
    for crossing, group in groupby(found, key=lambda row: _crosses(row, gutter, size)):
        whole = list(group)
        if crossing or not _is_set(whole, gutter, size):
            parts[-1] += whole
            continue
        for side in _sides(whole, gutter):
            parts += columns(rows(side), depth + 1)
        parts.append([])
    return [part for part in parts if part]


def _gutter(found: Sequence[Row], size: float) -> _Gutter | None:
    """The widest strip in the middle that the fewest lines cross."""
    left, right = min(row.left for row in found), max(row.right for row in found)
    width = right - left
    low, high = left + _FROM * width, left + _TO * width
    edges = sorted(
        (at, step) for row in found for a, b in _spans(row, size) for at, step in ((a, 1), (b, -1))
    )
    strips: list[tuple[int, float, float]] = []
    count = 0
    for (at, step), (following, _) in pairwise(edges):
        count += step
        start, end = max(at, low), min(following, high)
        if end > start:
            strips.append((count, start, end))
    if not strips:
        return None
    fewest = min(count for count, _, _ in strips)
    wide = [
        strip for strip in _joined(strips, fewest) if strip.right - strip.left >= _GUTTER * size
    ]
    return max(wide, key=lambda strip: strip.right - strip.left, default=None)


def _joined(strips: Sequence[tuple[int, float, float]], fewest: int) -> Iterator[_Gutter]:
    """Neighbouring strips that no more than `fewest` lines cross, as one."""
    start = end = None
    for count, left, right in strips:
        if count <= fewest:
            start, end = (left if start is None else start), right
        elif start is not None and end is not None:
            yield _Gutter(start, end)
            start = None
    if start is not None and end is not None:
        yield _Gutter(start, end)


def _spans(row: Row, size: float) -> Iterator[Span]:
    """What a line covers, without its wide gaps."""
    start, end = row.left, row.left
    for sign in row.signs:
        if sign.along - end >= _GUTTER * size:
            yield start, end
            start = sign.along
        end = max(end, sign.along + sign.width)
    yield start, end


def _crosses(row: Row, gutter: _Gutter, size: float) -> bool:
    return any(start < gutter.middle < end for start, end in _spans(row, size))


def _sides(found: Sequence[Row], gutter: _Gutter) -> tuple[list[Sign], list[Sign]]:
    signs = [sign for row in found for sign in row.signs]
    return (
        [sign for sign in signs if sign.along < gutter.middle],
        [sign for sign in signs if sign.along >= gutter.middle],
    )


def _is_set(found: Sequence[Row], gutter: _Gutter, size: float) -> bool:
    """Whether both sides of the gutter are running text of their own."""
    left, right = (
        [row for row in rows(side) if len(row.signs) >= _LONG] for side in _sides(found, gutter)
    )
    if min(len(left), len(right)) < _LINES:
        return False
    reach = sum(gutter.left - row.right <= _REACH * size for row in left)
    begin = sum(row.left - gutter.right <= _REACH * size for row in right)
    return reach >= _MOST * len(left) and begin >= _MOST * len(right)
