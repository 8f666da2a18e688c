"""Opening a zip whose directory is not trusted: its size is looked at before it is read."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits

#: Directory bytes per allowed member: 46 of header (APPNOTE.TXT 4.3.12) and room for the name
#: and extra fields; real entries take 80 to 200.
_ENTRY = 1024
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"


def open_zip(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The zip, open. Raises ReadError: corrupt, too_large, unreadable."""
    try:
        if directory_size(path) > limits.members * _ENTRY:
            raise ReadError("too_large", "zip directory")
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise ReadError("corrupt", f"zip: {error}") from error
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error


def directory_size(path: Path) -> int:
    """Bytes of the central directory as the end record says; 0 where there is no end record."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - 65536 - 22)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            return 0
        (length,) = struct.unpack_from("<I", tail, at + 12)
        if length != 0xFFFFFFFF or tail[at - 20 : at - 16] != _END64_LOCATOR:
            return int(length)
        (offset,) = struct.unpack_from("<Q", tail, at - 12)
        file.seek(offset)
        record = file.read(56)
        return int(struct.unpack_from("<Q", record, 40)[0]) if len(record) == 56 else 0
