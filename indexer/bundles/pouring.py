"""Bytes of one member into one file: counted, checked, and gone again where they are wrong."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.errors import ReadError

#: Bytes read at a time.
CHUNK = 256 * 1024


def pour(
    pieces: Iterable[bytes],
    target: Path,
    most: int,
    *,
    exact: bool = True,
    crc: int | None = None,
) -> None:
    """Write `pieces` to the file `target`: no more than `most` bytes, with `exact` no fewer either.

    Raises ReadError: too_large, corrupt (fewer bytes, or another CRC-32 than `crc`); `target` is
    then removed, as on every other error.
    """
    try:
        written, found = 0, 0
        with target.open("wb") as sink:
            for piece in pieces:
                written += len(piece)
                if written > most:
                    raise ReadError("too_large", f"more than {most} bytes")
                if crc is not None:
                    found = zlib.crc32(piece, found)
                sink.write(piece)
        if exact and written < most:
            raise ReadError("corrupt", f"{written} of {most} bytes")
        if crc is not None and found != crc:
            raise ReadError("corrupt", "another checksum")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def cut(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """`length` bytes of `file` from `start`, in pieces; fewer where the file ends before."""
    go_to(file, start)
    while length > 0 and (piece := file.read(min(CHUNK, length))):
        length -= len(piece)
        yield piece


def go_to(file: BinaryIO, place: int) -> None:
    """Seek to a place that the bundle names. Raises ReadError where no file could have it: the
    system would answer as if our disk were at fault."""
    if not 0 <= place < 1 << 62:
        raise ReadError("corrupt", f"a place of {place}")
    file.seek(place)


def is_ours(error: OSError) -> bool:
    """Whether it is our disk or memory that failed. bzip2 calls damaged data an OSError without a
    number, and libraries seek to places (EINVAL) that damaged headers name."""
    return error.errno not in (None, errno.EINVAL)


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. Raises ReadError("unreadable")."""
    try:
        return path.open("rb")
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
