"""The programs that can expand a .rar, run bounded: one archive of ours in, its bytes out.

The method of RAR is not free, so no library does it. A program is given no name from the archive,
no password, and nothing to write to but a pipe; it is killed when it takes too long, and what it
gives is counted by whoever reads.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import zlib
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.bundles.pouring import CHUNK
from indexer.limits import Limits

#: Program -> its switches, the path follows: print all files one after the other, ask nothing.
#: The first knows every variant. unar lacks some of RAR 5, bsdtar solid archives and filters of
#: RAR 4 (libarchive's issues 373 and 1564); 7-Zip knows RAR only where its non-free part is there.
_TOOLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("unrar", ("p", "-inul", "-p-", "-cfg-", "--")),
    ("7zz", ("e", "-so", "-bb0", "-p", "--")),
    ("7z", ("e", "-so", "-bb0", "-p", "--")),
    ("unar", ("-q", "-o", "-", "-p", "", "--")),
    ("bsdtar", ("-x", "-O", "-f")),
)
#: Seconds in which a program must have passed the trial.
_TRIAL = 10.0
#: How much of what it complains is kept.
_COMPLAINT = 4096

#: The last block of an archive of RAR 3 and 4 (technote.txt, "Archive end").
END4 = b"\xc4\x3d\x7b\x00\x40\x07\x00"
_SOLID4, _SOLID5 = 0x0008, 0x04


def begin4(solid: bool) -> bytes:
    """Signature and main header of an archive of RAR 1.5 to 4."""
    rest = b"s" + (_SOLID4 if solid else 0).to_bytes(2, "little") + b"\x0d\x00" + bytes(6)
    return b"Rar!\x1a\x07\x00" + (zlib.crc32(rest) & 0xFFFF).to_bytes(2, "little") + rest


def begin5(solid: bool) -> bytes:
    """Signature and main header of an archive of RAR 5."""
    return b"Rar!\x1a\x07\x01\x00" + _block5(bytes([1, 0, _SOLID5 if solid else 0]))


def _block5(body: bytes) -> bytes:
    """A header block of less than 128 bytes ("RAR 5.0 archive format", general archive block)."""
    sized = bytes([len(body)]) + body
    return zlib.crc32(sized).to_bytes(4, "little") + sized


END5 = _block5(bytes([5, 0, 0]))


@cache
def tool() -> tuple[str, ...] | None:
    """The command, without the path, of the first program here that prints what is in a .rar."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial.rar"
        contents = (b"yan", b"xiu")
        trial.write_bytes(begin5(False) + b"".join(map(_stored5, contents)) + END5)
        for program, switches in _TOOLS:
            found = shutil.which(program)
            if found and _prints([found, *switches], trial, b"".join(contents)):
                return (found, *switches)
    return None


def _stored5(data: bytes) -> bytes:
    """A file of RAR 5, not compressed: header type 2 with data; then CRC, stored, Windows."""
    body = bytes([2, 2, len(data), 4, len(data), 0x20])
    body += zlib.crc32(data).to_bytes(4, "little") + bytes([0, 0, len(data)]) + data
    return _block5(body) + data


def _prints(command: list[str], path: Path, expected: bytes) -> bool:
    try:
        with Output(command, path, _TRIAL, Limits().memory) as output:
            return b"".join(iter(lambda: output.read(CHUNK), b"")) == expected
    except OSError:
        return False


class Output:
    """What the program prints for the archive at `path`, read like a file; it ends at the latest
    after `seconds`. Used as a context manager: leaving it ends the program."""

    def __init__(self, command: list[str], path: Path, seconds: float, memory: int) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the program
        self._process = subprocess.Popen(
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=path.parent,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        )
        self.timed_out = False
        self._watchdog = threading.Timer(seconds, self._expire)
        self._watchdog.daemon = True
        self._watchdog.start()
        _bound_memory(self._process.pid, memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, most: int) -> bytes:
        """At most `most` bytes, b"" at the end."""
        assert self._process.stdout is not None
        return self._process.stdout.read(min(most, CHUNK))

    @property
    def complaint(self) -> str:
        """The end of what it wrote on standard error."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _COMPLAINT))
        return self._errors.read().decode("utf-8", "replace")

    def close(self) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _expire(self) -> None:
        self.timed_out = True
        self._process.kill()


def _bound_memory(process: int, memory: int) -> None:
    """Where the system can (Linux); a dictionary of RAR 5 may be as large as 4 GB."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (memory, memory))
