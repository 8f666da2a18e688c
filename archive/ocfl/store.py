"""The store: one OCFL 1.1 object for each record, versions that never change.

How a write survives a kill. Everything is built in the workspace, synced and read back; then
* a new object comes into place with one rename;
* a new version comes into place with three: its directory, the root inventory, the sidecar.
  After the first of them the version is whole, so `heal` carries the other two out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive import durable
from archive.durable import StoreError, store_errors
from archive.faults import point
from archive.ocfl import inventory as inventories
from archive.ocfl import layout, recovery, verification
from archive.ocfl.inventory import Inventory, Version
from archive.ocfl.layout import INVENTORY, SIDECAR
from archive.ocfl.workspace import Workspace

Source = Path | bytes


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """`created` is aware, UTC. `message` still carries the token: "收件 [arrival-7]"."""

    n: int
    created: datetime
    message: str
    user: tuple[str, str]
    token: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be written. `add`: what stands at each logical path; `user` is (name, address),
    the address a URI or ""; `expect`: the sha256 a source must have (`source_changed`
    otherwise)."""

    object_id: str
    add: Mapping[str, Source]
    message: str
    user: tuple[str, str]
    created: datetime
    remove: tuple[str, ...] = ()
    token: str = ""
    expect: Mapping[str, str] = field(default_factory=dict)


class Store:
    """An OCFL storage root and its workspace (on the same file system, outside the root).

    Thread-safe, also against other processes: one writer at a time for an object. Every method
    raises StoreError and nothing else for what can go wrong with disks and files.
    """

    def __init__(self, root: Path, workspace: Path) -> None:
        self.root = Path(root)
        self.workspace = Workspace(Path(workspace))

    def create(self) -> Store:
        """Make an empty root, or open the one that is there; finishes one begun and killed."""
        with store_errors():
            self.root.mkdir(parents=True, exist_ok=True)
            if not (self.root / layout.ROOT_NAMASTE[0]).exists():
                self._refuse_foreign()
                self._check_workspace()
                self._found()
        return self.open()

    def open(self) -> Store:
        """Check that this is our kind of root. Raises `store_unknown` or `store_workspace`."""
        with store_errors():
            name, wanted = layout.ROOT_NAMASTE
            declared = self.root / name
            if not declared.is_file() or declared.read_bytes() != wanted:
                raise StoreError("store_unknown", str(self.root))
            self._check_workspace()
        return self

    def close(self) -> None:
        self.workspace.close()

    def put(
        self,
        object_id: str,
        add: Mapping[str, Source],
        remove: Iterable[str] = (),
        *,
        message: str,
        user: tuple[str, str],
        created: datetime,
        token: str = "",
        expect: Mapping[str, str] | None = None,
    ) -> int:
        """`put_all` of one."""
        draft = Draft(object_id, add, message, user, created, tuple(remove), token, expect or {})
        return self.put_all([draft])[0]

    def put_all(self, drafts: Sequence[Draft]) -> list[int]:
        """Write each object's version 1 or its next version; returns the versions' numbers.

        Logical paths not named carry over; bytes that the object already has are not stored
        again. With a `token` the call may be repeated: a version whose message ends with
        `[token]` is returned as it is.
        On return all is synced and was read back from disk: the disk is waited for once, however
        many there are. On an error before the first came into place nothing changed; later some
        stand and others do not, and a call with their tokens finishes it. Should the very last
        rename of a new version fail twice, that version stands.
        """
        ids = [layout.id_digest(draft.object_id) for draft in drafts]
        if len(set(ids)) < len(ids):
            raise ValueError("drafts of one call must concern different objects")
        for path in (path for draft in drafts for path in draft.add):
            layout.check_logical_path(path)
        with store_errors(), ExitStack() as held:
            held.enter_context(self.workspace.writing(ids))
            heads: list[int] = []
            built: list[tuple[_Build, Inventory]] = []
            for draft, digest in zip(drafts, ids, strict=True):
                current = self._current(draft.object_id)
                known = current.with_token(draft.token) if current and draft.token else None
                if known:
                    heads.append(known)
                    continue
                job = held.enter_context(self.workspace.job(digest))
                build = _Build(job, draft.object_id, current)
                new = build.version(draft)
                built.append((build, new))
                heads.append(new.head)
            self._install(built)
        return heads

    def exists(self, object_id: str) -> bool:
        return (self._home(object_id) / INVENTORY).is_file()

    def inventory(self, object_id: str) -> Inventory:
        """Raises StoreError `store_missing` (no such object) or `store_damaged`."""
        try:
            data = (self._home(object_id) / INVENTORY).read_bytes()
        except FileNotFoundError as error:
            raise StoreError("store_missing", object_id) from error
        except OSError as error:
            raise StoreError("store_io", str(error)) from error
        found = inventories.parse(data)
        if found.id != object_id:
            raise StoreError("store_damaged", f"{object_id}: inventory is of {found.id!r}")
        return found

    def state(self, object_id: str, version: int | None = None) -> dict[str, str]:
        """Logical path -> sha512 of that version, by default the last."""
        return dict(self.inventory(object_id).version(version).state)

    def versions(self, object_id: str) -> list[VersionInfo]:
        return [
            VersionInfo(n, datetime.fromisoformat(v.created), v.message, v.user, v.token)
            for n, v in enumerate(self.inventory(object_id).versions, 1)
        ]

    def path(self, object_id: str, logical_path: str, version: int | None = None) -> Path:
        """Where the bytes stand; for reading only, never to be handed to a program that writes."""
        return self._locate(object_id, logical_path, version)[0]

    def read(self, object_id: str, logical_path: str, version: int | None = None) -> bytes:
        """The bytes, checked against their digest. Raises StoreError `store_damaged`."""
        path, digest = self._locate(object_id, logical_path, version)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise StoreError("store_damaged", f"{path} is gone") from error
        except OSError as error:
            raise StoreError("store_io", str(error)) from error
        if durable.digests_of_bytes(data).sha512 != digest:
            raise StoreError("store_damaged", str(path))
        return data

    def objects(self) -> Iterator[str]:
        """Ids of all objects, in the order of their places; unreadable ones are left to
        `verify`."""
        for home in verification.object_homes(self.root):
            try:
                yield inventories.parse((home / INVENTORY).read_bytes()).id
            except (OSError, StoreError):
                continue

    def heal(self, object_id: str) -> str:
        """Finish what a killed put began on this object. Returns what was done:
        "" (nothing to do), "finished", "set_aside" (see recovery)."""
        digest = layout.id_digest(object_id)
        with store_errors(), self.workspace.writing([digest]):
            return recovery.heal(self._home(object_id), digest, self.workspace)

    def recover(self) -> dict[str, str]:
        """After a crash: heal every object that a dead process was writing and empty its part
        of the workspace. Returns object id -> "finished", "set_aside" (see `heal`) or "damaged"
        (left as it is, for `verify`). Safe to run at any time, also while others write."""
        with store_errors():
            return recovery.recover(self.root, self.workspace, self.heal)

    def verify(
        self, progress: Callable[[int, str], None] | None = None
    ) -> Iterator[verification.Fault]:
        """Every byte of the store against what is written about it, and every name.

        `progress(count, object_id)` is called after each object. An object with faults is looked
        at once more while no put can be under way, so a put in another thread is no fault.
        """
        return verification.verify(self.root, self.workspace, progress)

    def _home(self, object_id: str) -> Path:
        return self.root / layout.object_path(object_id)

    def _locate(self, object_id: str, logical: str, version: int | None) -> tuple[Path, str]:
        inventory = self.inventory(object_id)
        digest = inventory.version(version).state.get(logical)
        if digest is None:
            raise StoreError("store_missing", f"{object_id} {logical}")
        return self._home(object_id) / inventory.content_of(digest), digest

    def _current(self, object_id: str) -> Inventory | None:
        """The object's inventory as a base to write on: whole and agreeing with its sidecar."""
        home = self._home(object_id)
        if not home.exists():
            return None
        if recovery.unfinished(home):
            recovery.heal(home, layout.id_digest(object_id), self.workspace)
        return self.inventory(object_id)

    def _install(self, built: Sequence[tuple[_Build, Inventory]]) -> None:
        if not built:
            return
        durable.sync_trees([build.job for build, _ in built])
        for build, new in built:
            build.read_back(new)
            point("store-built")
        self._install_objects(
            [(build.object_dir, self._home(new.id)) for build, new in built if new.head == 1]
        )
        for build, new in built:
            if new.head > 1:
                self._install_version(build.object_dir, self._home(new.id), new.head)

    def _install_objects(self, objects: Sequence[tuple[Path, Path]]) -> None:
        """New objects, each from where it was built to its home."""
        done: list[tuple[Path, Path]] = []
        try:
            for built, home in objects:
                recovery.install_object(built, home)
                done.append((built, home))
                point("store-renamed")
            parents = (recovery.parents_within(self.root, home) for _, home in objects)
            durable.sync_dirs(dict.fromkeys(folder for above in parents for folder in above))
        except OSError:
            for built, home in done:
                home.rename(built)
                recovery.prune_empty(self.root, home.parent)
            raise

    def _install_version(self, built: Path, home: Path, number: int) -> None:
        source, target = built / f"v{number}", home / f"v{number}"
        durable.install_dir(source, target)
        try:
            durable.sync_dir(home)
            point("store-version-renamed")
            durable.replace_file(built / INVENTORY, home / INVENTORY)
        except OSError:
            if recovery.head_of(home) < number:
                target.rename(source)
                raise
        self._finish_version(built, home)

    def _finish_version(self, built: Path, home: Path) -> None:
        """A version that the root inventory names is not taken back: only a rename is left,
        which needs no space and is tried twice."""
        try:
            point("store-inventory")
            durable.replace_file(built / SIDECAR, home / SIDECAR)
            point("store-sidecar")
        except OSError:
            if (built / SIDECAR).exists():
                durable.replace_file(built / SIDECAR, home / SIDECAR)
            durable.sync_dir(home)

    def _refuse_foreign(self) -> None:
        ours = {name.partition("/")[0] for name, _ in layout.ROOT_FILES}
        if any(entry.name not in ours for entry in self.root.iterdir()):
            raise StoreError("store_unknown", str(self.root))

    def _found(self) -> None:
        """Write the root's own files, the namaste last."""
        for name, data in layout.ROOT_FILES:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.workspace.job("0" * 64) as job:
                durable.write_new(job / path.name, data)
                durable.sync_trees([job])
                durable.replace_file(job / path.name, path)
        durable.sync_trees([self.root])
        durable.sync_dir(self.root.parent)

    def _check_workspace(self) -> None:
        folder = self.workspace.folder
        folder.mkdir(parents=True, exist_ok=True)
        inside = folder.resolve().is_relative_to(self.root.resolve())
        if inside or folder.stat().st_dev != self.root.stat().st_dev:
            raise StoreError("store_workspace", str(folder))


class _Build:
    """One version being built in a job directory. `object_dir` mirrors the object's root."""

    def __init__(self, job: Path, object_id: str, current: Inventory | None) -> None:
        self.job = job
        self.object_dir = job / "object"
        self.base = current or Inventory(object_id, {}, ())
        self.number = self.base.head + 1

    def version(self, draft: Draft) -> Inventory:
        """Write contents, inventories, sidecars (and for v1 the namaste); nothing synced yet."""
        (self.object_dir / f"v{self.number}").mkdir(parents=True)
        before = self.base.version().state if self.base.head else {}
        state = {path: d for path, d in before.items() if path not in draft.remove}
        contents: dict[str, str] = {}
        for logical, source in draft.add.items():
            state[logical] = self._content(logical, source, contents, draft.expect.get(logical))
        layout.check_no_nesting(state)
        message = f"{draft.message} [{draft.token}]" if draft.token else draft.message
        created = inventories.timestamp(draft.created)
        version = Version(created, message, draft.user, state)
        new = self.base.extended(version, contents)
        self._write_inventories(new)
        return new

    def read_back(self, new: Inventory) -> None:
        """Raises StoreError `store_readback` unless disk has what was meant."""
        for path, digest in new.manifest.items():
            if inventories.content_version(path) == self.number:
                self._same(path, digest)
        data = inventories.dump(new)
        for name, wanted in ((INVENTORY, data), (SIDECAR, inventories.sidecar(data))):
            digest = durable.digests_of_bytes(wanted).sha512
            self._same(name, digest)
            self._same(f"v{self.number}/{name}", digest)

    def _same(self, path: str, digest: str) -> None:
        if durable.sha512_on_disk(self.object_dir / path) != digest:
            raise StoreError("store_readback", path)

    def _content(
        self, logical: str, source: Source, contents: dict[str, str], expected: str | None
    ) -> str:
        """Store a source's bytes unless the object has them; returns their sha512."""
        path = layout.content_path(self.number, logical, contents)
        target = self.object_dir / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, bytes):
            found = durable.digests_of_bytes(source)
            durable.write_new(target, source)
        else:
            found = durable.copy_new(source, target)
        if expected and found.sha256 != expected.lower():
            raise StoreError("source_changed", logical)
        if found.sha512 in self.base.manifest.values() or found.sha512 in contents.values():
            target.unlink()
            recovery.prune_empty(self.object_dir / f"v{self.number}", target.parent)
        else:
            contents[path] = found.sha512
        return found.sha512

    def _write_inventories(self, new: Inventory) -> None:
        data = inventories.dump(new)
        for folder in (self.object_dir, self.object_dir / f"v{self.number}"):
            durable.write_new(folder / INVENTORY, data)
            durable.write_new(folder / SIDECAR, inventories.sidecar(data))
        if self.number == 1:
            name, declared = layout.OBJECT_NAMASTE
            durable.write_new(self.object_dir / name, declared)
