"""A printed form as lines and tables, for a page that shows it where no LibreOffice draws it.

Only what is needed to see whether everything is in its place: words, blanks, cells and how they are
merged. Pictures, fonts and page breaks are left to the program that prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.cleaning import clean
from generator.errors import FormError
from generator.numbering import DOCUMENT
from generator.ooxml import Element, parse, w
from generator.package import read_package

#: Blocks shown, and tables in tables; no form comes near either.
MAX_BLOCKS = 4_000
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a line. `lined`: underlined, as blanks are."""

    text: str
    lined: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `align` is left, center or right, `title` whether it is a title."""

    pieces: tuple[Words, ...]
    align: str = "left"
    title: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as HTML counts: cells it hides by being merged are left out."""

    blocks: tuple[Line | Grid, ...]
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    rows: tuple[tuple[Cell, ...], ...]


Block = Line | Grid


def plain_view(data: bytes) -> tuple[Block, ...]:
    """The body of a .docx in reading order. Raises `FormError` not_docx, too_large."""
    members = read_package(data)
    try:
        root = parse(members.get(DOCUMENT, b""))
    except ValueError as error:
        raise FormError("not_docx", str(error)) from error
    clean(root)
    body = root.find(w("body"))
    return tuple(_Reader().blocks(body)) if body is not None else ()


class _Reader:
    def __init__(self) -> None:
        self._left = MAX_BLOCKS

    def blocks(self, container: Element, depth: int = 0) -> Iterator[Block]:
        for child in container:
            if self._left <= 0:
                return
            if child.tag == w("p"):
                self._left -= 1
                yield _line(child)
            elif child.tag == w("tbl") and depth < MAX_DEPTH:
                yield self._grid(child, depth + 1)

    def _grid(self, table: Element, depth: int) -> Grid:
        rows: list[list[Cell]] = []
        open_cells: dict[int, tuple[int, int]] = {}  # column -> where its merged cell stands
        for row in table.iterchildren(w("tr")):
            if self._left <= 0:
                break
            column = 0
            cells: list[Cell] = []
            rows.append(cells)
            for cell in row.iterchildren(w("tc")):
                across, merged = _across(cell), _merged(cell)
                if merged == "continue" and column in open_cells:
                    above, nth = open_cells[column]
                    rows[above][nth] = replace(rows[above][nth], down=rows[above][nth].down + 1)
                else:
                    if merged:
                        open_cells[column] = (len(rows) - 1, len(cells))
                    else:
                        open_cells.pop(column, None)
                    cells.append(Cell(tuple(self.blocks(cell, depth)), across))
                column += across
        return Grid(tuple(tuple(cells) for cells in rows))


def _across(cell: Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    value = "" if span is None else span.get(w("val")) or ""
    return min(int(value), 60) if value.isdecimal() and int(value) else 1


def _merged(cell: Element) -> str:
    """restart, continue or "" as the cell is merged with those below or above."""
    mark = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return "" if mark is None else mark.get(w("val")) or "continue"


def _line(paragraph: Element) -> Line:
    layout = paragraph.find(w("pPr"))
    align = _value(layout, "jc")
    style = _value(layout, "pStyle").lower()
    pieces = tuple(_pieces(paragraph))
    align = {"center": "center", "right": "right", "end": "right"}.get(align, "left")
    title = "title" in style
    return Line(pieces, "center" if title else align, title)


def _pieces(paragraph: Element) -> Iterator[Words]:
    for run in paragraph.iter(w("r")):
        if next(run.iterancestors(w("p"))) is not paragraph:
            continue  # the words of a text box are no part of the line
        line = run.find(f"{w('rPr')}/{w('u')}")
        lined = line is not None and line.get(w("val")) != "none"
        text = "".join(map(_letters, run))
        if text:
            yield Words(text, lined)


def _letters(piece: Element) -> str:
    if piece.tag == w("t"):
        return piece.text or ""
    return {w("tab"): "\u3000", w("br"): "\n", w("drawing"): "〔图〕"}.get(piece.tag, "")


def _value(layout: Element | None, tag: str) -> str:
    child = None if layout is None else layout.find(w(tag))
    return "" if child is None else child.get(w("val")) or ""
