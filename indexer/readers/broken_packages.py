"""What can still be read of a damaged package: members without a directory, XML that breaks off."""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Element, Package, check_sizes

#: Local file header (APPNOTE.TXT 4.3.7): its signature and what follows it.
_LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZE_FOLLOWS = 0x1, 0x8
#: Names whose bytes are wanted; pictures and fonts are passed over.
_WANTED = (".xml", ".rels", ".htm", ".html", ".mht", ".rtf", ".txt")
_STEP = 64 * 1024

_NAMESPACE = "NAMESPACE"


def recovered(data: bytes) -> tuple[Element, bool]:
    """(root of a broken XML part as far as it parses, whether something is missing).

    A prefix that was never declared (WPS has written such) breaks the rules of XML but loses
    nothing. Raises ReadError("corrupt") where nothing parses.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("corrupt", f"xml: {error}") from error
    if root is None:
        raise ReadError("corrupt", "xml: nothing parses")
    return root, any(entry.domain_name != _NAMESPACE for entry in parser.error_log)


@dataclass(frozen=True, slots=True)
class Member:
    data: bytes
    whole: bool


def members(path: Path, limits: Limits) -> dict[str, Member]:
    """The text parts that local headers lead to, in the order of the file; a later one of the
    same name wins, as with a directory. Raises ReadError: encrypted, too_large, unreadable."""
    found: dict[str, Member] = {}
    spent = 0
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            for count, (name, member) in enumerate(_walk(view, limits)):
                spent += len(member.data)
                if count > limits.members or spent > 2 * limits.part:
                    raise ReadError("too_large", "salvaged members")
                if name.lower().endswith(_WANTED):
                    found[name] = member
    except (OSError, ValueError) as error:
        raise ReadError("unreadable", str(error)) from error
    return found


def _walk(view: mmap.mmap, limits: Limits) -> Iterator[tuple[str, Member]]:
    at = view.find(_LOCAL)
    while at >= 0 and at + _HEADER.size <= len(view):
        header = _HEADER.unpack_from(view, at)
        flags, method, packed, named, extra = header[2], header[3], header[7], *header[9:11]
        start = at + _HEADER.size + named + extra
        name = view[at + _HEADER.size : at + _HEADER.size + named]
        if flags & _ENCRYPTED:
            raise ReadError("encrypted", "zip member")
        text = name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        known = packed if not flags & _SIZE_FOLLOWS else 0
        member, end = Member(b"", False), start + known
        if text.lower().endswith(_WANTED):
            member, end = _unpacked(view, start, known, method, limits)
        yield text, member
        at = view.find(_LOCAL, max(end, at + 4))


def _unpacked(
    view: mmap.mmap, start: int, packed: int, method: int, limits: Limits
) -> tuple[Member, int]:
    """The bytes of a member and where they end in the file."""
    if method == _STORED:
        data = view[start : start + min(packed, limits.part)]
        return Member(data, 0 < packed == len(data)), start + packed
    if method != _DEFLATED:
        return Member(b"", False), start + packed
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    at, size = start, 0
    try:
        while not inflater.eof and at < len(view):
            pieces.append(inflater.decompress(view[at : at + _STEP], limits.part + 1 - size))
            at, size = at + _STEP, size + len(pieces[-1])
            if size > limits.part:
                raise ReadError("too_large", "salvaged member")
    except zlib.error:
        return Member(b"".join(pieces), False), start + packed
    end = min(at, len(view)) - len(inflater.unused_data)
    return Member(b"".join(pieces), inflater.eof), max(end, start)


class SalvagedPackage(Package):
    """A package whose zip directory is lost: what its local headers lead to."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self.spent = 0
        self.names = {}
        self.members = members(path, limits)
        self._folded = {name.replace("\\", "/").lower().lstrip("/"): name for name in self.members}
        check_sizes([], limits)

    def __exit__(self, *error: object) -> None:
        """Nothing is open."""

    def data(self, name: str) -> bytes:
        return self.members[self._folded[name.lower().lstrip("/")]].data

    def is_whole(self, name: str) -> bool:
        return self.members[self._folded[name.lower().lstrip("/")]].whole
