"""The piece table ([MS-DOC] 2.8.35, 2.9.177): characters counted through, bytes scattered."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.errors import ReadError
from indexer.readers.doc.fib import Fib

_PRC, _PCDT = 0x01, 0x02
_COMPRESSED = 0x40000000

#: Prm0 names a modifier by a number of its own ([MS-DOC] 2.9.209): those that bear on text.
_SHORT = {
    0x05: 0x2403, 0x0C: 0x260A, 0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x55: 0x0835,
    0x5C: 0x083C, 0x75: 0x0855, 0x78: 0x2640,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start`..`end` stand at byte `offset` of WordDocument, `width` bytes each.
    `changes` are property modifiers that a fast save laid over the whole piece."""

    start: int
    end: int
    offset: int
    width: int
    changes: bytes = b""


@dataclass(frozen=True, slots=True)
class Text:
    """The whole text of all stories, and the way from a character to its byte.
    `missing`: some of it lies outside what is left of the stream."""

    pieces: tuple[Piece, ...]
    text: str
    starts: tuple[int, ...]
    missing: bool = False

    def piece(self, character: int) -> Piece:
        return self.pieces[max(0, bisect_right(self.starts, character) - 1)]

    def offset(self, character: int) -> int:
        """The byte in WordDocument at which a character stands."""
        piece = self.piece(character)
        return piece.offset + (character - piece.start) * piece.width


def read_text(fib: Fib, clx: bytes, most: int) -> Text:
    """The text by the piece table `clx`, at most `most` characters. Raises ReadError("corrupt")."""
    pieces: list[Piece] = []
    texts: list[str] = []
    missing, reached = False, 0
    for piece in _pieces(clx, most):
        if piece.start != reached:
            break  # pieces follow each other; what does not is no piece table
        text = _decode(fib.word, piece)
        missing = missing or len(text) < piece.end - piece.start
        pieces.append(piece)
        texts.append(text.ljust(piece.end - piece.start, "\0"))
        reached = piece.end
    if not pieces:
        raise ReadError("corrupt", "no text in the piece table")
    missing = missing or reached < min(sum(fib.stories), most)
    return Text(tuple(pieces), "".join(texts), tuple(piece.start for piece in pieces), missing)


def plain_text(fib: Fib, most: int) -> Text:
    """The text where the piece table is lost: in one go, as a full save writes it. Raises
    ReadError("corrupt") where that is not what stands there."""
    first, last = fib.plain
    count = sum(fib.stories)
    # Two bytes a character, or one: the block tells how many bytes and how many characters.
    width = 2 if last - first >= 2 * count else 1
    there = (min(last, len(fib.word)) - first) // width
    if not 0 < first < last or count < 1 or there < 1 or last - first < count:
        raise ReadError("corrupt", "no piece table and no plain text")
    piece = Piece(0, min(count, there, most), first, width)
    text = _decode(fib.word, piece)
    return Text((piece,), text.ljust(piece.end, "\0"), (0,), missing=True)


def _pieces(clx: bytes, most: int) -> Iterator[Piece]:
    plc, changes = _piece_plc(clx)
    count = (len(plc) - 4) // 12
    if count < 1:
        raise ReadError("corrupt", "empty piece table")
    ends = struct.unpack_from(f"<{count + 1}i", plc)
    for at in range(count):
        start, end = ends[at], min(ends[at + 1], most)
        if end > start >= 0:
            place, modifier = struct.unpack_from("<IH", plc, 4 * (count + 1) + 8 * at + 2)
            yield _piece(start, end, place, _changes(modifier, changes))


def _piece_plc(clx: bytes) -> tuple[bytes, list[bytes]]:
    """The PlcPcd, and the modifiers that its pieces refer to by number."""
    at = 0
    changes: list[bytes] = []
    while at + 3 <= len(clx) and clx[at] == _PRC:
        (length,) = struct.unpack_from("<H", clx, at + 1)
        changes.append(clx[at + 3 : at + 3 + length])
        at += 3 + length
    if at + 5 > len(clx) or clx[at] != _PCDT:
        raise ReadError("corrupt", "no piece table")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + length], changes


def _changes(modifier: int, changes: list[bytes]) -> bytes:
    if modifier & 1:
        return changes[modifier >> 1] if modifier >> 1 < len(changes) else b""
    sprm = _SHORT.get(modifier >> 1 & 0x7F)
    return struct.pack("<HB", sprm, modifier >> 8) if sprm is not None else b""


def _piece(start: int, end: int, place: int, changes: bytes) -> Piece:
    if place & _COMPRESSED:
        return Piece(start, end, (place & 0x3FFFFFFF) // 2, 1, changes)
    return Piece(start, end, place & 0x3FFFFFFF, 2, changes)


def _decode(word: bytes, piece: Piece) -> str:
    """The characters of a piece; fewer than it counts where the stream breaks off."""
    data = word[piece.offset : piece.offset + (piece.end - piece.start) * piece.width]
    if piece.width == 1:
        return data.decode("cp1252", "replace")
    data = data[: len(data) & ~1]
    text = data.decode("utf-16-le", "surrogatepass")
    if len(text) * 2 == len(data):
        return text
    # A surrogate pair is two characters in Word's count; joined again when text is cleaned.
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))
