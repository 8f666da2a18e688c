"""The map of a form: which words are printed on it, and where between them each value stands.

It is made by printing the form with a mark for every value and reading that copy as any other
paper is read: so it fits a template that the county made as well as ours.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from archive.forms import Paper, compiled
from archive.returns.lines import Cell, Line, lines_of, plain
from generator import SYSTEM_NAMES, Form
from generator.spec import ROW_NUMBER
from indexer.readers import read

COUNTY_NAME = "县名"
#: Private characters that stand around a mark; no text of people has them.
_OPEN, _CLOSE, _PART = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value: of a list where `rows` names one. `many`: a text of any length."""

    name: str
    rows: str = ""
    many: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Pattern:
    """A cell of the form: printed words and slots, in their order."""

    pieces: tuple[str | Slot, ...]
    column: int = 0
    end: int = 1

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Slot))

    @cached_property
    def words(self) -> str:
        """What is printed in it, as it is compared; "" for a cell of slots alone."""
        return plain("".join(piece for piece in self.pieces if isinstance(piece, str)))

    @property
    def around(self) -> bool:
        """Whether anything is printed beside its slots, if only a colon."""
        return any(isinstance(piece, str) for piece in self.pieces)

    @property
    def is_label(self) -> bool:
        return bool(self.words) and not self.slots


@dataclass(frozen=True)
class FormLine:
    """A line of the form. `table` is the index of its block, `row` None for a paragraph; `look`
    as of a `Line`."""

    table: int
    row: int | None
    cells: tuple[Pattern, ...]
    look: tuple[bool, float] = (False, 0.0)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(slot for cell in self.cells for slot in cell.slots)

    @cached_property
    def rows(self) -> str:
        """The list of which this is a row, "" for none."""
        return next((slot.rows for slot in self.slots if slot.rows), "")

    @cached_property
    def is_anchor(self) -> bool:
        """Whether printed words stand in it that tell it from others."""
        return not self.rows and any(cell.words for cell in self.cells)

    @property
    def words(self) -> str:
        return "".join(cell.words for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """The lines of a form in reading order. A list's rows are one line."""

    lines: tuple[FormLine, ...]

    def head(self, at: int, column: int) -> tuple[int, int] | None:
        """(line, cell) of the printed words that head a column of the list whose row is at `at`."""
        own = self.lines[at]
        for number in range(at - 1, -1, -1):
            line = self.lines[number]
            if line.table != own.table or line.rows:
                return None
            for index, cell in enumerate(line.cells):
                if cell.is_label and cell.column <= column < cell.end:
                    return number, index
        return None


def layout_of(paper: Paper) -> Layout:
    """The map of a form as it is printed today. Raises FormError, and ReadError for a template
    that gives no readable paper."""
    return _layout(paper, paper.template.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _layout(paper: Paper, mtime_ns: int) -> Layout:
    form = compiled(paper)
    with tempfile.TemporaryDirectory(prefix="form") as folder:
        copy = Path(folder) / "form.docx"
        copy.write_bytes(form.render(_marks(form), "filled"))
        reading = read(copy)
    texts = frozenset(section.name for section in form.spec.sections)
    return Layout(tuple(_once(_form_line(line, texts) for line in lines_of(reading))))


def _marks(form: Form) -> dict[str, Any]:
    """For every value a mark that names it."""
    marks: dict[str, Any] = {}
    for rows in form.spec.all_lists:
        columns = dict.fromkeys((*rows.columns, ROW_NUMBER))
        row = {column: _mark(rows.name, column) for column in columns}
        marks[rows.name] = [row] * max(rows.blank, 1)
    for name in form.names.known.values():
        if name.key not in SYSTEM_NAMES or name.key == COUNTY_NAME:
            marks.setdefault(name.key, _mark(name.key))
    return marks


def _mark(*parts: str) -> str:
    return f"{_OPEN}{_PART.join(parts)}{_CLOSE}"


def _form_line(line: Line, texts: frozenset[str]) -> FormLine:
    cells = tuple(_pattern(cell, texts) for cell in line.cells)
    return FormLine(line.block, line.row, cells, line.look)


def _pattern(cell: Cell, texts: frozenset[str]) -> Pattern:
    pieces: list[str | Slot] = []
    for number, text in enumerate(_MARK.split(cell.text)):
        if number % 2:
            name, _, column = text.partition(_PART)
            pieces.append(Slot(column, name) if column else Slot(name, many=name in texts))
        elif text:
            pieces.append(text)
    while pieces and isinstance(pieces[0], str) and not pieces[0].strip():
        pieces.pop(0)
    while pieces and isinstance(pieces[-1], str) and not pieces[-1].strip():
        pieces.pop()
    return Pattern(tuple(pieces), cell.column, cell.end)


def _once(lines: Any) -> Any:
    """The rows of a list are all alike: one stands for them."""
    before: FormLine | None = None
    for line in lines:
        again = before is not None and line.rows and line.rows == before.rows
        if again and before and line.table == before.table:
            continue
        before = line
        yield line
