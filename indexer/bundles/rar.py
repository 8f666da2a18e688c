"""A .rar of any generation: headers by rarfile, stored members by ourselves, compressed ones by a
program (`indexer.bundles.rar_tool`).

The program never sees the archive as it came, but one of ours made of the plain members alone:
their bytes then come in this order and nothing else does, whatever the program does about links,
old versions or recovery records. (bsdtar 3.6 prints zeros without end for a hard link in RAR 5.)
"""

from __future__ import annotations

import re
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import rarfile

from indexer.bundles import rar_tool
from indexer.bundles.bounds import check_declared
from indexer.bundles.member import Member
from indexer.bundles.names import decoded, safe, unique
from indexer.bundles.pouring import cut, opened, pour
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

#: What a program says when it is not the archive that is at fault.
_CANNOT = re.compile(r"unsupported|unavailable|not supported", re.IGNORECASE)
#: The version a member of RAR 3 and 4 says is needed for it (technote.txt, "UNP_VER").
_RAR3 = 29

_BROKEN = (
    rarfile.Error, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError,
    EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> RarBundle:
    return RarBundle(path, limits)


class RarBundle:
    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.bundle_seconds
        self._stream: _Stream | None = None
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        try:
            self._file = opened(path)
        except ReadError:
            self._scratch.cleanup()
            raise
        try:
            self._headers = _Headers(self._file, path.stat().st_size, limits)
            self._files = [info for info in self._headers.infos if _is_plain(info)]
            self._batch = self._for_the_tool()
            self._place = {id(info): at for at, info in enumerate(self._batch)}
            self._refuse_what_no_tool_opens()
        except BaseException:
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
        if self._stream is not None:
            self._stream.close()
        self._file.close()
        self._scratch.cleanup()

    def members(self) -> Iterator[Member]:
        names = unique([safe(name) for name in _names(self._files)])
        for index, (info, name) in enumerate(zip(self._files, names, strict=True)):
            yield Member(name, info.file_size, index, _modified(info), self._fault(info))

    def extract(self, member: Member, target: Path) -> None:
        info = self._files[member.index]
        fault = self._fault(info)
        if fault is not None:
            raise fault
        if _is_stored(info):
            pieces = cut(self._file, info.data_offset, info.compress_size)
            pour(_checked(pieces, info), target, info.file_size)
            return
        try:
            pour(_checked(self._upto(info).next(), info), target, info.file_size)
        except ReadError as error:
            if error.code == "timeout" or self._headers.solid or len(self._batch) == 1:
                raise
            # Whatever upset the program before this member, alone it may be sound.
            with self._expanded([info], "one.rar") as stream:
                pour(_checked(stream.next(), info), target, info.file_size)

    def _for_the_tool(self) -> list[Any]:
        """The members that the program is asked for, in order. A solid archive is one stream:
        there also what is stored, and what nobody wants, keeps its place."""
        readable = [info for info in self._files if not info.needs_password()]
        if self._headers.solid:
            return readable
        return [info for info in readable if not _is_stored(info) and self._fault(info) is None]

    def _refuse_what_no_tool_opens(self) -> None:
        """Raises ReadError("no_unrar")."""
        if all(_is_stored(info) for info in self._batch):
            return
        command = rar_tool.tool()
        if command is None:
            raise ReadError("no_unrar", "none of unrar, 7zz, 7z, unar, bsdtar works here")
        if Path(command[0]).stem != "bsdtar" or self._headers.is_five:
            return
        if self._headers.solid:
            raise ReadError("no_unrar", "bsdtar opens no solid archive of RAR 4")
        if any(info.extract_version < _RAR3 for info in self._batch):
            raise ReadError("no_unrar", "bsdtar opens nothing compressed by RAR 2 or earlier")

    def _upto(self, info: Any) -> _Stream:
        """The program's output, brought to the member; begun where needed."""
        place = self._place[id(info)]
        if self._stream is None or self._stream.position > place:
            if self._stream is not None:
                self._stream.close()
            self._stream = self._expanded(self._batch, "all.rar")
        while self._stream.position < place:
            for _ in self._stream.next():
                pass
        return self._stream

    def _expanded(self, infos: Sequence[Any], name: str) -> _Stream:
        """Ask the program for these members, in an archive of their own called `name`."""
        command = rar_tool.tool()
        left = self._deadline - time.monotonic()
        if command is None:
            raise ReadError("no_unrar", "no program for .rar")
        if left <= 0:
            raise ReadError("timeout", f"rar: more than {self._limits.bundle_seconds} s")
        path = Path(self._scratch.name) / name
        self._headers.write(infos, path)
        output = rar_tool.Output(list(command), path, left, self._limits.memory)
        return _Stream(output, [info.file_size for info in infos])

    def _fault(self, info: Any) -> ReadError | None:
        if info.needs_password():
            return ReadError("encrypted", "rar")
        if info.file_size > self._limits.file:
            return ReadError("too_large", f"{info.file_size} bytes")
        if getattr(info, "file_flags", 0) & rarfile.RAR5_FILE_FLAG_UNKNOWN_SIZE:
            return ReadError("unsupported", "a member of unknown size")
        return None


class _Stream:
    """The output of a program, member by member. `position`: members that were passed."""

    def __init__(self, output: rar_tool.Output, sizes: list[int]) -> None:
        self.position = 0
        self._output, self._sizes = output, sizes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._output.close()

    def next(self) -> Iterator[bytes]:
        """The bytes of the next member, to be taken to their end; fewer where the program gave no
        more. Raises ReadError where it says why."""
        left = self._sizes[self.position]
        self.position += 1
        while left > 0:
            piece = self._output.read(left)
            if not piece:
                self._tell_why()
                return
            left -= len(piece)
            yield piece

    def _tell_why(self) -> None:
        if self._output.timed_out:
            raise ReadError("timeout", "the program for .rar took too long")
        complaint = self._output.complaint
        if _CANNOT.search(complaint):
            raise ReadError("no_unrar", complaint[-200:])


class _Headers:
    """The headers of an archive. Raises ReadError: encrypted, volumes, too_large, corrupt."""

    def __init__(self, file: BinaryIO, size: int, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._seen, self._ended = 0, False
        self.is_five = file.read(8).startswith(rarfile.RAR5_ID)
        file.seek(0)
        # One open file: rarfile would look for further volumes by name.
        make = _Parser5 if self.is_five else _Parser4
        parser = make(file, None, True, "gb18030", False, self._look, 0, True)
        try:
            parser.parse()
        except rarfile.NeedFirstVolume as error:
            raise ReadError("volumes", f"rar: {error}") from error
        except (MemoryError, RecursionError) as error:
            raise ReadError("too_large", f"rar: {error!r}") from error
        except _BROKEN as error:
            raise ReadError("corrupt", f"rar: {error}") from error
        self.infos: list[Any] = parser.infolist()
        self.solid = bool(parser.is_solid())
        self._check(parser, size)

    def _look(self, item: Any) -> None:
        """Called by rarfile with each header."""
        self._seen += 1
        # Folders and service records have headers too.
        if self._seen > 4 * self._limits.members:
            raise ReadError("too_large", f"more than {self._seen} headers")
        if item.type == rarfile.RAR_BLOCK_MAIN and item.flags & rarfile.RAR_MAIN_VOLUME:
            raise ReadError("volumes", "rar")
        self._ended |= item.type == rarfile.RAR_BLOCK_ENDARC

    def _check(self, parser: Any, size: int) -> None:
        files = [info for info in self.infos if _is_plain(info)]
        if parser.needs_password() and all(info.needs_password() for info in files):
            raise ReadError("encrypted", "rar")
        if parser.strerror():
            raise ReadError("corrupt", f"rar: {parser.strerror()}")
        # RAR 2 knew no last block; RAR 5 never leaves it out.
        if self.is_five and not self._ended:
            raise ReadError("corrupt", "rar: cut short")
        if any(info.data_offset + info.compress_size > size for info in self.infos):
            raise ReadError("corrupt", "rar: cut short")
        check_declared([info.file_size for info in files], size, self._limits)

    def write(self, infos: Sequence[Any], path: Path) -> None:
        """Write an archive of these members alone, as they are packed here."""
        five = self.is_five
        with path.open("wb") as sink:
            begin = rar_tool.begin5 if five else rar_tool.begin4
            sink.write(begin(self.solid and len(infos) > 1))
            for info in infos:
                length = info.data_offset - info.header_offset + info.compress_size
                for piece in cut(self._file, info.header_offset, length):
                    sink.write(piece)
            sink.write(rar_tool.END5 if five else rar_tool.END4)


class _Parser4(rarfile.RAR3Parser):  # type: ignore[misc]
    """Without comments: rarfile starts a program, unbounded, for a compressed one."""

    def _read_comment_v3(self, inf: Any, pwd: Any = None) -> None:
        return None

    def _parse_subblocks(self, h: Any, hdata: bytes, pos: int) -> int:
        return pos


class _Parser5(rarfile.RAR5Parser):  # type: ignore[misc]
    def _load_comment(self, fd: Any, item: Any) -> None:
        return None


def _is_plain(info: Any) -> bool:
    """No folder, no link. What a hard link or a copy of another member says stands there once."""
    return info.file_redir is None and info.is_file() and not info.is_dir()


def _is_stored(info: Any) -> bool:
    return bool(info.compress_type == rarfile.RAR_M0)


def _checked(pieces: Iterator[bytes], info: Any) -> Iterator[bytes]:
    """The same pieces; at their end ReadError("corrupt") where they are not what was packed."""
    blake = rarfile.Blake2SP() if info.CRC is None and info.blake2sp_hash else None
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        if blake is not None:
            blake.update(piece)
        yield piece
    if blake is not None and blake.digest() != info.blake2sp_hash:
        raise ReadError("corrupt", "rar: another checksum")
    if info.CRC is not None and crc != info.CRC:
        raise ReadError("corrupt", "rar: another checksum")


def _names(infos: list[Any]) -> list[str]:
    """The names as text: the Unicode ones as rarfile has them, bytes of older ones guessed."""
    names = [info.filename for info in infos]
    five = [isinstance(info, rarfile.Rar5FileInfo) for info in infos]
    odd = [
        at for at, info in enumerate(infos)
        if not five[at] and not info.flags & rarfile.RAR_FILE_UNICODE
        and not info.orig_filename.isascii()
    ]  # fmt: skip
    for at, name in zip(odd, decoded([infos[at].orig_filename for at in odd]), strict=True):
        names[at] = name
    return names


def _modified(info: Any) -> datetime | None:
    """RAR 4 keeps local time without a zone, RAR 5 keeps UTC."""
    try:
        if isinstance(info, rarfile.Rar5FileInfo):
            return datetime.fromtimestamp(info.mtime.timestamp()) if info.mtime else None
        return datetime(*info.date_time) if info.date_time else None
    except (ValueError, OverflowError, OSError):
        return None
