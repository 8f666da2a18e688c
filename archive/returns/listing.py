"""The rows of a list in a returned form, by the heads of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.returns.aligning import Aligned
from archive.returns.layout import FormLine, Layout
from archive.returns.lines import Cell, Line, clean, plain
from archive.returns.values import Answer, Rows
from generator.spec import ROW_NUMBER


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as it is printed and as it came back: `at` is where its cells begin in the grid,
    None where its head was not found."""

    name: str
    label: str
    at: int | None
    doubt: str = ""


def read_rows(name: str, layout: Layout, aligned: Aligned, lines: Sequence[Line]) -> Rows:
    """The rows of the list `name` that hold anything (its columns in the order printed)."""
    number = next(n for n, line in enumerate(layout.lines) if line.rows == name)
    columns = _columns(layout, aligned, number)
    names = tuple(column.name for column in columns)
    head = max((n for n in aligned.at if n < number), default=-1)
    lost = [n for n in range(head + 1, number) if layout.lines[n].is_anchor]
    if head < 0 or lost or not any(column.at is not None for column in columns):
        words = layout.lines[lost[0] if lost else number].words or "、".join(names)
        return Rows(name, names, doubts=(f"没有找到表头“{words}”",))
    top = lines[aligned.at[head]]
    doubts = tuple(c.doubt for c in columns if c.doubt)
    own = _own_lines(layout, aligned, lines, number, head)
    heads = [(lines[aligned.at[head]], layout.lines[head])]
    rows = [_row(line, columns) for line in own if not _is_head(line, heads)]
    kept = tuple(row for row in rows if _holds(row))
    place = own[0].place if own else top.place
    return Rows(name, names, kept, place, tuple(dict.fromkeys((*doubts, *_lost(own, columns)))))


def _columns(layout: Layout, aligned: Aligned, number: int) -> list[_Column]:
    line = layout.lines[number]
    columns = []
    for cell in line.cells:
        for slot in cell.slots:
            head = layout.head(number, cell.column)
            columns.append(_column(layout, aligned, slot.name, head, line))
    return columns


def _column(
    layout: Layout, aligned: Aligned, name: str, head: tuple[int, int] | None, line: FormLine
) -> _Column:
    if head is None:
        return _Column(name, "", None, f"“{name}”一列没有印好的列名")
    at, index = head
    label = layout.lines[at].cells[index].words
    match = aligned.matches.get(at)
    cell = match.cell(index) if match else None
    if cell is None:
        return _Column(name, label, None, f"没有找到列名“{label}”")
    if at in aligned.unsure:
        return _Column(name, label, cell.column, f"“{label}”在文中出现几次，分不清是哪一处")
    if plain(cell.text) != label:
        return _Column(name, label, cell.column, f"列名“{label}”被改成“{cell.text.strip()}”")
    return _Column(name, cell.text.strip(), cell.column)


def _own_lines(
    layout: Layout, aligned: Aligned, lines: Sequence[Line], number: int, head: int
) -> list[Line]:
    """The rows below the head, up to the next printed line of the form."""
    top = lines[aligned.at[head]]
    following = min((n for n in aligned.at if n > number), default=len(layout.lines))
    until = aligned.at.get(following, len(lines))
    rows = [
        line
        for line in lines[aligned.at[head] + 1 : until]
        if line.row is not None and line.block == top.block
    ]
    # Rows of slots without printed words stand below it: they have their place there.
    after = [
        line
        for line in layout.lines[number + 1 : following]
        if line.row is not None and line.table == layout.lines[number].table and not line.rows
    ]
    return rows[: len(rows) - len(after)] if after else rows


def _is_head(line: Line, heads: Sequence[tuple[Line, FormLine]]) -> bool:
    own = [plain(cell.text) for cell in line.cells]
    return any(own == [plain(cell.text) for cell in head.cells] for head, _ in heads)


def _row(line: Line, columns: Sequence[_Column]) -> tuple[Answer, ...]:
    return tuple(_cell(line, column) for column in columns)


def _cell(line: Line, column: _Column) -> Answer:
    if column.at is None:
        return Answer(column.name, None, column.label, line.place, 0.0, (column.doubt,))
    begun = next((c for c in line.cells if c.column == column.at), None)
    if begun is None:
        return _covered(line, column, column.at)
    doubts = (column.doubt,) if column.doubt else ()
    value = clean(begun.text)
    return Answer(column.name, value, column.label, line.where(begun), 1.0, doubts)


def _covered(line: Line, column: _Column, at: int) -> Answer:
    """A column without a cell of its own: merged with the one beside or above."""
    beside: Cell | None = line.at(at)
    place = f"{line.place}第 {at + 1} 列"
    if beside is None or not clean(beside.text):
        return Answer(column.name, None, column.label, place, 0.0, ("与别的格合并了",))
    doubt = f"与左边或上面的格合并了，左边写着“{_short(clean(beside.text))}”"
    return Answer(column.name, None, column.label, place, 0.0, (doubt,))


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def _holds(row: Sequence[Answer]) -> bool:
    """Whether anything was written in a row; its running number is printed."""
    return any(cell.value for cell in row if cell.name != ROW_NUMBER)


def _lost(own: Sequence[Line], columns: Sequence[_Column]) -> list[str]:
    """What stands in the rows outside the columns of the form."""
    known = {column.at for column in columns}
    beyond = [
        line.where(cell)
        for line in own
        for cell in line.cells
        if cell.column not in known and clean(cell.text)
    ]
    return [f"表样没有的列里写了字：{beyond[0]}"] if beyond else []
