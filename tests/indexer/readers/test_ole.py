"""Document properties of OLE files: what people fill in, and streams that lie about themselves."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import made_ppt
import olefile

from indexer.readers.ole import properties


def summary(*values: tuple[int, bytes]) -> bytes:
    """A property set stream ([MS-OLEPS] 2.21) of properties by number and typed value."""
    entries = more = b""
    start = 8 + 8 * len(values)
    for number, value in values:
        entries += struct.pack("<II", number, start + len(more))
        more += value.ljust(len(value) + -len(value) % 4, b"\0")
    body = struct.pack("<II", start + len(more), len(values)) + entries + more
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + body


def narrow(text: bytes) -> bytes:
    return struct.pack("<II", 0x1E, len(text) + 1) + text + b"\0"


def read(path: Path, stream: bytes) -> dict[str, str]:
    made_ppt.ole(path, {"\x05SummaryInformation": stream})
    with olefile.OleFileIO(path) as ole:
        return properties(ole)


def test_texts_in_the_code_page_and_in_unicode(tmp_path: Path) -> None:
    page = struct.pack("<IhH", 2, 936, 0)
    wide = struct.pack("<II", 0x1F, 3) + "王老师".encode("utf-16-le")
    found = read(tmp_path / "a", summary((1, page), (2, narrow("总结".encode("gbk"))), (4, wide)))
    assert found == {"title": "总结", "author": "王老师"}


def test_times_are_iso_and_unset_ones_are_left_out(tmp_path: Path) -> None:
    ticks = 130_645_440_000_000_000  # 2015-01-01
    found = read(
        tmp_path / "a",
        summary((12, struct.pack("<IQ", 0x40, ticks)), (13, struct.pack("<IQ", 0x40, 0))),
    )
    assert found == {"created": "2015-01-01T00:00:00"}


def test_counts_that_promise_the_world_cost_nothing(tmp_path: Path) -> None:
    lists = struct.pack("<II", 0x1003, 0xFFFFFFFF)
    many = summary((2, narrow(b"a")), (99, lists))
    many = many[:52] + struct.pack("<I", 0xFFFFFFF0) + many[56:]
    long = summary((2, struct.pack("<II", 0x1F, 0xFFFFFFFF) + b"b\0\0\0"), (3, b"\x1e"), (4, b""))
    begun = time.process_time()
    assert read(tmp_path / "a", many) == {"title": "a"}
    assert read(tmp_path / "b", long) == {"title": "b"}
    assert read(tmp_path / "c", b"\xff" * 64) == {}
    assert time.process_time() - begun < 1
