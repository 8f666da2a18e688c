"""The piece table ([MS-DOC] 2.8.35, 2.9.177): characters counted through, bytes scattered."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass

from indexer.errors import ReadError

_PRC, _PCDT = 0x01, 0x02
_COMPRESSED = 0x40000000


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start`..`end` stand at byte `offset` of WordDocument, `width` bytes each."""

    start: int
    end: int
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Text:
    """The whole text of all stories, and the way from a character to its byte."""

    pieces: tuple[Piece, ...]
    text: str

    def offset(self, character: int) -> int:
        """The byte in WordDocument at which a character stands."""
        starts = [piece.start for piece in self.pieces]
        piece = self.pieces[max(0, bisect_right(starts, character) - 1)]
        return piece.offset + (character - piece.start) * piece.width


def read_text(word: bytes, clx: bytes, most: int) -> Text:
    """The text by the piece table `clx`, at most `most` characters. Raises ReadError("corrupt")."""
    plc = _piece_plc(clx)
    count = (len(plc) - 4) // 12
    if count < 1:
        raise ReadError("corrupt", "empty piece table")
    ends = struct.unpack_from(f"<{count + 1}i", plc)
    pieces, texts = [], []
    for at in range(count):
        start, end = ends[at], min(ends[at + 1], most)
        if end <= start or start < 0:
            continue
        (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * at + 2)
        piece = _piece(start, end, place)
        pieces.append(piece)
        texts.append(_decode(word, piece))
    if not pieces:
        raise ReadError("corrupt", "no text in the piece table")
    return Text(tuple(pieces), "".join(texts))


def _piece_plc(clx: bytes) -> bytes:
    at = 0
    while at < len(clx) and clx[at] == _PRC:
        (length,) = struct.unpack_from("<H", clx, at + 1)
        at += 3 + length
    if at + 5 > len(clx) or clx[at] != _PCDT:
        raise ReadError("corrupt", "no piece table")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + length]


def _piece(start: int, end: int, place: int) -> Piece:
    if place & _COMPRESSED:
        return Piece(start, end, (place & 0x3FFFFFFF) // 2, 1)
    return Piece(start, end, place & 0x3FFFFFFF, 2)


def _decode(word: bytes, piece: Piece) -> str:
    """Exactly as many characters as the piece counts; what lies outside the stream is missing."""
    length = piece.end - piece.start
    data = word[piece.offset : piece.offset + length * piece.width]
    if piece.width == 1:
        text = data.decode("cp1252", "replace")
    else:
        # A surrogate pair is two characters in Word's count; joined again when text is cleaned.
        text = "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) & ~1])))
    return text.ljust(length, "\0")
