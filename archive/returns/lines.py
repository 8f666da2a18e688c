"""A reading as lines: a paragraph is a line of one cell, a table's row a line of its own cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator import find_numbers
from indexer.reading import Block, Reading

#: No form is longer; what is, is none that came back.
MOST = 3000

#: A foot line holds a number of 39 characters, its label and the page.
_FOOT = 70
#: Characters of a text that a sentence quotes.
_SHORT = 20
_BESIDE = ("header", "footer", "note", "comment")


@dataclass(frozen=True, slots=True)
class Cell:
    """`column` is the first column of the grid it covers, `end` the one after its last (as far as
    a reading tells: a place to its right that belongs to a cell above counts as its own)."""

    text: str
    column: int = 0
    end: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """`block` is the index of its block, `row` that of its row there (None for a paragraph).
    `look` of a paragraph: whether it is centred, and its size in points (0 where not known)."""

    block: int
    row: int | None
    cells: tuple[Cell, ...]
    place: str
    look: tuple[bool, float] = (False, 0.0)

    @property
    def text(self) -> str:
        return "\n".join(cell.text for cell in self.cells if cell.text.strip())

    @property
    def is_blank(self) -> bool:
        return not any(clean(cell.text) for cell in self.cells)

    def where(self, cell: Cell) -> str:
        return self.place if self.row is None else f"{self.place}第 {cell.column + 1} 列"

    def at(self, column: int) -> Cell | None:
        """The cell that covers a column of the grid."""
        return next((c for c in self.cells if c.column <= column < c.end), None)


def lines_of(reading: Reading) -> list[Line]:
    """The lines of the paper itself, in reading order; without head and foot lines and notes. A
    table that a page broke off is one again."""
    found: list[Line] = []
    before: Block | None = None
    for number, block in enumerate(reading.blocks):
        if block.kind in _BESIDE or _is_foot(block):
            continue
        goes_on = before is not None and found and _goes_on(before, block)
        before = block
        if goes_on:
            found += _continued(found, number, block)
        elif block.rows:
            found += _rows(number, block)
        elif block.text.strip():
            look = (block.centred, block.size)
            found.append(Line(number, None, (Cell(block.text),), block.place, look))
        if len(found) > MOST:
            break
    return found[:MOST]


def _is_foot(block: Block) -> bool:
    """The number of form and page where a reader of pages took the foot for a line of the text."""
    if block.rows or not block.page or len(block.text) > _FOOT:
        return False
    return bool(find_numbers(block.text)) or not block.text.strip(" \t\n—-–0123456789")


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a table is the rest of the one that ended the page before."""
    if not (before.rows and block.rows and before.page and block.page):
        return False
    return block.page == before.page + 1 and len(block.rows[0]) == len(before.rows[0])


def _continued(found: list[Line], number: int, block: Block) -> Iterator[Line]:
    """The rows of the rest, as of the table begun; its head is not said again."""
    own = found[-1].block
    heads = [[cell.text for cell in line.cells] for line in found if line.block == own]
    for line in _rows(number, block):
        texts = [cell.text for cell in line.cells]
        if line.row != 0 or texts not in heads or not any(texts):
            yield replace(line, block=own)


def _rows(number: int, block: Block) -> Iterator[Line]:
    merged = set(block.merged)
    for row, texts in enumerate(block.rows[:MOST]):
        cells: list[Cell] = []
        for column, text in enumerate(texts):
            if (row, column) not in merged:
                cells.append(Cell(text, column, column + 1))
            elif cells:
                cells[-1] = Cell(cells[-1].text, cells[-1].column, column + 1)
        yield Line(number, row, tuple(cells), f"{block.place} 第 {row + 1} 行")


def clean(text: str) -> str:
    """A value without the white space at the ends of its lines, and without its blank."""
    value = "\n".join(line.strip() for line in text.strip().split("\n"))
    return value if value.strip("_＿ \u3000\n") else ""


def short(text: str) -> str:
    """As much of a text as a sentence about it can hold."""
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def even(text: str) -> str:
    """Full-width and half-width forms made one, character by character (as many as before)."""
    if text.isascii():
        return text
    return "".join(_even(c) for c in text)


def _even(character: str) -> str:
    made = unicodedata.normalize("NFKC", character)
    return made if len(made) == 1 else character


def plain(text: str) -> str:
    """A label as it is compared: one width, no white space, no colon at its end."""
    return "".join(even(text).split()).rstrip(":")
