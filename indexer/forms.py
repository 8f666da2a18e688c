"""Tables that are forms: which cells are labels, and which cells hold their values.

A data table (姓名|学科|职务 over many rows) is told from a form (课题|…|班级|…): in a data table
the labels stand in one row and the rows below repeat its shape; in a form labels and values
alternate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.labels import is_header_line, is_label, may_be_label, squeeze
from indexer.reading import Block

#: 项目 | 内容 names the two columns of a form, it is not a label with its value.
_COLUMN_NAMES = frozenset(
    {"内容", "情况", "说明", "具体内容", "填写内容", "备注", "要求", "内容摘要"}
)

#: A label written into a cell before its text: 试卷分析：…, 一、存在问题：…
_WRITTEN = re.compile(r"\s*([^：:，,。；！？\n]{2,16})[：:]\s*(\S.*)")

#: No form is longer; a sheet of a hundred thousand rows is data.
ROWS = 1000


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label cell: `row` counts from 0; `value` is the text of the cells beside or below it."""

    row: int
    column: int
    label: str
    value: str
    nested: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: int
    text: str
    below: int = 1  #: rows it spans


def labelled_cells(block: Block) -> list[Labelled]:
    """The label cells of a table with their values, row by row."""
    rows = _cells(block)
    found: list[Labelled] = []
    at = 0
    while at < len(rows):
        length = _data_table(rows, at)
        if not rows[at]:
            length = 1
        elif length:
            found += _columns(rows[at : at + length])
        else:
            more, length = _single(rows, at) if len(rows[at]) == 1 else (_pairs(rows, at), 1)
            found += more
        at += length
    return found


def _cells(block: Block) -> list[list[_Cell]]:
    merged = set(block.merged)
    found: list[list[_Cell]] = []
    for number, row in enumerate(block.rows[:ROWS]):
        line = []
        for column, text in enumerate(row):
            if (number, column) in merged:
                continue
            below = 1
            while _continued(block, merged, number + below, column):
                below += 1
            line.append(_Cell(number, column, text.strip(), below))
        found.append(line)
    return found


def _continued(block: Block, merged: set[tuple[int, int]], row: int, column: int) -> bool:
    """Whether the place belongs to a cell begun above it (not to one begun at its left)."""
    if row >= len(block.rows) or (row, column) not in merged:
        return False
    return column == 0 or (row, column - 1) in merged or bool(block.rows[row][column - 1])


def _shape(row: Sequence[_Cell]) -> tuple[int, ...]:
    return tuple(cell.column for cell in row)


def _data_table(rows: Sequence[Sequence[_Cell]], at: int) -> int:
    """How many rows from `at` make a data table with its header in row `at`; 0 for none."""
    header = rows[at]
    if (
        len(header) < 2
        or header[0].below > 1  # it stands beside the rows below, it does not head a column
        or at + 1 >= len(rows)
        or not all(may_be_label(cell.text) for cell in header)
    ):
        return 0
    shape = set(_shape(header))
    length = 1
    while at + length < len(rows) and _fits(rows[at + length], shape):
        length += 1
    if length == 1:
        return 0
    body = rows[at + 1 : at + length]
    named = sum(is_label(cell.text) for cell in header)
    if named * 2 > len(header) and not _alternates(header):
        # Rows that alternate themselves are a form, however label-like its first values are.
        return 0 if sum(map(_alternates, body)) * 2 > len(body) else length
    return length if len(header) >= 3 and not _alternates(header) and _numeric(body) else 0


def _fits(row: Sequence[_Cell], shape: set[int]) -> bool:
    """A row of the same shape; its first cells may belong to a merged cell above."""
    own = set(_shape(row))
    if len(own) < 2 or not own <= shape:
        return False
    missing = shape - own
    return not missing or max(missing) < min(own)


def _alternates(row: Sequence[_Cell]) -> bool:
    """Label, value, label, value: the labels are known words, the values are not."""
    labels = [is_label(cell.text) for cell in row]
    even, odd = labels[0::2], labels[1::2]
    return len(labels) >= 2 and len(labels) % 2 == 0 and all(even) and not any(odd)


def _numeric(rows: Sequence[Sequence[_Cell]]) -> bool:
    cells = [cell.text for row in rows for cell in row[1:] if cell.text]
    numbers = sum(cell.rstrip("%％分人").replace(".", "", 1).isdigit() for cell in cells)
    return numbers * 2 > len(cells)


def _columns(rows: Sequence[Sequence[_Cell]]) -> list[Labelled]:
    """The columns of a table with one row below its header: each label with the cell under it."""
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return []
    return [
        Labelled(cell.row, cell.column, cell.text, below.text)
        for cell, below in zip(rows[0], rows[1], strict=True)
        if is_label(cell.text)
    ]


def _single(rows: Sequence[Sequence[_Cell]], at: int) -> tuple[list[Labelled], int]:
    """A one-cell row: a label line with its text below it, or a label over the next row.

    Returns the label, if any, and how many rows it took.
    """
    cell = rows[at][0]
    first, broken, rest = cell.text.partition("\n")
    if broken and is_label(first):
        return [Labelled(cell.row, cell.column, first, rest.strip())], 1
    written = _written_in(cell)
    if written:
        return written, 1
    if not is_label(cell.text):
        return [], 1
    following = rows[at + 1] if at + 1 < len(rows) else []
    if len(following) == 1 and not is_label(following[0].text.partition("\n")[0]):
        return [Labelled(cell.row, cell.column, cell.text, following[0].text)], 2
    return [Labelled(cell.row, cell.column, cell.text, "")], 1


def _written_in(cell: _Cell) -> list[Labelled]:
    """Labels with their texts inside one cell, line by line: 试卷分析：本次试题…

    A line without a label goes on with the text above it. Head lines (学校：… 学科：…) are none.
    """
    found: list[Labelled] = []
    for line in cell.text.split("\n"):
        match = _WRITTEN.match(line)
        if match is None or not is_label(match.group(1)) or is_header_line(line):
            if not found:
                return []
            value = _join([found[-1].value, line.strip()])
            found[-1] = replace(found[-1], value=value)
            continue
        found.append(Labelled(cell.row, cell.column, match.group(1), match.group(2).strip()))
    return found


def _pairs(rows: Sequence[Sequence[_Cell]], at: int) -> list[Labelled]:
    row = rows[at]
    first = row[0]
    if first.below == 1 or not may_be_label(first.text):
        return _row_pairs(row, nested=False, beside=_beside(rows, at))
    # A label beside several rows owns them all; labels inside them are its parts.
    beside = [c.text for line in rows[at : at + first.below] for c in line if c is not first]
    whole = Labelled(first.row, first.column, first.text, _join(beside))
    return [whole, *_row_pairs(row[1:], nested=True)]


def _beside(rows: Sequence[Sequence[_Cell]], at: int) -> frozenset[int]:
    """The columns in which the rows above and below have labels, where they are of this shape."""
    near = [rows[n] for n in (at - 1, at + 1) if 0 <= n < len(rows)]
    alike = [row for row in near if _shape(row) == _shape(rows[at]) and _alternates(row)]
    return frozenset(cell.column for row in alike for cell in row[0::2])


def _row_pairs(
    row: Sequence[_Cell], nested: bool, beside: frozenset[int] = frozenset()
) -> list[Labelled]:
    """Each label of a row with the cells up to the next label."""
    marks = _label_places(row, beside) if row else []
    ends = [*marks[1:], len(row)][: len(marks)]
    return [
        Labelled(
            row[at].row,
            row[at].column,
            row[at].text,
            _join([cell.text for cell in row[at + 1 : end]]),
            nested,
        )
        for at, end in zip(marks, ends, strict=True)
    ]


def _label_places(row: Sequence[_Cell], beside: frozenset[int]) -> list[int]:
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
    if len(row) == 2 and may_be_label(row[0].text):
        return [0]
    return [at for at, labelled in enumerate(known) if labelled]


def _may_be_unknown_label(text: str) -> bool:
    # Shorter words in a column of labels are people's names.
    return len(squeeze(text)) > 3 and may_be_label(text)


def _join(texts: Sequence[str]) -> str:
    return "\n".join(text for text in texts if text)
