"""What a child that reads foreign bytes may not do: reach the network, write outside its scratch,
start programs. Laid on as an audit hook (PEP 578), which nothing in the process can take off.

It sees what Python code and the standard library do; a native library's own system calls it does
not see. Those in use (pdfium, lxml, calamine, onnxruntime) are built or set to do neither.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

_NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo")
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile")
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod")
#: Those that name two places.
_PAIRS = ("os.rename", "os.link", "os.symlink")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

#: Where writing is allowed; the order of the moment may add its own folder.
_allowed: list[str] = []
#: Not empty while a bundle is opened, whose format may need a program of its own (rar).
_tool_allowed: list[bool] = []
#: Python keeps compiled modules beside the modules; refusing that would only slow a start.
_CACHE = "__pycache__"


def forbid(scratch: Path, *, programs: bool) -> None:
    """From here on this process writes below `scratch` only and opens no connection; `programs`
    allows starting others (the fallback of text recognition is one). For good."""
    _allowed.append(str(scratch.resolve()))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(*arguments[:3])
        elif event in _CHANGES:
            for path in arguments[: 2 if event in _PAIRS else 1]:
                _check_path(event, path)
        elif event in _NETWORK or (event in _PROGRAMS and not programs and not _tool_allowed):
            raise PermissionError(f"not allowed in a reader: {event}")

    sys.addaudithook(watch)


class Allowing:
    """Inside the block this process may write below `folder` and start programs."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder.resolve())

    def __enter__(self) -> None:
        _allowed.append(self._folder)
        _tool_allowed.append(True)

    def __exit__(self, *_: object) -> None:
        _allowed.remove(self._folder)
        _tool_allowed.pop()


def _check_open(path: Any, mode: Any, flags: Any) -> None:
    if not isinstance(flags, int) or not flags & _WRITING or isinstance(path, int):
        return
    _check_path(f"open {mode or ''}", path)


def _check_path(event: str, path: Any) -> None:
    if isinstance(path, int):
        return
    whole = os.path.realpath(os.fsdecode(path))
    if whole == os.devnull or any(_within(whole, folder) for folder in _allowed):
        return
    if _CACHE in whole and whole.startswith(_LIBRARIES):
        return
    raise PermissionError(f"not allowed in a reader: {event} {whole}")


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


_LIBRARIES = (
    *{os.path.realpath(p) for p in sysconfig.get_paths().values()},
    str(Path(__file__).resolve().parent.parent),
)
