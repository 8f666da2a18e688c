"""Ruled tables: from the rules of a page to cells, some of them merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.readers.layout.signs import Rule

#: Rules less than this apart (mm) are one: the two edges of neighbouring cells, a double line.
_NEAR = 1.2
#: More rules than this in one direction, or more places than this, are a drawing.
_RULES, _PLACES = 400, 20_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines at `xs` and `ys`; `cells[row][column]` numbers the cell a place belongs to."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def single(self) -> bool:
        """One cell: a frame, no table."""
        return all(cell == 0 for row in self.cells for cell in row)

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def encloses(self, other: Grid) -> bool:
        return self.holds(other.xs[0], other.ys[0]) and self.holds(other.xs[-1], other.ys[-1])


@dataclass(slots=True)
class _Bar:
    """A rule in its own direction: at `at` from `start` to `end`."""

    at: float
    start: float
    end: float


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that the rules make, outer ones only, from top to bottom."""
    level = _merged([_Bar(r.y0, r.x0, r.x1) for r in rules if r.x1 - r.x0 >= r.y1 - r.y0])
    upright = _merged([_Bar(r.x0, r.y0, r.y1) for r in rules if r.x1 - r.x0 < r.y1 - r.y0])
    if max(len(level), len(upright)) > _RULES:
        return []
    found = [grid for part in _connected(level, upright) if (grid := _grid(*part)) is not None]
    found.sort(key=lambda grid: (grid.ys[0], grid.xs[0]))
    return [
        grid
        for grid in found
        if not any(other is not grid and other.encloses(grid) for other in _tables(found))
    ]


def _tables(found: Sequence[Grid]) -> list[Grid]:
    return [grid for grid in found if not grid.single]


def _merged(bars: list[_Bar]) -> list[_Bar]:
    """Bars of one line as one: tables are drawn cell by cell."""
    lines: list[list[_Bar]] = []
    for bar in sorted(bars, key=lambda bar: bar.at):
        if lines and bar.at - lines[-1][0].at <= _NEAR:
            lines[-1].append(bar)
        else:
            lines.append([bar])
    whole: list[_Bar] = []
    for line in lines:
        at = sum(bar.at for bar in line) / len(line)
        line.sort(key=lambda bar: bar.start)
        whole.append(_Bar(at, line[0].start, line[0].end))
        for bar in line[1:]:
            if bar.start <= whole[-1].end + _NEAR:
                whole[-1].end = max(whole[-1].end, bar.end)
            else:
                whole.append(_Bar(at, bar.start, bar.end))
    return whole


def _connected(
    level: Sequence[_Bar], upright: Sequence[_Bar]
) -> Iterator[tuple[list[_Bar], list[_Bar]]]:
    """The groups of bars that touch each other."""
    count = len(level)
    groups = _Groups(count + len(upright))
    for i, row in enumerate(level):
        for j, column in enumerate(upright):
            if _touches(column, row) and _touches(row, column):
                groups.join(i, count + j)
    parts: dict[int, tuple[list[_Bar], list[_Bar]]] = {}
    for i, bar in enumerate([*level, *upright]):
        parts.setdefault(groups.of(i), ([], []))[i >= count].append(bar)
    yield from parts.values()


def _touches(bar: _Bar, other: _Bar) -> bool:
    return other.start - _NEAR <= bar.at <= other.end + _NEAR


class _Groups:
    """Numbers that belong together; each group goes by its smallest."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def of(self, number: int) -> int:
        while self._up[number] != number:
            self._up[number] = self._up[self._up[number]]
            number = self._up[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._up[high] = low


def _grid(level: Sequence[_Bar], upright: Sequence[_Bar]) -> Grid | None:
    xs, ys = sorted({bar.at for bar in upright}), sorted({bar.at for bar in level})
    wide, high = len(xs) - 1, len(ys) - 1
    if wide < 1 or high < 1 or wide * high > _PLACES:
        return None
    groups = _Groups(wide * high)
    columns, rows = _by_place(upright), _by_place(level)
    for column, x in enumerate(xs[1:-1]):
        for row, middle in enumerate(_middles(ys)):
            if not _ruled(columns[x], middle):
                groups.join(row * wide + column, row * wide + column + 1)
    for row, y in enumerate(ys[1:-1]):
        for column, middle in enumerate(_middles(xs)):
            if not _ruled(rows[y], middle):
                groups.join(row * wide + column, (row + 1) * wide + column)
    cells = tuple(
        tuple(groups.of(row * wide + column) for column in range(wide)) for row in range(high)
    )
    return Grid(tuple(xs), tuple(ys), cells)


def _middles(lines: Iterable[float]) -> list[float]:
    return [(one + other) / 2 for one, other in pairwise(lines)]


def _by_place(bars: Sequence[_Bar]) -> dict[float, list[_Bar]]:
    found: dict[float, list[_Bar]] = {}
    for bar in bars:
        found.setdefault(bar.at, []).append(bar)
    return found


def _ruled(bars: Sequence[_Bar], middle: float) -> bool:
    return any(bar.start <= middle <= bar.end for bar in bars)
