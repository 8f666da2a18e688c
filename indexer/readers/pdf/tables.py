"""Ruled tables of PDF pages through pdfplumber, within a budget of time and pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.limits import Limits
from indexer.readers.flow import cell_text, paragraphs
from indexer.readers.lines import CONTROL, close_up, with_centring
from indexer.readers.tables import table_text
from indexer.reading import Block

#: At most this share of the time and this many pages go into tables: pdfplumber takes 0.1 to 1 s
#: a page where pdfium takes 2 ms.
_TABLE_SECONDS = 0.4
_TABLE_PAGES = 40


class Tables:
    """Pages with ruled tables through pdfplumber, within a budget of time and pages."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._until = time.monotonic() + limits.seconds * _TABLE_SECONDS
        self._left = _TABLE_PAGES
        self._document: Any = None
        self.left_out: list[str] = []

    def page(self, number: int) -> list[Block] | None:
        """The page's blocks with its tables in place; None where it has none or time is short."""
        if self._left <= 0 or time.monotonic() > self._until:
            if not self.left_out:
                self.left_out.append(f"第 {number} 页起表格按普通文字读取")
            return None
        self._left -= 1
        try:
            return self._page(number)
        except MemoryError:
            raise
        except Exception:
            # pdfminer fails on files that pdfium still reads; the plain text is kept.
            return None

    def _page(self, number: int) -> list[Block] | None:
        if self._document is None:
            import pdfplumber

            self._document = pdfplumber.open(self._path)
        page = self._document.pages[number - 1]
        tables = [
            table for table in page.find_tables() if len(table.rows) > 1 or len(table.cells) > 1
        ]
        if not tables:
            page.close()
            return None
        blocks = list(_in_order(page, tables, number))
        page.close()
        return blocks

    def close(self) -> None:
        if self._document is not None:
            try:
                self._document.close()
            except Exception:
                # It goes through all pages once more, the broken ones too.
                self._document.stream.close()


def _in_order(page: Any, tables: list[Any], number: int) -> Iterator[Block]:
    """Text above, between and below the tables, and the tables."""
    top = page.bbox[1]
    # Tables are as a rule as wide as the text: that tells where its lines are full or centred.
    extent = min(table.bbox[0] for table in tables), max(table.bbox[2] for table in tables)
    for table in sorted(tables, key=lambda found: found.bbox[1]):
        _, upper, _, lower = table.bbox
        if upper > top + 1:
            yield from _strip(page, top, upper, number, extent)
        block = _table(table, number)
        if block is not None:
            yield block
        top = max(top, lower)
    if top + 1 < page.bbox[3]:
        yield from _strip(page, top, page.bbox[3], number, extent)


def _strip(
    page: Any, top: float, bottom: float, number: int, extent: tuple[float, float]
) -> Iterator[Block]:
    left, _, right, _ = page.bbox
    words = page.within_bbox((left, top, right, bottom), strict=False).extract_text_lines(
        return_chars=False
    )
    found = [(close_up(line["text"].strip()), line["x0"], line["x1"], False) for line in words]
    found = [line for line in found if line[0]]
    left = min([extent[0], *(line[1] for line in found)])
    right = max([extent[1], *(line[2] for line in found)])
    yield from paragraphs(with_centring(found, number, (left, right)), extent[1])


def _table(table: Any, number: int) -> Block | None:
    """A cell that is None in pdfplumber's grid belongs to a merged one."""
    grid = table.extract()
    rows = tuple(tuple(_cell_text(cell) for cell in row) for row in grid)
    merged = tuple(
        (at, column)
        for at, row in enumerate(grid)
        for column, cell in enumerate(row)
        if cell is None
    )
    text = table_text(rows, merged)
    return Block("table", text, rows=rows, merged=merged, page=number) if text else None


def _cell_text(cell: str | None) -> str:
    return cell_text([close_up(CONTROL.sub("", line).strip()) for line in (cell or "").split("\n")])
