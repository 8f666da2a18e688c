"""A .7z: its header read by py7zr within bounds, its streams expanded in one pass each.

py7zr's own extraction ends at the first broken member, keeps to paths on the disk, and lets a
dictionary or a header be as large as it says; so only its parser and its decoders are used.
"""

from __future__ import annotations

import io
import lzma
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import py7zr
from py7zr import archiveinfo, compressor
from py7zr.exceptions import (
    ArchiveError,
    PasswordRequired,
    UnsupportedCompressionMethodError,
)
from py7zr.properties import COMPRESSION_METHOD as METHOD

from indexer.bundles.bounds import check_declared
from indexer.bundles.expanding import DICTIONARY, MOST
from indexer.bundles.member import Member
from indexer.bundles.names import safe, unique
from indexer.bundles.pouring import go_to, is_ours, opened, pour
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

_SIGNATURE_SIZE = 32  # 7zFormat.txt, "Archive structure"
_ENCODED_HEADER = b"\x17"  # 7zFormat.txt, "Property IDs"
#: Header bytes per allowed member: a name of 40 characters, times, attributes and sums take 120.
_ENTRY = 512
#: Packed bytes per step. Decoders that know no bound of their own get so few that what comes out
#: of them stays within 2 MB (Deflate64 makes up to 64 KB of 18 bits, Zstandard 128 KB of 4 bytes).
_STEP, _SIP = 32 * 1024, 64
_UNBOUNDED = (METHOD.MISC_DEFLATE64, METHOD.MISC_ZSTD)
_METHODS = frozenset(method["id"] for method in compressor.SupportedMethods.methods)

#: What py7zr's parser and decoders raise on foreign bytes.
_BROKEN = (
    ArchiveError, lzma.LZMAError, zlib.error, struct.error, EOFError, ValueError, TypeError,
    IndexError, KeyError, AttributeError, AssertionError, OverflowError, RuntimeError,
)  # fmt: skip
_parsing = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of the header. `folder` is py7zr's word for files packed into one stream, None for an
    empty file; `at` counts the files before it in that stream."""

    file: Any
    folder: Any
    at: int

    @property
    def size(self) -> int:
        return int(self.file.uncompressed)


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> SevenZipBundle:
    return SevenZipBundle(path, limits)


class SevenZipBundle:
    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._file = opened(path)
        try:
            archive = _parsed(self._file, limits)
            self._places = _places(archive)
            self._all, self._files = _entries(archive)
            self._check(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise
        self._pass: _Pass | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def members(self) -> Iterator[Member]:
        names = unique([safe(entry.file.filename) for entry in self._files])
        for index, (entry, name) in enumerate(zip(self._files, names, strict=True)):
            yield Member(name, entry.size, index, _modified(entry.file), self._fault(entry))

    def extract(self, member: Member, target: Path) -> None:
        entry = self._files[member.index]
        fault = self._fault(entry)
        if fault is not None:
            raise fault
        if entry.folder is None:
            target.touch()
            return
        pour(self._upto(entry).next(), target, entry.size, crc=entry.file.crc32)

    def _upto(self, entry: _Entry) -> _Pass:
        """The pass through the entry's stream, brought to the entry; begun where needed."""
        at = self._pass
        if at is None or at.folder is not entry.folder or at.position > entry.at:
            sizes = [one.size for one in self._all if one.folder is entry.folder]
            at = self._pass = _Pass(self._file, entry.folder, self._places[id(entry.folder)], sizes)
        while at.position < entry.at:
            for _ in at.next():
                pass
        return at

    def _check(self, packed: int) -> None:
        """Refuse by the header: sizes, encryption. Raises ReadError."""
        check_declared([entry.size for entry in self._all], packed, self._limits)
        full = [entry for entry in self._files if entry.folder is not None]
        if full and all(_is_encrypted(entry.folder) for entry in full):
            raise ReadError("encrypted", "every member is encrypted")

    def _fault(self, entry: _Entry) -> ReadError | None:
        if entry.folder is None:
            return None
        if _is_encrypted(entry.folder):
            return ReadError("encrypted", "7zAES")
        if entry.size > self._limits.file:
            return ReadError("too_large", f"{entry.size} bytes")
        return _folder_fault(entry.folder)


class _Pass:
    """One way through a packed stream, file by file. `position`: files that were passed."""

    def __init__(
        self, file: BinaryIO, folder: Any, place: tuple[int, int], sizes: list[int]
    ) -> None:
        self.folder, self.position = folder, 0
        self._file, self._sizes = file, sizes
        self._at, packed = place
        self._dead = False
        unbounded = any(coder["method"] in _UNBOUNDED for coder in folder.coders)
        step = _SIP if unbounded else _STEP
        try:
            self._decoder = compressor.SevenZipDecompressor(
                folder.coders, packed, folder.unpacksizes, folder.crc, None, step
            )
        except UnsupportedCompressionMethodError as error:
            raise ReadError("unsupported", f"7z: {error}") from error
        except _BROKEN as error:
            raise ReadError("corrupt", f"7z: {error}") from error

    def next(self) -> Iterator[bytes]:
        """The bytes of the next file, to be taken to their end. Raises ReadError; so does every
        file after a broken one in the same stream."""
        left = self._sizes[self.position]
        self.position += 1
        while left > 0:
            if self._dead:
                raise ReadError("corrupt", "7z: the stream is broken further up")
            self._dead = True
            piece = self._step(min(left, MOST))
            self._dead = False
            left -= len(piece)
            yield piece

    def _step(self, most: int) -> bytes:
        while True:
            go_to(self._file, self._at)
            try:
                piece: bytes = self._decoder.decompress(self._file, most)
            except MemoryError as error:
                raise ReadError("too_large", "7z: out of memory") from error
            except OSError as error:
                if is_ours(error):
                    raise
                raise ReadError("corrupt", f"7z: {error}") from error
            except _BROKEN as error:
                raise ReadError("corrupt", f"7z: {error}") from error
            moved = self._file.tell() != self._at
            self._at = self._file.tell()
            if piece:
                return bytes(piece)
            if not moved:
                raise ReadError("corrupt", "7z: the stream ends too early")


def _parsed(file: BinaryIO, limits: Limits) -> Any:
    """py7zr's view of the archive. Raises ReadError."""
    try:
        _look_ahead(file, limits)
        file.seek(0)
        with _few_files(limits.members):
            return py7zr.SevenZipFile(file, "r")
    except PasswordRequired as error:
        raise ReadError("encrypted", "the header is encrypted") from error
    except UnsupportedCompressionMethodError as error:
        raise ReadError("unsupported", f"7z: {error}") from error
    except (MemoryError, RecursionError) as error:
        raise ReadError("too_large", f"7z: {error!r}") from error
    except _BROKEN as error:
        code = "too_large" if "exceeds limit" in str(error) else "corrupt"
        raise ReadError(code, f"7z: {error}") from error


def _look_ahead(file: BinaryIO, limits: Limits) -> None:
    """Refuse a header that is too large, before or after it is expanded, or that needs a large
    dictionary; py7zr asks neither. Raises ReadError, and what py7zr raises."""
    head = file.read(_SIGNATURE_SIZE)
    end = file.seek(0, io.SEEK_END)
    if len(head) < _SIGNATURE_SIZE:
        raise ReadError("corrupt", "7z: cut short")
    offset, size = struct.unpack_from("<QQ", head, 12)
    if _SIGNATURE_SIZE + offset + size > end:
        raise ReadError("corrupt", "7z: cut short")
    most = max(limits.members, 64) * _ENTRY
    if size > most:
        raise ReadError("too_large", f"7z: a header of {size} bytes")
    go_to(file, _SIGNATURE_SIZE + offset)
    header = io.BytesIO(file.read(size))
    if header.read(1) != _ENCODED_HEADER:
        return
    for folder in archiveinfo.HeaderStreamsInfo.retrieve(header).unpackinfo.folders:
        fault = None if _is_encrypted(folder) else _folder_fault(folder)
        if fault is not None:
            raise fault
        if max(folder.unpacksizes, default=0) > most:
            raise ReadError("too_large", f"7z: a header of {folder.unpacksizes} bytes expanded")


@contextmanager
def _few_files(members: int) -> Iterator[None]:
    """py7zr makes an object for each file a header declares, before it looks whether they are
    there: its bound of eight million is a gigabyte."""
    with _parsing:
        before = archiveinfo.MAX_NUMFILES
        # Folders count as files there.
        archiveinfo.MAX_NUMFILES = 2 * members
        try:
            yield
        finally:
            archiveinfo.MAX_NUMFILES = before


def _places(archive: Any) -> dict[int, tuple[int, int]]:
    """id of a folder -> (where its packed bytes begin in the file, how many they are)."""
    streams = getattr(archive.header, "main_streams", None)
    if streams is None or streams.unpackinfo is None or streams.packinfo is None:
        return {}
    places, stream, pack = {}, 0, streams.packinfo
    for folder in streams.unpackinfo.folders:
        if stream >= len(pack.packsizes):
            raise ReadError("corrupt", "7z: a folder without bytes")
        begin = archive.afterheader + pack.packpos + pack.packpositions[stream]
        places[id(folder)] = (begin, pack.packsizes[stream])
        stream += max(1, len(folder.packed_indices))
    return places


def _entries(archive: Any) -> tuple[list[_Entry], list[_Entry]]:
    """All files of the header, and those of them that hold something: no folders, links,
    junctions, sockets. Raises ReadError."""
    every, regular, passed = [], [], Counter[int]()
    try:
        info = archive.header.files_info
        empty_files = iter(info.emptyfiles if info is not None else ())
        for file in archive.files if info is not None else ():
            folder = None if file.emptystream else file.folder
            entry = _Entry(file, folder, passed[id(folder)])
            passed[id(folder)] += 1
            every.append(entry)
            no_folder = next(empty_files, False) if folder is None else True
            if _is_regular(file, no_folder):
                regular.append(entry)
    except _BROKEN as error:
        raise ReadError("corrupt", f"7z: {error}") from error
    return every, regular


def _is_regular(file: Any, no_folder: bool) -> bool:
    if file.is_directory or file.is_symlink or file.is_junction or file.is_socket:
        return False
    # Where there are no attributes, only the list of empty files tells a file from a folder.
    return no_folder or file.file_properties().get("attributes") is not None


def _is_encrypted(folder: Any) -> bool:
    return any(coder["method"] == METHOD.CRYPT_AES256_SHA256 for coder in folder.coders)


def _folder_fault(folder: Any) -> ReadError | None:
    """What stands against expanding this folder: methods nobody here knows, too much memory."""
    for coder in folder.coders:
        simple = (coder["numinstreams"], coder["numoutstreams"]) == (1, 1)
        if coder["method"] not in _METHODS or not simple:
            return ReadError("unsupported", f"7z: method {coder['method'].hex()}")
        needed = _dictionary(coder["method"], coder["properties"] or b"")
        if needed > DICTIONARY:
            return ReadError("too_large", f"7z: a dictionary of {needed} bytes")
    return None


def _dictionary(method: bytes, properties: bytes) -> int:
    """Bytes of memory that a coder asks for by its properties (7-Zip's Methods.txt, LzmaSpec)."""
    if method in (METHOD.LZMA, METHOD.PPMD) and len(properties) >= 5:
        return int(struct.unpack_from("<I", properties, 1)[0])
    if method == METHOD.LZMA2 and properties:
        size = properties[0]
        return 0xFFFFFFFF if size >= 40 else (2 | (size & 1)) << (size // 2 + 11)
    return 0


def _modified(entry: Any) -> datetime | None:
    try:
        time = entry.lastwritetime
        return datetime.fromtimestamp(time.totimestamp()) if time is not None else None
    except (ValueError, OverflowError, OSError):
        return None
