"""The file information block of a Word 97-2003 document ([MS-DOC] 2.5) and its streams."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import olefile

from indexer.errors import ReadError
from indexer.limits import Limits

MAGIC = 0xA5EC
#: nFib of Word 97; 101 to 104 are Word 6 and 95, whose layout is another one.
WORD_97 = 0x00C1
_ENCRYPTED, _WHICH_TABLE = 0x0100, 0x0200
_FC_MIN, _RG_LW, _RG_FC_LCB = 0x18, 0x40, 0x9A

#: Places in FibRgFcLcb97 ([MS-DOC] 2.5.6).
STSHF, CHPX, PAPX, CLX, LISTS, OVERRIDES = 1, 12, 13, 33, 73, 74
FOOTNOTE_REFS, FOOTNOTES, ENDNOTE_REFS, ENDNOTES = 2, 3, 46, 47
COMMENT_REFS, COMMENTS, COMMENT_AUTHORS = 4, 5, 36
SECTIONS, HEADERS, FONTS, DOP = 6, 11, 15, 31
SHAPES, HEADER_SHAPES, BOXES, HEADER_BOXES = 40, 41, 56, 58

#: Which story of the document (`Fib.stories`) is which.
MAIN, NOTE_TEXT, HEADER_TEXT, COMMENT_TEXT, ENDNOTE_TEXT, BOX_TEXT, HEADER_BOX_TEXT = (
    0, 1, 2, 4, 5, 6, 7,
)  # fmt: skip


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

    @property
    def plain(self) -> tuple[int, int]:
        """(first byte, one past the last) of the text in a document saved in one go."""
        first, last = struct.unpack_from("<II", self.word, _FC_MIN)
        return first, last

    def plc(self, which: int, size: int) -> Iterator[tuple[int, int, bytes]]:
        """(first character, one past the last, data of `size` bytes) of a PLC ([MS-DOC] 2.2.2);
        characters count from the beginning of the story that the PLC is about. Its ranges follow
        each other; where they do not, the rest is not believed."""
        raw = self.part(which)
        count = max(0, (len(raw) - 4) // (4 + size))
        edges = struct.unpack_from(f"<{count + 1}i", raw) if count else ()
        for at in range(count):
            if edges[at + 1] < edges[at]:
                return
            place = 4 * (count + 1) + size * at
            yield edges[at], edges[at + 1], raw[place : place + size]


def read_fib(ole: olefile.OleFileIO, limits: Limits) -> Fib:
    """Raises ReadError: encrypted, unsupported (Word 6/95), corrupt, too_large."""
    word = stream(ole, "WordDocument", limits)
    names = ("1Table", "0Table") if uses_first_table(word) else ("0Table", "1Table")
    # A writer that set the wrong bit still wrote but one table stream.
    name = next((name for name in names if ole.exists(name)), "")
    table = stream(ole, name, limits) if name else b""
    return assemble(word, table, stream(ole, "Data", limits) if ole.exists("Data") else b"")


def assemble(word: bytes, table: bytes, data: bytes) -> Fib:
    """The block from streams. Raises ReadError: encrypted, unsupported, corrupt."""
    check(word)
    return Fib(word=word, table=table, data=data, stories=_stories(word), pairs=_pairs(word))


def check(word: bytes) -> None:
    """Raises ReadError where `word` does not begin with a block that can be read."""
    if len(word) < 4:
        raise ReadError("corrupt", "WordDocument is too short")
    magic, version = struct.unpack_from("<HH", word)
    if version < 0x69 or (version < WORD_97 and magic != MAGIC):
        raise ReadError("unsupported", f"Word version {version}")
    if magic != MAGIC:
        raise ReadError("corrupt", f"magic {magic:#x}")
    if len(word) < _RG_FC_LCB + 8 * (CLX + 1):
        raise ReadError("corrupt", "WordDocument is too short")
    if struct.unpack_from("<H", word, 0x0A)[0] & _ENCRYPTED:
        raise ReadError("encrypted", "fEncrypted")


def uses_first_table(word: bytes) -> bool:
    return len(word) > 0x0C and bool(struct.unpack_from("<H", word, 0x0A)[0] & _WHICH_TABLE)


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
    """A stream's bytes, as many as there are. Raises ReadError."""
    if not ole.exists(name):
        raise ReadError("corrupt", f"no stream {name}")
    if ole.get_size(name) > limits.part * 4:
        raise ReadError("too_large", name)
    try:
        return bytes(ole.openstream(name).read())
    except (OSError, IndexError, struct.error) as error:
        raise ReadError("corrupt", f"{name}: {error}") from error
