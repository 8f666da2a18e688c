"""Where formatting stands: pages of runs (FKP, [MS-DOC] 2.4.6), fonts, and marks per character."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.readers import symbols
from indexer.readers.doc.fib import Fib
from indexer.readers.doc.modifiers import Look, Paragraph, apply, look
from indexer.readers.doc.pieces import Piece, Text
from indexer.readers.doc.styles import Styles, over_style

_PAGE = 512

# One byte for each character: two bits each of bold and hidden, as in modifiers.KEEP …, and:
HIDDEN_AT = 2
TOGGLE = 0x3
DELETED, CODE, SWAPPED = 0x10, 0x20, 0x40

#: In an FFN the name begins here, after flags, weight, PANOSE and signature ([MS-DOC] 2.9.84).
_FONT_NAME = 39


@dataclass(frozen=True, slots=True)
class Runs:
    """Byte ranges of WordDocument with their properties: `starts[i]`..`ends[i]` -> `values[i]`."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    values: tuple[bytes, ...]

    def at(self, offset: int) -> bytes:
        place = bisect_right(self.starts, offset) - 1
        if place >= 0 and offset < self.ends[place]:
            return self.values[place]
        return b""


def read_runs(word: bytes, bin_table: bytes, paragraphs: bool) -> Runs:
    """The runs of all FKP pages that a PlcBtePapx or PlcBteChpx names ([MS-DOC] 2.8.5, 2.8.6)."""
    count = max(0, (len(bin_table) - 4) // 8)
    numbers = struct.unpack_from(f"<{count}I", bin_table, 4 * (count + 1)) if count else ()
    found: list[tuple[int, int, bytes]] = []
    for number in dict.fromkeys(numbers):
        start = (number & 0x3FFFFF) * _PAGE
        page = word[start : start + _PAGE]
        if len(page) == _PAGE:
            found += _page_runs(page, paragraphs)
    found = list(_disjoint(sorted(found, key=lambda run: run[0])))
    return Runs(*(tuple(run[at] for run in found) for at in range(3)))  # type: ignore[arg-type]


def _disjoint(runs: Sequence[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, bytes]]:
    """Runs do not overlap; where a damaged file says so, each ends where the next begins."""
    for at, (start, end, value) in enumerate(runs):
        following = runs[at + 1][0] if at + 1 < len(runs) else end
        if start < min(end, following):
            yield start, min(end, following), value


def _page_runs(page: bytes, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    step = 13 if paragraphs else 1
    if 4 * (count + 1) + step * count > _PAGE - 1:
        return
    edges = struct.unpack_from(f"<{count + 1}I", page)
    for at in range(count):
        place = page[4 * (count + 1) + step * at] * 2
        value = _page_value(page, place, paragraphs) if place else b""
        yield edges[at], edges[at + 1], value


def _page_value(page: bytes, place: int, paragraphs: bool) -> bytes:
    if place >= _PAGE - 1:
        return b""
    length = page[place]
    if not paragraphs:
        return page[place + 1 : place + 1 + length]
    if length:
        return page[place + 1 : place + 2 * length]
    return page[place + 2 : place + 2 + 2 * page[place + 1]]


def font_names(sttb: bytes) -> list[str]:
    """The fonts of the document (SttbfFfn, [MS-DOC] 2.9.286) by their numbers, in lower case."""
    names: list[str] = []
    at = 4
    while at < len(sttb):
        size = sttb[at]
        name = sttb[at + 1 + _FONT_NAME : at + 1 + size].decode("utf-16-le", "ignore")
        names.append(name.partition("\0")[0].lower())
        at += 1 + size
    return names


@dataclass(slots=True)
class Formats:
    """What the formatting tables say about a character of `text`."""

    text: Text
    styles: Styles
    paragraphs: Runs
    characters: Runs
    fonts: list[str]
    data: bytes
    #: For each character what it is drawn as, see DELETED …
    marks: bytearray = field(default_factory=bytearray)
    #: Characters that stand for others: symbols, and what a field without a result shows.
    swaps: dict[int, str] = field(default_factory=dict)
    _known: dict[tuple[bytes, bytes], Paragraph] = field(default_factory=dict)
    _looks: dict[bytes, Look] = field(default_factory=dict)

    @classmethod
    def read(
        cls, fib: Fib, text: Text, styles: Styles, parts: tuple[bytes, bytes, bytes]
    ) -> Formats:
        """`parts` are the bin tables of paragraphs and characters, and the font table."""
        made = cls(
            text=text,
            styles=styles,
            paragraphs=read_runs(fib.word, parts[0], paragraphs=True),
            characters=read_runs(fib.word, parts[1], paragraphs=False),
            fonts=font_names(parts[2]),
            data=fib.data,
        )
        made._mark()
        return made

    def paragraph(self, character: int) -> Paragraph:
        """The properties of the paragraph whose mark is `character`."""
        piece = self.text.piece(character)
        offset = piece.offset + (character - piece.start) * piece.width
        value = self.paragraphs.at(offset)
        key = (value, piece.changes)
        if key not in self._known:
            style = struct.unpack_from("<H", value)[0] if len(value) >= 2 else 0
            found = apply(self.styles[style], value[2:], self.data)
            self._known[key] = apply(found, piece.changes, self.data) if piece.changes else found
        return self._known[key]

    def size(self, first: int, last: int, styled: int) -> float:
        """The size in points of most of the characters `first`..`last`; `styled` (half points) is
        that of their paragraph's style."""
        if not self.characters.starts:
            return styled / 2
        lengths = {styled: 0}
        while first < last:
            piece = self.text.piece(first)
            stop = min(last, piece.end)
            if stop <= first:
                break
            changed = self._look(piece.changes).size if piece.changes else 0
            usual = changed or styled
            lengths[usual] = lengths.get(usual, 0) + stop - first
            for start, end, value in self._runs_of(piece, first, stop) if not changed else ():
                size = self._look(value).size
                if size and size != styled:
                    lengths[size] = lengths.get(size, 0) + end - start
                    lengths[styled] -= end - start
            first = stop
        return max(lengths, key=lengths.__getitem__) / 2

    def _look(self, value: bytes) -> Look:
        """What a run's properties say, with the size of its character style."""
        if value not in self._looks:
            own = look(value)
            if not own.size and own.style >= 0:
                own = replace(own, size=self.styles.character(own.style).size)
            self._looks[value] = own
        return self._looks[value]

    def picture(self, character: int) -> int:
        """The place in the Data stream that a character refers to, -1 for none."""
        return look(self.characters.at(self.text.offset(character))).picture

    def _mark(self) -> None:
        self.marks = bytearray(len(self.text.text))
        known: dict[bytes, _Drawn] = {}
        for piece in self.text.pieces:
            own = self._drawn(look(piece.changes)) if piece.changes else None
            if own is not None:
                self._lay(piece.start, piece.end, own)
            for first, last, value in self._runs_of(piece, piece.start, piece.end):
                if value not in known:
                    known[value] = self._drawn(self._look(value))
                if known[value].plain:
                    continue
                self._lay(first, last, known[value] if own is None else known[value].over(own))

    def _runs_of(self, piece: Piece, first: int, last: int) -> Iterator[tuple[int, int, bytes]]:
        """(first character, one past the last, properties) of the runs in `first`..`last`, which
        lies in the piece."""
        runs, base, width = self.characters, piece.offset - piece.start * piece.width, piece.width
        low, high = base + first * width, base + last * width
        at = max(0, bisect_right(runs.starts, low) - 1)
        while at < len(runs.starts) and runs.starts[at] < high:
            if runs.ends[at] > low and runs.values[at]:
                start = first + max(0, runs.starts[at] - low) // width
                yield start, first + (min(runs.ends[at], high) - low) // width, runs.values[at]
            at += 1

    def _drawn(self, own: Look) -> _Drawn:
        bold, hidden, font = own.bold, own.hidden, own.font
        if own.style >= 0:
            styled = self.styles.character(own.style)
            bold, hidden = over_style(own, styled)
            font = font if font >= 0 else styled.font
        flags = bold | hidden << HIDDEN_AT | own.deleted * DELETED
        symbol = symbols.symbol(own.symbol[1], self._font(own.symbol[0])) if own.symbol else None
        name = self._font(font)
        return _Drawn(flags, name if name in symbols.TABLES else "", symbol)

    def _font(self, number: int) -> str:
        return self.fonts[number] if 0 <= number < len(self.fonts) else ""

    def _lay(self, first: int, last: int, drawn: _Drawn) -> None:
        last = min(last, len(self.marks))
        if last <= first:
            return
        self.marks[first:last] = bytes([drawn.flags]) * (last - first)
        if drawn.symbol is None and not drawn.font:
            return
        for at in range(first, last):
            sign = self.text.text[at]
            shown = symbols.shown(sign, drawn.font) if drawn.symbol is None else drawn.symbol
            if sign >= " " and shown != sign:
                self.swaps[at] = shown
                self.marks[at] |= SWAPPED


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How the characters of a run are drawn: marks, a symbol font, a symbol in their place."""

    flags: int
    font: str = ""
    symbol: str | None = None

    @property
    def plain(self) -> bool:
        return not self.flags and not self.font and self.symbol is None

    def over(self, piece: _Drawn) -> _Drawn:
        """With what a fast save laid over the whole piece."""
        return _Drawn(self.flags | piece.flags, self.font or piece.font, self.symbol)
