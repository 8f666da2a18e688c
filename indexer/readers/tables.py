"""A grid of cells, some merged, as the rows of a `Block`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.reading import Block

#: A row of a real form has at most 63 cells in Word; more columns than this is an attack.
MAX_COLUMNS = 1024


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in its row: `span` grid columns wide; `below` continues the one above."""

    text: str
    span: int = 1
    below: bool = False


def table_block(rows: Sequence[Sequence[Cell]], *, page: int | None = None) -> Block | None:
    """The table as a block: the text of a merged cell once, its other places "" and in `merged`.

    Grid columns in which no cell begins are dropped. None where no cell has text and the grid
    is trivial.
    """
    starts: set[int] = set()
    placed: list[list[tuple[int, Cell]]] = []
    for row in rows:
        line, column = [], 0
        for cell in row:
            if column >= MAX_COLUMNS:
                break
            line.append((column, cell))
            starts.add(column)
            column += max(1, cell.span)
        placed.append(line)
    columns = sorted(starts)
    if not columns:
        return None
    index = {column: at for at, column in enumerate(columns)}
    texts: list[tuple[str, ...]] = []
    merged: list[tuple[int, int]] = []
    for number, line in enumerate(placed):
        values, inside = _spread(line, index, len(columns))
        texts.append(tuple(values))
        merged.extend((number, column) for column in inside)
    return Block(
        kind="table",
        text=table_text(texts, merged),
        rows=tuple(texts),
        merged=tuple(merged),
        page=page,
    )


def _spread(
    line: Iterable[tuple[int, Cell]], index: dict[int, int], width: int
) -> tuple[list[str], list[int]]:
    """The values of one row over the kept columns, and which of them are inside a merged cell."""
    values = [""] * width
    begun: set[int] = set()
    for column, cell in line:
        at = index[column]
        if not cell.below:
            values[at] = cell.text
            begun.add(at)
    return values, [at for at in range(width) if at not in begun]


def table_text(rows: Iterable[Sequence[str]], merged: Iterable[tuple[int, int]] = ()) -> str:
    """Cells joined by tabs, rows by newlines; merged places and trailing empty cells left out."""
    inside = set(merged)
    lines = []
    for number, row in enumerate(rows):
        cells = [text for column, text in enumerate(row) if (number, column) not in inside]
        line = "\t".join(cells).rstrip("\t")
        if line.strip():
            lines.append(line)
    return "\n".join(lines)
