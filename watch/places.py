"""Names inside the reserved folders: never outside the inbox, never over another file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from watch.folders import Inbox

#: ext4 and SMB: 255 bytes a name; interim suffixes and " (2)" need room.
_NAME_BYTES = 215


def reserved_place(inbox: Inbox, folder: str, relpath: str) -> Path:
    """`<inbox>/<folder>/<relpath>` with its directories made. An over-long last name is cut and
    marked by its digest.

    Raises ValueError when that would lead out of the inbox: by `..`, an absolute path, or a link
    that somebody put in our way.
    """
    parts = PurePosixPath(relpath).parts
    foreign = os.name == "nt" and ("\\" in relpath or ":" in relpath)
    if not parts or relpath.startswith("/") or ".." in parts or foreign:
        raise ValueError(f"not a path inside an inbox: {relpath!r}")
    parent = inbox.path / folder
    for part in parts[:-1]:
        # A file may stand where a folder is needed: 材料.zip, unreadable last time.
        named = free_names(parent / _fitting(part))
        parent = next(p for p in named if p.is_dir() or not os.path.lexists(p))
    parent.mkdir(parents=True, exist_ok=True)
    if not parent.resolve().is_relative_to(inbox.path.resolve() / folder):
        raise ValueError(f"a link leads out of the inbox: {parent}")
    return parent / _fitting(parts[-1])


def free_names(place: Path) -> Iterator[Path]:
    """`报告.doc`, `报告 (2).doc`, `报告 (3).doc` …"""
    yield place
    for number in count(2):
        yield place.with_name(f"{place.stem} ({number}){place.suffix}")


def _fitting(name: str) -> str:
    raw = name.encode("utf-8", "surrogateescape")
    if len(raw) <= _NAME_BYTES:
        return name
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= 10 else ""
    stem = raw[: _NAME_BYTES - 40].decode("utf-8", "ignore")
    return f"{stem}~{hashlib.sha256(raw).hexdigest()[:8]}{suffix}"
