"""Killed or out of space at any step, the store is whole after `recover`, and a retry with the
same token gives exactly one version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import ocfl
import pytest

from archive import faults
from archive.ocfl import Draft, Store, StoreError, layout

NOW = datetime(2014, 10, 31, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[2]
OF_NEW_OBJECT = ("store-built", "store-renamed")
OF_NEXT_VERSION = ("store-built", "store-version-renamed", "store-inventory", "store-sidecar")
PUT = """
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from archive.ocfl import Store
base = Path(sys.argv[1])
store = Store(base / "root", base / "work").open()
store.put("件", {"原件.doc": base / "原件.doc", "x.json": b"{}"}, message="收件", user=("甲", ""),
          created=datetime(2014, 10, 31, tzinfo=UTC), token="arrival-2")
"""


PUT_ALL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive.ocfl import Draft, Store
base = Path(sys.argv[1])
store = Store(base / "root", base / "work").open()
store.put_all([Draft(name, {"x": name.encode()}, "收件", ("甲", ""),
                     datetime(2014, 10, 31, tzinfo=UTC), token="t-" + name)
               for name in ("a", "other", "b", "件", "c")])
"""


def prepared(base: Path, versions: int) -> Store:
    (base / "原件.doc").write_bytes(b"new bytes" * 100)
    store = Store(base / "root", base / "work").create()
    put(store, "other", {"1": b"1"})
    for n in range(versions):
        put(store, "件", {"原件.doc": b"old %d" % n})
    return store


def put(store: Store, object_id: str, add: dict[str, bytes | Path], token: str = "") -> int:
    return store.put(object_id, add, message="收件", user=("甲", ""), created=NOW, token=token)


def killed_put(base: Path, fault: str, program: str = PUT) -> int:
    environment = {**os.environ, "YANXIU_FAULT": fault, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", program, str(base)]
    return subprocess.run(command, env=environment, cwd=REPOSITORY, timeout=60).returncode


def assert_whole(store: Store) -> None:
    assert ocfl.StorageRoot(root=str(store.root)).validate()
    assert list(store.verify()) == []
    assert not list(store.workspace.folder.glob("areas/*/*~*"))


@pytest.mark.parametrize("versions", [0, 2])
@pytest.mark.parametrize("name", faults.STORE_POINTS)
def test_killed_at_any_step(tmp_path: Path, name: str, versions: int) -> None:
    store = prepared(tmp_path, versions)
    status = killed_put(tmp_path, name)
    assert (status != 0) == (name in (OF_NEXT_VERSION if versions else OF_NEW_OBJECT))
    store.recover()
    assert_whole(store)
    retried = put(store, "件", {"原件.doc": b"new bytes" * 100}, token="arrival-2")
    assert retried == versions + 1
    assert [v.token for v in store.versions("件")].count("arrival-2") == 1
    assert store.read("件", "原件.doc") == b"new bytes" * 100
    assert store.recover() == {}
    assert_whole(store)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("name", faults.STORE_POINTS)
def test_several_killed_at_any_step(tmp_path: Path, name: str, turn: int) -> None:
    """New objects and next versions in one call: each is there or is not, and once."""
    store = prepared(tmp_path, 1)
    assert killed_put(tmp_path, f"{name}:{turn}", PUT_ALL) != 0
    store.recover()
    assert_whole(store)
    assert killed_put(tmp_path, "", PUT_ALL) == 0
    for object_id in ("a", "other", "b", "件", "c"):
        assert [v.token for v in store.versions(object_id)].count("t-" + object_id) == 1
        assert store.read(object_id, "x") == object_id.encode()
    assert_whole(store)


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("store-built", {}),
        ("store-version-renamed", {"件": "finished"}),
        ("store-inventory", {"件": "finished"}),
        ("store-sidecar", {}),
    ],
)
def test_recover_says_what_it_did(tmp_path: Path, name: str, done: dict[str, str]) -> None:
    store = prepared(tmp_path, 1)
    killed_put(tmp_path, name)
    assert store.recover() == done
    assert len(store.versions("件")) == (1 if name == "store-built" else 2)


@pytest.mark.parametrize("name", ["store-version-renamed", "store-inventory"])
def test_the_next_put_heals_by_itself(tmp_path: Path, name: str) -> None:
    store = prepared(tmp_path, 1)
    killed_put(tmp_path, name)
    assert put(store, "件", {"原件.doc": b"third"}) == 3
    assert store.read("件", "原件.doc", 2) == b"new bytes" * 100
    store.recover()
    assert_whole(store)


@pytest.mark.parametrize("versions", [0, 1])
@pytest.mark.parametrize("name", faults.STORE_POINTS)
def test_out_of_space_at_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, versions: int
) -> None:
    store = prepared(tmp_path, versions)
    monkeypatch.setenv("YANXIU_FAULT_ERROR", name)
    refused = name in (OF_NEXT_VERSION[:2] if versions else OF_NEW_OBJECT)
    with pytest.raises(StoreError) if refused else nullcontext() as caught:
        put(store, "件", {"原件.doc": tmp_path / "原件.doc"}, token="arrival-2")
    assert not caught or caught.value.code == "disk_full"
    assert_whole(store)
    head = store.inventory("件").head if store.exists("件") else 0
    assert head == versions + (not refused)
    monkeypatch.delenv("YANXIU_FAULT_ERROR")
    put(store, "件", {"原件.doc": tmp_path / "原件.doc"}, token="arrival-2")
    assert store.inventory("件").head == versions + 1
    assert_whole(store)


def test_out_of_space_in_the_middle_of_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = prepared(tmp_path, 0)
    drafts = [Draft(name, {"x": b"1"}, "收件", ("甲", ""), NOW, token="t") for name in "abc"]
    monkeypatch.setattr(faults, "_seen", Counter())
    monkeypatch.setenv("YANXIU_FAULT_ERROR", "store-renamed:2")
    with pytest.raises(StoreError) as refused:
        store.put_all(drafts)
    assert refused.value.code == "disk_full"
    assert list(store.objects()) == ["other"]
    assert_whole(store)
    assert store.put_all(drafts) == [1, 1, 1]
    assert_whole(store)


def test_a_version_that_was_not_finished_is_set_aside(tmp_path: Path) -> None:
    """Cannot follow from a kill (all is synced before the rename), but may from a bad disk."""
    store = prepared(tmp_path, 1)
    killed_put(tmp_path, "store-version-renamed")
    content = store.root / layout.object_path("件") / "v2" / "content" / "原件.doc"
    content.write_bytes(b"torn")
    assert store.recover() == {"件": "set_aside"}
    assert_whole(store)
    assert len(list((tmp_path / "work" / "aside").rglob("原件.doc"))) == 1


def test_a_damaged_object_does_not_keep_others_from_being_recovered(tmp_path: Path) -> None:
    store = prepared(tmp_path, 1)
    killed_put(tmp_path, "store-inventory")
    neighbour = store.root / layout.object_path("件")
    (neighbour.parent / "0-damaged").mkdir()
    (neighbour.parent / "0-damaged" / "inventory.json").write_bytes(b"{")
    assert store.recover() == {"0-damaged": "damaged", "件": "finished"}


def test_recover_leaves_a_living_writer_alone(tmp_path: Path) -> None:
    store = prepared(tmp_path, 1)
    with store.workspace.job("ab" * 32) as job:
        (job / "half").write_bytes(b"x")
        assert Store(store.root, tmp_path / "work").open().recover() == {}
        assert (job / "half").exists()


def test_every_point_of_the_store_is_passed_and_named() -> None:
    source = "".join(p.read_text() for p in (REPOSITORY / "archive" / "ocfl").glob("*.py"))
    assert set(re.findall(r'point\("([^"]+)"\)', source)) == set(faults.STORE_POINTS)


def test_an_unknown_point_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown"):
        faults.point("store-bulit")


def test_the_third_passing_can_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_seen", Counter())
    monkeypatch.setenv("YANXIU_FAULT_ERROR", "store-built:3")
    faults.point("store-built")
    faults.point("store-renamed")
    faults.point("store-built")
    with pytest.raises(OSError, match="injected"):
        faults.point("store-built")
    faults.point("store-built")
