"""A .tar: names in any coding, sizes looked at before anything is read, links never followed."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from indexer.bundles.member import Member
from indexer.bundles.names import decoded, safe, unique
from indexer.bundles.pouring import cut, opened, pour
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

_BLOCK = tarfile.BLOCKSIZE
#: A long name or a set of pax records is read whole and searched; 4 KB is the longest path of
#: Linux, and the search is quadratic in the standard library before CVE-2024-6232 was mended.
_LONGEST_RECORD = 64 * 1024
_RECORDS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


class _Header(tarfile.TarInfo):
    """A header whose long name is refused before it is read."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        if self.type in _RECORDS and self.size > _LONGEST_RECORD:
            raise ReadError("too_large", f"a name of {self.size} bytes")
        # The place the standard library names for processing of one's own (its comment there).
        processed: tarfile.TarInfo | None = super()._proc_member(archive)  # type: ignore[misc]
        return processed


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> TarBundle:
    return TarBundle(path, limits)


class TarBundle:
    """`source`: the tar as a path, or open (for one that stood in a compressed file); it is closed
    with the bundle."""

    def __init__(self, source: Path | BinaryIO, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._file = opened(source) if isinstance(source, Path) else source
        try:
            self._files = _files(self._file, limits)
        except ReadError:
            self._file.close()
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

    def members(self) -> Iterator[Member]:
        names = unique([safe(name) for name in _names(self._files)])
        for index, (info, name) in enumerate(zip(self._files, names, strict=True)):
            yield Member(name, info.size, index, _modified(info), self._fault(info))

    def extract(self, member: Member, target: Path) -> None:
        info = self._files[member.index]
        fault = self._fault(info)
        if fault is not None:
            raise fault
        pour(cut(self._file, info.offset_data, info.size), target, info.size)

    def _fault(self, info: tarfile.TarInfo) -> ReadError | None:
        if info.issparse():
            return ReadError("unsupported", "a sparse file")
        if info.size > self._limits.file:
            return ReadError("too_large", f"{info.size} bytes")
        return None


def _files(file: BinaryIO, limits: Limits) -> list[tarfile.TarInfo]:
    """The regular files; of links and devices there is nothing to keep. Raises ReadError."""
    found, seen, expanded = [], 0, 0
    file.seek(0)
    try:
        with tarfile.open(
            fileobj=file, mode="r:", tarinfo=_Header, encoding="utf-8", errors="surrogateescape"
        ) as archive:
            for info in archive:
                seen += 1
                if info.size < 0:
                    raise ReadError("corrupt", "tar: a negative size")
                expanded += info.size if info.isreg() and not info.issparse() else 0
                if seen > limits.members:
                    raise ReadError("too_large", f"more than {limits.members} entries")
                if expanded > limits.expanded:
                    raise ReadError("too_large", f"more than {limits.expanded} bytes")
                if info.isreg():
                    found.append(info)
            _look_behind(file, archive.offset)
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise ReadError("corrupt", f"tar: {error}") from error
    except RecursionError as error:
        raise ReadError("too_large", "tar: one long name after the other") from error
    return found


def _look_behind(file: BinaryIO, offset: int) -> None:
    """The standard library takes a damaged header for the end; the real end is empty."""
    file.seek(offset)
    block = file.read(_BLOCK)
    if any(block):
        raise ReadError("corrupt", "tar: a damaged header")


def _names(infos: list[tarfile.TarInfo]) -> list[str]:
    """The names as text; those that are not UTF-8 are guessed together."""
    names = [info.name for info in infos]
    odd = [at for at, name in enumerate(names) if not _is_text(name)]
    raws = [names[at].encode("utf-8", "surrogateescape") for at in odd]
    for at, name in zip(odd, decoded(raws), strict=True):
        names[at] = name
    return names


def _is_text(name: str) -> bool:
    return not any("\udc80" <= sign <= "\udcff" for sign in name)


def _modified(info: tarfile.TarInfo) -> datetime | None:
    try:
        return datetime.fromtimestamp(info.mtime) if info.mtime else None
    except (ValueError, OverflowError, OSError):
        return None
