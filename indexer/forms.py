"""Tables that are forms: which cells are labels, and which cells hold their values.

A data table (姓名|学科|职务 over many rows) is told from a form (课题|…|班级|…): in a data table
the labels stand in one row and the rows below repeat its shape; in a form labels and values
alternate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer import numbering
from indexer.labels import is_header_line, is_label, may_be_label, squeeze
from indexer.reading import Block

#: 项目 | 内容 names the two columns of a form, it is not a label with its value.
_COLUMN_NAMES = frozenset(
    {"内容", "情况", "说明", "具体内容", "填写内容", "备注", "要求", "内容摘要"}
)

#: A label written into a cell before its text: 试卷分析：…, 一、存在问题：…
_WRITTEN = re.compile(r"\s*([^：:，,。；！？\n]{2,16})[：:]\s*(\S.*)")

#: A cell with more characters holds a text, no word or name.
_TEXT = 16

#: So many rows tell what a table of any length is.
_JUDGED = 20

#: No form is longer or wider; a sheet of a hundred thousand rows is data.
ROWS, _COLUMNS = 1000, 100


@dataclass(frozen=True, slots=True)
class Cell:
    """`below`: how many rows it spans."""

    row: int
    column: int
    text: str
    below: int = 1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label cell: `row` counts from 0; `cells` are those beside or below it that it names, or
    parts of them. `depth`: 1 within the rows of another label, 0 elsewhere."""

    row: int
    column: int
    label: str
    cells: tuple[Cell, ...]
    depth: int = 0

    @property
    def value(self) -> str:
        return "\n".join(cell.text for cell in self.cells if cell.text)


_Rows = Sequence[Sequence[Cell]]


def labelled_cells(block: Block) -> list[Labelled]:
    """The label cells of a table with their values, row by row."""
    if not block.rows or len(block.rows[0]) > _COLUMNS:
        return []
    return list(_labels(_cells(block), block.header_rows, 0))


def _labels(rows: _Rows, headed: int, depth: int) -> Iterator[Labelled]:
    """The labels of some rows of a table; the first `headed` of them are marked as its head."""
    at, shapes = 0, _shapes(rows)
    while at < len(rows):
        row = rows[at]
        length = _data_table(rows, shapes, at)
        if length:
            if at >= headed:
                yield from _columns(rows[at : at + length], depth)
        elif len(row) == 1:
            found, length = _single(rows, shapes, at, depth)
            yield from found
        elif row and row[0].below > 1 and may_be_label(row[0].text):
            length = row[0].below
            yield from _owner(row[0], [row[1:], *rows[at + 1 : at + length]], depth)
        elif row:
            yield from _row_pairs(row, _beside(rows, shapes, at), depth)
        at += max(length, 1)


def _owner(label: Cell, rows: _Rows, depth: int) -> Iterator[Labelled]:
    """A label beside several rows owns them all; labels inside them are its parts."""
    cells = tuple(cell for row in rows for cell in row)
    yield Labelled(label.row, label.column, label.text, cells, depth)
    yield from _labels(rows, 0, depth + 1)


def _cells(block: Block) -> list[list[Cell]]:
    merged = set(block.merged)
    found: list[list[Cell]] = []
    for number, row in enumerate(block.rows[:ROWS]):
        line = []
        for column, text in enumerate(row):
            if (number, column) in merged:
                continue
            below = 1
            while _continued(block, merged, number + below, column):
                below += 1
            line.append(Cell(number, column, text.strip(), below))
        found.append(line)
    return found


def _continued(block: Block, merged: set[tuple[int, int]], row: int, column: int) -> bool:
    """Whether the place belongs to a cell begun above it (not to one begun at its left)."""
    if row >= len(block.rows) or (row, column) not in merged:
        return False
    return column == 0 or (row, column - 1) in merged or bool(block.rows[row][column - 1])


def _shapes(rows: _Rows) -> list[frozenset[int]]:
    """The columns in which the cells of each row begin; rows of one shape share one object."""
    known: dict[frozenset[int], frozenset[int]] = {}
    found = [frozenset(cell.column for cell in row) for row in rows]
    return [known.setdefault(shape, shape) for shape in found]


def _data_table(rows: _Rows, shapes: Sequence[frozenset[int]], at: int) -> int:
    """How many rows from `at` make a data table with its header in row `at`; 0 for none."""
    header = rows[at]
    if (
        len(header) < 2
        or header[0].below > 1  # it stands beside the rows below, it does not head a column
        or at + 1 >= len(rows)
        or not all(may_be_label(cell.text) for cell in header)
    ):
        return 0
    length = 1
    while at + length < len(rows) and _fits(shapes[at + length], shapes[at]):
        length += 1
    if length == 1 or _alternates(header):
        return 0
    body = rows[at + 1 : at + min(length, 1 + _JUDGED)]
    named = sum(is_label(cell.text) for cell in header)
    if named * 2 > len(header):
        # Rows that alternate themselves are a form, however label-like its first values are.
        return 0 if sum(map(_alternates, body)) * 2 > len(body) else length
    lists = _wordy(body) or (len(header) >= 3 and _numeric(body))
    return length if lists else 0


def _fits(own: frozenset[int], shape: frozenset[int]) -> bool:
    """A row of the same shape; its first cells may belong to a merged cell above."""
    if own is shape:
        return True  # a header has two cells at least
    if len(own) < 2 or not own <= shape:
        return False
    return max(shape - own) < min(own)


def _alternates(row: Sequence[Cell]) -> bool:
    """Label, value, label, value: the labels are known words, the values are not."""
    labels = [is_label(cell.text) for cell in row]
    even, odd = labels[0::2], labels[1::2]
    return len(labels) >= 2 and len(labels) % 2 == 0 and all(even) and not any(odd)


def _numeric(rows: _Rows) -> bool:
    cells = [cell.text for row in rows for cell in row[1:] if cell.text]
    numbers = sum(cell.rstrip("%％分人").replace(".", "", 1).isdigit() for cell in cells)
    return numbers * 2 > len(cells)


def _wordy(rows: _Rows) -> bool:
    """Texts beside each other in most rows, as under 教师活动 | 学生活动 | 设计意图."""
    texts = [sum(len(cell.text) > _TEXT for cell in row) for row in rows]
    return sum(count >= 2 for count in texts) * 2 > len(rows)


def _columns(rows: _Rows, depth: int) -> list[Labelled]:
    """The columns of a table with one row below its header: each label with the cell under it.

    Within the rows of a label they are the head of a list unless texts stand in them.
    """
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return []
    if depth and not any(len(cell.text) > _TEXT for cell in rows[1]):
        return []
    return [
        Labelled(cell.row, cell.column, cell.text, (below,), depth)
        for cell, below in zip(rows[0], rows[1], strict=True)
        if depth or is_label(cell.text)
    ]


def _single(
    rows: _Rows, shapes: Sequence[frozenset[int]], at: int, depth: int
) -> tuple[list[Labelled], int]:
    """A one-cell row: a label line with its text below it, or a label over the next rows.

    Returns the label, if any, and how many rows it took.
    """
    cell = rows[at][0]
    first, broken, rest = cell.text.partition("\n")
    if broken and is_label(first) and not _goes_on(first, rest):
        text = replace(cell, text=rest.strip())
        return [Labelled(cell.row, cell.column, first, (text,), depth)], 1
    written = _written_in(cell, depth)
    if written:
        return written, 1
    if not is_label(cell.text):
        return [], 1
    below, length = _below(rows, shapes, at + 1)
    return [Labelled(cell.row, cell.column, cell.text, below, depth)], 1 + length


def _goes_on(first: str, rest: str) -> bool:
    """Whether the number before a label is the first of several in its cell: 一、… 二、…"""
    number = numbering.parse(first)
    if number is None:
        return False
    others = (numbering.parse(line.strip()) for line in rest.split("\n"))
    return any(other is not None and other.scheme == number.scheme for other in others)


def _below(rows: _Rows, shapes: Sequence[frozenset[int]], at: int) -> tuple[tuple[Cell, ...], int]:
    """The cells of the rows from `at` that a label alone in the row above names, and how many
    rows these are: one cell of text, or a list."""
    if at >= len(rows):
        return (), 0
    row = rows[at]
    if len(row) != 1:
        length = _data_table(rows, shapes, at)
        return tuple(cell for line in rows[at : at + length] for cell in line), length
    first = row[0].text.partition("\n")[0]
    if is_label(first) and numbering.parse(first) is None:
        return (), 0
    return (row[0],), 1


def _written_in(cell: Cell, depth: int) -> list[Labelled]:
    """Labels with their texts inside one cell, line by line: 试卷分析：本次试题…

    A line without a label goes on with the text above it. Head lines (学校：… 学科：…) are none.
    """
    found: list[Labelled] = []
    for line in cell.text.split("\n"):
        match = _WRITTEN.match(line)
        if match is None or not is_label(match.group(1)) or is_header_line(line):
            if not found:
                return []
            text = "\n".join(piece for piece in (found[-1].value, line.strip()) if piece)
            found[-1] = replace(found[-1], cells=(replace(cell, text=text),))
            continue
        own = replace(cell, text=match.group(2).strip())
        found.append(Labelled(cell.row, cell.column, match.group(1), (own,), depth))
    return found


def _beside(rows: _Rows, shapes: Sequence[frozenset[int]], at: int) -> frozenset[int]:
    """The columns in which the rows above and below have labels, where they are of this shape."""
    near = (n for n in (at - 1, at + 1) if 0 <= n < len(rows))
    alike = [rows[n] for n in near if shapes[n] is shapes[at]]
    found = {cell.column for row in alike if _alternates(row) for cell in row[0::2]}
    if len(rows[at]) == 2 and alike and all(_may_be_unknown_label(row[0].text) for row in alike):
        found.add(rows[at][0].column)
    return frozenset(found)


def _row_pairs(row: Sequence[Cell], beside: frozenset[int], depth: int) -> list[Labelled]:
    """Each label of a row with the cells up to the next label."""
    marks = _label_places(row, beside, depth)
    ends = [*marks[1:], len(row)][: len(marks)]
    return [
        Labelled(row[at].row, row[at].column, row[at].text, tuple(row[at + 1 : end]), depth)
        for at, end in zip(marks, ends, strict=True)
    ]


def _label_places(row: Sequence[Cell], beside: frozenset[int], depth: int) -> list[int]:
    known = [is_label(cell.text) for cell in row]
    if any(known) and not any(known[1::2]):
        # 分管领导 | name | 报告时间 | date: an unknown word in a column of labels is one.
        known = [
            label or (cell.column in beside and _may_be_unknown_label(cell.text))
            for label, cell in zip(known, row, strict=True)
        ]
    if all(known) and squeeze(row[-1].text) in _COLUMN_NAMES:
        return []
    if len(row) % 2 == 0 and all(known[0::2]):
        return list(range(0, len(row), 2))
    named = not depth or row[0].column in beside or _names(row)
    if len(row) == 2 and named and may_be_label(row[0].text):
        return [0]
    return [at for at, labelled in enumerate(known) if labelled]


def _names(row: Sequence[Cell]) -> bool:
    """Within the rows of a label, an unknown word is one itself only before a text."""
    return _may_be_unknown_label(row[0].text) and len(row[1].text) > _TEXT


def _may_be_unknown_label(text: str) -> bool:
    # Shorter words in a column of labels are people's names.
    return len(squeeze(text)) > 3 and may_be_label(text)
