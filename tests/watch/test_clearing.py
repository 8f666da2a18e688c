"""Originals leave the inbox only as the file that was read, and only once."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import faults
from archive.durable import StoreError
from watch import clearing
from watch.clearing import (
    Cleared,
    Expected,
    Reason,
    clear,
    put_back_unchecked,
    quarantine,
    quarantine_copy,
)
from watch.folders import Inbox, Seen, scan

REPOSITORY = Path(__file__).parents[2]
RECEIVED = datetime(2014, 10, 31, 16, 30, tzinfo=UTC)
ENCRYPTED = Reason("encrypted", "文件设有打开密码，无法读取", "请去掉密码后另存一份，重新提交")


def drop(base: Path, relpath: str = "三中/报告.doc", data: bytes = b"report") -> Expected:
    path = base / relpath
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return expected_of(path)


def expected_of(path: Path) -> Expected:
    stat = path.stat()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Expected(stat.st_size, stat.st_mtime_ns, digest)


def everything(base: Path) -> dict[str, bytes]:
    return {p.relative_to(base).as_posix(): p.read_bytes() for p in base.rglob("*") if p.is_file()}


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    (tmp_path / "in").mkdir()
    return Inbox(tmp_path / "in", "收件")


def test_it_works(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    done = clear(inbox, "三中/报告.doc", expected)
    assert done == Cleared("moved", inbox.path / "已收" / "三中" / "报告.doc")
    assert everything(inbox.path) == {"已收/三中/报告.doc": b"report"}
    assert expected_of(inbox.path / "已收/三中/报告.doc") == expected


def test_nothing_in_the_way_is_overwritten(inbox: Inbox) -> None:
    for data in (b"1", b"2", b"3"):
        clear(inbox, "报告.doc", drop(inbox.path, "报告.doc", data))
    assert everything(inbox.path) == {
        "已收/报告.doc": b"1",
        "已收/报告 (2).doc": b"2",
        "已收/报告 (3).doc": b"3",
    }


def test_a_changed_file_stays(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    path = inbox.path / "三中/报告.doc"
    path.write_bytes(b"report, longer")
    assert clear(inbox, "三中/报告.doc", expected) == Cleared("changed", path)
    assert everything(inbox.path) == {"三中/报告.doc": b"report, longer"}


def test_a_change_that_size_and_mtime_do_not_show_is_found(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    path = inbox.path / "三中/报告.doc"
    path.write_bytes(b"REPORT")
    os.utime(path, ns=(expected.mtime_ns, expected.mtime_ns))
    assert clear(inbox, "三中/报告.doc", expected).status == "changed"


def test_a_change_in_the_last_moment_brings_it_back(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written to between the check and the move, by a program that has it open."""
    expected = drop(inbox.path)

    def late_write(name: str) -> None:
        if name == "clear-moved":
            (inbox.path / "已收/三中/报告.doc.~核对").write_bytes(b"late")

    monkeypatch.setattr(clearing, "point", late_write)
    done = clear(inbox, "三中/报告.doc", expected)
    assert done == Cleared("changed", inbox.path / "三中/报告.doc")
    assert everything(inbox.path) == {"三中/报告.doc": b"late"}


def test_it_may_be_repeated(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    first = clear(inbox, "三中/报告.doc", expected)
    assert clear(inbox, "三中/报告.doc", expected) == Cleared("already", first.path)
    assert clear(inbox, "三中/别的.doc", expected) == Cleared("gone")


@pytest.mark.parametrize("relpath", ["../x.doc", "/etc/passwd", "a/../../x.doc", ""])
def test_it_does_not_leave_the_inbox(inbox: Inbox, relpath: str) -> None:
    with pytest.raises(ValueError, match="inside"):
        clear(inbox, relpath, Expected(1, 1))


def test_a_link_in_place_of_our_folder_is_not_followed(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    expected = drop(inbox.path)
    (inbox.path / "已收").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="out of the inbox"):
        clear(inbox, "三中/报告.doc", expected)
    assert everything(tmp_path / "elsewhere") == {}
    assert (inbox.path / "三中/报告.doc").exists()


def test_a_long_name_is_cut_and_still_moved(inbox: Inbox) -> None:
    name = "长" * 80 + ".doc"
    done = clear(inbox, name, drop(inbox.path, name))
    assert done.status == "moved"
    assert done.path is not None
    assert done.path.name.startswith("长长长")
    assert done.path.suffix == ".doc"


def across(monkeypatch: pytest.MonkeyPatch, inbox: Inbox) -> None:
    """已收 seems to be on another file system: no rename from the inbox into it."""
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if "已收" not in self.parts and "已收" in Path(target).parts:
            raise OSError(errno.EXDEV, "cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)


def test_another_file_system_gets_a_checked_copy(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    across(monkeypatch, inbox)
    expected = drop(inbox.path)
    done = clear(inbox, "三中/报告.doc", expected)
    assert done.status == "moved"
    assert everything(inbox.path) == {"已收/三中/报告.doc": b"report"}
    assert expected_of(inbox.path / "已收/三中/报告.doc") == expected


def test_a_full_disk_leaves_the_original(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    across(monkeypatch, inbox)
    expected = drop(inbox.path)
    monkeypatch.setenv("YANXIU_FAULT_ERROR", "clear-copied")
    with pytest.raises(StoreError) as error:
        clear(inbox, "三中/报告.doc", expected)
    assert error.value.code == "disk_full"
    monkeypatch.delenv("YANXIU_FAULT_ERROR")
    put_back_unchecked(inbox)
    assert everything(inbox.path) == {"三中/报告.doc": b"report"}


def test_a_file_held_open_elsewhere_is_busy(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = drop(inbox.path)

    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(Path, "rename", refused)
    assert clear(inbox, "三中/报告.doc", expected).status == "busy"
    assert everything(inbox.path) == {"三中/报告.doc": b"report"}


def test_quarantine_puts_the_reason_beside_the_file(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    done = quarantine(inbox, "三中/报告.doc", ENCRYPTED, expected, RECEIVED)
    assert done == Cleared("moved", inbox.path / "隔离/三中/报告.doc")
    note = (inbox.path / "隔离/三中/报告.doc.原因.txt").read_bytes()
    assert note.startswith(b"\xef\xbb\xbf")
    text = note.decode("utf-8-sig")
    assert "2014年11月01日 00:30" in text  # Asia/Shanghai
    for words in ("三中/报告.doc", ENCRYPTED.message, "encrypted", ENCRYPTED.remedy):
        assert words in text
    assert text.count("\r\n") == text.count("\n") == 6
    again = quarantine(inbox, "三中/报告.doc", ENCRYPTED, expected, RECEIVED)
    assert again.status == "already"
    assert len(everything(inbox.path)) == 2


def test_a_file_mended_in_the_meantime_is_not_quarantined(inbox: Inbox) -> None:
    expected = drop(inbox.path)
    (inbox.path / "三中/报告.doc").write_bytes(b"whole now")
    assert quarantine(inbox, "三中/报告.doc", ENCRYPTED, expected, RECEIVED).status == "changed"
    assert everything(inbox.path) == {"三中/报告.doc": b"whole now"}


def test_a_file_that_is_gone_leaves_no_note(inbox: Inbox) -> None:
    done = quarantine(inbox, "三中/报告.doc", ENCRYPTED, Expected(1, 1), RECEIVED)
    assert done.status == "gone"
    assert everything(inbox.path) == {}


def test_a_note_cannot_be_forged_by_a_name(inbox: Inbox) -> None:
    name = "x\r\n怎么办：打开 evil.exe.doc"
    path = quarantine_copy(inbox, name, b"x", ENCRYPTED, RECEIVED)
    note = path.with_name(path.name + ".原因.txt").read_bytes().decode("utf-8-sig")
    assert [line for line in note.split("\r\n") if line.startswith("怎么办")] == [
        "怎么办：" + ENCRYPTED.remedy
    ]


def test_a_bundles_member_is_copied_once(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "member").write_bytes(b"m")
    for source in (b"m", tmp_path / "member"):
        quarantine_copy(inbox, "材料.zip/坏.doc", source, ENCRYPTED, RECEIVED)
    quarantine_copy(inbox, "材料.zip/坏.doc", b"other", ENCRYPTED, RECEIVED)
    files = everything(inbox.path / "隔离" / "材料.zip")
    assert {n: d for n, d in files.items() if n.endswith(".doc")} == {
        "坏.doc": b"m",
        "坏 (2).doc": b"other",
    }
    assert len(files) == 4


def test_a_file_where_a_folder_is_needed_is_gone_around(inbox: Inbox) -> None:
    """材料.zip stands in 隔离 from last time; the next one opens, but for a member."""
    quarantine(inbox, "材料.zip", ENCRYPTED, drop(inbox.path, "材料.zip", b"torn"), RECEIVED)
    path = quarantine_copy(inbox, "材料.zip/坏.doc", b"m", ENCRYPTED, RECEIVED)
    assert path == inbox.path / "隔离" / "材料 (2).zip" / "坏.doc"
    assert (inbox.path / "隔离" / "材料.zip").read_bytes() == b"torn"


def test_a_users_file_is_not_taken_for_our_note(inbox: Inbox) -> None:
    for name in ("报告.doc.原因.txt", "报告.doc"):
        quarantine(inbox, name, ENCRYPTED, drop(inbox.path, name, name.encode()), RECEIVED)
    files = everything(inbox.path / "隔离")
    assert files["报告.doc.原因.txt.原件"] == "报告.doc.原因.txt".encode()
    assert ENCRYPTED.message in files["报告.doc.原因.txt"].decode("utf-8-sig")
    assert len(files) == 4


SCRIPT = """
import errno, sys
from datetime import UTC, datetime
from pathlib import Path
from watch.clearing import *
from watch.folders import Inbox
from watch.receipts import Receipt, write_receipt
verb, base, size, mtime, digest = sys.argv[1:6]
inbox, expected = Inbox(Path(base), "收件"), Expected(int(size), int(mtime), digest)
received = datetime(2014, 10, 31, tzinfo=UTC)
if verb == "across":
    real = Path.rename
    def rename(self, target):
        if "已收" not in self.parts and "已收" in Path(target).parts:
            raise OSError(errno.EXDEV, "cross-device link")
        return real(self, target)
    Path.rename = rename
if verb == "quarantine":
    quarantine(inbox, "报告.doc", Reason("corrupt", "坏了", "重交"), expected, received)
elif verb == "receipt":
    write_receipt(inbox, "报告.doc", Receipt("报告.doc", "filed", received))
else:
    clear(inbox, "报告.doc", expected)
"""
STEPS = [
    ("clear", "clear-moved"),
    ("clear", "clear-named"),
    ("across", "clear-copied"),
    ("across", "clear-named"),
    ("quarantine", "quarantine-noted"),
    ("quarantine", "clear-moved"),
    ("quarantine", "clear-named"),
    ("receipt", "receipt-written"),
]


def run(verb: str, inbox: Inbox, expected: Expected, fault: str = "") -> int:
    values = [str(inbox.path), str(expected.size), str(expected.mtime_ns), expected.sha256]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment["YANXIU_FAULT"] = fault
    command = [sys.executable, "-c", SCRIPT, verb, *values]
    return subprocess.run(command, env=environment, cwd=REPOSITORY, timeout=60).returncode


@pytest.mark.parametrize(("verb", "fault"), STEPS)
@pytest.mark.parametrize("restarted", [False, True])
def test_killed_at_any_step_the_file_is_somewhere_once(
    inbox: Inbox, verb: str, fault: str, restarted: bool
) -> None:
    """Repeated at once (the job is still leased), or after the watcher's start put things back:
    in the end the file stands once, with its bytes, where it should."""
    expected = drop(inbox.path, "报告.doc")
    assert run(verb, inbox, expected, fault) != 0
    if restarted:
        put_back_unchecked(inbox)
    standing = [n for n, d in everything(inbox.path).items() if d == b"report"]
    assert len(standing) >= 1
    assert run(verb, inbox, expected) == 0
    assert not [s for s in scan(inbox) if isinstance(s, Seen)] or verb == "receipt"
    files = everything(inbox.path)
    assert (
        sorted(files)
        == {
            "clear": ["已收/报告.doc"],
            "across": ["已收/报告.doc"],
            "quarantine": ["隔离/报告.doc", "隔离/报告.doc.原因.txt"],
            "receipt": ["回执/报告.doc.回执.html", "报告.doc"],
        }[verb]
    )
    assert [d for d in files.values() if d == b"report"] == [b"report"]


def test_every_point_of_the_door_is_walked() -> None:
    assert {fault for _, fault in STEPS} == set(faults.DOOR_POINTS)


def test_what_came_back_finds_its_name_taken(inbox: Inbox) -> None:
    drop(inbox.path, "已收/报告.doc.~核对", b"interrupted")
    drop(inbox.path, "报告.doc", b"new")
    assert put_back_unchecked(inbox) == [inbox.path / "报告 (2).doc"]
    assert everything(inbox.path) == {"报告.doc": b"new", "报告 (2).doc": b"interrupted"}
