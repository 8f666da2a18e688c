"""Comma-separated values, as spreadsheets and survey sites write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from indexer.charset import decode
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.tables import MAX_COLUMNS, table_text
from indexer.readers.text import read_bytes
from indexer.reading import Block, Reading

FORMATS = ("csv",)

_DELIMITERS = ",;\t"


def read(path: Path, limits: Limits) -> Reading:
    """One table. Raises ReadError: empty, corrupt, unreadable."""
    data, cut = read_bytes(path, limits)
    text = decode(data).lstrip("\ufeff").replace("\0", "")
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)):
            rows.append(tuple(cell.strip() for cell in row[:MAX_COLUMNS]))
            cells += len(rows[-1])
            if len(rows) >= limits.rows or cells >= limits.cells:
                cut = True
                break
    except csv.Error as error:
        raise ReadError("corrupt", f"csv: {error}") from error
    rows = [row for row in rows if any(row)]
    if not rows:
        raise ReadError("empty", "no cell has text")
    width = max(map(len, rows))
    full = tuple(row + ("",) * (width - len(row)) for row in rows)
    return Reading(
        format="csv",
        status="partial" if cut else "complete",
        blocks=(Block("table", table_text(full), rows=full, sheet="csv"),),
        left_out=(f"第 {len(rows)} 行以后没有读，数据太多",) if cut else (),
    )


def _delimiter(text: str) -> str:
    """The sign that divides the first lines most evenly often."""
    lines = text.split("\n", 20)[:20]
    return max(_DELIMITERS, key=lambda sign: sum(sign in line for line in lines))
