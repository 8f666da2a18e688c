"""Blocks of OpenDocument text in reading order: paragraphs, headings, lists, tables, frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal

from indexer.limits import Limits
from indexer.readers.numerals import joined
from indexer.readers.odf.inline import Line, Lines
from indexer.readers.odf.lists import Context, Lists
from indexer.readers.odf.names import DRAW, OFFICE, SVG, TABLE, TEXT
from indexer.readers.odf.styles import Look, Styles
from indexer.readers.package import Element
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block

Kind = Literal["paragraph", "header", "footer", "note", "comment"]

_P, _H, _LIST, _TABLE = TEXT + "p", TEXT + "h", TEXT + "list", TABLE + "table"
_NUMBERED = TEXT + "numbered-paragraph"
_ROW, _CELL, _COVERED = TABLE + "table-row", TABLE + "table-cell", TABLE + "covered-table-cell"
#: Children that hold no text of the document, or text that was taken back.
_SKIPPED = (
    frozenset(
        TEXT + name
        for name in (
            "tracked-changes", "sequence-decls", "variable-decls", "user-field-decls",
            "dde-connection-decls", "section-source", "table-of-content-source",
            "alphabetical-index-source", "illustration-index-source", "table-index-source",
            "object-index-source", "user-index-source", "bibliography-source", "number",
        )
    )
    | frozenset(
        DRAW + name
        for name in (
            "plugin", "floating-frame", "enhanced-geometry", "glue-point", "page-thumbnail",
        )
    )
    | {OFFICE + name for name in ("forms", "scripts", "event-listeners")}
    | {TABLE + "table-source", SVG + "title", SVG + "desc"}
)  # fmt: skip
_OBJECTS = frozenset(DRAW + name for name in ("image", "object", "object-ole"))
#: Longest heading: what is longer is running text under a heading's style.
_HEADING = 200
#: Frames, sections, lists and tables inside each other; deeper ones are cut.
_DEEPEST = 60


class Full(Exception):
    """A limit was reached; what was read so far stands. The message tells people which."""


@dataclass(slots=True)
class Walker:
    """Walks parts of one document; the counters of lists run through all of them."""

    styles: Styles
    lists: Lists
    lines: Lines
    limits: Limits
    characters: int = 0
    cells: int = 0
    depth: int = 0

    def blocks(
        self, holder: Element, kind: Kind = "paragraph", within: Context | None = None
    ) -> Iterator[Block]:
        """The blocks of a body, header, note, frame, cell or section. Raises Full."""
        if self.depth >= _DEEPEST:
            return
        self.depth += 1
        for child in holder:
            tag = child.tag
            if tag in (_P, _H):
                yield from self._paragraph(child, kind, within)
                within = None  # only an item's first paragraph bears its label
            elif tag == _LIST:
                yield from self._list(child, kind, None)
            elif tag == _NUMBERED:
                yield from self._numbered(child, kind)
            elif tag == _TABLE:
                yield from self._table(child, kind)
            elif tag == TEXT + "soft-page-break":
                self.lines.pages.turn()
            elif tag in _OBJECTS:
                self._object(child)
            elif tag == OFFICE + "annotation":
                self.lines.comments.append(child)
            elif tag not in _SKIPPED and not _is_hidden(child):
                yield from self.blocks(child, kind)
        self.depth -= 1

    def _paragraph(self, given: Element, kind: Kind, within: Context | None) -> Iterator[Block]:
        look = self.styles.paragraph(given.get(TEXT + "style-name"))
        if look.breaks:
            self.lines.pages.pending = True
        line = self.lines.read(given, look)
        label = self.lists.label(within) if within is not None else self._outline(given, look)
        block = _block(given, line, label, look, kind)
        if block is not None:
            self._count(block.text)
            yield block
        for drawn in line.drawn:
            yield from self._drawn(drawn, kind)

    def _outline(self, given: Element, look: Look) -> tuple[str, str]:
        """The number of a heading that stands in no list."""
        if given.tag != _H or look.list == "" or given.get(TEXT + "is-list-header") == "true":
            return "", ""
        restart = given.get(TEXT + "restart-numbering") == "true"
        start = given.get(TEXT + "start-value", "1")
        return self.lists.heading(_level(given) - 1, restart, start)

    def _drawn(self, given: Element, kind: Kind) -> Iterator[Block]:
        """What a shape, frame or group in a paragraph says."""
        if given.tag in _OBJECTS:
            self._object(given)
        elif given.tag not in _SKIPPED:
            yield from self.blocks(given, kind)

    def _object(self, given: Element) -> None:
        """Note a picture, or another document set into this one: a formula, a chart."""
        before = given.getprevious()
        if given.tag != DRAW + "image":
            self.lines.objects += 1
        elif before is None or before.tag not in _OBJECTS:
            # A picture after an object shows what the object is.
            self.lines.pictures = True

    def _count(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > self.limits.characters:
            raise Full(f"超过 {self.limits.characters} 字，后面的内容没有读")

    def _list(self, given: Element, kind: Kind, outer: Context | None) -> Iterator[Block]:
        if self.depth >= _DEEPEST:
            return
        self.depth += 1
        context = self.lists.enter(given, outer, self._style_of_first(given))
        for item in given:
            if item.tag not in (TEXT + "list-item", TEXT + "list-header"):
                continue
            own = self.lists.item(item, context)
            labelled = item.tag == TEXT + "list-item"
            for child in item:
                if child.tag == _LIST:
                    yield from self._list(child, kind, own)
                    continue
                yield from self._in_item(child, kind, own if labelled else None)
                labelled = labelled and child.tag not in (_P, _H)
        self.depth -= 1

    def _in_item(self, child: Element, kind: Kind, context: Context | None) -> Iterator[Block]:
        if child.tag in (_P, _H):
            yield from self._paragraph(child, kind, context)
        elif child.tag == _TABLE:
            yield from self._table(child, kind)
        elif child.tag == TEXT + "soft-page-break":
            self.lines.pages.turn()
        elif child.tag not in _SKIPPED:
            yield from self.blocks(child, kind)

    def _style_of_first(self, given: Element) -> str | None:
        """The list style that the first paragraph's style names, for a list that names none."""
        for element in given.iter(_P, _H):
            return self.styles.paragraph(element.get(TEXT + "style-name")).list
        return None

    def _numbered(self, given: Element, kind: Kind) -> Iterator[Block]:
        """A paragraph that says of itself in which list it stands (part 3, 5.3.6)."""
        context = self.lists.numbered(given, self._style_of_first(given))
        yield from self.blocks(given, kind, context)

    def _table(self, given: Element, kind: Kind) -> Iterator[Block]:
        if self.styles.breaks("table", given.get(TABLE + "style-name")):
            self.lines.pages.pending = True
        rows = _rows(given)
        first = list(islice(rows, 2))
        if len(first) == 1 and len(cells := _row_cells(first[0][0])) == 1:
            # One cell is a frame around text, not a table: its content stands for itself.
            yield from self.blocks(cells[0], kind)
            return
        grid = _Grid(self)
        full: Full | None = None
        try:
            for row, header in chain(first, rows):
                grid.add(row, header)
        except Full as error:
            full = error
        block = grid.block()
        if block is not None:
            yield block if kind == "paragraph" else Block(kind, block.text)
        if full is not None:
            raise full

    def cell(self, given: Element) -> tuple[str, int | None]:
        """The text of a table's cell and the page on which it begins. Raises Full."""
        self.cells += 1
        if self.cells > self.limits.cells:
            raise Full(f"表格超过 {self.limits.cells} 格，后面的内容没有读")
        found = list(self.blocks(given))
        return "\n".join(block.text for block in found), found[0].page if found else None


@dataclass(slots=True)
class _Grid:
    """The rows of a table that were read so far."""

    walker: Walker
    rows: list[list[Cell]] = field(default_factory=list)
    header: int = 0
    page: int | None = None
    #: The row last read, and what its cells hold: a row or cell that is repeated is read once.
    row: Element | None = None
    read: dict[Element, tuple[str, int | None]] = field(default_factory=dict)
    #: Column -> (rows still covered by a cell above, its columns).
    hanging: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, given: Element, header: bool) -> None:
        """Read one more row. Raises Full; the cells before it are kept."""
        if header and self.header == len(self.rows):
            self.header += 1
        if given is not self.row:
            self.row, self.read = given, {}
        cells: list[Cell] = []
        self.rows.append(cells)
        pages = self.walker.lines.pages
        # Cells stand side by side: each begins on the page on which the row begins.
        begun = last = (pages.number, pages.pending)
        column = covered = 0
        for cell in given:
            if cell.tag not in (_CELL, _COVERED) or column >= MAX_COLUMNS:
                continue
            for _ in range(_repeated(cell, "number-columns-repeated")):
                if covered:
                    covered -= 1  # the cell at its left covers it
                    continue
                pages.number, pages.pending = begun
                span = self._cell(cell, column, cells)
                last = max(last, (pages.number, pages.pending))
                column, covered = column + span, span - 1
                if column >= MAX_COLUMNS:
                    break
        pages.number, pages.pending = last
        if len(self.rows) * max(column, 1) > self.walker.limits.cells:
            raise Full(f"表格超过 {len(self.rows)} 行，后面的内容没有读")

    def _cell(self, given: Element, column: int, cells: list[Cell]) -> int:
        """Read the cell at `column`; how many columns it takes."""
        rows, span = self.hanging.get(column, (0, 1))
        if rows > 0 and given.tag == _COVERED:
            self.hanging[column] = (rows - 1, span)
            cells.append(Cell("", span, below=True))
            return span
        if given not in self.read:
            self.read[given] = self.walker.cell(given)
        text, page = self.read[given]
        self.page = self.page or page
        span = _repeated(given, "number-columns-spanned")
        self.hanging[column] = (_repeated(given, "number-rows-spanned") - 1, span)
        # A covered cell that nothing covers may still hold text that must not be lost.
        cells.append(Cell(text, span, given.tag == _COVERED and not text))
        return span

    def block(self) -> Block | None:
        made = table_block(self.rows, page=self.page)
        return replace(made, header_rows=self.header) if made is not None and made.text else None


def _rows(table: Element, header: bool = False, depth: int = 0) -> Iterator[tuple[Element, bool]]:
    """(row, whether it is marked as the table's head), through groups of rows."""
    for child in table:
        if child.tag == _ROW:
            for _ in range(_repeated(child, "number-rows-repeated")):
                yield child, header
        elif (
            child.tag
            in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group")
            and depth < _DEEPEST
        ):
            yield from _rows(child, header or child.tag.endswith("header-rows"), depth + 1)


def _row_cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in (_CELL, _COVERED)]


def _repeated(given: Element, name: str) -> int:
    value = given.get(TABLE + name, "1")
    return min(max(int(value), 1), MAX_COLUMNS) if value.isdigit() and len(value) < 8 else 1


def _is_hidden(element: Element) -> bool:
    return bool(element.get(TEXT + "display") == "none")


def _level(given: Element) -> int:
    level = given.get(TEXT + "outline-level", "1")
    return min(max(int(level), 1), 10) if level.isdigit() and len(level) < 3 else 1


def _block(
    given: Element, line: Line, label: tuple[str, str], look: Look, kind: Kind
) -> Block | None:
    text = line.text.strip()
    if not text:
        return None
    shown = joined(label[0], text, label[1])
    if kind != "paragraph":
        return Block(kind, shown)
    bold, lead = line.weight()
    page, size = line.page or None, line.size()
    level = 0 if look.title else _level(given) if given.tag == _H else None
    if level is not None and len(shown) <= _HEADING:
        return Block(
            "heading", shown, level, page, bold=bold, centred=look.centred, by="style", size=size
        )
    lead = lead + len(shown) - len(text) if lead else 0
    return Block(
        "paragraph", shown, page=page, bold=bold, centred=look.centred, lead=lead, size=size
    )
