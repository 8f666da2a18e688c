"""Blocks of a word-processing part in reading order, through text boxes and content controls."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from indexer.limits import Limits
from indexer.readers.docx.graphics import Box, Linked
from indexer.readers.docx.numbering import Numbering
from indexer.readers.docx.runs import (
    MC,
    SKIPPED,
    SUB_DOCUMENT,
    Line,
    Lines,
    chosen,
    is_placeholder,
)  # fmt: skip
from indexer.readers.docx.styles import PLAIN, Direct, Style, Styles, W, direct
from indexer.readers.docx.tables import Row, rows_of
from indexer.readers.numerals import joined
from indexer.readers.package import Element
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block

Kind = Literal["paragraph", "header", "footer", "note", "comment"]

_P, _TBL, _ALT_CHUNK, _PROPERTIES = W + "p", W + "tbl", W + "altChunk", W + "pPr"
_CONTROL, _ALTERNATES = W + "sdt", MC + "AlternateContent"
_BLOCKS = frozenset({_P, _TBL, _ALT_CHUNK})
#: Longest heading: what is longer is running text under a heading's style.
_HEADING = 200
#: Text boxes inside text boxes: Word allows none, a hostile file any number.
_DEEPEST = 8
#: Paragraphs are looked at up to so many times what is kept of them: empty ones, and those of
#: cells, make no blocks, and a form has ten cells to a paragraph.
_MOST = 20


class Full(Exception):
    """A limit was reached; what was read so far stands. The message tells people which."""


@dataclass(slots=True)
class Walker:
    """Walks parts of one document; the numbering counters run through all of them.

    `foreign` gives the blocks of another document that a w:altChunk or w:subDoc names; `linked`
    the lines of a part (a diagram, a chart) that a relationship of the current part names.
    """

    styles: Styles
    numbering: Numbering
    limits: Limits
    lines: Lines
    foreign: Callable[[Element], Iterator[Block]]
    linked: Callable[[str], Iterator[str]]
    #: The w:sectPr of the sections that have ended.
    sections: list[Element] = field(default_factory=list)
    #: Whether anything drawn stands in the text itself; None until that is read.
    drawn: bool | None = None
    characters: int = 0
    paragraphs: int = 0
    cells: int = 0
    depth: int = 0

    def blocks(self, holder: Element, kind: Kind = "paragraph") -> Iterator[Block]:
        """The blocks of a body, header, footer, note, text box or cell. Raises Full."""
        held: Line | None = None
        for child in content(holder):
            if child.tag == _P:
                held = yield from self._paragraph(child, kind, held)
                continue
            if held is not None:
                yield from self._finish(held, ("", ""), _NO_PROPERTIES, PLAIN, kind)
                held = None
            if child.tag == _TBL:
                yield from self._table(child, kind)
            else:
                yield from self.foreign(child)
        if held is not None:
            yield from self._finish(held, ("", ""), _NO_PROPERTIES, PLAIN, kind)

    def _paragraph(
        self, given: Element, kind: Kind, held: Line | None
    ) -> Generator[Block, None, Line | None]:
        """The blocks of a paragraph that follows `held`; returns its line instead where its mark
        was deleted by a tracked change, so that it runs into the next."""
        self.paragraphs += 1
        if self.paragraphs > _MOST * self.limits.blocks:
            raise Full(f"超过 {self.paragraphs - 1} 段，后面的内容没有读")
        first = given[0] if len(given) else None
        own = direct(first if first is not None and first.tag == _PROPERTIES else None)
        style = self.styles[own.style]
        if own.breaks or style.breaks:
            self.lines.pages.pending = True
        line = self.lines.read(given, style)
        if held is not None:
            line = held.joined(line)
        if own.deleted:
            return line
        if own.section is not None:
            self.sections.append(own.section)
        unseen = (own.hidden or style.hidden) and not line.pieces
        label = ("", "") if unseen else self._label(own, style)
        yield from self._finish(line, label, own, style, kind)
        return None

    def _finish(
        self, line: Line, label: tuple[str, str], own: Direct, style: Style, kind: Kind
    ) -> Iterator[Block]:
        block = _block(line, label, own, style, kind)
        if block is not None:
            self._count(block.text)
            yield block
        for box in line.boxes if self.depth < _DEEPEST else ():
            yield from self._box(box, kind)

    def _box(self, box: Box, kind: Kind) -> Iterator[Block]:
        if isinstance(box, str | Linked):
            for text in [box] if isinstance(box, str) else self.linked(box.relation):
                if text.strip():
                    self._count(text)
                    yield Block(kind, text.strip())
        elif box.tag == SUB_DOCUMENT:
            yield from self.foreign(box)
        else:
            self.depth += 1
            yield from self.blocks(box, kind)
            self.depth -= 1

    def _label(self, own: Direct, style: Style) -> tuple[str, str]:
        """The number before a paragraph, and what follows it."""
        inherited, depth = style.numbering or ("0", None)
        num = inherited if own.num is None else own.num
        if num == "0":
            return "", ""
        if own.num is None:
            depth = self._linked_depth(num, style, depth)
        depth = depth if own.depth is None else own.depth
        return self.numbering.label(num, depth or 0)

    def _linked_depth(self, num: str, style: Style, given: int | None) -> int | None:
        """The level that the list links with the style goes before the level the style names."""
        for ident in style.chain:
            found = self.numbering.depth_of_style(num, ident)
            if found is not None:
                return found
        return given

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > self.limits.characters:
            raise Full(f"超过 {self.limits.characters} 字，后面的内容没有读")

    def _table(self, given: Element, kind: Kind) -> Iterator[Block]:
        rows = rows_of(given)
        first = next(rows, None)
        if first is None:
            return
        second = next(rows, None)
        if second is None and len(first.cells) == 1:
            # One cell is a frame around text, not a table: its content stands for itself.
            if not first.cells[0].prompt:
                yield from self.blocks(first.cells[0].content, kind)
            return
        grid = _Grid(self)
        full: Full | None = None
        try:
            for row in chain(filter(None, (first, second)), rows):
                grid.add(row)
        except Full as error:
            full = error
        block = grid.block()
        if block is not None:
            yield block if kind == "paragraph" else Block(kind, block.text)
        if full is not None:
            raise full

    def cell(self, content: Element) -> tuple[str, int | None]:
        """The text of a table's cell and the page on which it begins."""
        self.cells += 1
        if self.cells > self.limits.cells:
            raise Full(f"表格超过 {self.limits.cells} 格，后面的内容没有读")
        blocks = list(self.blocks(content))
        return "\n".join(block.text for block in blocks), blocks[0].page if blocks else None


@dataclass(slots=True)
class _Grid:
    """The rows of a table that were read so far."""

    walker: Walker
    rows: list[list[Cell]] = field(default_factory=list)
    #: How many of the first rows are marked as the head.
    header: int = 0
    page: int | None = None
    _columns: set[int] = field(default_factory=set)

    def add(self, row: Row) -> None:
        """Read one more row. Raises Full; the cells before it are kept."""
        if row.header and self.header == len(self.rows):
            self.header += 1
        cells: list[Cell] = [Cell("", row.before)] if row.before else []
        self.rows.append(cells)
        pages = self.walker.lines.pages
        # Cells stand side by side: each begins on the page on which the row begins.
        begun = last = (pages.number, pages.pending)
        for given in row.cells:
            pages.number, pages.pending = begun
            text, page = ("", None) if given.prompt else self.walker.cell(given.content)
            self.page = self.page or page
            last = max(last, (pages.number, pages.pending))
            if given.beside and len(cells) > bool(row.before):
                left = cells.pop()
                text = "\n".join(part for part in (left.text, text) if part)
                cells.append(Cell(text, left.span + given.span, left.below and not text))
            else:
                # A continued cell with text of its own (a broken writer) must not lose it.
                cells.append(Cell(text, given.span, given.below and not text))
        pages.number, pages.pending = last
        self._bound(cells)

    def _bound(self, cells: list[Cell]) -> None:
        """Every row takes as many places as there are columns: that, too, is bounded."""
        column = 0
        for cell in cells:
            self._columns.add(column)
            column += cell.span
        if len(self.rows) * min(len(self._columns), MAX_COLUMNS) > self.walker.limits.cells:
            raise Full(f"表格超过 {len(self.rows)} 行，后面的内容没有读")

    def block(self) -> Block | None:
        made = table_block(self.rows, page=self.page)
        return replace(made, header_rows=self.header) if made is not None and made.text else None


_NO_PROPERTIES = Direct()


def content(holder: Element) -> Iterator[Element]:
    """The w:p, w:tbl and w:altChunk of a holder, through content controls and other wrappers;
    what shows only a prompt is left out."""
    for child in holder:
        tag = child.tag
        if tag in _BLOCKS:
            yield child
        elif tag == _ALTERNATES:
            yield from content(chosen(child))
        elif tag not in SKIPPED and len(child) and not (tag == _CONTROL and is_placeholder(child)):
            yield from content(child)


def _block(
    line: Line, label: tuple[str, str], own: Direct, style: Style, kind: Kind
) -> Block | None:
    text = line.text.strip()
    if not text:
        return None
    shown = joined(label[0], text, label[1])
    if kind != "paragraph":
        return Block(kind, shown)
    bold, lead = line.weight()
    level = own.level if own.outlined and style.level != 0 else style.level
    centred = style.centred if own.centred is None else own.centred
    page = line.page or None
    if level is not None and not style.contents and len(shown) <= _HEADING:
        return Block(
            "heading", shown, level, page, bold=bold, centred=centred, size=line.size, by="style"
        )
    lead = lead + len(shown) - len(text) if lead else 0
    return Block(
        "paragraph", shown, page=page, bold=bold, centred=centred, size=line.size, lead=lead
    )
