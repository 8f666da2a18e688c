"""Whatever is wrong in the store is named: one flipped bit, a file gone, a file too many."""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.ocfl import Fault, Store, layout
from archive.ocfl import inventory as inventories

NOW = datetime(2014, 10, 31, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "root", tmp_path / "work").create()
    for n in (1, 2, 3):
        made.put("件", {"原件.doc": b"%d" % n * 50}, message="收", user=("甲", ""), created=NOW)
    return made


def files(store: Store) -> list[Path]:
    return sorted(p for p in store.root.rglob("*") if p.is_file())


def place(store: Store, path: Path) -> str:
    return path.relative_to(store.root).as_posix()


def test_one_flipped_bit_anywhere_is_named(store: Store) -> None:
    for path in files(store):
        whole = path.read_bytes()
        step = max(1, len(whole) // 10)
        for at in {len(whole) - 1, *range(0, len(whole), step)}:
            flipped = bytearray(whole)
            flipped[at] ^= 1 << (at % 8)
            path.write_bytes(flipped)
            named = {fault.path for fault in store.verify()}
            assert named == {place(store, path)}, (path, at)
        path.write_bytes(whole)
    assert list(store.verify()) == []


@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda p: p.write_bytes(b""), lambda p: p.write_bytes(b"x" * 9999)]
)
def test_a_file_gone_cut_or_grown_is_named(store: Store, harm: Callable[[Path], object]) -> None:
    for path in files(store):
        whole = path.read_bytes()
        harm(path)
        assert place(store, path) in {fault.path for fault in store.verify()}
        path.write_bytes(whole)


def test_a_fault_says_object_expected_and_found(store: Store) -> None:
    path = store.path("件", "原件.doc", 1)
    whole = path.read_bytes()
    path.write_bytes(b"x")
    digest = store.state("件", 1)["原件.doc"]
    (fault,) = store.verify()
    assert (fault.object_id, fault.expected) == ("件", digest)
    assert fault.found.startswith("a4abd4448c49562d828115d13a1fccea")  # sha512 of b"x"
    path.write_bytes(whole)


@pytest.mark.parametrize(
    "stranger",
    [
        "论文.doc",
        "新建文件夹/x.doc",
        "extensions/x.txt",
        "{tuple}/x.txt",
        "{object}/x.txt",
        "{object}/v1/x.txt",
        "{object}/v2/content/x.doc",
        "{object}/v4/content/x.doc",
    ],
)
def test_a_file_that_does_not_belong_is_named(store: Store, stranger: str) -> None:
    home = layout.object_path("件")
    name = stranger.format(tuple=home.partition("/")[0], object=home)
    path = store.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    assert name in {fault.path for fault in store.verify()}


def test_links_are_named_and_not_followed(store: Store, tmp_path: Path) -> None:
    content = store.path("件", "原件.doc", 1)
    copy = shutil.copy(content, tmp_path / "copy")
    content.unlink()
    content.symlink_to(copy)
    (store.root / "loop").symlink_to(store.root)
    assert {fault.path for fault in store.verify()} == {place(store, content), "loop"}


def test_an_empty_folder_is_named(store: Store) -> None:
    (store.root / "0ab").mkdir()
    assert [fault.path for fault in store.verify()] == ["0ab"]


def test_an_object_in_another_place_is_named(store: Store) -> None:
    home = store.root / layout.object_path("件")
    home.rename(home.with_name("elsewhere"))
    assert place(store, home.with_name("elsewhere")) in {fault.path for fault in store.verify()}


def test_an_object_without_readable_inventories_is_named(store: Store) -> None:
    home = store.root / layout.object_path("件")
    for path in home.rglob("inventory.json"):
        path.write_bytes(b"{")
    assert f"{place(store, home)}/inventory.json" in {fault.path for fault in store.verify()}


def test_a_coherent_lie_about_the_past_is_named(store: Store) -> None:
    """Inventory and sidecar of an old version rewritten together still contradict the head."""
    old = store.root / layout.object_path("件") / "v1"
    data = (old / "inventory.json").read_bytes().replace(b"2014", b"2013")
    (old / "inventory.json").write_bytes(data)
    (old / "inventory.json.sha512").write_bytes(inventories.sidecar(data))
    assert place(store, old / "inventory.json") in {fault.path for fault in store.verify()}


def test_puts_under_way_are_no_faults(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that is slow between its steps, on the object and beside it."""
    stop, rounds = threading.Event(), 0
    monkeypatch.setattr("archive.ocfl.store.point", lambda name: stop.wait(0.002))

    def write() -> None:
        for n in itertools.count():
            if stop.is_set():
                return
            for object_id in ("件", f"新件{n}"):
                store.put(object_id, {"1": b"%d" % n}, message="收", user=("甲", ""), created=NOW)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(list(store.objects())) < 12:
            assert list(store.verify()) == []
            rounds += 1
    finally:
        stop.set()
        thread.join()
    assert rounds > 2


def test_progress_is_told(store: Store) -> None:
    told: list[tuple[int, str]] = []
    assert list(store.verify(lambda count, object_id: told.append((count, object_id)))) == []
    assert told == [(1, "件")]


def test_faults_are_values() -> None:
    assert Fault("a", "b", "", "", "c") == Fault("a", "b", "", "", "c")
