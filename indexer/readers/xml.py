"""Other XML: the workbooks of Excel 2003 as tables, everything else as the text in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Element, parse_xml
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block, Reading

FORMATS = ("xml",)

_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, too_large."""
    with path.open("rb") as file:
        data = file.read(limits.part + 1)
    if len(data) > limits.part:
        raise ReadError("too_large", f"more than {limits.part} bytes of XML")
    root = parse_xml(data)
    found = _sheets(root, limits) if root.tag == _SHEET + "Workbook" else _texts(root)
    return Reading("xml", "complete", tuple(islice(found, limits.blocks + 1)))


def _texts(root: Element) -> Iterator[Block]:
    """Each run of text between tags a paragraph."""
    for text in root.itertext():
        line = " ".join(text.split())
        if line:
            yield Block("paragraph", line)


def _sheets(root: Element, limits: Limits) -> Iterator[Block]:
    for sheet in root.iterfind(_SHEET + "Worksheet"):
        name = sheet.get(_SHEET + "Name", "")
        table = sheet.find(_SHEET + "Table")
        if table is None:
            continue
        rows = [_row(row) for row in islice(table.iterfind(_SHEET + "Row"), limits.rows)]
        block = table_block(rows)
        if block is not None and block.text:
            yield replace(block, sheet=name)


def _row(row: Element) -> list[Cell]:
    cells: list[Cell] = []
    column = 1
    for given in row.iterfind(_SHEET + "Cell"):
        # Empty cells are left out, and the next one says where it stands.
        at = min(_number(given.get(_SHEET + "Index"), column), MAX_COLUMNS)
        cells += [Cell("")] * (at - column)
        data = given.find(_SHEET + "Data")
        text = "" if data is None else "".join(data.itertext()).strip()
        cells.append(Cell(text, 1 + _number(given.get(_SHEET + "MergeAcross"), 0)))
        column = max(at, column) + cells[-1].span
        if column > MAX_COLUMNS:
            break
    return cells


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) < 6 else otherwise
