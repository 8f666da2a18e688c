"""Spreadsheets: .xlsx, .xlsm, .xlsb, .xls, .et (Kingsoft, the same as .xls) and .ods, by calamine.

Each sheet is one table block; values are the cells' results as text.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from indexer import sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Package, core_properties
from indexer.readers.tables import MAX_COLUMNS, table_text
from indexer.reading import Block, Reading

FORMATS = ("xlsx", "xls", "ods")

#: calamine lays a sheet out as a full grid of 32-byte cells up to the last cell used; one cell at
#: XFD1048576 would ask for 500 GB.
_GRID = 16_000_000
#: Expanded bytes of all worksheets and shared strings that calamine may be given.
_EXPANDED = 400 * 1024 * 1024
_CELL = re.compile(rb"""[<:]c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>""")
_CHUNK = 1 << 20
_CELL_TAG = 512


def read(path: Path, limits: Limits) -> Reading:
    """All sheets. Raises ReadError: corrupt, encrypted, too_large."""
    form = sniff.detect(path)
    metadata = _package_checked(path, limits) if form == "xlsx" else {}
    budget = _Budget(limits.rows, limits.cells, limits.characters)
    blocks = _blocks(path, budget)
    names = [block.sheet for block in blocks]
    return Reading(
        format=form,
        status="partial" if budget.left_out else "complete",
        blocks=tuple(blocks),
        metadata={**metadata, **({"sheets": "、".join(names)} if names else {})},
        left_out=tuple(budget.left_out),
    )


def _blocks(path: Path, budget: _Budget) -> list[Block]:
    """The non-empty sheets. Raises ReadError: corrupt, encrypted."""
    try:
        # A file, not a path: calamine believes a path's suffix, and schools rename freely.
        with path.open("rb") as file:
            book = calamine.load_workbook(file)
            return [block for name in _sheets(book) if (block := _sheet(book, name, budget))]
    except calamine.PasswordError as error:
        raise ReadError("encrypted", str(error)) from error
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError) as error:
        code = "encrypted" if "password" in str(error).lower() else "corrupt"
        raise ReadError(code, f"calamine: {error}") from error
    except BaseException as error:
        # A panic in Rust arrives as pyo3's PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError("corrupt", f"calamine: {error}") from error


def _sheets(book: Any) -> Iterator[str]:
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            yield sheet.name


@dataclass(slots=True)
class _Budget:
    rows: int
    cells: int
    characters: int
    left_out: list[str]

    def __init__(self, rows: int, cells: int, characters: int) -> None:
        self.rows, self.cells, self.characters, self.left_out = rows, cells, characters, []

    def take(self, row: tuple[str, ...]) -> bool:
        self.rows -= 1
        self.cells -= len(row)
        self.characters -= sum(map(len, row))
        return self.rows >= 0 and self.cells >= 0 and self.characters >= 0


def _sheet(book: Any, name: str, budget: _Budget) -> Block | None:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return None
    rows: list[tuple[str, ...]] = []
    for number, given in enumerate(sheet.iter_rows(), 1):
        row = tuple(_text(value) for value in given[:MAX_COLUMNS])
        if not budget.take(row):
            budget.left_out.append(f"工作表“{name}”第 {number} 行起没有读，数据太多")
            break
        rows.append(row)
    top, left = sheet.start
    kept, columns = _trimmed(rows)
    if not kept:
        return None
    merged = _merged(sheet.merged_cell_ranges or [], top, left, len(kept), columns)
    return Block("table", table_text(kept, merged), rows=tuple(kept), merged=merged, sheet=name)


def _trimmed(rows: list[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], int]:
    """The rows without empty ones at the end and empty columns at the right."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at + 1 for row in rows for at, text in enumerate(row) if text), default=0)
    return [row[:width] for row in rows], width


def _merged(
    ranges: list[tuple[tuple[int, int], tuple[int, int]]],
    top: int,
    left: int,
    rows: int,
    columns: int,
) -> tuple[tuple[int, int], ...]:
    """The places inside merged ranges, save the first of each, in the block's own numbering."""
    found = set()
    for (first_row, first_column), (last_row, last_column) in ranges:
        for row in range(max(first_row - top, 0), min(last_row - top + 1, rows)):
            for column in range(max(first_column - left, 0), min(last_column - left + 1, columns)):
                if (row, column) != (first_row - top, first_column - left):
                    found.add((row, column))
    return tuple(sorted(found))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip().replace("\r\n", "\n").replace("\t", " ")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _package_checked(path: Path, limits: Limits) -> dict[str, str]:
    """The properties of an .xlsx whose size is bearable. Raises ReadError("too_large")."""
    with Package(path, limits) as package:
        parts = [info for name, info in package.names.items() if name.startswith("xl/")]
        if sum(info.file_size for info in parts if info.filename.endswith(".xml")) > _EXPANDED:
            raise ReadError("too_large", "worksheets")
        for info in parts:
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                _check_grid(package.zip, info)
        return core_properties(package)


def _check_grid(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Raises ReadError("too_large") where a sheet's used area is absurdly large."""
    last_row = last_column = 0
    tail = b""
    try:
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                for letters, digits in _CELL.findall(tail + chunk):
                    last_row = max(last_row, int(digits))
                    last_column = max(last_column, _column(letters))
                tail = chunk[-_CELL_TAG:]
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ReadError("corrupt", f"{info.filename}: {error}") from error
    if last_row * last_column > _GRID:
        raise ReadError("too_large", f"{info.filename}: {last_row} x {last_column} cells")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
