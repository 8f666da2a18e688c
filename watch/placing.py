"""Forms into each school's own folder 待填, as often as one likes: what stands there as issued is
left or brought up to date, what a school has written in is never touched."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

from archive import press
from archive.durable import StoreError, store_errors
from archive.errors import ArchiveError
from archive.house import House
from archive.journal import IssuedRow, digest, untouched
from archive.press import Copy
from archive.register import Register, Unit
from watch.folders import Inbox
from watch.forms import being_written
from watch.names import COPYING, FORMS, RESERVED
from watch.places import reserved_place

log = logging.getLogger("yanxiu.placing")

#: Copies printed and kept in the journal before they are put into folders: the watcher must know a
#: form as issued before it can see it.
CHUNK = 400

Status = Literal["put", "replaced", "already", "changed", "no_folder", "failed"]
#: What became of a copy, in words.
STATUSES: dict[Status, str] = {
    "put": "已放入",
    "replaced": "已换成新的",
    "already": "早已放好",
    "changed": "学校正在填写，没有动",
    "no_folder": "没有可放的文件夹",
    "failed": "没有放进去，请检查文件夹的权限和空间",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """`place` is the path of the copy from its inbox's name on, "" where it has no folder."""

    copy: Copy
    status: Status
    place: str = ""


_inboxes: dict[str, Inbox] = {}


def open_inboxes(boxes: Mapping[str, Inbox]) -> None:
    """Say which inboxes this process serves (`yanxiu serve`)."""
    _inboxes.clear()
    _inboxes.update(boxes)


def inboxes() -> Mapping[str, Inbox]:
    """The inboxes this process serves. Raises ArchiveError('no_inbox') where it serves none."""
    if not _inboxes:
        raise ArchiveError(
            "no_inbox", "这里没有开着收件夹，表单没有放进去", "请在 yanxiu serve 的网页上操作"
        )
    return _inboxes


class Folders:
    """Which folder is whose: an inbox of a school's own, or its top folder in a shared one (the
    folder 待填 of the shared inbox, with a folder a school, where it has none)."""

    def __init__(self, register: Register, inboxes: Iterable[Inbox]) -> None:
        self.register, self.inboxes = register, tuple(inboxes)

    def of(self, school: Unit) -> tuple[Inbox, str, str] | None:
        """(inbox, folder 待填 in it, folder within that) of a school, None where it has none."""
        for inbox in self.inboxes:
            if inbox.unit == school.id:
                return inbox, FORMS, ""
        for inbox in (box for box in self.inboxes if not box.unit):
            top = self._tops.get(inbox.name, {}).get(school.id)
            return (inbox, f"{top}/{FORMS}", "") if top else (inbox, FORMS, f"{school.name}/")
        return None

    @cached_property
    def _tops(self) -> dict[str, dict[str, str]]:
        """Inbox -> school -> its top folder there."""
        named = self.register.school_named
        found: dict[str, dict[str, str]] = {}
        for inbox in (box for box in self.inboxes if not box.unit):
            folders = _folders(inbox.path)
            units = [(named(name), name) for name in folders if name not in RESERVED]
            found[inbox.name] = {unit.id: name for unit, name in units if unit}
        return found


def _folders(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in path.iterdir() if entry.is_dir())
    except OSError:
        return []  # the share is away: the copies stay unplaced


def place(
    house: House, inboxes: Mapping[str, Inbox], copies: Iterable[Copy], *, actor: str
) -> Iterator[Placed]:
    """Put copies (`press.printed`) into their schools' folders, and keep in the journal what was
    issued and where it lies."""
    folders, waiting = Folders(house.register, inboxes.values()), iter(copies)
    while chunk := list(islice(waiting, CHUNK)):
        press.note(house, ((copy.issue, copy.row) for copy in chunk), actor=actor)
        done = [_place(folders, copy) for copy in chunk]
        there = [p for p in done if p.status in ("put", "replaced", "already", "changed")]
        press.note(house, ((p.copy.issue, _placed_row(p)) for p in there), actor=actor)
        yield from done


def _placed_row(placed: Placed) -> IssuedRow:
    row = placed.copy.row
    return {"number": row["number"], "unit": row["unit"], "subject": row["subject"],
            "mode": row["mode"], "place": placed.place}  # fmt: skip


def _place(folders: Folders, copy: Copy) -> Placed:
    school = _school(folders.register, copy)
    found = folders.of(school) if school else None
    if found is None:
        return Placed(copy, "no_folder")
    inbox, folder, within = found
    where = f"{inbox.name}/{folder}/{within}{copy.file}"
    try:
        with store_errors():
            target = reserved_place(inbox, folder, within + copy.file)
            return Placed(copy, _put(target, copy), where)
    except (StoreError, OSError, ValueError):
        log.exception("inbox %s: form %s not placed", inbox.name, copy.name)
        return Placed(copy, "failed", where)


def _school(register: Register, copy: Copy) -> Unit | None:
    """Whose folder a copy belongs to: the school's, of a cluster that of its centre."""
    issue = copy.issue
    if issue.unit.level == "cluster":
        return register.centre(issue.unit.id, issue.period.start if issue.period else None)
    return register.school_of(issue.unit.id) if issue.unit.level != "county" else None


def _put(target: Path, copy: Copy) -> Status:
    """A file that stands there gives way only while it is a form as it was issued."""
    if not target.exists():
        _write(target, copy.data)
        return "put"
    there = digest(target.read_bytes())
    if there == copy.row["sha256"]:
        return "already"
    if being_written(target) or not untouched([there]):
        return "changed"
    _write(target, copy.data)
    return "replaced"


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all to whoever looks. Not forced to the disk: it can be made again."""
    draft = target.with_name(target.name + COPYING)
    draft.write_bytes(data)
    draft.replace(target)
