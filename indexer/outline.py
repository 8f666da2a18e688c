"""The outline of a document: from its blocks to headings with levels, bodies and places.

A pure function over blocks, the same for every format. What a heading is stands in
`indexer.headings`, numbering in `indexer.numbering`, forms in `indexer.forms`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer import closing, forms, headings, numbering, titles
from indexer.labels import collapse, is_label, pairs, squeeze, value_of
from indexer.places import placed
from indexer.reading import Block, OutlineItem

#: A label at the start of this many lines is a speaker or a list mark, no section.
_REPEATED = 3
#: Values longer than this are texts, not fields.
_FIELD = 120
#: A cell is looked into for headings of its own from this length on.
_LONG_CELL = 60
#: Longest body kept of one heading, in characters.
_BODY = 100_000
#: More headings than this are no outline but a list; each costs its body once more.
_MOST = 2000
#: Schemes of headings without a number.
_LABELS = ("block", "lead")
#: A bare label of this meaning stands beside the next label of the trade, not above it; 教学反思：
#: and 评议： may hold 得：, 失：, 优点：.
_LEAF = re.compile(
    "(?:问题|不足|困惑|原因|措施|对策|打算|安排|设想|建议|意见|方向|收获|成效|成果|成绩|亮点|目标|重点|难点)$"
)
_EDGES = ("header", "footer", "note", "comment")


@dataclass(frozen=True, slots=True)
class Recovered:
    blocks: tuple[Block, ...]
    outline: tuple[OutlineItem, ...]
    fields: dict[str, str]


@dataclass(slots=True)
class _Mark:
    """An outline item in the making; `own` is the text of its block that belongs to it."""

    block: int
    level: int
    title: str
    by: str
    place: str
    own: str = ""
    whole: bool = False
    closed: bool = False


@dataclass(slots=True)
class _Levels:
    """The headings open at a point of the document: (scheme, level), outermost first."""

    open: list[tuple[str, int]] = field(default_factory=list)
    #: How many were open when a bare label that holds no others (存在问题：) opened the last.
    leaf: int = 0

    def place(self, heading: headings.Heading) -> int:
        if heading.level is not None:
            while self.open and self.open[-1][1] >= heading.level:
                self.open.pop()
            self.open.append((heading.scheme, heading.level))
            return heading.level
        scheme = self._scheme(heading.scheme)
        numbered_inside = [s for s, _ in self.open[self._styled() :]]
        if scheme in numbered_inside:
            self._pop_through(scheme)
        else:
            self._pop_below(scheme)
            if 0 < len(self.open) == self.leaf and scheme in _LABELS and is_label(heading.title):
                self.open.pop()
        level = self.open[-1][1] + 1 if self.open else 1
        self.open.append((scheme, level))
        if scheme == "block" and _LEAF.search(heading.title):
            self.leaf = len(self.open)
        elif self.leaf >= len(self.open):
            self.leaf = 0
        return level

    def _styled(self) -> int:
        """How many open headings, from the outermost, lie at or outside the last styled one."""
        return max((at + 1 for at, (s, _) in enumerate(self.open) if s == "style"), default=0)

    def _pop_through(self, scheme: str) -> None:
        while self.open.pop()[0] != scheme:
            pass

    def _pop_below(self, scheme: str) -> None:
        # A label opens a part of whatever section it stands in; only numbers close sections.
        rank = headings.RANK["lead" if scheme in ("block", "lead") else scheme]
        while self.open and self.open[-1][0] != "style":
            if headings.RANK[self.open[-1][0]] < rank:
                break
            self.open.pop()

    def _scheme(self, scheme: str) -> str:
        # A bold line inside a numbered section is a part of it, not its neighbour.
        outer = headings.RANK["bold"]
        inside = any(s != "style" and headings.RANK[s] > outer for s, _ in self.open)
        numbered = any(s in ("part", "cn", "cnparen") for s, _ in self.open)
        return "block" if scheme == "bold" and (numbered and inside) else scheme

    @property
    def depth(self) -> int:
        return self.open[-1][1] if self.open else 0


def recover(blocks: Sequence[Block]) -> Recovered:
    """Blocks with their places, headings marked, the outline, and label -> value fields.

    Levels: 0 is the title, 1 the outermost heading. A body includes the sub-headings' text.
    """
    blocks = list(placed(blocks))
    body = [at for at, block in enumerate(blocks) if block.kind not in _EDGES]
    signed = closing.begins(blocks, body)
    title_at, title = titles.find(blocks, body)
    marks = list(islice(_marks(blocks, body, title_at, title), _MOST))
    marked = _mark_blocks(blocks, marks, title_at)
    return Recovered(
        blocks=tuple(marked),
        outline=tuple(_items(blocks, body, marks, signed)),
        fields=_fields(blocks, title_at),
    )


def _marks(
    blocks: Sequence[Block], body: Sequence[int], title_at: tuple[int, ...], title: str
) -> Iterator[_Mark]:
    levels = _Levels()
    repeated = _repeated_labels(blocks, body)
    titled = bool(title)
    if titled:
        first = blocks[title_at[0]]
        by = first.by or ("bold" if first.bold or first.centred else "label")
        part = numbering.parse(title)
        if part is not None and part.scheme == "part":
            # 第一篇：… heads the first of several papers in one file.
            levels.open.append(("part", 1))
        yield _Mark(title_at[0], 0, headings.strip_numbering(title), by, first.place)
        if levels.open:
            yield _Mark(title_at[0], 1, headings.strip_numbering(title), "numbering", first.place)
    for position, at in enumerate(body):
        block = blocks[at]
        if at in title_at or (title_at and at < title_at[0]):
            continue
        if block.kind == "table":
            for mark in _table_marks(block, at, block.place, levels.depth, titled):
                titled = titled or mark.level == 0
                yield mark
            continue
        following = blocks[body[position + 1]] if position + 1 < len(body) else None
        heading = headings.find(block, following, repeated)
        if heading is not None:
            level = levels.place(heading)
            whole = not heading.rest
            yield _Mark(at, level, heading.title, heading.by, block.place, heading.rest, whole)


def _repeated_labels(blocks: Sequence[Block], body: Sequence[int]) -> frozenset[str]:
    counts = Counter(
        headings.label_of(blocks[at].text) for at in body if blocks[at].kind == "paragraph"
    )
    return frozenset(label for label, count in counts.items() if count >= _REPEATED)


def _table_marks(block: Block, at: int, place: str, depth: int, titled: bool) -> Iterator[_Mark]:
    """The title row of a table, its label cells, and the headings inside long cells."""
    if not titled:
        title = _title_row(block)
        if title:
            yield _Mark(at, 0, title, "cell", f"{place} 第 1 行", closed=True)
    level = depth + 1
    inside = set()
    for cell in forms.labelled_cells(block):
        title = headings.strip_numbering(_label_title(cell.label))
        where = f"{place} 第 {cell.row + 1} 行"
        yield _Mark(at, level + cell.nested, title, "cell", where, cell.value.strip(), closed=True)
        inside.add(cell.row)
        yield from _cell_marks(cell.value, at, where, level + 1 + cell.nested)
    for number, row in enumerate(block.rows[: forms.ROWS]):
        if number not in inside:
            for text in row:
                yield from _cell_marks(text, at, f"{place} 第 {number + 1} 行", level)


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


def _cell_marks(text: str, at: int, place: str, level: int) -> Iterator[_Mark]:
    """Numbered headings at the start of lines inside a long cell."""
    if len(text) < _LONG_CELL or "\n" not in text:
        return
    lines = [Block("paragraph", line) for line in text.split("\n") if line.strip()]
    levels = _Levels()
    found: list[tuple[int, int, headings.Heading]] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if numbering.parse(line.text) is None and not is_label(line.text):
            continue
        heading = headings.find(line, following, frozenset())
        if heading is not None:
            found.append((number, levels.place(heading), heading))
    for index, (number, depth, heading) in enumerate(found):
        end = next((n for n, d, _ in found[index + 1 :] if d <= depth), len(lines))
        texts = [heading.rest, *(line.text for line in lines[number + 1 : end])]
        own = "\n".join(piece for piece in texts if piece)
        yield _Mark(at, level + depth - 1, heading.title, heading.by, place, own, closed=True)


def _mark_blocks(
    blocks: Sequence[Block], marks: Sequence[_Mark], title_at: tuple[int, ...]
) -> list[Block]:
    marked = list(blocks)
    for at, block in enumerate(marked):
        if block.kind == "heading":  # a style's claim that was not upheld
            marked[at] = replace(block, kind="paragraph", level=0, by="")
    for mark in marks:
        if mark.whole or mark.level == 0:
            for at in title_at if mark.level == 0 and not mark.closed else (mark.block,):
                if marked[at].kind == "paragraph":
                    marked[at] = replace(marked[at], kind="heading", level=mark.level, by=mark.by)
    return marked


def _items(
    blocks: Sequence[Block], body: Sequence[int], marks: Sequence[_Mark], signed: int
) -> Iterator[OutlineItem]:
    position = {at: number for number, at in enumerate(body)}
    ends = _ends(marks, position, signed)
    for mark, end in zip(marks, ends, strict=True):
        text = mark.own
        if not mark.closed and mark.level > 0:
            beneath = (blocks[at].text for at in body[position[mark.block] + 1 : end])
            text = "\n".join(piece for piece in (mark.own, *beneath) if piece)
        yield OutlineItem(mark.level, mark.title, mark.block, mark.place, text[:_BODY], mark.by)


def _ends(marks: Sequence[_Mark], position: dict[int, int], last: int) -> list[int]:
    """For each mark the position of the next heading of the same or a higher level."""
    ends = [last] * len(marks)
    open_marks: list[int] = []
    for number, mark in enumerate(marks):
        if mark.closed or mark.level == 0:
            continue
        while open_marks and marks[open_marks[-1]].level >= mark.level:
            ends[open_marks.pop()] = position[mark.block]
        open_marks.append(number)
    return ends


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
