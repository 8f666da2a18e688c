"""Document properties of OLE files ([MS-OLEPS]), as far as people fill them in."""

from __future__ import annotations

import codecs
from datetime import datetime

import olefile

_NAMES = {
    "title": "title", "author": "author", "subject": "subject", "keywords": "keywords",
    "last_saved_by": "lastModifiedBy", "create_time": "created", "last_saved_time": "modified",
    "num_pages": "pages",
}  # fmt: skip
#: Windows code pages of the property set -> Python codecs; UTF-8 and UTF-16 among them.
_CODECS = {936: "gb18030", 950: "big5hkscs", 1200: "utf-16-le", 65001: "utf-8", 1252: "cp1252"}


def properties(ole: olefile.OleFileIO) -> dict[str, str]:
    """title, author, created, modified … of the summary stream; {} where it cannot be read."""
    try:
        given = ole.get_metadata()
    except Exception:
        return {}  # broken properties do not make the document unreadable
    codec = _codec((given.codepage or 0) & 0xFFFF)
    found = {}
    for name, key in _NAMES.items():
        value = _text(getattr(given, name, None), codec)
        if value:
            found[key] = value
    return found


def _codec(page: int) -> str:
    try:
        return codecs.lookup(_CODECS.get(page, f"cp{page}")).name
    except LookupError:
        return "gb18030"


def _text(value: object, codec: str) -> str:
    if isinstance(value, bytes):
        return value.decode(codec, "replace").strip("\0 ")
    if isinstance(value, datetime):
        # An unset time is the epoch of FILETIME.
        return value.isoformat() if value.year > 1980 else ""
    if isinstance(value, int):
        return str(value) if value > 0 else ""
    return str(value).strip("\0 ") if value else ""
