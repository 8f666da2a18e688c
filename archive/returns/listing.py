"""The rows of a list in a returned form, by the heads of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.returns.aligning import Aligned
from archive.returns.layout import FormLine, Layout
from archive.returns.lines import Cell, Line, clean, plain, short
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
    top, between = lines[aligned.at[head]], _between(aligned, lines, number, head)
    own = _own_lines(layout, aligned, between, number, top)
    doubts = [c.doubt for c in columns if c.doubt]
    rows = [_row(line, columns) for line in own if not _is_head(line, top)]
    kept = tuple(row for row in rows if _holds(row))
    place = own[0].place if own else top.place
    doubts += [*_lost(own, columns), *_split_off(layout, aligned, between, number, top)]
    return Rows(name, names, kept, place, tuple(dict.fromkeys(doubts)))


def _between(aligned: Aligned, lines: Sequence[Line], number: int, head: int) -> Sequence[Line]:
    """The lines from the head of a list to the next printed line."""
    until = aligned.at.get(_following(aligned, number), len(lines))
    return lines[aligned.at[head] + 1 : until]


def _following(aligned: Aligned, number: int) -> int:
    return min((n for n in aligned.at if n > number), default=-1)


def _split_off(
    layout: Layout, aligned: Aligned, between: Sequence[Line], number: int, top: Line
) -> list[str]:
    """Rows of another table right behind: somebody parted the list in two."""
    following = _following(aligned, number)
    after = layout.lines[number + 1 : following if following > 0 else None]
    if any(line.slots for line in after):
        return []  # they have a place there
    for line in between:
        if line.row is not None and line.block != top.block and not line.is_blank:
            return [f"{line.place}还有表样没有的表格"]
    return []


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
    layout: Layout, aligned: Aligned, between: Sequence[Line], number: int, top: Line
) -> list[Line]:
    """The rows of the list's own table. Rows of slots without printed words stand below it in the
    form: they have their place there."""
    rows = [line for line in between if line.row is not None and line.block == top.block]
    following = _following(aligned, number)
    after = [
        line
        for line in layout.lines[number + 1 : following if following > 0 else None]
        if line.row is not None and line.table == layout.lines[number].table and not line.rows
    ]
    return rows[: len(rows) - len(after)] if after else rows


def _is_head(line: Line, top: Line) -> bool:
    """The head repeated, as on each page of a print."""
    return [plain(cell.text) for cell in line.cells] == [plain(cell.text) for cell in top.cells]


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
    doubt = f"与左边或上面的格合并了，左边写着“{short(clean(beside.text))}”"
    return Answer(column.name, None, column.label, place, 0.0, (doubt,))


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
