"""Fixity: every file of the store is either accounted for, byte by byte, or a fault.

Each kind of file has one source of truth that is not itself: content its digest in the manifest;
an inventory its sidecar, its twin and what a later inventory says it was; a sidecar and the
namaste files their exact bytes; the root's own files the bytes this house writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import hexdigits

from archive import durable
from archive.durable import StoreError
from archive.ocfl import inventory as inventories
from archive.ocfl import layout
from archive.ocfl.inventory import Inventory
from archive.ocfl.layout import INVENTORY, SIDECAR
from archive.ocfl.workspace import Workspace

MISSING = "文件不见了"
EXTRA = "不属于档案库的文件"
CHANGED = "内容与登记的校验值不符"
UNREADABLE = "文件读不出来"
MISPLACED = "档案不在它应在的位置"
EMPTY = "空文件夹，不属于档案库"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `path` is relative to the storage root, "/" between segments; `object_id`
    "" outside objects; `expected` and `found` are sha512 digests, or "" where there is none."""

    object_id: str
    path: str
    expected: str
    found: str
    message: str


def verify(
    root: Path, workspace: Workspace, progress: Callable[[int, str], None] | None
) -> Iterator[Fault]:
    """See Store.verify."""
    yield from _root_faults(root)
    for folder, depth in _hierarchy(root):
        if depth <= layout.TUPLES:
            yield from _twice(root, folder, workspace, _tuple_faults)
    for count, home in enumerate(object_homes(root), 1):
        yield from _twice(root, home, workspace, _object_faults)
        if progress:
            progress(count, _id_of(home))


def _twice(
    root: Path, folder: Path, workspace: Workspace, check: Callable[[Path, Path], list[Fault]]
) -> list[Fault]:
    """Faults that still stand while nobody can be writing there: a put half way is no fault."""
    found = check(root, folder)
    if not found:
        return found
    top = folder.relative_to(root).parts[0]
    # In a folder that is no tuple nobody writes: any lock will do.
    with workspace.writing([top if set(top) <= set(hexdigits) else "00"]):
        return check(root, folder)


def object_homes(root: Path) -> Iterator[Path]:
    """Directories where objects stand: below the tuples of the layout."""
    for folder, depth in _hierarchy(root):
        if depth == layout.TUPLES + 1:
            yield folder


def _hierarchy(root: Path) -> Iterator[tuple[Path, int]]:
    """Every directory of the storage hierarchy with its depth, objects not entered."""
    pending = [(root, 0)]
    while pending:
        folder, depth = pending.pop()
        if depth:
            yield folder, depth
        if depth <= layout.TUPLES:
            below = [p for p in _entries(folder) if p.is_dir() and not p.is_symlink()]
            skip = "extensions" if depth == 0 else ""
            pending += [(p, depth + 1) for p in reversed(below) if p.name != skip]


def _root_faults(root: Path) -> Iterator[Fault]:
    known = dict(layout.ROOT_FILES)
    for name, data in known.items():
        yield from _exact(root, root / name, data, "")
    for path in _files(root / "extensions"):
        if path.relative_to(root).as_posix() not in known:
            yield _fault(root, path, EXTRA)
    for path in _entries(root):
        if (path.is_symlink() or not path.is_dir()) and path.name not in known:
            yield _fault(root, path, EXTRA)


def _tuple_faults(root: Path, folder: Path) -> list[Fault]:
    inside = _entries(folder)
    if folder.is_dir() and not inside:
        return [_fault(root, folder, EMPTY)]
    return [_fault(root, p, EXTRA) for p in inside if p.is_symlink() or not p.is_dir()]


def _object_faults(root: Path, home: Path) -> list[Fault]:
    """None for an object that is not there (any more): its put was undone."""
    return list(_ObjectCheck(root, home, _id_of(home)).faults()) if home.is_dir() else []


class _ObjectCheck:
    """The check of one object. Reads every file in it once, the inventories twice."""

    def __init__(self, root: Path, home: Path, object_id: str) -> None:
        self.root, self.home, self.object_id = root, home, object_id

    def faults(self) -> Iterator[Fault]:
        name, data = layout.OBJECT_NAMASTE
        yield from self._exact(name, data)
        inventory, broken = self._root_inventory()
        yield from broken
        if inventory is None:
            return
        if self.home != self.root / layout.object_path(inventory.id):
            yield self._fault("", MISPLACED)
        for number in range(1, inventory.head + 1):
            yield from self._version_inventory(inventory, number)
        for path, digest in inventory.manifest.items():
            yield from self._content(path, digest)
        yield from self._strangers(inventory)

    def _root_inventory(self) -> tuple[Inventory | None, list[Fault]]:
        """The inventory to judge the rest by. When the root's own is damaged, that of the last
        version serves, so that one flipped bit is one fault and the contents are still read."""
        data, written = self._read(INVENTORY), self._read(SIDECAR)
        if data is not None and written == inventories.sidecar(data):
            return self._parsed(data)
        twin = self._read(f"{self._last_version()}/{INVENTORY}")
        if data is not None and twin == data:
            inventory, broken = self._parsed(data)
            return inventory, broken + list(self._exact(SIDECAR, inventories.sidecar(data)))
        if twin is not None and written == inventories.sidecar(twin):
            inventory, broken = self._parsed(twin)
            return inventory, broken + list(self._exact(INVENTORY, twin))
        return None, [self._fault(INVENTORY, CHANGED if data is not None else MISSING)]

    def _parsed(self, data: bytes) -> tuple[Inventory | None, list[Fault]]:
        try:
            return inventories.parse(data), []
        except StoreError:
            return None, [self._fault(INVENTORY, CHANGED)]

    def _version_inventory(self, inventory: Inventory, number: int) -> Iterator[Fault]:
        """The inventory kept with a version, judged by what it was when written."""
        place = f"v{number}/{INVENTORY}"
        meant = inventories.dump(inventory.as_of(number))
        data, written = self._read(place), self._read(f"v{number}/{SIDECAR}")
        if data is not None and data != meant and written == inventories.sidecar(data):
            # Another OCFL program wrote it: its own order of keys, the same meaning.
            meant = data if self._means_the_same(data, inventory.as_of(number)) else meant
        yield from self._exact(place, meant)
        yield from self._exact(f"v{number}/{SIDECAR}", inventories.sidecar(meant))

    def _means_the_same(self, data: bytes, wanted: Inventory) -> bool:
        try:
            return inventories.parse(data) == wanted
        except StoreError:
            return False

    def _content(self, path: str, digest: str) -> Iterator[Fault]:
        place = self.home / path
        if place.is_symlink() or not place.is_file():
            yield self._fault(path, MISSING, expected=digest)
            return
        try:
            found = durable.sha512_on_disk(place)
        except OSError:
            yield self._fault(path, UNREADABLE, expected=digest)
            return
        if found != digest:
            yield self._fault(path, CHANGED, expected=digest, found=found)

    def _strangers(self, inventory: Inventory) -> Iterator[Fault]:
        own = {layout.OBJECT_NAMASTE[0], INVENTORY, SIDECAR, *inventory.manifest}
        for number in range(1, inventory.head + 1):
            own |= {f"v{number}/{INVENTORY}", f"v{number}/{SIDECAR}"}
        for path in _files(self.home):
            if path.relative_to(self.home).as_posix() not in own:
                yield _fault(self.root, path, EXTRA, self.object_id)
        for folder in _empty_folders(self.home):
            yield _fault(self.root, folder, EMPTY, self.object_id)

    def _last_version(self) -> str:
        numbers = [
            int(p.name[1:])
            for p in _entries(self.home)
            if p.name[:1] == "v" and p.name[1:].isascii() and p.name[1:].isdigit()
        ]
        return f"v{max(numbers, default=0)}"

    def _read(self, path: str) -> bytes | None:
        try:
            return durable.bytes_on_disk(self.home / path)
        except OSError:
            return None

    def _exact(self, path: str, data: bytes) -> Iterator[Fault]:
        return _exact(self.root, self.home / path, data, self.object_id)

    def _fault(self, path: str, message: str, *, expected: str = "", found: str = "") -> Fault:
        return _fault(self.root, self.home / path, message, self.object_id, expected, found)


def _id_of(home: Path) -> str:
    for path in (home / INVENTORY, home / "v1" / INVENTORY):
        try:
            return inventories.parse(path.read_bytes()).id
        except (OSError, StoreError):
            continue
    return ""


def _exact(root: Path, path: Path, data: bytes, object_id: str) -> Iterator[Fault]:
    expected = durable.digests_of_bytes(data).sha512
    try:
        found = durable.bytes_on_disk(path)
    except FileNotFoundError:
        yield _fault(root, path, MISSING, object_id, expected)
        return
    except OSError:
        yield _fault(root, path, UNREADABLE, object_id, expected)
        return
    if found != data:
        digest = durable.digests_of_bytes(found).sha512
        yield _fault(root, path, CHANGED, object_id, expected, digest)


def _fault(
    root: Path, path: Path, message: str, object_id: str = "", expected: str = "", found: str = ""
) -> Fault:
    return Fault(object_id, path.relative_to(root).as_posix(), expected, found, message)


def _entries(folder: Path) -> list[Path]:
    """[] also for a folder that is just gone, or cannot be listed: what should be in it is then
    missing or, in the hierarchy, the folder seems empty; a fault either way."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _files(folder: Path) -> Iterator[Path]:
    """Everything below that is no directory, symbolic links included and not followed."""
    for path in _entries(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _empty_folders(folder: Path) -> Iterator[Path]:
    for path in _entries(folder):
        if path.is_dir() and not path.is_symlink():
            if not _entries(path):
                yield path
            yield from _empty_folders(path)
