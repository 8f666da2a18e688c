"""Small .ppt files made record by record ([MS-PPT]), in an OLE file of plain sectors."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(path: Path, streams: dict[str, bytes], folder: str = "") -> Path:
    """A compound file ([MS-CFB]) whose streams are all long enough to stand in full sectors; in a
    storage of the root where `folder` names one."""
    sectors: list[bytes] = []
    chain: list[int] = []

    def add(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    entries = [_entry(folder, 1, _FREE, 2, _END, 0)] if folder else []
    last = len(entries) + len(streams)
    for number, (name, data) in enumerate(streams.items(), len(entries) + 1):
        data = data.ljust(4096, b"\0")
        following = number + 1 if number < last else _FREE
        entries.append(_entry(name, 2, following, _FREE, add(data), len(data)))
    directory = add(b"".join([_entry("Root Entry", 5, _FREE, 1, _END, 0), *entries]))
    count = next(n for n in range(1, 99) if n * 128 >= len(chain) + n)
    table = chain + [_FAT] * count
    table += [_FREE] * (count * 128 - len(table))
    places = [*range(len(sectors), len(sectors) + count)]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *places, *[_FREE] * (109 - count))
    path.write_bytes(header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table))
    return path


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", raw, len(raw), kind, 1, _FREE, right, child, start, size)


def record(kind: int, payload: bytes = b"", instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", version | instance << 4, kind, len(payload)) + payload


def holder(kind: int, *inner: bytes, instance: int = 0) -> bytes:
    return record(kind, b"".join(inner), instance, 15)


def text(words: str, kind: int = 4, narrow: bool = False) -> bytes:
    """TextHeaderAtom and TextCharsAtom or TextBytesAtom."""
    atom = record(0x0FA8, words.encode("latin-1")) if narrow else wide(words)
    return record(0x0F9F, struct.pack("<I", kind)) + atom


def wide(words: str) -> bytes:
    return record(0x0FA0, words.encode("utf-16-le"))


def shape(
    *inside: bytes,
    box: tuple[int, int, int, int] = (0, 0, 0, 0),
    place: int = 0,
    kind: int = 1,
    options: bytes = b"",
    data: bytes = b"",
    child: bool = False,
) -> bytes:
    """A shape; `inside` are the atoms of its text box, `box` is left, top, right, bottom."""
    left, top, right, bottom = box
    anchor = (
        record(0xF00F, struct.pack("<4i", left, top, right, bottom))
        if child
        else record(0xF010, struct.pack("<4h", top, left, right, bottom))
    )
    atom = record(0x0BC3, struct.pack("<iBBH", -1, place, 0, 0)) if place else b""
    return holder(
        0xF004,
        record(0xF00A, struct.pack("<II", 1, 0x0A00), kind, 2),
        options,
        anchor,
        holder(0xF011, atom, data) if atom or data else b"",
        holder(0xF00D, *inside) if inside else b"",
    )


def options(*pairs: tuple[int, bytes | int], kind: int = 0xF00B) -> bytes:
    """Properties of a shape; bytes stand behind them."""
    fixed = more = b""
    for name, value in pairs:
        if isinstance(value, bytes):
            fixed += struct.pack("<HI", name | 0x8000, len(value))
            more += value
        else:
            fixed += struct.pack("<HI", name, value)
    return record(kind, fixed + more, len(pairs), 3)


def group(own: bytes, *inner: bytes) -> bytes:
    return holder(0xF003, own, *inner)


def slide(*shapes: bytes, notes: int = 0, more: bytes = b"", kind: int = 0x03EE) -> bytes:
    """A slide, or a notes page (`kind` 0x03F0); `notes` is the number of its notes page."""
    drawing = group(shape(), *shapes)
    atom = record(0x03EF, struct.pack("<12xIIHH", 0, notes, 0, 0), version=2)
    return holder(kind, atom, holder(0x040C, holder(0xF002, drawing)), more)


def tags(name: str, *inner: bytes) -> bytes:
    tag = holder(0x138A, wide_string(name), record(0x138B, b"".join(inner)))
    return holder(0x1388, tag)


def wide_string(words: str, instance: int = 0) -> bytes:
    return record(0x0FBA, words.encode("utf-16-le"), instance)


class Show:
    """The stream of a show in the making: each `save` appends what PowerPoint would append."""

    def __init__(self) -> None:
        self.data = b""
        self.edit = 0

    def save(
        self,
        slides: Sequence[bytes],
        notes: Sequence[bytes] = (),
        outlines: Sequence[bytes] = (),
        more: bytes = b"",
        order: Sequence[int] = (),
    ) -> Show:
        """Slides are the objects 2, 3 …, notes pages the objects 100, 101 … with the numbers 500,
        501 …. The list of slides names the objects `order`, and numbers them 256, 257 ….
        `outlines` are texts that the document keeps."""
        listed = [
            record(0x03F3, struct.pack("<IIiII", number, 0, 0, 256 + at, 0))
            + (outlines[at] if at < len(outlines) else b"")
            for at, number in enumerate(order or range(2, 2 + len(slides)))
        ]
        listed_notes = [
            record(0x03F3, struct.pack("<IIiII", 100 + at, 0, 0, 500 + at, 0))
            for at in range(len(notes))
        ]
        document = holder(
            0x03E8, more, holder(0x0FF0, *listed), holder(0x0FF0, *listed_notes, instance=2)
        )
        entries = b""
        for number, thing in [(1, document), *enumerate(slides, 2), *enumerate(notes, 100)]:
            entries += struct.pack("<II", number | 1 << 20, len(self.data))
            self.data += thing
        directory = len(self.data)
        self.data += record(0x1772, entries)
        last, self.edit = self.edit, len(self.data)
        self.data += record(0x0FF5, struct.pack("<IIIIIIHH", 0, 0, last, directory, 1, 999, 0, 0))
        return self

    def write(
        self, path: Path, token: int = 0xE391C05F, edit: int | None = None, folder: str = ""
    ) -> Path:
        offset = self.edit if edit is None else edit
        user = record(0x0FF6, struct.pack("<IIIHHBBH", 20, token, offset, 0, 0x3F4, 3, 0, 0))
        streams = {"Current User": user, "PowerPoint Document": self.data}
        return ole(path, streams, folder)
