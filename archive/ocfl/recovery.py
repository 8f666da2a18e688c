"""What a kill can leave behind, and how it is finished or undone.

A put of a next version leaves one of two traces in the object:
1. `vN+1/` stands whole, the root inventory still ends at vN;
2. the root inventory ends at vN+1, its sidecar is that of vN.
Both are carried forward from `vN+1/inventory.json`, after every new byte was checked. Anything
else is no trace of a kill but damage, and left to `verify` and a person.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from archive import durable
from archive.durable import StoreError
from archive.ocfl import inventory as inventories
from archive.ocfl import layout
from archive.ocfl.inventory import Inventory
from archive.ocfl.layout import INVENTORY, SIDECAR
from archive.ocfl.workspace import Workspace


def unfinished(home: Path) -> bool:
    """Whether a put on this object was killed: its inventory and sidecar disagree, or a version
    directory stands beyond the head."""
    data = _bytes(home / INVENTORY)
    if _bytes(home / SIDECAR) != inventories.sidecar(data):
        return True
    return (home / f"v{inventories.parse(data).head + 1}").exists()


def heal(home: Path, digest: str, workspace: Workspace) -> str:
    """Finish or undo; the caller holds the object's write lock. See Store.heal.

    Raises StoreError `store_damaged` for an object that no kill leaves like this.
    """
    if not home.exists():
        return ""
    data = _bytes(home / INVENTORY)
    inventory = inventories.parse(data)
    if _bytes(home / SIDECAR) != inventories.sidecar(data):
        if _bytes(home / f"v{inventory.head}" / INVENTORY) != data:
            raise StoreError("store_damaged", f"{home}: inventory and sidecar disagree")
        _carry_forward(home, inventory.head, digest, workspace)
        return "finished"
    beyond = home / f"v{inventory.head + 1}"
    if not beyond.exists():
        return ""
    if not _whole(beyond, home, inventory):
        workspace.set_aside(beyond)
        durable.sync_dir(home)
        return "set_aside"
    _carry_forward(home, inventory.head + 1, digest, workspace)
    return "finished"


def recover(root: Path, workspace: Workspace, heal_id: Callable[[str], str]) -> dict[str, str]:
    """See Store.recover."""
    done: dict[str, str] = {}
    for area in workspace.dead_areas():
        for job in sorted(area.glob("*~*")):
            near = root / layout.tuple_path(job.name.partition("~")[0])
            for home in sorted(near.iterdir()) if near.is_dir() else ():
                object_id, what = _healed(home, heal_id)
                if what:
                    done[object_id] = what
            prune_empty(root, near)
    return done


def _healed(home: Path, heal_id: Callable[[str], str]) -> tuple[str, str]:
    """One damaged object must not keep the others from being recovered: `verify` names it."""
    object_id = home.name
    try:
        object_id = inventories.parse(_bytes(home / INVENTORY)).id
        return object_id, heal_id(object_id)
    except StoreError as error:
        if error.code != "store_damaged":
            raise
        return object_id, "damaged"


def install_object(built: Path, home: Path) -> None:
    """Rename a new object into place, making the directories above it. Others may be pruning
    those when empty, so it is tried again."""
    for attempt in range(20):
        home.parent.mkdir(parents=True, exist_ok=True)
        try:
            durable.install_dir(built, home)
        except FileNotFoundError:
            if attempt == 19:
                raise
        else:
            return


def parents_within(root: Path, home: Path) -> Iterator[Path]:
    """The directories from the object's parent up to and including the root."""
    for parent in home.parents:
        yield parent
        if parent == root:
            return


def prune_empty(top: Path, folder: Path) -> None:
    """Remove `folder` and what is above it, below `top`, as far as empty (OCFL allows no empty
    directories)."""
    while folder != top and folder.is_relative_to(top):
        with contextlib.suppress(FileNotFoundError):
            try:
                folder.rmdir()
            except OSError:
                return
        folder = folder.parent


def head_of(home: Path) -> int:
    return inventories.parse(_bytes(home / INVENTORY)).head


def _whole(version_dir: Path, home: Path, before: Inventory) -> bool:
    """Whether a version directory beyond the head is a finished continuation of the object."""
    try:
        data = _bytes(version_dir / INVENTORY)
        after = inventories.parse(data)
        if _bytes(version_dir / SIDECAR) != inventories.sidecar(data):
            return False
        if after.as_of(before.head) != before or after.head != before.head + 1:
            return False
        new = {p: d for p, d in after.manifest.items() if p not in before.manifest}
        return all(durable.sha512_on_disk(home / path) == d for path, d in new.items())
    except (OSError, StoreError):
        return False


def _carry_forward(home: Path, number: int, digest: str, workspace: Workspace) -> None:
    with workspace.job(digest) as job:
        for name in (INVENTORY, SIDECAR):
            durable.write_new(job / name, _bytes(home / f"v{number}" / name))
        durable.sync_trees([job])
        for name in (INVENTORY, SIDECAR):
            durable.replace_file(job / name, home / name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError("store_damaged", f"{path} is gone") from error
