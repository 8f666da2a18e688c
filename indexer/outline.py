"""The outline of a document: from its blocks to headings with levels, bodies and places.

A pure function over blocks, the same for every format. What a heading is stands in
`indexer.headings`, what its number means in `indexer.series`, its level in `indexer.levels`,
forms in `indexer.forms`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer import forms, headings, lines, numbering, sections, titles
from indexer.labels import collapse, is_label, pairs, squeeze, value_of
from indexer.lines import Line
from indexer.looks import Looks
from indexer.places import placed
from indexer.reading import Block, OutlineItem
from indexer.sections import Section, Sectioned

#: A label with a value more often than this is the head of a list, no field.
_REPEATED = 3
#: Values longer than this are texts, not fields.
_FIELD = 120
#: A cell is looked into for headings of its own from this length on.
_LONG_CELL = 60
#: Longest body kept of one heading, in characters.
_BODY = 100_000
#: More headings than this are no outline but a list; each costs its body once more.
_MOST = 2000
_EDGES = ("header", "footer", "note", "comment")
#: What an earlier recovery found, to be found again; only a style's claim is the author's.
_RECOVERED = ("numbering", "bold", "size", "label", "cell")


@dataclass(frozen=True, slots=True)
class Recovered:
    blocks: tuple[Block, ...]
    outline: tuple[OutlineItem, ...]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Mark:
    """An outline item and whether its block is nothing but this heading."""

    item: OutlineItem
    whole: bool = False


def recover(blocks: Sequence[Block]) -> Recovered:
    """Blocks with their places, headings marked, the outline, and label -> value fields.

    Levels: 0 is the title, 1 the outermost heading. A body includes the sub-headings' text.
    """
    blocks = [_as_read(block) for block in placed(blocks)]
    body = [at for at, block in enumerate(blocks) if block.kind not in _EDGES]
    looks = Looks.of(blocks[at] for at in body)
    title_at, title = titles.find(blocks, body, looks)
    marks = list(islice(_marks(blocks, body, looks, title_at, title), _MOST))
    return Recovered(
        blocks=tuple(_mark_blocks(blocks, marks, title_at)),
        outline=tuple(mark.item for mark in marks),
        fields=_fields(blocks, title_at),
    )


def _as_read(block: Block) -> Block:
    if block.kind == "heading" and block.by in _RECOVERED:
        return replace(block, kind="paragraph", level=0, by="")
    return block


def _marks(
    blocks: Sequence[Block],
    body: Sequence[int],
    looks: Looks,
    title_at: tuple[int, ...],
    title: str,
) -> Iterator[_Mark]:
    part = _titled_part(title)
    below = [at for at in body if not title_at or (at > title_at[0] and at not in title_at)]
    found = sections.find(list(lines.of_blocks(blocks, below, looks)), title, part)
    if title:
        first = blocks[title_at[0]]
        name, by = headings.strip_numbering(title), _titled_by(first, looks)
        item = OutlineItem(0, name, title_at[0], first.place, by=by)
        yield from _title_marks(item, found if part else None)
    titled = bool(title)
    heads = {section.line: section for section in found.sections}
    for number, line in enumerate(found.lines):
        block = blocks[line.block]
        if line.table:
            for mark in _table_marks(block, line.block, found.depths[number], titled):
                titled = titled or mark.item.level == 0
                yield mark
        elif number in heads:
            yield _section_mark(heads[number], found.lines, block.place)


def _titled_part(title: str) -> bool:
    """第一篇：… heads the first of several papers in one file."""
    number = numbering.parse(title)
    return number is not None and number.scheme == "part"


def _titled_by(block: Block, looks: Looks) -> str:
    if block.by or block.bold or block.centred:
        return block.by or "bold"
    return "size" if looks.is_large(block) else "label"


def _title_marks(title: OutlineItem, part: Sectioned | None) -> Iterator[_Mark]:
    """The title, and the part of which it is the heading too, with its body."""
    yield _Mark(title, whole=True)
    if part is not None:
        text = lines.joined(part.lines[: part.first_end])[:_BODY]
        yield _Mark(replace(title, level=1, body=text, by="numbering"))


def _section_mark(section: Section, of: Sequence[Line], place: str) -> _Mark:
    line = of[section.line]
    beneath = lines.joined(of[section.line + 1 : section.end])
    text = "\n".join(piece for piece in (section.rest, beneath) if piece)
    item = OutlineItem(section.level, section.title, line.block, place, text[:_BODY], section.by)
    return _Mark(item, whole=line.alone and not section.rest)


def _table_marks(block: Block, at: int, depth: int, titled: bool) -> Iterator[_Mark]:
    """The title row of a table, its label cells, and the headings inside long cells."""
    if not titled:
        title = _title_row(block)
        if title:
            yield _Mark(OutlineItem(0, title, at, _row_place(block, 0), by="cell"))
    labels = forms.labelled_cells(block)
    owners = {(cell.row, cell.column): n for n, label in enumerate(labels) for cell in label.cells}
    for number, label in enumerate(labels):
        level = depth + 1 + label.depth
        title = headings.strip_numbering(_label_title(label.label))
        where = _row_place(block, label.row)
        yield _Mark(OutlineItem(level, title, at, where, label.value.strip()[:_BODY], "cell"))
        for cell in label.cells:
            if owners[cell.row, cell.column] == number:
                yield from _cell_marks(cell.text, at, where, level)
    heads = {(label.row, label.column) for label in labels}
    for row, texts in enumerate(block.rows[: forms.ROWS]):
        for column, text in enumerate(texts):
            if (row, column) not in owners and (row, column) not in heads:
                yield from _cell_marks(text, at, _row_place(block, row), depth)


def _row_place(block: Block, row: int) -> str:
    return f"{block.place} 第 {row + 1} 行"


def _label_title(label: str) -> str:
    # Spaces inside a Chinese label only stretch it; between Latin words they stay.
    return label if re.search("[A-Za-z]", label) else squeeze(label)


def _title_row(block: Block) -> str:
    """The text of a first row that is one cell across the whole table."""
    if len(block.rows) < 2:
        return ""
    texts = [text for text in block.rows[0] if text.strip()]
    alone = all((0, column) in block.merged for column in range(1, len(block.rows[0])))
    if len(texts) != 1 or not (alone or block.sheet) or is_label(texts[0]):
        return ""
    title = collapse(texts[0].replace("\n", ""))
    return title if len(title) <= 50 and not list(pairs(title)) else ""


def _cell_marks(text: str, at: int, place: str, depth: int) -> Iterator[_Mark]:
    """Headings at the start of lines inside a long cell."""
    if len(text) < _LONG_CELL or "\n" not in text:
        return
    found = sections.find(lines.of_text(text), words=True)
    for section in found.sections:
        mark = _section_mark(section, found.lines, place)
        yield _Mark(replace(mark.item, level=depth + section.level, block=at))


def _mark_blocks(
    blocks: Sequence[Block], marks: Sequence[_Mark], title_at: tuple[int, ...]
) -> list[Block]:
    marked = list(blocks)
    for at, block in enumerate(marked):
        if block.kind == "heading":  # a style's claim that was not upheld
            marked[at] = replace(block, kind="paragraph", level=0, by="")
    for mark in marks:
        item = mark.item
        for at in title_at if item.level == 0 else (item.block,):
            if mark.whole and marked[at].kind == "paragraph":
                marked[at] = replace(marked[at], kind="heading", level=item.level, by=item.by)
    return marked


def _fields(blocks: Sequence[Block], title_at: tuple[int, ...]) -> dict[str, str]:
    """label -> value from head lines and label cells; the first occurrence wins."""
    found: dict[str, str] = {}
    repeated: Counter[str] = Counter()
    for at, block in enumerate(blocks):
        if at in title_at or block.kind in ("note", "comment"):
            continue
        for label, value in _block_fields(block):
            repeated[label] += 1
            found.setdefault(label, value)
    return {label: value for label, value in found.items() if repeated[label] <= _REPEATED}


def _block_fields(block: Block) -> Iterator[tuple[str, str]]:
    if block.kind != "table":
        if ":" not in block.text and "：" not in block.text:
            return
        numbered = numbering.parse(block.text)
        yield from pairs(numbered.rest if numbered is not None else block.text)
        return
    for cell in forms.labelled_cells(block):
        label, value = squeeze(cell.label).rstrip("：:"), value_of(cell.value)
        if label and len(value) <= _FIELD:
            yield headings.strip_numbering(label), value
    for row in block.rows[: forms.ROWS]:
        for text in row:
            if "：" in text or ":" in text:
                yield from pairs(text)
