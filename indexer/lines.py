"""The lines of a document as its outline is read from them.

A paragraph with soft breaks is several lines; a number in the middle of a line, glued on where a
copy lost its paragraph mark, may begin one (`indexer.series` decides). Joined again, the lines of
a block give its text back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.labels import is_spaced_out
from indexer.looks import Looks
from indexer.plain import plain
from indexer.reading import Block

_STRIPPED = " \t\r\n\f\v\u3000\xa0\u200b\ufeff"
#: A contents entry: a title with a leader or a tab, and a page.
_LEADER = re.compile(r"(?:[.…·_\-—\s]{4,}|\t\s*|…)[(（\-—\s]*(?:\d{1,4}|[ivxⅰ-ⅹ]{1,4})[)）\-—]?$")
_PAGED = re.compile(r"^(.{2,60}?)[\s.…·]*\d{1,4}$")
_CONTENTS = re.compile(r"(?:目录|目次|contents)[:]?", re.IGNORECASE)
_LONGEST_ENTRY = 200
#: No paper has more soft breaks; what follows in such a paragraph is one line.
_MOST_BROKEN = 20_000
#: A contents page has at most this many entries.
_MOST_ENTRIES = 300


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` is the text as it stands in the block; `text` without the space around it, `plain` its
    plain form, as long as `text`. `level` is a style's, None for none. What stands out is told of
    the first line of a block only. `glued`: it began in the middle of a line."""

    block: int
    raw: str
    text: str
    plain: str
    table: bool = False
    alone: bool = True
    level: int | None = None
    bold: bool = False
    centred: bool = False
    large: bool = False
    size: float = 0.0
    spaced: bool = False
    lead: int = 0
    glued: bool = False

    def split(self, at: int) -> tuple[Line, Line]:
        """The line before and from the offset `at` of `text`."""
        cut = self.raw.find(self.text) + at
        raw, text = self.raw[:cut], self.text[:at].rstrip(_STRIPPED)
        first = replace(self, raw=raw, text=text, plain=self.plain[: len(text)], alone=False)
        return first, _line(self.block, self.raw[cut:], alone=False, glued=True)


def of_blocks(blocks: Sequence[Block], body: Iterable[int], looks: Looks) -> Iterator[Line]:
    """The lines of the blocks at the indices `body`; a table is one line."""
    broken = 0
    for at in body:
        block = blocks[at]
        if block.kind == "table":
            yield Line(at, block.text, "", "", table=True)
        elif "\n" not in block.text or broken > _MOST_BROKEN:
            yield _dressed(at, block.text, block, looks, alone=True)
        else:
            for number, raw in enumerate(_pieces(block.text)):
                first = number == 0
                yield _dressed(at, raw, block, looks, False) if first else _line(at, raw, False)
                broken += 1


def of_text(text: str) -> list[Line]:
    """The lines of a cell; those that say nothing are left out."""
    return [_line(0, raw, alone=False) for raw in text.split("\n") if raw.strip()]


def _line(block: int, raw: str, alone: bool = True, glued: bool = False) -> Line:
    text = raw.strip(_STRIPPED)
    return Line(block, raw, text, plain(text), alone=alone, glued=glued)


def _pieces(text: str) -> Iterator[str]:
    """The lines of a text; empty ones stay with the line above them."""
    held: list[str] = []
    said = False
    for piece in text.split("\n", _MOST_BROKEN):
        speaks = bool(piece.strip(_STRIPPED))
        if speaks and said:
            yield "\n".join(held)
            held = []
        held.append(piece)
        said = said or speaks
    yield "\n".join(held)


def _dressed(at: int, raw: str, block: Block, looks: Looks, alone: bool) -> Line:
    """A line that looks as its block does."""
    text = raw.strip(_STRIPPED)
    whole = 0 < len(text) <= block.lead and not alone
    return Line(
        at,
        raw,
        text,
        plain(text),
        alone=alone,
        level=block.level if block.kind == "heading" else None,
        bold=(block.bold or whole) and not looks.bold,
        centred=block.centred and not looks.centred,
        large=looks.is_large(block),
        size=block.size,
        spaced=is_spaced_out(text),
        lead=0 if whole else block.lead,
    )


def joined(lines: Iterable[Line]) -> str:
    """The text of lines, as it stood in their blocks; blocks that say nothing are left out."""
    found: list[str] = []
    block = -1
    for line in lines:
        if line.glued and line.block == block:
            found.append(line.raw)
            continue
        if not line.raw and line.block != block:
            continue
        if found:
            found.append("\n")
        found.append(line.raw)
        block = line.block
    return "".join(found)


def contents(lines: Sequence[Line]) -> frozenset[int]:
    """The indices of lines that are entries of a contents page, its own title included."""
    found = {at for at, line in enumerate(lines) if _is_entry(line.plain)}
    for at, line in enumerate(lines):
        if len(line.plain) <= 12 and _CONTENTS.fullmatch("".join(line.plain.split())):
            found.add(at)
            found.update(_page(lines, at + 1))
    return frozenset(found)


def _is_entry(text: str) -> bool:
    return len(text) <= _LONGEST_ENTRY and bool(_LEADER.search(text))


def _page(lines: Sequence[Line], start: int) -> Iterator[int]:
    """The entries below 目录: up to where the first of them is repeated as a heading."""
    first = ""
    entries: list[int] = []
    for at in range(start, min(start + _MOST_ENTRIES, len(lines))):
        line = lines[at]
        key = _key(line.plain)
        if line.table or len(line.plain) > 60:
            break
        if first and key == first:
            yield from entries
            return
        first = first or key
        entries.append(at)
    for at in entries:
        if _PAGED.match(lines[at].plain):
            yield at


def _key(text: str) -> str:
    paged = _PAGED.match(text)
    return "".join((paged.group(1) if paged else text).split())
