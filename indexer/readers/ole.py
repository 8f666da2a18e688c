"""Document properties of OLE files ([MS-OLEPS]), as far as people fill them in.

olefile's own reader of them believes every count: some changed bytes in a real file kept it busy
for more than ten minutes and took 1.4 GB.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from datetime import datetime, timedelta

import olefile

_STREAM = "\x05SummaryInformation"
#: Thumbnails stand in the same stream; the properties asked for come to some hundred bytes.
_LARGEST = 4 * 1024 * 1024
#: A summary has no more than twenty properties ([MS-OLEPS] 2.25.1).
_MOST = 200
_LONGEST = 4096

_NAMES = {
    2: "title", 4: "author", 3: "subject", 5: "keywords", 8: "lastModifiedBy", 12: "created",
    13: "modified", 14: "pages",
}  # fmt: skip
_CODE_PAGE = 1
_SHORT, _INTEGER, _BYTES, _WIDE, _TIME = 0x02, 0x03, 0x1E, 0x1F, 0x40
#: Windows code pages of the property set -> Python codecs; UTF-8 and UTF-16 among them.
_CODECS = {936: "gb18030", 950: "big5hkscs", 1200: "utf-16-le", 65001: "utf-8", 1252: "cp1252"}


def properties(ole: olefile.OleFileIO) -> dict[str, str]:
    """title, author, created, modified … of the summary stream; {} where it cannot be read."""
    try:
        if not ole.exists(_STREAM) or ole.get_size(_STREAM) > _LARGEST:
            return {}
        data = ole.openstream(_STREAM).read()
        offsets = dict(_offsets(data))
    except (OSError, struct.error, IndexError):
        return {}  # broken properties do not make the document unreadable
    page = _value(data, offsets.get(_CODE_PAGE, -1), "gb18030")
    codec = _codec(int(page) & 0xFFFF if page else 0)
    found = ((key, _value(data, offsets.get(at, -1), codec)) for at, key in _NAMES.items())
    return {key: value for key, value in found if value}


def _offsets(data: bytes) -> Iterator[tuple[int, int]]:
    """(property, where its value stands in the stream) of the first property set."""
    (start,) = struct.unpack_from("<I", data, 44)
    (count,) = struct.unpack_from("<I", data, start + 4)
    for at in range(min(count, _MOST)):
        name, offset = struct.unpack_from("<II", data, start + 8 + 8 * at)
        yield name, start + offset


def _codec(page: int) -> str:
    try:
        return codecs.lookup(_CODECS.get(page, f"cp{page}")).name
    except LookupError:
        return "gb18030"


def _value(data: bytes, at: int, codec: str) -> str:
    """A value as text, "" where there is none or it is not set."""
    if at < 0:
        return ""
    try:
        (kind,) = struct.unpack_from("<H", data, at)
        if kind in (_SHORT, _INTEGER):
            (number,) = struct.unpack_from("<h" if kind == _SHORT else "<i", data, at + 4)
            return str(number) if number > 0 or kind == _SHORT else ""
        if kind == _TIME:
            return _time(*struct.unpack_from("<Q", data, at + 4))
        if kind in (_BYTES, _WIDE):
            (size,) = struct.unpack_from("<I", data, at + 4)
            wide = kind == _WIDE
            raw = data[at + 8 : at + 8 + min(2 * size if wide else size, _LONGEST)]
            text = raw.decode("utf-16-le" if wide else codec, "replace")
            return text.partition("\0")[0].strip()
    except struct.error:
        pass  # a value that breaks off is no value
    return ""


def _time(ticks: int) -> str:
    """ISO 8601 of a FILETIME: tenths of microseconds since 1601; "" where it is not set."""
    try:
        moment = datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return ""
    # An unset time is the epoch.
    return moment.isoformat() if moment.year > 1980 else ""
