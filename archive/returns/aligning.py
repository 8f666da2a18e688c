"""Which line of a returned paper is which line of its form.

The printed lines are found in their order so that as much as possible of what is printed is found
(a longest common subsequence with weights). A line that could as well be another one is not
believed: `Aligned.unsure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.returns.layout import FormLine, Layout
from archive.returns.lines import Line, even, plain
from archive.returns.matching import Match, match


@dataclass(frozen=True)
class Aligned:
    """`at`: form line -> returned line, for printed lines; `matches` by form line. `unsure`: form
    lines that stand at several places."""

    at: dict[int, int] = field(default_factory=dict)
    matches: dict[int, Match] = field(default_factory=dict)
    unsure: frozenset[int] = frozenset()


def align(layout: Layout, lines: Sequence[Line]) -> Aligned:
    """The printed lines of a form among those of a paper."""
    anchors = [n for n, line in enumerate(layout.lines) if line.is_anchor]
    table = _matches(layout, anchors, lines)
    before = _best(table, len(lines))
    after = [
        row[::-1] for row in _best([_mirrored(r, len(lines)) for r in table[::-1]], len(lines))
    ]
    after = after[::-1]
    at: dict[int, int] = {}
    unsure = set()
    j = len(lines)
    for i in range(len(anchors) - 1, -1, -1):
        while j and before[i + 1][j] == before[i + 1][j - 1]:
            j -= 1
        if before[i + 1][j] == before[i][j]:
            continue
        j -= 1
        at[anchors[i]] = j
        others = _elsewhere(i, j, table, before, after)
        if any(not _repeated(layout, anchors[i], lines[j], lines[other]) for other in others):
            unsure.add(anchors[i])
    matches = {n: table[i][at[n]] for i, n in enumerate(anchors) if n in at}
    return Aligned(at, matches, frozenset(unsure))


_Row = dict[int, Match]


def _matches(layout: Layout, anchors: Sequence[int], lines: Sequence[Line]) -> list[_Row]:
    """For each printed line the returned ones that may be it."""
    texts = ["".join(even(line.text).split()) for line in lines]
    table = []
    for n in anchors:
        form, row = layout.lines[n], {}
        words = _searched(form)
        for j, text in enumerate(texts):
            if any(word in text for word in words):
                found = match(form, lines[j])
                if found is not None:
                    row[j] = found
        table.append(row)
    return table


def _searched(form: FormLine) -> list[str]:
    """Printed pieces of a line, one of which must stand in a returned one."""
    pieces = (p for cell in form.cells for p in cell.pieces if isinstance(p, str))
    return [words for words in map(plain, pieces) if words]


def _mirrored(row: _Row, width: int) -> _Row:
    return {width - 1 - j: found for j, found in row.items()}


def _best(table: Sequence[_Row], width: int) -> list[list[int]]:
    """[i][j]: the most that the first i printed lines find among the first j returned ones."""
    best = [[0] * (width + 1)]
    for row in table:
        above, own, most = best[-1], [0], 0
        for j in range(width):
            most = max(most, above[j + 1])
            found = row.get(j)
            if found is not None and above[j] + found.weight > most:
                most = above[j] + found.weight
            own.append(most)
        best.append(own)
    return best


def _elsewhere(
    i: int, j: int, table: Sequence[_Row], before: list[list[int]], after: list[list[int]]
) -> list[int]:
    """Where else printed line `i` could stand with as much found in all."""
    total = before[-1][-1]
    return [
        other
        for other, found in table[i].items()
        if other != j and before[i][other] + found.weight + after[i + 1][other + 1] >= total
    ]


def _repeated(layout: Layout, at: int, line: Line, other: Line) -> bool:
    """Whether the head of a list is but repeated further down, as on each page of a print."""
    heads = at + 1 < len(layout.lines) and layout.lines[at + 1].rows
    return bool(heads) and line.row is not None and line.block == other.block
