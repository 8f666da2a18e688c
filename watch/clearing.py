"""What happens to the originals in an inbox: taken ones go to 已收, unreadable ones to 隔离.

A file leaves the inbox in two renames. The first takes it out of everybody's reach under an
interim name; then its size, mtime and sha256 are compared with what was read; only then does it
get its final name. Changed in between, it goes back. A kill between the two leaves an interim
name, which `put_back_unchecked` returns to the inbox, where it is seen again.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import shutil
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from archive import durable
from archive.durable import store_errors
from archive.faults import point
from watch.folders import Inbox
from watch.names import CHECKING, CLEARED, COPYING, QUARANTINE
from watch.places import free_names, reserved_place

log = logging.getLogger(__name__)

NOTE_SUFFIX = ".原因.txt"
_ZONE = ZoneInfo("Asia/Shanghai")

#: A free name must still be free when it is taken, and POSIX has no portable rename that refuses
#: to overwrite. Only this process moves files in the reserved folders.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Expected:
    """The file as it was read. `sha256` "" = size and mtime must do."""

    size: int
    mtime_ns: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is set apart: a stable code, a Chinese sentence, a remedy."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """`status`: moved | already (an earlier, interrupted call had done it) | changed (it is not
    the file that was read and stays in the inbox) | gone (not in the inbox) | busy (held open or
    not ours to move: try again). `path` is where it stands now."""

    status: Literal["moved", "already", "changed", "gone", "busy"]
    path: Path | None = None


def clear(inbox: Inbox, relpath: str, expected: Expected) -> Cleared:
    """Move an original into 已收, if it is still what was read. May be repeated after a crash.

    Raises StoreError `disk_full` or `store_io`, ValueError for a path out of the inbox.
    """
    with _one_at_a_time, store_errors():
        return _move(inbox, relpath, reserved_place(inbox, CLEARED, relpath), expected)


def quarantine(
    inbox: Inbox, relpath: str, reason: Reason, expected: Expected, received: datetime
) -> Cleared:
    """Move an original into 隔离, its note beside it (written first: nothing stands there
    without its reason). May be repeated after a crash. Raises as `clear` does."""
    with _one_at_a_time, store_errors():
        place = _quarantine_place(inbox, relpath)
        source = inbox.path / relpath
        if source.exists() and not _same(source, expected):
            return Cleared("changed", source)
        left = place.with_name(place.name + CHECKING)
        target = _target(place, expected, fresh=source.exists() or left.exists())
        write_note(target, relpath, reason, expected, received)
        done = _move(inbox, relpath, place, expected)
        if done.status in ("changed", "gone", "busy"):
            _note_of(target).unlink(missing_ok=True)
        return done


def quarantine_copy(
    inbox: Inbox, relpath: str, source: Path | bytes, reason: Reason, received: datetime
) -> Path:
    """Put a copy into 隔离 with its note: a bundle's member, or a file that came by the web.
    `relpath` is `<bundle>/<member>`. The same bytes are put there once. Raises as `clear` does,
    and `source_unreadable`."""
    with _one_at_a_time, store_errors():
        place = _quarantine_place(inbox, relpath)
        interim = place.with_name(place.name + COPYING)
        interim.unlink(missing_ok=True)
        if isinstance(source, bytes):
            durable.write_new(interim, source)
            found = durable.digests_of_bytes(source)
        else:
            found = durable.copy_new(source, interim)
        stat = interim.stat()
        expected = Expected(found.size, stat.st_mtime_ns, found.sha256)
        target = next(p for p in free_names(place) if not p.exists() or _sha256(p) == found.sha256)
        write_note(target, relpath, reason, expected, received)
        _name_finally(interim, target)
        return target


def write_note(
    target: Path, relpath: str, reason: Reason, expected: Expected, received: datetime
) -> Path:
    """`<name>.原因.txt` beside a quarantined file; UTF-8 with BOM and CRLF, for Notepad."""
    lines = (
        f"文件：{_printable(relpath)}",
        f"收到时间：{received.astimezone(_ZONE):%Y年%m月%d日 %H:%M}",
        f"原因：{reason.message}（{reason.code}）",
        f"怎么办：{reason.remedy}",
        f"大小：{expected.size:,} 字节",
        f"SHA-256：{expected.sha256}" if expected.sha256 else "",
    )
    text = "\r\n".join(line for line in lines if line) + "\r\n"
    note = _note_of(target)
    replace_text(note, text.encode("utf-8-sig"))
    point("quarantine-noted")
    return note


def replace_text(path: Path, data: bytes) -> None:
    """Write a small file of ours whole or not at all, over an earlier one."""
    interim = path.with_name(path.name + COPYING)
    interim.unlink(missing_ok=True)
    durable.write_new(interim, data)
    durable.sync_file(interim)
    durable.replace_file(interim, path)


def put_back_unchecked(inbox: Inbox) -> list[Path]:
    """After a crash: files under an interim name return to the inbox, unfinished copies go.
    Returns what came back (with a number where its name is taken by now)."""
    back = []
    for folder in (CLEARED, QUARANTINE):
        root = inbox.path / folder
        for interim in sorted(root.rglob("*" + CHECKING)) if _is_own_dir(root) else ():
            name = interim.name.removesuffix(CHECKING)
            home = inbox.path / interim.relative_to(root).with_name(name)
            back.append(_return_to(interim, home))
        for copy in sorted(root.rglob("*" + COPYING)) if _is_own_dir(root) else ():
            copy.unlink(missing_ok=True)
    return back


def _move(inbox: Inbox, relpath: str, place: Path, expected: Expected) -> Cleared:
    source = inbox.path / relpath
    interim = place.with_name(place.name + CHECKING)
    if not interim.exists():
        if not source.exists():
            done = _target(place, expected, fresh=False)
            return Cleared("already", done) if done.exists() else Cleared("gone")
        if source.is_symlink() or not _same(source, expected):
            return Cleared("changed", source)
        try:
            source.rename(interim)
        except PermissionError:
            return Cleared("busy", source)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            return _move_across(source, place, expected)
        point("clear-moved")
    if not _same(interim, expected):
        return Cleared("changed", _return_to(interim, source))
    target = _target(place, expected, fresh=True)
    _name_finally(interim, target)
    return Cleared("moved", target)


def _move_across(source: Path, place: Path, expected: Expected) -> Cleared:
    """已收 on another file system: copy, check, name, and only then remove the original."""
    done = _target(place, expected, fresh=False)
    if not done.exists():
        interim = place.with_name(place.name + COPYING)
        interim.unlink(missing_ok=True)
        found = durable.copy_new(source, interim)
        shutil.copystat(source, interim)
        durable.sync_file(interim)
        point("clear-copied")
        if durable.read_back(interim) != found or not _same(interim, expected):
            interim.unlink()
            return Cleared("changed", source)
        done = _target(place, expected, fresh=True)
        _name_finally(interim, done)
    if not _same(source, expected):
        return Cleared("changed", source)
    source.unlink()
    return Cleared("moved", done)


def _target(place: Path, expected: Expected, *, fresh: bool) -> Path:
    """The first free name at `place`; unless `fresh`, one where this very file stands already."""
    for candidate in free_names(place):
        if not candidate.exists() or (not fresh and _same(candidate, expected)):
            return candidate
    raise AssertionError("free_names never ends")


def _name_finally(interim: Path, target: Path) -> None:
    if _holds_same(interim, target):
        interim.replace(target)
    else:
        interim.rename(target)
    durable.sync_dir(target.parent)
    point("clear-named")


def _holds_same(interim: Path, target: Path) -> bool:
    return target.exists() and _sha256(interim) == _sha256(target)


def _return_to(interim: Path, home: Path) -> Path:
    home.parent.mkdir(parents=True, exist_ok=True)
    free = next(candidate for candidate in free_names(home) if not candidate.exists())
    interim.rename(free)
    log.warning("%s came back to the inbox: changed or interrupted while being taken", free)
    return free


def _same(path: Path, expected: Expected) -> bool:
    try:
        stat = path.stat(follow_symlinks=False)
        alike = (stat.st_size, stat.st_mtime_ns) == (expected.size, expected.mtime_ns)
        return alike and (not expected.sha256 or _sha256(path) == expected.sha256)
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _quarantine_place(inbox: Inbox, relpath: str) -> Path:
    """A user's file may be called like one of our notes: it must not be taken for one."""
    place = reserved_place(inbox, QUARANTINE, relpath)
    is_note = place.name.endswith(NOTE_SUFFIX)
    return place.with_name(place.name + ".原件") if is_note else place


def _note_of(target: Path) -> Path:
    return target.with_name(target.name + NOTE_SUFFIX)


def _printable(text: str) -> str:
    """File names may hold bytes that are no text, and line breaks."""
    whole = os.fsencode(text).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in whole)


def _is_own_dir(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink()
