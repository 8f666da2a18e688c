"""Rich Text Format (RTF 1.9): text, paragraphs, table rows; formatting but bold is dropped."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.tables import Cell, table_block
from indexer.reading import Block, BlockKind, Reading

FORMATS = ("rtf",)

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n]+|([^\\{}\r\n]+)"
)
#: Destinations whose content is no text of the document.
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata fldinst listtable listoverridetable "
    b"rsidtbl generator themedata datastore xmlnstbl latentstyles pgdsctbl bkmkstart bkmkend "
    b"nonshppict shpinst atnid atnauthor atntime atndate atnref atnicn atnparent atrfstart "
    b"atrfend filetbl revtbl ftnsep ftnsepc listtext pntext sp sn sv do".split()
)
#: Destinations that stand beside the text, and what their blocks are called.
_ASIDES: dict[bytes, BlockKind] = {
    b"annotation": "comment", b"footnote": "note",
    **dict.fromkeys((b"header", b"headerl", b"headerr", b"headerf"), "header"),
    **dict.fromkeys((b"footer", b"footerl", b"footerr", b"footerf"), "footer"),
}  # fmt: skip
#: Read for the number that it shows.
_LABELS = frozenset({b"listtext", b"pntext"})
_SIGNS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": "\u3000", b"enspace": " ",
}  # fmt: skip
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _State:
    skipped: bool = False
    bold: bool = False
    hidden: bool = False
    after_unicode: int = 1


@dataclass(slots=True)
class _Document:
    """What has been read so far: the open paragraph, cell and table."""

    codec: str = "cp1252"
    raw: bytearray = field(default_factory=bytearray)
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    centred: bool = False
    in_table: bool = False
    cell: list[str] = field(default_factory=list)
    row: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def settle(self, bold: bool = False) -> None:
        """Decode the bytes held back: a Chinese character is two of them."""
        if self.raw:
            self.pieces.append((self.raw.decode(self.codec, "replace"), bold))
            self.raw.clear()

    def line(self) -> tuple[str, bool]:
        self.settle()
        text = "".join(piece for piece, _ in self.pieces).replace("\ufeff", "").strip()
        if any("\ud800" <= sign < "\ue000" for sign in text):
            # A character beyond the first plane comes as two halves.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        bold = bool(text) and all(weight for piece, weight in self.pieces if piece.strip())
        self.pieces = []
        return text, bold

    def paragraph(self) -> Iterator[Block]:
        text, bold = self.line()
        if self.in_table:
            if text:
                self.cell.append(text)
            return
        yield from self.table()
        if text:
            yield Block("paragraph", text, bold=bold, centred=self.centred)

    def end_cell(self) -> None:
        text, _ = self.line()
        self.row.append(Cell("\n".join(part for part in [*self.cell, text] if part)))
        self.cell = []

    def end_row(self) -> None:
        if self.row:
            self.rows.append(self.row)
        self.row = []

    def table(self) -> Iterator[Block]:
        self.end_row()
        block = table_block(self.rows) if self.rows else None
        self.rows = []
        if block is not None and block.text:
            yield block


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, too_large, unreadable."""
    if path.stat().st_size > limits.part * 4:
        raise ReadError("too_large", "rtf")
    blocks = tuple(islice(_blocks(path.read_bytes()), limits.blocks + 1))
    return Reading(format="rtf", status="complete", blocks=blocks)


def _blocks(data: bytes) -> Iterator[Block]:
    document, state = _Document(), _State()
    stack: list[_State] = []
    asides = _Asides()
    starred, unread = False, 0
    for token in _TOKEN.finditer(data):
        word, number, byte, sign, brace, text = token.groups()
        if brace == b"{":
            stack.append(state)
            if len(stack) > _DEEPEST:
                raise ReadError("too_large", "nested too deeply")
        elif brace == b"}":
            document.settle(state.bold)
            state = stack.pop() if stack else state
            document = asides.leave(document, len(stack))
        elif sign == b"*":
            starred = True
            continue
        elif word is not None:
            state = _destination(word, state, starred)
            if word in _ASIDES and not state.skipped:
                document = asides.enter(document, _ASIDES[word], len(stack))
            elif not state.skipped:
                unread = state.after_unicode if word == b"u" else unread
                made, state = _control(document, state, word, number)
                yield from asides.keep(made)
        elif not (state.skipped or state.hidden):
            piece = bytes([int(byte, 16)]) if byte else text or _escaped(sign)
            piece, unread = piece[unread:], max(0, unread - len(piece))
            document.raw += piece
        starred = False
    document = asides.leave(document, -1)
    yield from document.paragraph()
    yield from document.table()
    yield from asides.found


class _Asides:
    """Notes, comments, headers and footers: read as documents of their own, told at the end."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._open: list[tuple[int, _Document, BlockKind]] = []

    def enter(self, document: _Document, kind: BlockKind, depth: int) -> _Document:
        document.settle()
        self._open.append((depth, document, kind))
        return _Document(codec=document.codec)

    def keep(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Blocks of the text go on; those of an aside are kept."""
        if not self._open:
            return blocks
        kind = self._open[-1][2]
        self.found += [replace(b, kind=kind) for b in blocks if _says_something(b, kind)]
        return ()

    def leave(self, document: _Document, depth: int) -> _Document:
        """The document to go on with where `depth` groups are open."""
        while self._open and depth < self._open[-1][0]:
            self.keep([*document.paragraph(), *document.table()])
            _, document, _ = self._open.pop()
        return document


def _says_something(block: Block, kind: BlockKind) -> bool:
    """A bare page number at the edge of a page does not."""
    return kind in ("note", "comment") or any(sign.isalpha() for sign in block.text)


def _destination(word: bytes, state: _State, starred: bool) -> _State:
    ignored = word in _SKIPPED and word not in _LABELS
    if ignored or (starred and word not in (b"shptxt", b"ud", b"annotation")):
        return replace(state, skipped=True)
    return state


def _escaped(sign: bytes | None) -> bytes:
    if sign in (b"\\", b"{", b"}"):
        return sign
    return {b"~": b" ", b"_": b"-"}.get(sign or b"", b"")


def _control(
    document: _Document, state: _State, word: bytes, number: bytes | None
) -> tuple[Sequence[Block], _State]:
    """Apply one control word; the blocks it ends, and the new state."""
    value = int(number) if number is not None else None
    if word == b"ansicpg":
        document.codec = _codec(value or 1252)
        return (), state
    document.settle(state.bold)
    if word in _SIGNS or (word == b"u" and value is not None):
        if not state.hidden:
            sign = _SIGNS.get(word) or chr((value or 0) & 0xFFFF)
            document.pieces.append((sign, state.bold))
    elif word in (b"par", b"sect", b"page"):
        return list(document.paragraph()), _formatted(state, word, value)
    elif word in (b"cell", b"nestcell"):
        document.end_cell()
    elif word in (b"row", b"nestrow"):
        document.end_row()
    elif word in (b"pard", b"intbl", b"qc"):
        document.in_table = word == b"intbl" or (document.in_table and word == b"qc")
        document.centred = word == b"qc"
    return (), _formatted(state, word, value)


def _formatted(state: _State, word: bytes, value: int | None) -> _State:
    if word == b"b":
        return replace(state, bold=value != 0)
    if word == b"plain":
        return replace(state, bold=False, hidden=False)
    if word in (b"v", b"deleted"):
        return replace(state, hidden=value != 0)
    if word == b"uc" and value is not None:
        return replace(state, after_unicode=max(0, min(value, 8)))
    return state


def _codec(page: int) -> str:
    try:
        return "gb18030" if page == 936 else codecs.lookup(f"cp{page}").name
    except LookupError:
        return "gb18030"
