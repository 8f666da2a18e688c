"""Sectors of an .xls that follow each other in a circle, before calamine follows them.

calamine 0.37 gathers a chain until it ends; one that never does costs all memory there is, and
4 KB with a sector table of zeros are enough for that.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import olefile

from indexer.errors import ReadError

#: Numbers from here on are marks, no sectors ([MS-CFB] 2.1).
_MARKS = 0xFFFFFFFA
#: Where the header names the first sector that continues the list of the table's sectors (2.2).
_MORE = 0x44
_STREAM = olefile.STGTY_STREAM


def check_chains(path: Path) -> None:
    """Raises ReadError("corrupt") where a chain runs in a circle. What is wrong otherwise is left
    to calamine."""
    try:
        with olefile.OleFileIO(path) as ole:
            fat, starts = ole.fat, [ole.first_dir_sector, ole.first_mini_fat_sector]
            small: list[int] = []
            for entry in ole.direntries:
                if entry is not None:
                    short = entry.size < ole.minisectorcutoff and entry.entry_type == _STREAM
                    (small if short else starts).append(entry.isectStart)
            ends = all(_ends(fat, start) for start in starts)
            if ends and small and ole.root is not None:
                ole.loadminifat()
                ends = all(_ends(ole.minifat, start) for start in small)
            ends = ends and _list_ends(path, ole.sectorsize)
    except Exception:
        return  # olefile raises many kinds on broken input
    if not ends:
        raise ReadError("corrupt", "ole: a chain of sectors runs in a circle")


def _ends(table: Sequence[int], sector: int) -> bool:
    for _ in range(len(table) + 1):
        if sector >= len(table):
            return True
        sector = table[sector]
    return False


def _list_ends(path: Path, size: int) -> bool:
    """Whether the list of the table's own sectors ends, which goes on in the last word of each of
    its sectors."""
    with path.open("rb") as file:
        (sector,) = struct.unpack_from("<I", file.read(512), _MORE)
        for _ in range(path.stat().st_size // size + 1):
            if sector >= _MARKS:
                return True
            file.seek((sector + 2) * size - 4)
            word = file.read(4)
            if len(word) < 4:
                return True
            (sector,) = struct.unpack("<I", word)
    return False
