"""A .doc whose OLE container is damaged: its streams looked for where they usually lie.

Word and WPS write each stream in one stretch when they save a whole document, the text stream
first. So the file information block is looked for at the beginnings of sectors, and the table
stream where the piece table it names fits to the byte.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.doc.fib import CLX, Fib, assemble

_MAGIC = b"\xec\xa5"
#: Sectors of a compound file; short streams lie in shorter ones ([MS-CFB] 2.2).
_SECTOR, _SHORT_SECTOR = 512, 64
#: nFib of Word 97 to 2007 as a binary document ([MS-DOC] 2.5.1).
_VERSIONS = (0x00C1, 0x00D9, 0x0101, 0x010C, 0x0112)
#: A larger file is looked through by whole sectors only.
_SMALL = 16 * 1024 * 1024


def salvaged(path: Path, limits: Limits) -> Fib:
    """The streams of a damaged document. Raises ReadError: corrupt, encrypted, unreadable."""
    try:
        with path.open("rb") as file:
            raw = file.read(limits.part * 4)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    for start in _beginnings(raw):
        fib = assemble(raw[start:], b"", b"")
        return assemble(fib.word, _table(raw, fib), b"")
    raise ReadError("corrupt", "no file information block")


def _beginnings(raw: bytes) -> Iterator[int]:
    at = raw.find(_MAGIC)
    while at >= 0:
        version = struct.unpack_from("<H", raw, at + 2)[0] if at + 4 <= len(raw) else 0
        if at % _SECTOR == 0 and version in _VERSIONS:
            yield at
        at = raw.find(_MAGIC, at + 1)


def _table(raw: bytes, fib: Fib) -> bytes:
    """The table stream: where it begins, its piece table is as long as the block says."""
    place, length = fib.pairs[CLX] if len(fib.pairs) > CLX else (0, 0)
    if length < 21:  # a piece table of one piece
        return b""
    for step in (_SECTOR, _SHORT_SECTOR) if len(raw) < _SMALL else (_SECTOR,):
        for start in range(_SECTOR, len(raw) - place - length + 1, step):
            if raw[start + place] in (1, 2) and _fits(raw[start + place : start + place + length]):
                return raw[start:]
    return b""


def _fits(clx: bytes) -> bool:
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 9 > len(clx) or clx[at] != 2:
        return False
    length, first = struct.unpack_from("<Ii", clx, at + 1)
    return bool(at + 5 + length == len(clx) and length % 12 == 4 and first == 0)
