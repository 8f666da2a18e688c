"""Settings, keys, backups and commands: what must not slip through."""

from __future__ import annotations

import json
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from archives import Archive, report

from yanxiu import config
from yanxiu.errors import UsageError


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('[county]\ntimezone = "Asia/Shanghia"', "county.timezone"),
        ('[search]\nengine = "tantivi"', "tantivy"),
        ("[web]\nthreads = 0", "web.threads"),
        (
            '[[inbox]]\nname = "甲"\npath = "收"\n[[inbox]]\nname = "乙"\npath = "收/乙"',
            "另一个里面",
        ),
        ("[[inbox]]\ninterval = 0.0", "interval"),
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, lines: str, told: str) -> None:
    (tmp_path / "yanxiu.toml").write_text(lines, "utf-8")
    with pytest.raises(UsageError, match="设置有误") as error:
        config.load(tmp_path, {})
    assert told in error.value.message


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_keys_and_backups_are_their_owners(archive: Archive, tmp_path: Path) -> None:
    target, other = tmp_path / "备份.zip", Archive(tmp_path / "另一处")
    archive.ok("backup", target)
    other.ok("restore", target)
    for path in (archive.home / "secret.key", target, other.home / "secret.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_damaged_backup_leaves_the_folder_empty(tmp_path: Path) -> None:
    from archive.errors import ArchiveError
    from archive.restore import FORMAT, unpack_backup

    source, home = tmp_path / "备份.zip", tmp_path / "家"
    with zipfile.ZipFile(source, "w") as out:
        out.writestr("backup.json", json.dumps({"format": FORMAT}))
        out.writestr("store/a", "first")
        out.writestr("store/b", "second content")
    data = source.read_bytes().replace(b"second", b"sec0nd")
    source.write_bytes(data)
    with pytest.raises(ArchiveError) as error:
        unpack_backup(source, home)
    assert error.value.code == "backup_damaged"
    assert list(home.iterdir()) == []


def test_a_lost_database_is_made_again(archive: Archive) -> None:
    for path in archive.home.glob("catalogue.sqlite3*"):
        path.unlink()
    assert archive.ok("rebuild", "--json").line["records"] == 0
    assert archive.ok("matrix", "--month", "2014-10", "--json").line["rows"]


def test_a_port_that_is_none(archive: Archive) -> None:
    done = archive.run("serve", "--port", "70000", "--json")
    assert (done.code, done.line["error"]["code"]) == (2, "port")


def test_what_a_kill_left_half_done_is_no_damage(archive: Archive, tmp_path: Path) -> None:
    first = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    archive.ok("add", first)
    killed = archive.run("add", first, YANXIU_FAULT="store-version-renamed")
    assert killed.code == -9
    assert archive.ok("verify", "--json").line["ok"] is True


def test_damaged_bytes_are_not_handed_out(archive: Archive, tmp_path: Path) -> None:
    line = archive.ok("add", report(tmp_path / "a.docx", "孙镇初中", "语文", 10), "--json").line
    stored = next((archive.home / "store").rglob("*.docx"))
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    done = archive.run("get", line["id"], "-o", tmp_path / "b.docx", "--json")
    assert (done.code, done.line["error"]["code"]) == (3, "store_damaged")


def test_check_says_of_a_bundle_what_add_would(archive: Archive, tmp_path: Path) -> None:
    bundle = tmp_path / "打包.zip"
    with zipfile.ZipFile(bundle, "w") as out:
        out.writestr("Thumbs.db", b"x")
        out.writestr("坏.docx", b"not a document at all" * 20)
        out.write(report(tmp_path / "in.docx", "孙镇初中", "语文", 10), "好.docx")
    data = bytearray(bundle.read_bytes())
    data[data.index(b"not a document") + 3] ^= 1
    bundle.write_bytes(bytes(data))
    (tmp_path / "交").mkdir()
    bundle.rename(tmp_path / "交" / "打包.zip")
    (tmp_path / "交" / "~$x.docx").write_bytes(b"x")
    lines = archive.run("check", tmp_path / "交", "--json").lines
    assert {(line["member"] or line["file"], line["status"]) for line in lines} == {
        ("打包.zip", "unpacked"),
        ("Thumbs.db", "ignored"),
        ("坏.docx", "quarantined"),
        ("好.docx", "filed"),
        ("~$x.docx", "ignored"),
    }


def test_a_backup_does_not_make_the_folder_of_a_disk_that_is_away(
    archive: Archive, tmp_path: Path
) -> None:
    done = archive.run("backup", tmp_path / "备份盘" / "x.zip", "--json")
    assert (done.code, done.line["error"]["code"]) == (3, "path_missing")
    assert not (tmp_path / "备份盘").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_an_archive_is_its_owner_s(founded: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(founded.stat().st_mode) == 0o700
    assert stat.S_IMODE((founded / "catalogue.sqlite3").stat().st_mode) == 0o600
    Archive(founded).ok("backup", tmp_path / "备份.zip")
    other = tmp_path / "另一处"
    Archive(other).ok("restore", tmp_path / "备份.zip")
    assert stat.S_IMODE(other.stat().st_mode) == 0o700
    for path in other.glob("catalogue.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_demo_that_is_being_served_is_not_wiped(archive: Archive) -> None:
    from archive.locks import Locks

    (archive.home / "这是演示档案.txt").write_text("演示", "utf-8")
    before = sorted(p for p in archive.home.rglob("*") if p.parent.name != "locks")
    serving = Locks(archive.home / "locks").serving()
    try:
        done = archive.run("demo", "--fresh", "--no-serve", "--json")
    finally:
        serving.release()
    assert (done.code, done.line["error"]["code"]) == (3, "busy")
    assert sorted(p for p in archive.home.rglob("*") if p.parent.name != "locks") == before


def test_a_demo_that_nobody_serves_is_discarded(archive: Archive) -> None:
    from yanxiu.cli.running import _discard

    _discard(archive.home)
    assert not archive.home.exists()
