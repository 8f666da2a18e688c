"""The file information block of a Word 97-2003 document ([MS-DOC] 2.5) and its streams."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import accumulate

import olefile

from indexer.errors import ReadError
from indexer.limits import Limits

_MAGIC = 0xA5EC
#: nFib of Word 97; 101 to 104 are Word 6 and 95, whose layout is another one.
_WORD_97 = 0x00C1
_ENCRYPTED, _WHICH_TABLE = 0x0100, 0x0200
_RG_LW, _RG_FC_LCB = 0x40, 0x9A

#: Places in FibRgFcLcb97 ([MS-DOC] 2.5.6).
STSHF, HEADERS, CHPX, PAPX, CLX, LISTS, OVERRIDES = 1, 11, 12, 13, 33, 73, 74


@dataclass(frozen=True, slots=True)
class Fib:
    """The streams of the document and where things stand in them.

    `stories` are the lengths in characters of: main text, footnotes, headers, macros, comments,
    endnotes, text boxes, text boxes of headers; they follow each other in one count of characters.
    """

    word: bytes
    table: bytes
    data: bytes
    stories: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]

    def part(self, which: int) -> bytes:
        """The bytes of one structure in the table stream; empty where there is none."""
        if which >= len(self.pairs):
            return b""
        start, length = self.pairs[which]
        return self.table[start : start + length]

    def story(self, which: int) -> tuple[int, int]:
        """(first character, one past the last) of a story."""
        ends = list(accumulate(self.stories))
        return ends[which] - self.stories[which], ends[which]


def read_fib(ole: olefile.OleFileIO, limits: Limits) -> Fib:
    """Raises ReadError: encrypted, unsupported (Word 6/95), corrupt, too_large."""
    word = stream(ole, "WordDocument", limits)
    if len(word) < _RG_FC_LCB + 8 * (OVERRIDES + 1):
        if len(word) >= 4 and _version(word) < _WORD_97:
            raise ReadError("unsupported", "Word 6 or 95")
        raise ReadError("corrupt", "WordDocument is too short")
    magic, version = struct.unpack_from("<HH", word)
    flags = struct.unpack_from("<H", word, 0x0A)[0]
    if (version < _WORD_97 and magic != _MAGIC) or version < 0x69:
        raise ReadError("unsupported", f"Word version {version}")
    if magic != _MAGIC:
        raise ReadError("corrupt", f"magic {magic:#x}")
    if flags & _ENCRYPTED:
        raise ReadError("encrypted", "fEncrypted")
    name = "1Table" if flags & _WHICH_TABLE else "0Table"
    return Fib(
        word=word,
        table=stream(ole, name, limits),
        data=stream(ole, "Data", limits) if ole.exists("Data") else b"",
        stories=_stories(word),
        pairs=_pairs(word),
    )


def _version(word: bytes) -> int:
    return int(struct.unpack_from("<H", word, 2)[0])


def _stories(word: bytes) -> tuple[int, ...]:
    counts = struct.unpack_from("<8i", word, _RG_LW + 12)
    if any(count < 0 for count in counts):
        raise ReadError("corrupt", "negative story length")
    return tuple(counts)


def _pairs(word: bytes) -> tuple[tuple[int, int], ...]:
    count = min(struct.unpack_from("<H", word, _RG_FC_LCB - 2)[0], (len(word) - _RG_FC_LCB) // 8)
    return tuple(
        struct.unpack_from("<II", word, _RG_FC_LCB + 8 * at) for at in range(max(count, 0))
    )


def stream(ole: olefile.OleFileIO, name: str, limits: Limits) -> bytes:
    """A stream's bytes. Raises ReadError."""
    if not ole.exists(name):
        raise ReadError("corrupt", f"no stream {name}")
    if ole.get_size(name) > limits.part * 4:
        raise ReadError("too_large", name)
    try:
        return bytes(ole.openstream(name).read())
    except (OSError, IndexError, struct.error) as error:
        raise ReadError("corrupt", f"{name}: {error}") from error
