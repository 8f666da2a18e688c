"""From lines to paragraphs: joined where one runs full and the next does not begin anew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer import numbering
from indexer.labels import is_header_line
from indexer.readers.lines import WIDE, Line
from indexer.reading import Block

_ENDED = re.compile(r"[。！？!?：:；;]$")
_LABELLED = re.compile(r"[\u4e00-\u9fff][^：:，,。；\d]{1,12}[：:]")
_FIGURE = re.compile(r"[¥￥$+\-]?[\d,.]+[%％]?")
_BULLET = re.compile(r"^[•●■◆▲★☆○◇□➢\-–—]\s*")
_PAGE_NUMBER = re.compile(
    r"^[\-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*\d{1,4}\s*页?)?[\-—–\s]*$"
)

#: Lines whose size differs by more points than this belong to different paragraphs.
_SIZE = 1.0
#: Where even the full lines have fewer characters than this nothing is joined.
_SHORTEST = 12
#: A full line ends within the second of the right edge (in characters: a word or a number that
#: did not fit went to the next line), within the first where it ends a sentence.
_NEARLY, _ALMOST = 1.2, 3.5
#: A gap as wide as between columns, save behind a number at the start: no running text.
_COLUMN, _NUMBER = "  ", 8
#: What differs from page to page in a header or footer: — 1 —, 第 1 页, a number set apart.
_NUMBERS = re.compile(
    r"[—–\-]\s*\d{1,4}\s*[—–\-]|第\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|^\d{1,4}\s{2,}|\s{2,}\d{1,4}$"
)
#: What begins so far (of the width) from the left is set at the right.
_SET_RIGHT = 0.35
#: The indent of a paragraph's first line, in characters: two as a rule, four in letters.
_INDENT, _OUTWARD = 1.5, 4.5
#: An entry of a contents page.
_LEADER = re.compile(r"[.…·]{4,}\s*\d{1,4}$")
#: As much of a line's end as tells that. Ten thousand dots without a number would take seconds.
_TAIL = 60


def paragraphs(lines: list[Line], edge: float | None = None) -> Iterator[Block]:
    """Lines joined where one runs full and the next does not begin anew.

    `edge` is how far full lines reach on this page at least, if more is known than these lines
    show.
    """
    if not lines:
        return
    body = _Body(
        min(line.left for line in lines),
        max(full_edge([line.right for line in lines]), edge or 0.0),
        full_edge([line.width for line in lines]),
    )
    held: list[Line] = []
    for line in lines:
        if held and not (body.is_full(held[-1]) and _continues(held[-1], line)):
            yield _block(held)
            held = []
        held.append(line)
    yield _block(held)


def full_edge(values: list[float]) -> float:
    """What full lines reach: the value of the highest tenth, for some lines run out."""
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * 0.9))]


@dataclass(frozen=True, slots=True)
class _Body:
    """Where running text begins and ends, and how many characters make a full line."""

    left: float
    right: float
    full: float

    def is_full(self, line: Line) -> bool:
        """Whether a line runs up to the right edge; told by its characters where its place is not
        known. One that ends a sentence must be fuller."""
        if self.full < _SHORTEST:
            return False
        ended = bool(_ENDED.search(line.text))
        if not line.character:
            return line.width >= (0.95 if ended else 0.86) * self.full
        if line.left - self.left > _SET_RIGHT * (self.right - self.left):
            return False  # a name or a date at the right
        return self.right - line.right <= (_NEARLY if ended else _ALMOST) * line.character


def _continues(above: Line, below: Line) -> bool:
    if above.centred != below.centred or above.centred or above.bold != below.bold:
        return False
    if abs(above.size - below.size) > _SIZE or _LEADER.search(above.text[-_TAIL:]):
        return False
    if numbering.parse(below.text) is not None or _BULLET.match(below.text):
        return False
    if _COLUMN in below.text or _COLUMN in above.text[_NUMBER:]:
        return False
    if is_header_line(above.text) and is_header_line(below.text):
        return False
    return not _indented(above, below)


def _indented(above: Line, below: Line) -> bool:
    """Whether a line stands in from the one above as the first of a paragraph does, and not as
    those do that hang from a number; or so far out that the one above is no first line."""
    if not above.character:
        return False
    inward = (below.left - above.left) / above.character
    if -_OUTWARD <= inward < _INDENT:
        return False
    return inward < 0 or (numbering.parse(above.text) is None and not _BULLET.match(above.text))


def cell_text(lines: Sequence[str], full: Sequence[bool] | None = None) -> str:
    """The lines of a table cell joined: its line ends are those of its width, save before a
    number or a label, after the end of a sentence, and between figures. `full` says of each line
    whether it fills the cell; one that does not has ended."""
    if all(len(line) == 1 for line in lines):
        return "".join(lines)  # a label written downwards
    text = ""
    for at, line in enumerate(lines):
        ended = at > 0 and full is not None and not full[at - 1]
        starts = ended or _begins(line) or _ENDED.search(text)
        if at and _FIGURE.fullmatch(line):
            starts = full is not None or _FIGURE.fullmatch(lines[at - 1])
        text += f"\n{line}" if text and starts else line
    return text.strip()


def _begins(line: str) -> bool:
    return numbering.parse(line) is not None or bool(_LABELLED.match(line))


def _block(lines: list[Line]) -> Block:
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and line.text[:1].isascii() and text[-1:] not in ("", " ")
        text += f" {line.text}" if latin else line.text
    first = lines[0]
    bold = all(line.bold for line in lines)
    return Block(
        "paragraph",
        text,
        page=first.page,
        centred=first.centred,
        bold=bold,
        size=max(lines, key=lambda line: len(line.text)).size,
    )


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
    """Drop page numbers; a short line that stands on most pages becomes a header or footer, once.

    At the top and bottom of a page the lines may differ in their numbers (— 1 —).
    """
    if all(_PAGE_NUMBER.match(block.text) for block in blocks):
        yield from blocks  # a number is all that the document says
        return
    edges = _edges(blocks)
    keys = [_key(block, at in edges) for at, block in enumerate(blocks)]
    counts = Counter(key for key in keys if key)
    seen: set[str] = set()
    for at, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        if block.kind == "paragraph" and _PAGE_NUMBER.match(block.text):
            continue
        if pages >= 3 and key and counts[key] > 0.6 * pages:
            if key not in seen:
                seen.add(key)
                yield Block(
                    "footer" if at in edges and not edges[at] else "header",
                    block.text,
                    page=block.page,
                )
            continue
        yield block


def _edges(blocks: list[Block]) -> dict[int, bool]:
    """The indices of the first (True) and last blocks of the pages."""
    bounds: dict[int | None, tuple[int, int]] = {}
    for at, block in enumerate(blocks):
        if block.kind == "paragraph" and not _PAGE_NUMBER.match(block.text):
            bounds[block.page] = (bounds.get(block.page, (at, at))[0], at)
    last = {end: False for _, end in bounds.values()}
    return last | {start: True for start, end in bounds.values() if start != end}


def _key(block: Block, edge: bool) -> str:
    """What lines that say the same on every page have in common; "" for what is no such line."""
    if block.kind != "paragraph" or len(block.text) > 40:
        return ""
    bare = " ".join(_NUMBERS.sub("", block.text).split()) if edge else ""
    return bare if len(bare) >= 4 else block.text
