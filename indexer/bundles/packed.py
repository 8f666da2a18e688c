"""A .gz, .bz2 or .xz: a tar inside, or one file. It is expanded once, into the scratch folder."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePath
from types import TracebackType
from typing import BinaryIO, Self

from indexer.bundles.bounds import RATIO_FROM
from indexer.bundles.expanding import expanded, of_stream
from indexer.bundles.member import Bundle, Member
from indexer.bundles.names import decoded, safe
from indexer.bundles.pouring import cut, opened, pour
from indexer.bundles.tar import TarBundle
from indexer.errors import ReadError
from indexer.limits import Limits

_MAGIC = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ\0"}
_SUFFIXES = (".gz", ".bz2", ".xz", ".tgz", ".tbz", ".tbz2", ".txz")
#: Streams one after the other in one file. Parallel packers make one of each 64 KB at the least,
#: 16,384 for the gigabyte that may come out.
_STREAMS = 20_000
#: Where a tar writes what it is (POSIX.1-1988 ustar).
_USTAR_AT, _USTAR = 257, b"ustar"
_NAME_FLAG, _EXTRA_FLAG = 0x08, 0x04  # RFC 1952, 2.3.1


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> Bundle:
    """The bundle in the compressed file at `path`, known to people as `name`. Raises ReadError."""
    spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the bundle
    try:
        with opened(path) as file:
            size = _expand(file, path.stat().st_size, form, spool, limits)
            inner = _inner_name(file, form, name or path.name)
            modified = _modified(file, form)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    if spool.read(512)[_USTAR_AT:].startswith(_USTAR):
        return TarBundle(spool, limits)
    if size > limits.file:
        spool.close()
        raise ReadError("too_large", f"{size} bytes")
    return SingleBundle(spool, size, inner, modified)


class SingleBundle:
    """One file that was compressed by itself."""

    def __init__(self, file: BinaryIO, size: int, name: str, modified: datetime | None) -> None:
        self._file = file
        self._member = Member(safe(name), size, 0, modified)

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
        yield self._member

    def extract(self, member: Member, target: Path) -> None:
        pour(cut(self._file, 0, member.size), target, member.size)


def _expand(file: BinaryIO, packed: int, form: str, spool: BinaryIO, limits: Limits) -> int:
    """Expand all of `file` into `spool`; how many bytes that were. Raises ReadError."""
    written = 0
    for piece in _streams(cut(file, 0, packed), form):
        written += len(piece)
        if written > limits.expanded:
            raise ReadError("too_large", f"more than {limits.expanded} bytes")
        if written > RATIO_FROM and written > packed * limits.ratio:
            raise ReadError("too_large", f"ratio {written // max(1, packed)}")
        spool.write(piece)
    return written


def _streams(source: Iterator[bytes], form: str) -> Iterator[bytes]:
    """What all the streams of a file hold; what follows them and is none is left."""
    magic, rest = _MAGIC[form], b""
    for _ in range(_STREAMS):
        expander = of_stream(form)
        yield from expanded(expander, _after(rest, source))
        if not expander.eof:
            raise ReadError("corrupt", f"{form}: cut short")
        rest = expander.unused.lstrip(b"\0")
        while len(rest) < len(magic) and (more := next(source, b"")):
            rest = (rest + more).lstrip(b"\0")
        if not rest.startswith(magic):
            return
    raise ReadError("too_large", f"{form}: more than {_STREAMS} streams")


def _after(rest: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    if rest:
        yield rest
    yield from source


def _inner_name(file: BinaryIO, form: str, name: str) -> str:
    """The name that the gzip header keeps, else the file's own without the suffix."""
    kept = _gzip_name(file) if form == "gz" else ""
    if kept:
        return PurePath(kept.replace("\\", "/")).name
    own = PurePath(name.replace("\\", "/")).name
    stem, suffix = own[: own.rfind(".")], own[own.rfind(".") :].lower()
    return stem if suffix in _SUFFIXES and stem else own


def _gzip_name(file: BinaryIO) -> str:
    """The original name in the header of the first member (RFC 1952, 2.3), "" where none is."""
    file.seek(0)
    head = file.read(1024)
    if len(head) < 12 or not head[3] & _NAME_FLAG:
        return ""
    at = 10
    if head[3] & _EXTRA_FLAG:
        at += 2 + int(struct.unpack_from("<H", head, at)[0])
    end = head.find(b"\0", at)
    return decoded([head[at:end]])[0] if at < end else ""


def _modified(file: BinaryIO, form: str) -> datetime | None:
    """When the compressed file was last changed, as gzip's header says; the others keep none."""
    if form != "gz":
        return None
    file.seek(0)
    head = file.read(8)
    (seconds,) = struct.unpack_from("<I", head, 4)
    return datetime.fromtimestamp(seconds) if seconds else None
