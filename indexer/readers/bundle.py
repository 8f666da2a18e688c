"""A .zip of several submissions: a bundle, not a document. Its members are streamed out one by one.

    with Bundle(path) as bundle:
        for member in bundle.members():
            if member.error is None:
                bundle.extract(member, spool / "7f3a")

What is wrong with one member is a value on it; what is wrong with the whole raises ReadError.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from indexer.charset import decode
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.readers.package import check_sizes
from indexer.zips import open_zip

_CHUNK = 256 * 1024
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_UNICODE_PATH = 0x7075  # APPNOTE.TXT 4.6.9
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
#: One member of more than this ratio is a bomb: text and XML deflate to at most about 1:100.
_MEMBER_RATIO_FROM = 64 * 1024 * 1024

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a bundle.

    `name` is its path inside the bundle made safe: relative, "/" between parts, no "..", unique.
    `size` is in bytes as declared. `error`: encrypted, unsupported or too_large, else None.
    `index` is its place in the zip's directory; `modified` is naive local time as the zip has it.
    """

    name: str
    size: int
    index: int
    modified: datetime | None = None
    error: ReadError | None = None


class Bundle:
    """An open bundle. Raises ReadError: corrupt, too_large, encrypted (all of it), unreadable."""

    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._zip = open_zip(path, limits)
        try:
            infos = self._zip.infolist()
            check_sizes(infos, limits)
            files = [(at, info) for at, info in enumerate(infos) if not info.is_dir()]
            if files and all(info.flag_bits & _ENCRYPTED_FLAG for _, info in files):
                raise ReadError("encrypted", "every member is encrypted")
        except ReadError:
            self._zip.close()
            raise
        self._files = files

    def __enter__(self) -> Bundle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def members(self) -> Iterator[Member]:
        """The files of the bundle in directory order; folders are not members."""
        names = _unique([_safe(name) for name in _names([info for _, info in self._files])])
        for (index, info), name in zip(self._files, names, strict=True):
            yield Member(name, info.file_size, index, _modified(info), self._fault(info))

    def extract(self, member: Member, target: Path) -> None:
        """Write the member's bytes to the file `target`, and nothing anywhere else.

        Raises ReadError (the member's own error, corrupt, too_large); `target` is then removed.
        """
        info = self._zip.infolist()[member.index]
        fault = self._fault(info)
        if fault is not None:
            raise fault
        try:
            with self._zip.open(info) as source, target.open("wb") as sink:
                written = 0
                while chunk := source.read(_CHUNK):
                    written += len(chunk)
                    if written > info.file_size:
                        raise ReadError("too_large", "more bytes than declared")
                    sink.write(chunk)
        except ReadError:
            target.unlink(missing_ok=True)
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
            target.unlink(missing_ok=True)
            raise ReadError("corrupt", f"{member.name}: {error}") from error

    def _fault(self, info: zipfile.ZipInfo) -> ReadError | None:
        if info.flag_bits & _ENCRYPTED_FLAG:
            return ReadError("encrypted", info.filename)
        if info.compress_type not in _METHODS:
            return ReadError("unsupported", f"compression method {info.compress_type}")
        if info.file_size > self._limits.file:
            return ReadError("too_large", f"{info.file_size} bytes")
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > _MEMBER_RATIO_FROM and ratio > self._limits.ratio:
            return ReadError("too_large", f"ratio {ratio}")
        return None


def members(path: Path, limits: Limits = DEFAULT) -> Iterator[Member]:
    """The members of the bundle at `path`. Raises ReadError, see `Bundle`."""
    with Bundle(path, limits) as bundle:
        yield from bundle.members()


def extract(path: Path, member: Member, target: Path, limits: Limits = DEFAULT) -> None:
    """Write one member to `target`. For many members keep one `Bundle` open instead."""
    with Bundle(path, limits) as bundle:
        bundle.extract(member, target)


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """The names as their writer meant them: flag bit 11, the Unicode path field, else guessed.

    Guessed names are judged together: one archive has one coding, and a short name alone is often
    valid in several.
    """
    names: list[str] = []
    guess: list[tuple[int, bytes]] = []
    for at, info in enumerate(infos):
        names.append(info.orig_filename)
        if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
            continue
        raw = info.orig_filename.encode("cp437", "replace")
        given = _unicode_path(info.extra, raw)
        if given is not None:
            names[at] = given
        else:
            guess.append((at, raw))
    decoded = decode(b"\n".join(raw for _, raw in guess)).split("\n") if guess else []
    if len(decoded) != len(guess):
        decoded = [decode(raw) for _, raw in guess]
    for (at, _), name in zip(guess, decoded, strict=True):
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


def _safe(name: str) -> str:
    """A relative path without anything that climbs, hides a drive or a device."""
    parts = []
    for part in name.replace("\\", "/").split("/"):
        part = _UNSAFE.sub("_", part).strip(" ")
        if part in ("", ".", ".."):
            continue
        if part.endswith("."):
            part = part.rstrip(".") + "_"
        parts.append(f"_{part}" if _RESERVED.match(part) else part)
    return "/".join(parts) or "_"


def _unique(names: list[str]) -> list[str]:
    seen: set[str] = set()
    found = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if not dot or "/" in suffix:
            stem, dot, suffix = name, "", ""
        fresh, count = name, 1
        while fresh.casefold() in seen:
            count += 1
            fresh = f"{stem} ({count}){dot}{suffix}"
        seen.add(fresh.casefold())
        found.append(fresh)
    return found


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None
