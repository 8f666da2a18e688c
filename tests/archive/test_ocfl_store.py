"""The store keeps what it is given, once, in an order another OCFL program accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import ocfl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ocfl import Draft, Store, StoreError, layout, logical_name
from archive.ocfl import inventory as inventories

NOW = datetime(2014, 10, 31, 9, 5, 6, 789, tzinfo=UTC)
CLERK = ("张三", "mailto:zhangsan@example.org")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "档案库", tmp_path / "work").create()
    yield made
    made.close()


def put(store: Store, object_id: str, add: dict[str, Path | bytes], **more: object) -> int:
    options: dict[str, object] = {"message": "收件", "user": CLERK, "created": NOW, **more}
    return store.put(object_id, add, **options)  # type: ignore[arg-type]


def assert_valid(store: Store) -> None:
    """The judgement of ocfl-py on the root and every object, and our own."""
    root = ocfl.StorageRoot(root=str(store.root))
    assert root.validate(), root.log.messages
    assert list(store.verify()) == []


def content_files(store: Store) -> list[str]:
    return sorted(p.name for p in store.root.glob("*/*/v*/content/**/*") if p.is_file())


def test_it_works(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "阶段报告.doc"
    source.write_bytes(b"\xd0\xcf" * 5000)
    assert put(store, "urn:uuid:1", {"原件/阶段报告.doc": source, "filing.json": b"{}"}) == 1
    assert store.read("urn:uuid:1", "原件/阶段报告.doc") == source.read_bytes()
    assert store.path("urn:uuid:1", "原件/阶段报告.doc").name == "阶段报告.doc"
    assert source.exists()
    assert_valid(store)


def test_an_empty_root_is_valid(store: Store) -> None:
    assert_valid(store)
    assert list(store.objects()) == []


def test_next_version_carries_over_adds_replaces_and_removes(store: Store) -> None:
    put(store, "a", {"留.txt": b"1", "换.txt": b"2", "去.txt": b"3"})
    assert put(store, "a", {"换.txt": b"4", "新.txt": b"5"}, remove=["去.txt"]) == 2
    assert {p: store.read("a", p) for p in store.state("a")} == {
        "留.txt": b"1",
        "换.txt": b"4",
        "新.txt": b"5",
    }
    assert {p: store.read("a", p, 1) for p in store.state("a", 1)} == {
        "留.txt": b"1",
        "换.txt": b"2",
        "去.txt": b"3",
    }
    assert_valid(store)


def test_bytes_the_object_has_are_not_stored_again(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"same")
    put(store, "a", {"1.txt": b"same", "2.txt": b"same"})
    put(store, "a", {"3/deep/4.txt": source})
    assert content_files(store) == ["1.txt"]
    assert store.read("a", "3/deep/4.txt") == b"same"
    assert_valid(store)


def test_a_version_may_only_remove(store: Store) -> None:
    put(store, "a", {"1": b"1", "2": b"2"})
    put(store, "a", {}, remove=["1"])
    assert list(store.state("a")) == ["2"]
    assert_valid(store)


def test_a_token_makes_put_repeatable(store: Store) -> None:
    assert put(store, "a", {"1": b"1"}, token="arrival-1") == 1
    assert put(store, "a", {"1": b"2"}, token="arrival-2") == 2
    assert put(store, "a", {"1": b"other"}, token="arrival-1") == 1
    assert len(store.versions("a")) == 2
    assert store.read("a", "1") == b"2"


def test_versions_say_who_when_and_why(store: Store) -> None:
    beijing = timezone(timedelta(hours=8))
    put(store, "a", {"1": b"1"}, created=NOW.astimezone(beijing), token="t-1")
    put(store, "a", {"1": b"2"}, message="更正", user=("系统", ""))
    first, second = store.versions("a")
    assert (first.n, first.created, first.user) == (1, NOW, CLERK)
    assert (first.message, first.token) == ("收件 [t-1]", "t-1")
    assert (second.message, second.token, second.user) == ("更正", "", ("系统", ""))


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"):
        put(store, "a", {"1": b"1"}, created=datetime(2014, 1, 1))
    assert not store.exists("a")


def test_objects_are_listed(store: Store) -> None:
    ids = {f"urn:yanxiu:件/{n}" for n in range(20)} | {"长" * 60}
    for object_id in ids:
        put(store, object_id, {"1": b"1"})
    assert set(store.objects()) == ids
    assert all(store.exists(i) for i in ids)
    assert not store.exists("other")
    assert_valid(store)


def test_object_paths_agree_with_the_independent_implementation(store: Store) -> None:
    other = ocfl.StorageRoot(root=str(store.root))
    other.open_root_fs()
    other.check_root_structure()  # reads the layout and its parameters from the root itself
    for object_id in ("object-01", "..hor/rib:le-$id", "urn:uuid:件", "x" * 101, "长" * 60):
        assert layout.object_path(object_id) == other.object_path(object_id)


@pytest.mark.parametrize(
    ("object_id", "path", "version", "code"),
    [
        ("none", "1", None, "store_missing"),
        ("a", "none", None, "store_missing"),
        ("a", "1", 2, "store_missing"),
        ("a", "1", 0, "store_missing"),
    ],
)
def test_what_is_not_there_is_said(
    store: Store, object_id: str, path: str, version: int | None, code: str
) -> None:
    put(store, "a", {"1": b"1"})
    with pytest.raises(StoreError) as error:
        store.read(object_id, path, version)
    assert error.value.code == code
    assert error.value.message
    assert error.value.remedy


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "../a", "a/./b", "a\x00", "\udcb0.doc"])
def test_impossible_paths_are_refused(store: Store, path: str) -> None:
    with pytest.raises(StoreError) as error:
        put(store, "a", {path: b"1"})
    assert error.value.code == "store_path"
    assert not store.exists("a")


def test_a_file_cannot_be_a_folder_too(store: Store) -> None:
    put(store, "a", {"原件": b"1"})
    with pytest.raises(StoreError) as error:
        put(store, "a", {"原件/1.doc": b"1"})
    assert error.value.code == "store_path"
    put(store, "a", {"原件/1.doc": b"1"}, remove=["原件"])
    assert_valid(store)


def test_names_no_file_system_takes_are_kept_in_the_state(store: Store) -> None:
    names = ["a?b.doc", "a_b.doc", "CON.txt", "aux", "点.", "长" * 120 + ".docx", "A.doc", "a.doc"]
    put(store, "a", {name: name.encode() for name in names})
    assert {name: store.read("a", name).decode() for name in names} == {n: n for n in names}
    stored = content_files(store)
    assert all(len(n.encode()) <= 255 and not set('?<>:"|*\\') & set(n) for n in stored)
    assert len({n.casefold() for n in stored}) == len(names)
    assert any(n.startswith("长" * 50) and n.endswith(".docx") for n in stored)
    assert_valid(store)


def test_an_undecodable_name_is_read_as_gb18030() -> None:
    raw = "研修总结.doc".encode("gb18030").decode("utf-8", "surrogateescape")
    assert logical_name(raw) == "研修总结.doc"
    assert logical_name("a/b") == "a_b"
    assert logical_name("..") == "_"
    layout.check_logical_path(logical_name("\ud800x"))


def test_a_changed_source_is_refused(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"now")
    right, wrong = hashlib.sha256(b"now").hexdigest(), hashlib.sha256(b"then").hexdigest()
    with pytest.raises(StoreError) as error:
        put(store, "a", {"x": source}, expect={"x": wrong})
    assert error.value.code == "source_changed"
    assert not store.exists("a")
    assert put(store, "a", {"x": source}, expect={"x": right}) == 1


def test_a_source_that_is_gone_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        put(store, "a", {"1": b"1", "2": tmp_path / "gone"})
    assert error.value.code == "source_unreadable"
    assert_valid(store)
    assert not list((tmp_path / "work").glob("areas/*/*~*"))


def test_reading_a_damaged_file_is_refused(store: Store) -> None:
    put(store, "a", {"1": b"right"})
    store.path("a", "1").write_bytes(b"wrong")
    with pytest.raises(StoreError) as error:
        store.read("a", "1")
    assert error.value.code == "store_damaged"


def test_a_damaged_inventory_is_not_built_upon(store: Store) -> None:
    put(store, "a", {"1": b"1"})
    inventory = store.root / layout.object_path("a") / "inventory.json"
    inventory.write_bytes(inventory.read_bytes().replace("收件".encode(), "改件".encode()))
    with pytest.raises(StoreError) as error:
        put(store, "a", {"2": b"2"})
    assert error.value.code == "store_damaged"


def test_a_copy_that_reads_back_differently_is_not_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from archive import durable

    source = tmp_path / "x"
    source.write_bytes(b"meant")
    real = durable.sync_trees

    def flips_a_bit(folders: list[Path]) -> None:
        real(folders)
        for path in (p for folder in folders for p in folder.glob("object/v*/content/x")):
            path.write_bytes(b"mEant")

    monkeypatch.setattr(durable, "sync_trees", flips_a_bit)
    with pytest.raises(StoreError) as error:
        put(store, "a", {"x": source})
    assert error.value.code == "store_readback"
    assert not store.exists("a")


def test_another_folder_is_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "论文.doc").write_bytes(b"x")
    for attempt in (Store.open, Store.create):
        with pytest.raises(StoreError) as error:
            attempt(Store(tmp_path / "root", tmp_path / "work"))
        assert error.value.code == "store_unknown"
    assert [p.name for p in (tmp_path / "root").iterdir()] == ["论文.doc"]


def test_the_workspace_may_not_stand_in_the_root(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        Store(tmp_path / "root", tmp_path / "root" / "work").create()
    assert error.value.code == "store_workspace"


def test_create_is_repeatable_and_finishes_one_cut_short(tmp_path: Path, store: Store) -> None:
    put(store, "a", {"1": b"1"})
    assert list(Store(store.root, tmp_path / "work").create().objects()) == ["a"]
    begun = tmp_path / "begun"
    (begun / "extensions").mkdir(parents=True)
    assert_valid(Store(begun, tmp_path / "work").create())


def test_many_threads_write_different_objects(store: Store) -> None:
    def write(n: int) -> int:
        return put(store, f"object-{n % 30}", {f"{n}.txt": str(n).encode()}, token=f"t{n}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    for n in range(60):
        assert store.read(f"object-{n % 30}", f"{n}.txt") == str(n).encode()
    assert_valid(store)


def draft(object_id: str, add: dict[str, Path | bytes], token: str = "") -> Draft:
    return Draft(object_id, add, "收件", CLERK, NOW, token=token)


def test_several_objects_are_put_at_once(store: Store) -> None:
    put(store, "second", {"x": b"1"})
    put(store, "known", {"x": b"1"}, token="t-3")
    drafts = [
        draft("first", {"x": b"1", "y": b"2"}),
        draft("second", {"x": b"2"}),
        draft("known", {"x": b"3"}, token="t-3"),
        draft("fourth", {"x": b"4"}),
    ]
    assert store.put_all(drafts) == [1, 2, 1, 1]
    kept = [store.read(name, "x") for name in ("first", "second", "known", "fourth")]
    assert kept == [b"1", b"2", b"1", b"4"]
    assert_valid(store)


def test_of_several_none_is_put_where_one_cannot_be(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        store.put_all([draft("first", {"x": b"1"}), draft("second", {"x": tmp_path / "gone"})])
    assert error.value.code == "source_unreadable"
    assert list(store.objects()) == []
    assert not list(store.workspace.folder.glob("areas/*/*~*"))
    assert store.put_all([]) == []


def test_an_object_has_one_draft_in_a_call(store: Store) -> None:
    with pytest.raises(ValueError, match="different objects"):
        store.put_all([draft("one", {"x": b"1"}), draft("one", {"x": b"2"})])


def test_several_at_once_by_many_threads(store: Store) -> None:
    """Their objects' locks overlap: nobody waits for ever."""
    names = [f"urn:件:{n}" for n in range(40)]

    def some(turn: int) -> None:
        chosen = names[turn::4] + names[(turn + 1) % 4 :: 4]
        store.put_all([draft(name, {f"{turn}": b"%d" % turn}) for name in reversed(chosen)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(some, range(4)))
    assert [store.inventory(name).head for name in names] == [2] * 40
    assert_valid(store)


def test_two_processes_versions_of_one_object_follow_each_other(
    store: Store, tmp_path: Path
) -> None:
    other = Store(store.root, tmp_path / "work").open()
    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(put, (store, other)[n % 2], "a", {f"{n}": b"%d" % n}) for n in range(16)
        ]
    assert sorted(job.result() for job in jobs) == list(range(1, 17))
    assert_valid(store)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1)
steps = st.lists(
    st.tuples(
        st.dictionaries(names.filter(lambda n: n not in (".", "..")), st.binary(max_size=20)),
        st.sets(st.integers(0, 5), max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@given(steps)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_version_reads_back_as_it_was_put(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[dict[str, bytes], set[int]]]
) -> None:
    base = tmp_path_factory.mktemp("law")
    store, states = Store(base / "root", base / "work").create(), []
    state: dict[str, bytes] = {}
    for add, picks in history:
        remove = [sorted(state)[i] for i in picks if i < len(state)]
        state = {k: v for k, v in state.items() if k not in remove} | add
        put(store, "a", dict(add), remove=remove)
        states.append(dict(state))
    for n, wanted in enumerate(states, 1):
        assert {p: store.read("a", p, n) for p in store.state("a", n)} == wanted
    inventory = store.inventory("a")
    home = store.root / layout.object_path("a")
    for n in range(1, inventory.head + 1):
        kept = (home / f"v{n}" / "inventory.json").read_bytes()
        assert inventories.dump(inventory.as_of(n)) == kept
        assert inventories.dump(inventories.parse(kept)) == kept
    assert_valid(store)
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        {"head": "v2"},
        {"digestAlgorithm": "md5"},
        {"manifest": {}},
        {"manifest": {"0" * 128: ["../../etc/passwd"]}},
        {"versions": []},
    ],
)
def test_a_malformed_inventory_is_damage_not_a_crash(store: Store, change: dict[str, str]) -> None:
    put(store, "a", {"1": b"1"})
    inventory = store.root / layout.object_path("a") / "inventory.json"
    inventory.write_text(json.dumps({**json.loads(inventory.read_text()), **change}))
    with pytest.raises(StoreError) as error:
        store.read("a", "1")
    assert error.value.code == "store_damaged"
