"""A .zip: its directory read by the standard library, its members expanded by our own bounds."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from indexer.bundles import expanding
from indexer.bundles.bounds import check_declared
from indexer.bundles.member import Member
from indexer.bundles.names import decoded, safe, unique
from indexer.bundles.pouring import cut, go_to, opened, pour
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.zips import open_zip

#: General purpose bits (APPNOTE.TXT 4.4.4): encrypted, strong encryption, masked local headers;
#: names in UTF-8.
_ENCRYPTED, _UTF8 = 0x1 | 0x40 | 0x2000, 0x800
_AES = 99  # the method under which WinZip's AES stands
_METHODS = (0, 8, 9, 12, 14)
_UNICODE_PATH = 0x7075  # APPNOTE.TXT 4.6.9
_HEADER = b"PK\x03\x04"
_HEADER_SIZE = 30  # APPNOTE.TXT 4.3.7
_FOLDER = 0x10  # the FAT attribute of a folder
#: One member of more than this ratio is a bomb: text and XML deflate to at most about 1:100.
_MEMBER_RATIO_FROM = 64 * 1024 * 1024


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> ZipBundle:
    return ZipBundle(path, limits)


class ZipBundle:
    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._file = opened(path)
        try:
            _refuse_volumes(self._file)
            self._zip = open_zip(path, limits)
        except ReadError:
            self._file.close()
            raise
        try:
            infos = self._zip.infolist()
            packed = sum(info.compress_size for info in infos)
            check_declared([info.file_size for info in infos], packed, limits)
            self._files = [info for info in infos if _is_file(info)]
            if self._files and all(_is_encrypted(info) for info in self._files):
                raise ReadError("encrypted", "every member is encrypted")
            self._shared = _overlapping(infos)
        except ReadError:
            self.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._zip.close()

    def members(self) -> Iterator[Member]:
        names = unique([safe(name) for name in _names(self._files)])
        for index, (info, name) in enumerate(zip(self._files, names, strict=True)):
            yield Member(name, info.file_size, index, _modified(info), self._fault(info))

    def extract(self, member: Member, target: Path) -> None:
        info = self._files[member.index]
        fault = self._fault(info)
        if fault is not None:
            raise fault
        packed = cut(self._file, self._data_of(info), info.compress_size)
        if info.compress_type == 0:
            pieces = packed
        else:
            expander = expanding.of_zip(info.compress_type, info.file_size)
            pieces = expanding.expanded(expander, packed)
        pour(pieces, target, info.file_size, crc=info.CRC)

    def _data_of(self, info: zipfile.ZipInfo) -> int:
        """Where a member's bytes begin. Its own header tells: the directory only knows the header,
        whose name and extra field may be longer there."""
        go_to(self._file, info.header_offset)
        header = self._file.read(_HEADER_SIZE)
        if len(header) < _HEADER_SIZE or not header.startswith(_HEADER):
            raise ReadError("corrupt", "no local header")
        name, extra = struct.unpack_from("<HH", header, 26)
        return int(info.header_offset) + _HEADER_SIZE + int(name) + int(extra)

    def _fault(self, info: zipfile.ZipInfo) -> ReadError | None:
        if _is_encrypted(info):
            return ReadError("encrypted", info.filename)
        if info.compress_type not in _METHODS:
            return ReadError("unsupported", f"compression method {info.compress_type}")
        if info.file_size > self._limits.file:
            return ReadError("too_large", f"{info.file_size} bytes")
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > _MEMBER_RATIO_FROM and ratio > self._limits.ratio:
            return ReadError("too_large", f"ratio {ratio}")
        if id(info) in self._shared:
            return ReadError("too_large", "its bytes are those of other members too")
        return None


def _refuse_volumes(file: BinaryIO) -> None:
    """A part of a split zip: the end record names another disk, or there is the mark of a first
    part (APPNOTE.TXT 8.5) and no end record. Raises ReadError("volumes")."""
    head = file.read(4)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65536 - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if 0 <= at <= len(tail) - 22:
        disk, first = struct.unpack_from("<HH", tail, at + 4)
        if disk not in (0, 0xFFFF) or first not in (0, 0xFFFF):
            raise ReadError("volumes", f"disk {disk}, directory on {first}")
    elif head == b"PK\x07\x08":
        raise ReadError("volumes", "the first part of a split zip")


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Neither a folder nor, where a Unix system packed it, a link or a device."""
    mode = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if mode not in (0, stat.S_IFREG):
        return False
    nothing = info.file_size == 0
    marked = info.external_attr & _FOLDER or info.orig_filename.endswith("\\")
    return not info.is_dir() and not (nothing and marked)


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED) or info.compress_type == _AES


def _overlapping(infos: list[zipfile.ZipInfo]) -> frozenset[int]:
    """The ids of the entries whose bytes run into the next one's. Many members that share the same
    packed bytes expand to any size (Fifield, "A better zip bomb", WOOT 2019)."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    return frozenset(
        id(info)
        for info, following in pairwise(ordered)
        if info.header_offset + _HEADER_SIZE + info.compress_size > following.header_offset
    )


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """The names as their writer meant them: flag bit 11, the Unicode path field, else guessed."""
    names: list[str] = []
    guess: list[tuple[int, bytes]] = []
    for at, info in enumerate(infos):
        names.append(info.orig_filename)
        if info.flag_bits & _UTF8 or info.orig_filename.isascii():
            continue
        raw = info.orig_filename.encode("cp437", "replace")
        given = _unicode_path(info.extra, raw)
        if given is not None:
            names[at] = given
        else:
            guess.append((at, raw))
    for (at, _), name in zip(guess, decoded([raw for _, raw in guess]), strict=True):
        names[at] = name
    return names


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and length > 5 and at + 4 + length <= len(extra):
            (crc,) = struct.unpack_from("<I", extra, at + 5)
            if crc == zlib.crc32(raw):
                return extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
        at += 4 + length
    return None


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None
