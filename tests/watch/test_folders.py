"""The scan sees every file once, whatever is in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from watch.folders import FolderFault, Inbox, Seen, scan, scan_forms


def files(inbox: Inbox) -> dict[str, Seen]:
    return {item.relpath: item for item in scan(inbox) if isinstance(item, Seen)}


def drop(base: Path, *names: str) -> Inbox:
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(name.encode())
    return Inbox(base, "收件")


def test_it_works(tmp_path: Path) -> None:
    inbox = drop(tmp_path, "报告.doc", "三中/语文/计划.docx", "Thumbs.db")
    seen = files(inbox)
    assert set(seen) == {"报告.doc", "三中/语文/计划.docx", "Thumbs.db"}
    stat = (tmp_path / "报告.doc").stat()
    assert seen["报告.doc"] == Seen("报告.doc", stat.st_size, stat.st_mtime_ns, stat.st_ino, "")
    assert seen["Thumbs.db"].ignored == "系统文件"


def test_reserved_folders_are_left_out_only_at_the_root(tmp_path: Path) -> None:
    inbox = drop(
        tmp_path, "已收/1.doc", "隔离/2.doc", "回执/3.html", "待填/4.docx", "三中/已收/5.doc"
    )
    assert set(files(inbox)) == {"三中/已收/5.doc"}
    assert [s.relpath for s in scan_forms(inbox)] == ["待填/4.docx"]


def test_forms_wait_in_the_inbox_and_in_its_top_folders(tmp_path: Path) -> None:
    inbox = drop(
        tmp_path,
        "待填/三中/1.docx",
        "三中/待填/2.docx",
        "三中/语文/待填/3.docx",
        "已收/待填/4.docx",
    )
    assert set(files(inbox)) == {"三中/语文/待填/3.docx"}
    assert {s.relpath for s in scan_forms(inbox)} == {"待填/三中/1.docx", "三中/待填/2.docx"}


def test_files_in_an_ignored_folder_are_counted_as_ignored(tmp_path: Path) -> None:
    seen = files(drop(tmp_path, ".Trash/旧/1.doc"))
    assert seen[".Trash/旧/1.doc"].ignored


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("x")
    inbox = drop(tmp_path / "in", "1.doc")
    (tmp_path / "in" / "dir").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "key.doc").symlink_to(tmp_path / "secret" / "key")
    seen = files(inbox)
    assert set(seen) == {"1.doc", "dir", "key.doc"}
    assert seen["dir"].ignored
    assert seen["key.doc"].ignored


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_no_submission(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "报告.doc")
    assert files(Inbox(tmp_path, "收件"))["报告.doc"].ignored


def test_a_share_that_is_away_is_a_value(tmp_path: Path) -> None:
    (fault,) = scan(Inbox(tmp_path / "away", "收件"))
    assert isinstance(fault, FolderFault)
    assert fault.relpath == ""


def test_one_locked_folder_does_not_hide_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, real = drop(tmp_path, "三中/1.doc", "四中/2.doc"), os.scandir

    def refusing(path: str) -> object:
        if path.endswith("三中"):
            raise PermissionError(13, "denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = list(scan(inbox))
    assert [f.relpath for f in found if isinstance(f, FolderFault)] == ["三中"]
    assert [f.relpath for f in found if isinstance(f, Seen)] == ["四中/2.doc"]


def test_a_name_that_is_no_text_is_seen(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + "/报告.doc".encode("gb18030")
    try:
        with open(raw, "wb") as out:  # noqa: PTH123
            out.write(b"x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert len(files(Inbox(tmp_path, "收件"))) == 1
