"""From lines to paragraphs: joined where one runs full and the next does not begin anew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from indexer import numbering
from indexer.readers.pdf.lines import WIDE, Line
from indexer.reading import Block

_ENDED = re.compile(r"[。！？!?：:；;]$")
_BULLET = re.compile(r"^[•●■◆▲★☆○◇□➢\-–—]\s*")
_PAGE_NUMBER = re.compile(
    r"^[\-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*\d{1,4}\s*页?)?[\-—–\s]*$"
)


def paragraphs(lines: list[Line]) -> Iterator[Block]:
    """Lines joined where one runs full and the next does not begin anew."""
    if not lines:
        return
    full = _full_width(lines)
    held: list[Line] = []
    for line in lines:
        if held and not _continues(held[-1], line, full):
            yield _block(held)
            held = []
        held.append(line)
    yield _block(held)


def _full_width(lines: list[Line]) -> float:
    """The width of a full line: that of the widest tenth."""
    widths = sorted(line.width for line in lines)
    return widths[min(len(widths) - 1, int(len(widths) * 0.9))]


def _continues(above: Line, below: Line, full: float) -> bool:
    if above.centred != below.centred or above.centred or above.bold != below.bold:
        return False
    if above.width < 0.86 * full or full < 12:
        return False
    if numbering.parse(below.text) is not None or _BULLET.match(below.text):
        return False
    return not (_ENDED.search(above.text) and above.width < 0.95 * full)


def _block(lines: list[Line]) -> Block:
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and line.text[:1].isascii() and text[-1:] not in ("", " ")
        text += f" {line.text}" if latin else line.text
    first = lines[0]
    bold = all(line.bold for line in lines)
    return Block("paragraph", text, page=first.page, centred=first.centred, bold=bold)


def joined_pages(blocks: list[Block]) -> list[Block]:
    """A paragraph torn by a page's end is one; it stands where it began."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == block.kind == "paragraph"
            and last.page != block.page
            and _torn(last, block)
        ):
            joined[-1] = replace(last, text=last.text + block.text)
        else:
            joined.append(block)
    return joined


def _torn(last: Block, block: Block) -> bool:
    if last.centred or block.centred or len(last.text) < 25 or len(block.text) < 8:
        return False
    if re.search(r"[。！？!?：:；;.…）)】”]$", last.text) or numbering.parse(block.text):
        return False
    return bool(WIDE.match(block.text)) and bool(WIDE.search(last.text[-1:]))


def without_running_heads(blocks: list[Block], pages: int) -> Iterator[Block]:
    """Drop page numbers; a short line that stands on most pages becomes a header, once."""
    counts = Counter(block.text for block in blocks if len(block.text) <= 40)
    seen: set[str] = set()
    for block in blocks:
        if block.kind == "paragraph" and _PAGE_NUMBER.match(block.text):
            continue
        if pages >= 3 and counts[block.text] > 0.6 * pages and block.kind == "paragraph":
            if block.text not in seen:
                seen.add(block.text)
                yield Block("header", block.text, page=block.page)
            continue
        yield block
