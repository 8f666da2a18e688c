"""Archives of RAR 4 and 5 made by hand: headers as the format has them, members stored, or with
bytes that only a program for .rar could expand."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Packed:
    """`packed` None: stored. `size`: what it says it expands to."""

    name: bytes
    data: bytes
    packed: bytes | None = None
    encrypted: bool = False
    link: bool = False
    size: int | None = None


def vint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def block5(body: bytes) -> bytes:
    sized = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def rar5(path: Path, *members: Packed, flags: int = 0, ended: bool = True) -> Path:
    out = b"Rar!\x1a\x07\x01\x00" + block5(b"\x01\x00" + vint(flags))
    for one in members:
        packed = one.data if one.packed is None else one.packed
        extra = b""
        if one.encrypted:
            record = b"\x01" + b"\x00\x00\x0f" + bytes(32)
            extra += vint(len(record)) + record
        if one.link:
            record = b"\x05" + b"\x01\x00" + vint(11) + b"/etc/passwd"
            extra += vint(len(record)) + record
        size = len(one.data) if one.size is None else one.size
        method = 0 if one.packed is None else 3 << 7
        body = vint(2) + vint(3 if extra else 2) + (vint(len(extra)) if extra else b"")
        body += vint(len(packed)) + vint(4) + vint(size) + vint(0x20)
        body += struct.pack("<I", zlib.crc32(one.data)) + vint(method) + vint(0)
        body += vint(len(one.name)) + one.name + extra
        out += block5(body) + packed
    path.write_bytes(out + (block5(b"\x05\x00\x00") if ended else b""))
    return path


def rar4(path: Path, *members: Packed, flags: int = 0) -> Path:
    out = b"Rar!\x1a\x07\x00" + _block4(0x73, flags, bytes(6))
    for one in members:
        packed = one.data if one.packed is None else one.packed
        size = len(one.data) if one.size is None else one.size
        method = 0x30 if one.packed is None else 0x33
        host, mode = (3, 0o120777) if one.link else (2, 0x20)
        head = struct.pack(
            "<IIBIIBBHI", len(packed), size, host, zlib.crc32(one.data), 0x5021 << 16, 29, method,
            len(one.name), mode,
        )  # fmt: skip
        out += _block4(0x74, 0x8000 | (4 if one.encrypted else 0), head + one.name) + packed
    path.write_bytes(out + b"\xc4\x3d\x7b\x00\x40\x07\x00")
    return path


def _block4(kind: int, flags: int, rest: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head
