"""Spreadsheets: .xlsx, .xlsm, .xlsb, .xls, .et (Kingsoft, the same as .xls) and .ods, by calamine.

Each sheet is one table block; values are the cells' results as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from indexer import sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Package, core_properties
from indexer.readers.sheets import biff, xlsx
from indexer.readers.sheets.chains import check_chains
from indexer.readers.sheets.xlsx import Extras, Percents
from indexer.readers.tables import MAX_COLUMNS, table_text
from indexer.reading import Block, Reading

FORMATS = ("xlsx", "xls", "ods")


def read(path: Path, limits: Limits) -> Reading:
    """All sheets. Raises ReadError: corrupt, encrypted, too_large."""
    form = sniff.detect(path)
    extras, metadata = _extras(path, form, limits)
    budget = _Budget(limits.rows, limits.cells, limits.characters)
    blocks = _blocks(path, budget, extras)
    names = [block.sheet for block in blocks if block.kind == "table"]
    return Reading(
        format=form,
        status="partial" if budget.left_out else "complete",
        blocks=tuple(blocks),
        metadata={**metadata, **({"sheets": "、".join(names)} if names else {})},
        left_out=tuple(budget.left_out),
    )


def _blocks(path: Path, budget: _Budget, extras: dict[str, Extras]) -> list[Block]:
    """The non-empty sheets, each followed by what stands around its cells. Raises ReadError:
    corrupt, encrypted."""
    try:
        # A file, not a path: calamine believes a path's suffix, and schools rename freely.
        with path.open("rb") as file:
            book = calamine.load_workbook(file)
            blocks: list[Block] = []
            for name in _sheets(book):
                own = extras.get(name, Extras())
                block = _sheet(book, name, budget, own.percents)
                around = [replace(one, sheet=name) for one in own.blocks]
                blocks += [block, *around] if block else around
            return blocks
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


def _sheet(book: Any, name: str, budget: _Budget, percents: Percents) -> Block | None:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return None
    top, left = sheet.start
    rows: list[tuple[str, ...]] = []
    for number, given in enumerate(sheet.iter_rows(), 1):
        row = tuple(_text(value) for value in given[:MAX_COLUMNS])
        if percents:
            row = _shown(row, given, percents, top + number - 1, left)
        if not budget.take(row):
            budget.left_out.append(f"工作表“{name}”第 {number} 行起没有读，数据太多")
            break
        rows.append(row)
    kept, columns = _trimmed(rows)
    if not kept:
        return None
    merged = _merged(sheet.merged_cell_ranges or [], top, left, len(kept), columns)
    return Block("table", table_text(kept, merged), rows=tuple(kept), merged=merged, sheet=name)


def _shown(
    row: tuple[str, ...], given: Sequence[object], percents: Percents, number: int, left: int
) -> tuple[str, ...]:
    """The row with its percentages as people see them: 0.78 -> 78%."""
    shown = list(row)
    for at, value in enumerate(given[:MAX_COLUMNS]):
        places = percents.get((number, left + at))
        if places is not None and isinstance(value, int | float) and not isinstance(value, bool):
            shown[at] = f"{value:.{min(places, 6)}%}"
    return tuple(shown)


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


def _extras(path: Path, form: str, limits: Limits) -> tuple[dict[str, Extras], dict[str, str]]:
    """What stands around the cells of each sheet, and the workbook's properties. Raises
    ReadError: too_large, corrupt."""
    if form == "xls":
        check_chains(path)
        return biff.extras(path, limits), {}
    if form != "xlsx":
        return {}, {}
    with Package(path, limits) as package:
        return xlsx.extras(package), core_properties(package)
