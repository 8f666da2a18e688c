"""Is this file complete? What its format promises to stand at its end.

A copy that is slow, paused or preallocated (the size is right from the start, the tail is zeros)
looks finished to size and mtime. These checks only delay: a file that never gets its ending is
taken after `give_up`, and reading it decides.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

#: A zip's end record may be followed by a comment of up to 65,535 bytes (APPNOTE 4.3.16).
_ZIP_TAIL = 65_535 + 22
#: Acrobat's own tolerance: %%EOF within the last 1,024 bytes (ISO 32000-1, annex H.3.18);
#: doubled for what mail gateways add.
_PDF_TAIL = 2_048
#: So many zeros at the end are a preallocated file, hardly a document.
_ZEROS = 4_096


def is_complete(path: Path) -> bool:
    """Whether the file can be opened (on Windows: by nobody else) and its end is plausible.
    False for an empty file: programs create the name first."""
    try:
        with _opened(path) as stream:
            size = stream.seek(0, os.SEEK_END)
            return size > 0 and _plausible(stream, size)
    except (OSError, struct.error):
        return False


def _plausible(stream: BinaryIO, size: int) -> bool:
    head = _at(stream, 0, 512)
    for magic, fits in _FORMATS:
        if head.startswith(magic):
            return fits(stream, size)
    return _not_preallocated(stream, size) and any(head)


def _zip(stream: BinaryIO, size: int) -> bool:
    tail = _at(stream, max(0, size - _ZIP_TAIL), _ZIP_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    length, offset, comment = struct.unpack_from("<IIH", tail, at + 12)
    end = size - len(tail) + at
    return bool(offset == 0xFFFFFFFF or (offset + length <= end and end + 22 + comment <= size))


def _ole(stream: BinaryIO, size: int) -> bool:
    """[MS-CFB] 2.2: the directory must begin with the root entry, and every FAT sector named in
    the header must mark itself as one (2.3)."""
    head = _at(stream, 0, 512)
    shift, count, directory = (
        struct.unpack_from(kind, head, at)[0] for kind, at in (("<H", 30), ("<I", 44), ("<I", 48))
    )
    if shift not in (9, 12):
        return True  # not what the standard says: reading will judge
    sector = 1 << shift
    root = _at(stream, (directory + 1) * sector, 2)
    if root in (b"", b"\x00\x00"):
        return False
    places = struct.unpack_from("<109I", head, 76)[: min(count, 109)]
    return all(_is_fat(stream, place, number, sector) for number, place in enumerate(places))


def _is_fat(stream: BinaryIO, place: int, number: int, sector: int) -> bool:
    index = place - number * (sector // 4)
    if not 0 <= index < sector // 4:
        # Its own entry stands in another FAT sector; that it is there at all must do.
        return len(_at(stream, (place + 1) * sector, sector)) == sector
    return _at(stream, (place + 1) * sector + 4 * index, 4) == b"\xfd\xff\xff\xff"


def _ends_with(mark: bytes, within: int) -> Callable[[BinaryIO, int], bool]:
    def fits(stream: BinaryIO, size: int) -> bool:
        return mark in _at(stream, max(0, size - within), within)

    return fits


def _seven_zip(stream: BinaryIO, size: int) -> bool:
    offset, length = struct.unpack("<QQ", _at(stream, 12, 16))
    return bool(32 + offset + length <= size) and _not_preallocated(stream, size)


def _not_preallocated(stream: BinaryIO, size: int) -> bool:
    return size < _ZEROS or any(_at(stream, size - _ZEROS, _ZEROS))


_FORMATS: tuple[tuple[bytes, Callable[[BinaryIO, int], bool]], ...] = (
    (b"PK\x03\x04", _zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _ole),
    (b"%PDF", _ends_with(b"%%EOF", _PDF_TAIL)),
    (b"{\\rtf", _ends_with(b"}", 512)),
    (b"\x89PNG", _ends_with(b"IEND", 64)),
    (b"\xff\xd8\xff", _ends_with(b"\xff\xd9", 4_096)),
    (b"7z\xbc\xaf\x27\x1c", _seven_zip),
)


def _at(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    return stream.read(length)


if sys.platform == "win32":

    def _opened(path: Path) -> BinaryIO:
        """Open with no sharing: refused while anybody else has the file open."""
        import ctypes
        import msvcrt

        create = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
        create.restype = ctypes.c_void_p
        generic_read, open_existing, normal = 0x80000000, 3, 0x80
        handle = create(str(path), generic_read, 0, None, open_existing, normal, None)
        if handle is None or handle == ctypes.c_void_p(-1).value:
            raise ctypes.WinError(ctypes.get_last_error())
        return os.fdopen(msvcrt.open_osfhandle(handle, os.O_RDONLY), "rb")

else:

    def _opened(path: Path) -> BinaryIO:
        return path.open("rb")
