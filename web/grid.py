"""The matrix of due items as a table for a page: schools down, kinds and subjects across."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

#: state -> (CSS class, sign). The sign carries the state where colour does not.
STATES = {
    "已报": ("ok", "✓"),
    "迟报": ("late", "●"),
    "不全": ("part", "▲"),
    "缺报": ("bad", "✕"),
    "免报": ("none", "–"),
    "未到期": ("none", "○"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`href` leads to the paper, or where none came to the prefilled form. Not due: state ""."""

    state: str = ""
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    unit_id: str
    name: str
    group: str
    cells: tuple[Cell, ...]

    def count(self, *states: str) -> int:
        return sum(cell.state in states for cell in self.cells)

    @property
    def due(self) -> int:
        return sum(bool(cell.state) and cell.state != "免报" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    kind: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def totals(self) -> list[tuple[str, int]]:
        """(state, how many items), in the order of STATES."""
        counted = Counter(cell.state for line in self.lines for cell in line.cells)
        return [(state, counted[state]) for state in STATES if counted[state]]

    @property
    def due(self) -> int:
        """Items owed: all but the exempt."""
        return sum(n for state, n in self.totals if state != "免报")

    def column_counts(self) -> list[tuple[int, int]]:
        """(handed in, due) of each column; late and incomplete papers were handed in."""
        made = []
        for i in range(len(self.columns)):
            states = [line.cells[i].state for line in self.lines]
            handed = sum(s in ("已报", "迟报", "不全") for s in states)
            made.append((handed, sum(bool(s) and s != "免报" for s in states)))
        return made

    def only(self, state: str) -> Grid:
        """The schools that have an item in this state."""
        kept = tuple(line for line in self.lines if line.count(state))
        return Grid(self.columns, kept)
