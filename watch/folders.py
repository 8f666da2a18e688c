"""An inbox and what stands in it. The scan is the truth; events only say when to scan."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from watch.names import FORMS, RESERVED, ignored_by_name

_LINK = "快捷链接或特殊文件"


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder where units hand in. `unit` is the id of the unit it belongs to ("" = shared by
    several). `interval` between scans and `settle`, how long a file must stand unchanged, are in
    seconds; `give_up` (0 = ten times `settle`) is when an incomplete file is taken as it is."""

    path: Path
    name: str
    unit: str = ""
    mode: Literal["events", "polling"] = "events"
    interval: float = 30.0
    settle: float = 5.0
    give_up: float = 0.0
    #: Whether what stands in 待填 is offered too (a form whose bytes changed has been filled in).
    forms: bool = False

    @property
    def patience(self) -> float:
        return self.give_up or 10 * self.settle


class Seen(NamedTuple):
    """A file as the scan saw it. `relpath` uses "/", `size` is in bytes, `ignored` says why it
    is no submission ("" if it is one)."""

    relpath: str
    size: int
    mtime_ns: int
    inode: int
    ignored: str = ""


class FolderFault(NamedTuple):
    """A folder that could not be listed (`relpath` "" = the inbox itself: the share is away).
    `detail` is the system's message."""

    relpath: str
    detail: str


def scan(inbox: Inbox) -> Iterator[Seen | FolderFault]:
    """Every file below the inbox, reserved folders left out, ignored names marked; links are
    not followed. Errors come as values: the rest is still seen."""
    return _scan(str(inbox.path), "", RESERVED)


def scan_forms(inbox: Inbox) -> Iterator[Seen | FolderFault]:
    """The same for the folders 待填 of the inbox and of its top folders, relpaths still relative
    to the inbox."""
    yield from _scan_below(inbox, FORMS)
    try:
        tops = [e.name for e in os.scandir(inbox.path) if e.is_dir(follow_symlinks=False)]
    except OSError:
        return  # `scan` tells of it
    for top in tops:
        if top not in RESERVED and not ignored_by_name(top):
            yield from _scan_below(inbox, f"{top}/{FORMS}")


def _scan_below(inbox: Inbox, folder: str) -> Iterator[Seen | FolderFault]:
    root = inbox.path / folder
    if root.is_dir() and not root.is_symlink():
        yield from _scan(str(root), folder + "/", frozenset())


def _scan(root: str, prefix: str, reserved: frozenset[str]) -> Iterator[Seen | FolderFault]:
    # Plain strings and one flat loop: 70,000 Path objects would cost more than the scan.
    pending = [(root, prefix, "")]
    while pending:
        folder, before, why = pending.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    relpath = before + entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield from _seen(entry, relpath, why)
                    elif not (_is_junction(entry) or _is_reserved(entry.name, before, reserved)):
                        inside = why or ignored_by_name(entry.name)
                        pending.append((entry.path, relpath + "/", inside))
        except OSError as error:
            yield FolderFault(before.rstrip("/"), str(error))


def _is_reserved(name: str, before: str, reserved: frozenset[str]) -> bool:
    """A reserved folder of the inbox, or 待填 of a top folder."""
    if before == "":
        return name in reserved
    return name == FORMS and FORMS in reserved and before.count("/") == 1


def _seen(entry: os.DirEntry[str], relpath: str, why: str) -> Iterator[Seen]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return  # gone between listing and looking
    why = why or ignored_by_name(entry.name)
    if not stat.S_ISREG(found.st_mode):
        why = _LINK
    yield Seen(relpath, found.st_size, found.st_mtime_ns, found.st_ino, why)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """A directory that leads elsewhere (Windows)."""
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    if os.name != "nt":
        return False
    return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & reparse)
