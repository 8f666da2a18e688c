"""The text of a document as the page shows it: blocks in order, tables as tables, hits marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

from indexer.engines import Engine, QueryError
from indexer.reading import Block, Reading
from web.marked import Mark, marked, split_marks

#: Characters shown on the page; more would make the browser slow, and is in the download.
LONGEST = 200_000
EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block. `tag` is title, h2, h3, h4, p, edge or table; `rows` are a table's cells; `page`
    is set where a new page begins, `sheet` where a new sheet does."""

    tag: str
    anchor: str
    text: Markup = EMPTY
    rows: tuple[tuple[Markup, ...], ...] = ()
    page: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    pieces: list[Piece]
    hits: int
    #: Characters left out at the end.
    cut: int


def shown(reading: Reading, engine: Engine, question: str) -> Shown:
    """The newest text with the words of `question` marked hit-1, hit-2, …"""
    blocks, cut = _within(_in_order(reading))
    texts = [text for _, block in blocks for text in _texts(block)]
    marks = split_marks(texts, _marks(engine, texts, question))
    number = count(1)
    done = iter([marked(text, found, number) for text, found in zip(texts, marks, strict=True)])
    pieces: list[Piece] = []
    page, sheet = 1, ""
    for index, block in blocks:
        new_page = block.page if block.page and block.page != page else None
        new_sheet = block.sheet if block.sheet != sheet else ""
        page, sheet = block.page or page, block.sheet
        pieces.append(_piece(index, block, done, new_page, new_sheet))
    return Shown(pieces, next(number) - 1, cut)


def _in_order(reading: Reading) -> list[tuple[int, Block]]:
    """Body first, then headers and footers, each with its place in the reading."""
    numbered = list(enumerate(reading.blocks))
    edge = [(i, b) for i, b in numbered if b.kind in ("header", "footer")]
    return [(i, b) for i, b in numbered if b.kind not in ("header", "footer")] + edge


def _within(blocks: list[tuple[int, Block]]) -> tuple[list[tuple[int, Block]], int]:
    """As many blocks as fit LONGEST, at least the first; and the characters left out."""
    size = 0
    for n, (_, block) in enumerate(blocks):
        size += len(block.text)
        if size > LONGEST and n:
            return blocks[:n], sum(len(b.text) for _, b in blocks[n:])
    return blocks, 0


def _texts(block: Block) -> list[str]:
    """What is shown of a block, cell by cell."""
    if block.kind == "table" and block.rows:
        return [cell for row in block.rows for cell in row]
    return [block.text]


def _marks(engine: Engine, texts: Sequence[str], question: str) -> Sequence[Mark]:
    if not question:
        return ()
    try:
        return engine.highlight("\n".join(texts), question)
    except QueryError:
        return ()


def _piece(index: int, block: Block, done: Iterator[Markup], page: int | None, sheet: str) -> Piece:
    anchor = f"b{index}"
    if block.kind == "table" and block.rows:
        rows = tuple(tuple(next(done) for _ in row) for row in block.rows)
        return Piece("table", anchor, rows=rows, page=page, sheet=sheet)
    return Piece(_tag(block), anchor, text=next(done), page=page, sheet=sheet)


def _tag(block: Block) -> str:
    if block.kind in ("header", "footer", "note", "comment"):
        return "edge"
    if block.kind != "heading":
        return "p"
    return "title" if block.level == 0 else f"h{min(block.level + 1, 4)}"
