"""Where the sections and pages of a reading stand in its text, as an index wants to know them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.engines import Part
from indexer.reading import Block, OutlineItem, Reading

#: Lines of a section by which its end is looked for; a text with more is a whole document.
_LINES = 2_000
#: Characters that may stand between the lines of a section: other cells of its rows.
_BESIDE = 1_000
#: Characters before a title in its paragraph: its number.
_BEFORE = 400
#: Where a cell of a table begins in its text, and what may number the title in it.
_CELL = r"(?:^|(?<=[\t\n]))[\s\d第〇一二三四五六七八九十百（(）)、．.]{0,12}?"


def parts(reading: Reading) -> tuple[Part, ...]:
    """The sections of `reading.text`, in the order of the outline; those of headers, footers and
    comments left out."""
    text, starts = reading.text, dict(_starts(reading))
    found: list[Part] = []
    #: By table: where the last title found in it ends. Titles stand in the order of the outline.
    passed: dict[int, int] = {}
    for item in reading.outline:
        start = starts.get(item.block)
        if start is None:
            continue
        block = reading.blocks[item.block]
        if block.kind == "table":
            title = _in_table(block.text, item.title, passed.get(item.block, 0))
            if title is not None:
                passed[item.block] = title[1]
        else:
            title = _spaced(item.title, text[start : start + len(item.title) + _BEFORE])
        begin, end = title or (0, len(item.title))
        found.append(_part(text, start + begin, start + end, item))
    return tuple(found)


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


def _in_table(text: str, title: str, after: int) -> tuple[int, int] | None:
    """Where a table's title stands: as a cell's beginning behind the last one, else anywhere."""
    for before in (_CELL, ""):
        for begin in (after, 0):
            found = _spaced(title, text, begin, before)
            if found is not None:
                return found
    return None


def _spaced(title: str, text: str, begin: int = 0, before: str = "") -> tuple[int, int] | None:
    """Where the title stands, be it with white space between its characters: 学　校."""
    place = -1 if before else text.find(title, begin)
    if place >= 0:
        return place, place + len(title)
    letters = r"\s*".join(map(re.escape, title))
    found = re.compile(f"{before}({letters})", re.MULTILINE).search(text, begin)
    return found.span(1) if found else None


def _part(text: str, start: int, end: int, item: OutlineItem) -> Part:
    """The section whose title stands from `start` to `end`."""
    last = end + len(item.body) + _BESIDE
    for line in item.body.split("\n")[:_LINES]:
        # What is found further away is another occurrence: the line was joined or cut here.
        place = text.find(line, end, last) if line.strip() else -1
        if place >= 0:
            end = place + len(line)
    return Part(item.title, start, end)
