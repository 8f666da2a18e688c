"""The grid of a w:tbl: rows and cells through content controls, with merges, as accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.readers.docx.runs import MC, SKIPPED, chosen, is_placeholder
from indexer.readers.docx.styles import W, integer, on
from indexer.readers.package import Element
from indexer.readers.tables import MAX_COLUMNS

_ROW, _CELL = W + "tr", W + "tc"
_ROW_PROPERTIES, _CELL_PROPERTIES = W + "trPr", W + "tcPr"
_CONTROL, _ALTERNATES = W + "sdt", MC + "AlternateContent"
_BLOCKS = frozenset({W + "p", W + "tbl"})
_VALUE = W + "val"


@dataclass(slots=True)
class GridCell:
    """A w:tc: `span` grid columns; `below` and `beside` continue the cell above or to the left.
    `prompt`: it shows only the prompt of a content control."""

    content: Element
    span: int = 1
    below: bool = False
    beside: bool = False
    prompt: bool = False


@dataclass(slots=True)
class Row:
    """`before`: grid columns left out at the start. `header`: repeated at the top of pages."""

    cells: list[GridCell] = field(default_factory=list)
    before: int = 0
    header: bool = False


def rows_of(table: Element) -> Iterator[Row]:
    """The rows that are there once all tracked changes are accepted."""
    for given, _ in _inside(table, _ROW):
        row = _row(given)
        if row is not None and row.cells:
            yield row


def _row(given: Element) -> Row | None:
    row = Row()
    for child in given:
        if child.tag == _ROW_PROPERTIES and not _read_row(child, row):
            return None
    for cell, prompt in _inside(given, _CELL):
        found = GridCell(cell, prompt=prompt)
        first = cell[0] if len(cell) else None
        if first is None or first.tag != _CELL_PROPERTIES or _read_cell(first, found):
            row.cells.append(found)
    return row


def _read_row(properties: Element, row: Row) -> bool:
    """Whether the row is not deleted."""
    for child in properties:
        tag = child.tag
        if tag == W + "del":
            return False
        if tag == W + "tblHeader":
            row.header = on(child)
        elif tag == W + "gridBefore":
            row.before = min(max(integer(child.get(_VALUE), 0), 0), MAX_COLUMNS)
    return True


_SPAN, _BELOW, _BESIDE = W + "gridSpan", W + "vMerge", W + "hMerge"
_DELETED, _MERGED = W + "cellDel", W + "cellMerge"


def _read_cell(properties: Element, cell: GridCell) -> bool:
    """Whether the cell is not deleted."""
    for child in properties:
        tag = child.tag
        if tag == _SPAN:
            cell.span = min(max(integer(child.get(_VALUE), 1), 1), MAX_COLUMNS)
        elif tag == _BELOW:
            cell.below = child.get(_VALUE, "continue") == "continue"
        elif tag == _BESIDE:
            cell.beside = child.get(_VALUE, "continue") == "continue"
        elif tag == _MERGED:
            cell.below = child.get(W + "vMerge", "rest") == "cont"
        elif tag == _DELETED:
            return False
    return True


def _inside(holder: Element, tag: str, prompt: bool = False) -> Iterator[tuple[Element, bool]]:
    """The elements `tag` in a holder or in what wraps them, and whether they are but a prompt."""
    for child in holder:
        found = child.tag
        if found == tag:
            yield child, prompt
        elif found == _ALTERNATES:
            yield from _inside(chosen(child), tag, prompt)
        elif found not in SKIPPED and found not in _BLOCKS and len(child):
            inner = prompt or (found == _CONTROL and tag == _CELL and is_placeholder(child))
            yield from _inside(child, tag, inner)
