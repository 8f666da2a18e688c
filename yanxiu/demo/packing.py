"""Zip files that come out the same byte for byte each time, and ones with GBK names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

#: The date inside every archive we make; a zip counts in steps of two seconds from 1980.
STAMP = datetime(2014, 9, 1, 8, 0, 0)


def pack(parts: Iterable[tuple[str, bytes]], when: datetime = STAMP, level: int = 6) -> bytes:
    """A zip of these parts in this order, every entry dated `when`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, compresslevel=level)
    return out.getvalue()


def pack_gbk(parts: Iterable[tuple[str, bytes]], when: datetime = STAMP) -> bytes:
    """A zip as Windows in Chinese makes it: names in GBK, no flag to say so.

    `zipfile` would write UTF-8 with the flag, so it is given ASCII names of the same length,
    which are then replaced in both directories.
    """
    named = [(name.encode("gbk"), data) for name, data in parts]
    standins = [_standin(i, len(name)) for i, (name, _) in enumerate(named)]
    pairs = zip(standins, named, strict=True)
    packed = pack([(s.decode("ascii"), data) for s, (_, data) in pairs], when)
    for standin, (name, _) in zip(standins, named, strict=True):
        if packed.count(standin) != 2:
            raise ValueError(f"stand-in {standin!r} does not occur exactly twice")
        packed = packed.replace(standin, name)
    return packed


def _standin(number: int, length: int) -> bytes:
    return f"{number:02d}".encode().ljust(length, b"~")
