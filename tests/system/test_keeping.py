"""Rebuild, backup, restore, verify: what is derived can be lost, what is kept cannot."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archives import Archive, Served, copied, report, until

QUERIES = ('"集体备课10次"', "同课异构", "校本研修 NOT 数学", "学校:孙镇初中")


@pytest.fixture(scope="module")
def with_a_past(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = copied(founded, tmp_path_factory.mktemp("lived"))
    folder = archive.home.parent / "交"
    report(folder / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    report(folder / "孙镇初中语文10月（重交）.docx", "孙镇初中", "语文", 10)
    report(folder / "椿林初中数学11月.docx", "椿林初中", "数学", 11)
    (folder / "又一份.docx").write_bytes((folder / "椿林初中数学11月.docx").read_bytes())
    report(folder / "兴镇初中英语12月.docx", "兴镇初中", "英语", 12)
    (folder / "空.docx").write_bytes(b"")
    lines = archive.run("add", folder, "--json").lines
    math = next(line["id"] for line in lines if line["subject"] == "数学")
    english = next(line["id"] for line in lines if line["subject"] == "英语")
    archive.ok("review", "correct", math, "subject=物理", "month=2014-12", "--reason", "写错学科")
    archive.ok("review", "accept", english)
    archive.ok("forms", "make", "stage_report", "--month", "2014-11", "--school", "孙镇初中",
               "-o", archive.home.parent / "表")  # fmt: skip
    return archive.home


@pytest.fixture
def lived(with_a_past: Path, tmp_path: Path) -> Archive:
    """An archive with a past: versions, a duplicate, a quarantined file, a correction, an
    acceptance and issued forms."""
    return copied(with_a_past, tmp_path)


def told(archive: Archive) -> dict[str, Any]:
    """All an archive answers: facts, events, hits, accounts, matrix."""
    answer = archive.ok("search", "--limit", "100", "--json").line
    ids = sorted(hit["id"] for hit in answer["hits"])
    monthly = ("matrix", "--month", "2014-12", "--kind", "stage_report", "--json")
    return {
        "shown": [archive.ok("show", i, "--json").line for i in ids],
        "events": [archive.ok("history", i, "--json").lines for i in ids],
        "hits": {q: sorted(archive.hits(q)) for q in QUERIES},
        "accounts": archive.ok("accounts", "--json").lines,
        "matrix": archive.ok(*monthly).line,
    }


def test_rebuild_gives_the_same_archive(lived: Archive) -> None:
    before = told(lived)
    assert len(before["shown"]) == 3
    for path in lived.home.glob("catalogue.sqlite3*"):
        path.unlink()
    (lived.home / "schema").unlink()
    shutil.rmtree(lived.home / "index")
    shutil.rmtree(lived.home / "readings")
    lived.ok("rebuild")
    assert told(lived) == before


def test_backup_while_serving_and_restore_elsewhere(
    lived: Archive, tmp_path: Path, serve: Callable[..., Served]
) -> None:
    before = told(lived)
    served = serve(lived)
    lived.ok("backup", tmp_path / "备份.zip")
    served.stop()
    other = Archive(tmp_path / "另一处" / "档案")
    other.home.parent.mkdir()
    other.ok("restore", tmp_path / "备份.zip")
    assert told(other) == before
    assert other.run("verify").code == 0


def test_restore_refuses_a_folder_that_is_in_use(lived: Archive, tmp_path: Path) -> None:
    lived.ok("backup", tmp_path / "备份.zip")
    done = lived.run("restore", tmp_path / "备份.zip", "--json")
    assert (done.code, done.line["error"]["code"]) == (3, "not_empty")


def test_verify_names_a_flipped_bit(lived: Archive) -> None:
    assert lived.run("verify").code == 0
    stored = next(p for p in (lived.home / "store").rglob("*.docx"))
    stored.chmod(0o644)
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.write_bytes(bytes(data))
    done = lived.run("verify", "--json")
    assert done.code == 1
    assert stored.name in done.line["path"]


def test_every_object_is_valid_ocfl(lived: Archive) -> None:
    import ocfl

    root = ocfl.StorageRoot(root=str(lived.home / "store"))
    assert root.validate()
    assert root.num_objects == root.good_objects > 4


def test_added_beside_a_running_serve_is_searchable_on_return(
    archive: Archive, tmp_path: Path, serve: Callable[..., Served]
) -> None:
    serve(archive)
    for month in (9, 10, 11):
        file = report(tmp_path / f"{month}.docx", "孙镇初中", "语文", month)
        record = archive.ok("add", file, "--json").line["id"]
        assert archive.hits(f'"集体备课{month}次"') == [record]


def test_dropped_into_the_inbox_of_a_running_serve(
    archive: Archive, serve: Callable[..., Served]
) -> None:
    serve(archive)
    report(archive.inbox / "椿林初中" / "语文10月.docx", "椿林初中", "语文", 10, lacking="取得成效")
    receipt = archive.inbox / "回执" / "椿林初中" / "语文10月.docx.回执.html"
    until(receipt.exists, "the receipt")
    assert "取得成效" in receipt.read_text("utf-8")
    assert (archive.inbox / "已收" / "椿林初中" / "语文10月.docx").exists()
    until(lambda: archive.hits('"集体备课10次"'), "the hit")
