"""What stands on slides, in the order in which people read it: for .pptx and .ppt alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from math import inf
from typing import Literal

from indexer.limits import Limits
from indexer.reading import Block

#: How often the parts of a slide are cut again: far more than real ones need.
_CUTS = 40
#: More shapes than this beside each other are a drawing, whose letters have no order to find.
_SHAPES = 1000
#: How much of their height (width) two neighbours may overlap and still stand one below (beside)
#: the other: of a text box of one line an eighth at either end is margin (0.05 of 0.4 inch).
_OVERLAP = 0.1
#: Gaps this close to the widest one cut together with it.
_WIDE = 0.5
#: Points of text that says nothing of its size: what a text box of PowerPoint begins with.
USUAL_SIZE = 18.0
#: A first line this much larger than all else on its slide is the slide's title, where there is
#: no placeholder for it. In Office's own theme a title has 44 points and text 28 to 32.
_LARGER = 1.2
_LONGEST_TITLE = 30
_SENTENCE = re.compile("[。；;，,：:、]$")


Role = Literal["text", "title", "large", "art"]


@dataclass(frozen=True, slots=True)
class Box:
    """Where something lies, in any unit; x grows to the right, y downwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Item:
    """One shape. `texts` are its paragraphs; `items` what a group holds, with boxes of its own.

    `art` is decorated lettering (WordArt, 艺术字), as which old slides have their titles; `large`
    is a line by whose size alone one sees that it is the title. `size` is that of most of the
    text in points, 0 unknown.
    """

    box: Box | None
    texts: tuple[str, ...] = ()
    role: Role = "text"
    size: float = 0.0
    table: Block | None = None
    items: tuple[Item, ...] = ()

    def all_texts(self) -> Iterator[str]:
        yield from self.texts
        for item in self.items:
            yield from item.all_texts()


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide. `pictures`: it shows at least one; `damaged`: it could not be read; `broken`: a
    part of it could not; `lost`: a diagram, a chart, the notes or the comments could not.
    `footers` are what its author wrote into footer and date; what PowerPoint puts there, the
    page's number and today's date, is left out.
    """

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    pictures: bool = False
    damaged: bool = False
    broken: bool = False
    lost: bool = False
    footers: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathered:
    """The blocks of all slides, and in Chinese what was not read."""

    blocks: list[Block] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    footers: set[str] = field(default_factory=set)
    #: The first page beyond the limits, 0 where all were read.
    cut: int = 0

    @property
    def left_out(self) -> Iterator[str]:
        if self.pictures:
            yield f"第 {_ranges(self.pictures)} 页是图片，没有文字"
        if self.damaged:
            yield f"第 {_ranges(self.damaged)} 页已损坏，没有读"
        if self.broken:
            yield f"第 {_ranges(self.broken)} 页有一部分损坏，只读出了能读的内容"
        if self.lost:
            yield f"第 {_ranges(self.lost)} 页的图示、图表、备注或批注已损坏，没有读"
        if self.cut:
            yield f"第 {self.cut} 页起没有读，文件太长"


def gather(slides: Iterable[Slide], limits: Limits) -> Gathered:
    """All slides as blocks, as far as the limits go. `slides` is drawn on no further than that."""
    gathered = Gathered()
    characters = 0
    for number, slide in enumerate(slides, 1):
        if number > limits.pages or characters > limits.characters:
            gathered.cut = number
            break
        blocks = list(islice(_blocks(slide, number), limits.blocks + 1))
        for text in slide.footers:
            if text not in gathered.footers:  # once, though it stands on every slide
                gathered.footers.add(text)
                blocks.append(Block("footer", text, page=number))
        if slide.damaged:
            gathered.damaged.append(number)
        elif slide.pictures and not _has_text(blocks):
            gathered.pictures.append(number)
        if slide.broken:
            gathered.broken.append(number)
        if slide.lost:
            gathered.lost.append(number)
        characters += sum(len(block.text) for block in blocks)
        gathered.blocks += blocks
        if len(gathered.blocks) > limits.blocks:
            break  # the caller cuts at the limit and says so
    return gathered


def _has_text(blocks: Sequence[Block]) -> bool:
    return any(block.kind not in ("comment", "footer") for block in blocks)


def _blocks(slide: Slide, number: int) -> Iterator[Block]:
    items = _with_title(list(_flat(slide.items)))
    # The title leads, wherever it lies.
    for item in sorted(items, key=lambda item: item.role != "title"):
        yield from _item(item, number)
    for text in slide.notes:
        yield Block("note", text, page=number)
    for text in slide.comments:
        yield Block("comment", text, page=number)


def _item(item: Item, number: int) -> Iterator[Block]:
    if item.table is not None:
        if item.table.text:
            yield item.table
    elif item.role in ("title", "large") and item.texts:
        title = " ".join(" ".join(item.texts).split())
        level, by = 0 if number == 1 else 1, "style" if item.role == "title" else "size"
        yield Block("heading", title, level, page=number, by=by, centred=True)
    else:
        art = item.role == "art"
        for text in item.texts:
            yield Block("paragraph", text, page=number, bold=art, centred=art)


def _with_title(items: list[Item]) -> list[Item]:
    """The items, the first of them marked where it is the title by its size."""
    told = [item for item in items if item.texts or item.table is not None]
    if len(told) < 2 or any(item.role != "text" for item in told):
        return items
    first, others = told[0], told[1:]
    title = " ".join(first.texts)
    if not title or len(title) > _LONGEST_TITLE or _SENTENCE.search(title):
        return items
    if any(first.size < _LARGER * (other.size or USUAL_SIZE) for other in others if other.texts):
        return items
    return [replace(item, role="large") if item is first else item for item in items]


def _flat(items: Sequence[Item]) -> Iterator[Item]:
    for item in in_reading_order(items):
        yield item
        yield from _flat(item.items)


def in_reading_order(items: Sequence[Item]) -> list[Item]:
    """Items by where they lie: rows from top to bottom or columns from left to right, whichever
    stand further apart, and so on within each (the recursive X-Y cut of Nagy and Seth, 1984).

    What overlaps stays in the order of drawing; so does all where a place is not known.
    """
    placed = [(item, item.box) for item in items if item.box is not None]
    if len(placed) < len(items) or len(items) > _SHAPES:
        return list(items)
    return [item for item, _ in _cut(placed, 0)]


_Placed = tuple[Item, Box]


def _cut(placed: list[_Placed], depth: int) -> list[_Placed]:
    if len(placed) < 2 or depth > _CUTS:
        return placed
    rows, between_rows = _bands(placed, lambda box: (box.top, box.bottom))
    columns, between_columns = _bands(placed, lambda box: (box.left, box.right))
    if len(rows) < 2 and len(columns) < 2:
        return placed
    bands = columns if len(rows) < 2 or between_columns > between_rows else rows
    return [one for band in bands for one in _cut(band, depth + 1)]


def _bands(
    placed: list[_Placed], extent: Callable[[Box], tuple[float, float]]
) -> tuple[list[list[_Placed]], float]:
    """The parts into which the widest gaps along one axis cut, each in the order of drawing; and
    how wide the widest gap is."""
    spans = []
    for at, (_, box) in enumerate(placed):
        low, high = sorted(extent(box))
        slack = _OVERLAP * (high - low)
        spans.append((low + slack, high - slack, low, high, at))
    spans.sort()
    gaps: list[tuple[float, int]] = []
    cut_at = reach = -inf
    for number, (begin, end, low, high, _) in enumerate(spans):
        if number and begin >= cut_at:
            gaps.append((low - reach, number))
        cut_at, reach = max(cut_at, end), max(reach, high)
    widest = max((gap for gap, _ in gaps), default=-inf)
    # A narrow gap beside a wide one may divide a heading from its column: it is for later.
    cuts = [at for gap, at in gaps if gap >= min(widest, widest * _WIDE)]
    parts = [spans[start:stop] for start, stop in pairwise([0, *cuts, len(spans)])]
    return [[placed[at] for at in sorted(span[4] for span in part)] for part in parts], widest


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 -> 1～3、7"""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return "、".join("～".join(map(str, run)) for run in runs)
