"""Where the sections and pages of a reading stand in its text, as an index wants to know them."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.engines import Part
from indexer.reading import Block, OutlineItem, Reading

#: Lines of a section by which its end is looked for; a text with more is a whole document.
_LINES = 2_000
#: Characters that may stand between the lines of a section: other cells of its rows.
_BESIDE = 1_000
#: Characters before a title on its line: its number, or the cell at its left.
_BEFORE = 400


def parts(reading: Reading) -> tuple[Part, ...]:
    """The sections of `reading.text`, in the order of the outline; those of headers, footers and
    comments left out."""
    starts = dict(_starts(reading))
    found = (_part(reading.text, starts, item) for item in reading.outline)
    return tuple(part for part in found if part is not None)


def pages(reading: Reading) -> tuple[tuple[int, int], ...]:
    """(offset in `reading.text`, page number) of each page's beginning, in order; empty where the
    format has no pages."""
    found: list[tuple[int, int]] = []
    for index, start in _starts(reading):
        page = reading.blocks[index].page
        if page is not None and (not found or page > found[-1][1]):
            found.append((start, page))
    return tuple(found)


def _starts(reading: Reading) -> Iterator[tuple[int, int]]:
    """(index of a block, its offset in `reading.text`), see there."""
    at = 0
    for index, block in enumerate(reading.blocks):
        if _is_body(block) and block.text:
            yield index, at
            at += len(block.text) + 1


def _is_body(block: Block) -> bool:
    return block.kind not in ("header", "footer", "comment")


def _part(text: str, starts: dict[int, int], item: OutlineItem) -> Part | None:
    start = starts.get(item.block)
    if start is None:
        return None
    title = text.find(item.title, start, start + len(item.title) + _BEFORE)
    start = title if title >= 0 else start
    end = start + len(item.title)
    last = end + len(item.body) + _BESIDE
    for line in item.body.split("\n")[:_LINES]:
        # What is found further away is another occurrence: the line was joined or cut here.
        place = text.find(line, end, last) if line.strip() else -1
        if place >= 0:
            end = place + len(line)
    return Part(item.title, start, end)
