"""Blocks of a word-processing part in reading order, through text boxes and content controls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from indexer.limits import Limits
from indexer.readers.docx.numbering import Numbering
from indexer.readers.docx.runs import MC, SKIPPED, Line, read_line
from indexer.readers.docx.styles import Style, Styles, W, numbering_of, refine
from indexer.readers.numerals import joined
from indexer.readers.package import Element
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block

Kind = Literal["paragraph", "header", "footer", "note"]

_P, _TBL = W + "p", W + "tbl"
_CHOICE = MC + "Choice"


class Full(Exception):
    """The limit of characters was reached; what was read so far stands."""


@dataclass(slots=True)
class Walker:
    """Walks parts of one document; the numbering counters run through all of them."""

    styles: Styles
    numbering: Numbering
    limits: Limits
    characters: int = 0
    #: Text of paragraphs whose mark was deleted by a tracked change: it runs into the next.
    held: Line = field(default_factory=Line)

    def blocks(self, holder: Element, kind: Kind = "paragraph") -> Iterator[Block]:
        """The blocks of a body, header, footer, note, text box or cell. Raises Full."""
        for child in content(holder):
            if child.tag == _P:
                yield from self._paragraph(child, kind)
            else:
                yield from self._table(child, kind)

    def _paragraph(self, given: Element, kind: Kind) -> Iterator[Block]:
        properties = given.find(W + "pPr")
        style = self._style(properties)
        line = read_line(given, style.bold)
        if _mark_deleted(properties):
            self.held.pieces += line.pieces
            self.held.boxes += line.boxes
            return
        if self.held.pieces or self.held.boxes:
            line = Line(self.held.pieces + line.pieces, self.held.boxes + line.boxes)
            self.held = Line()
        label = self._label(properties, style)
        block = _block(line, label, style, kind)
        if block is not None:
            self._count(block.text)
            yield block
        for box in line.boxes:
            yield from self.blocks(box, kind)

    def _style(self, properties: Element | None) -> Style:
        named = properties.find(W + "pStyle") if properties is not None else None
        style = self.styles[named.get(W + "val") if named is not None else None]
        # The rPr in a pPr formats the paragraph mark, not the text.
        return refine(style, properties, None) if properties is not None else style

    def _label(self, properties: Element | None, style: Style) -> str:
        num, depth = numbering_of(properties)
        inherited = style.numbering or ("0", 0)
        num = inherited[0] if num is None else num
        if num == "0":
            return ""
        return self.numbering.label(num, inherited[1] if depth is None else depth)

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > self.limits.characters:
            raise Full

    def _table(self, given: Element, kind: Kind) -> Iterator[Block]:
        rows = [cells for cells in map(self._cells, table_rows(given)) if cells]
        if len(rows) == 1 and len(rows[0]) == 1:
            # One cell is a frame around text, not a table: its content stands for itself.
            yield from self.blocks(rows[0][0][1], kind)
            return
        grid = []
        for cells in rows:
            grid.append([self._cell(prefix, cell) for prefix, cell in cells])
        block = table_block(grid)
        if block is not None and block.text:
            yield block if kind == "paragraph" else Block(kind=kind, text=block.text)

    def _cells(self, row: Element) -> list[tuple[int, Element]]:
        """(grid columns, w:tc) of a row; columns left out before the first belong to none."""
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            return []
        found = []
        for cell in row_cells(row):
            cell_properties = cell.find(W + "tcPr")
            if cell_properties is not None and cell_properties.find(W + "cellDel") is not None:
                continue
            found.append((_span(cell_properties), cell))
        return found

    def _cell(self, span: int, given: Element) -> Cell:
        properties = given.find(W + "tcPr")
        merge = properties.find(W + "vMerge") if properties is not None else None
        lines = [block.text for block in self.blocks(given)]
        below = merge is not None and merge.get(W + "val", "continue") == "continue"
        # A continued cell with text of its own (a broken writer) must not lose it.
        return Cell("\n".join(lines), span, below and not lines)


def _span(properties: Element | None) -> int:
    given = properties.find(W + "gridSpan") if properties is not None else None
    try:
        value = int(given.get(W + "val", "1")) if given is not None else 1
    except ValueError:
        value = 1
    return min(max(value, 1), MAX_COLUMNS)


def content(holder: Element) -> Iterator[Element]:
    """The w:p and w:tbl of a holder, looking through content controls, wrappers and choices."""
    for child in holder:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag not in SKIPPED and len(child):
            yield from content(child)


def table_rows(table: Element) -> Iterator[Element]:
    yield from _inside(table, W + "tr")


def row_cells(row: Element) -> Iterator[Element]:
    yield from _inside(row, W + "tc")


def _inside(holder: Element, tag: str) -> Iterator[Element]:
    for child in holder:
        if child.tag == tag:
            yield child
        elif child.tag not in SKIPPED and child.tag not in (_P, _TBL) and len(child):
            yield from _inside(child, tag)


def _mark_deleted(properties: Element | None) -> bool:
    mark = properties.find(W + "rPr") if properties is not None else None
    return mark is not None and (
        mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None
    )


def _block(line: Line, label: str, style: Style, kind: Kind) -> Block | None:
    text = line.text.strip()
    if not text:
        return None
    text = joined(label, text)
    if kind != "paragraph":
        return Block(kind=kind, text=text)
    bold, lead = line.weight()
    if style.level is not None and not style.contents and len(text) <= 200:
        return Block("heading", text, style.level, bold=bold, centred=style.centred, by="style")
    return Block(
        kind="paragraph",
        text=text,
        bold=bold,
        centred=style.centred,
        lead=lead + len(text) - len(line.text.strip()) if lead else 0,
    )
