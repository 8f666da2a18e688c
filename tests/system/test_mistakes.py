"""Wrong use and bad surroundings: a stable code, a Chinese sentence, a remedy, an exit code."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

from archives import COUNTY, Archive, Done, Served, report


def said(done: Done) -> tuple[int, str]:
    error = done.line["error"]
    assert error["message"]
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message"])
    assert error["remedy"]
    assert f"[{error['code']}]" in done.err
    return done.code, error["code"]


def test_a_wrong_path(archive: Archive) -> None:
    assert said(archive.run("add", "/没有/这个.docx", "--json")) == (3, "path_missing")


def test_no_archive_there(tmp_path: Path) -> None:
    done = Archive(tmp_path / "空").run("add", COUNTY, "--json")
    assert said(done) == (3, "not_an_archive")


def test_an_unknown_school(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    done = archive.run("add", file, "--sender", "没有的学校", "--json")
    assert said(done) == (2, "school_unknown")


def test_a_wrong_word(archive: Archive) -> None:
    assert said(archive.run("matrix", "--json")) == (2, "usage")


def test_an_unknown_period(archive: Archive) -> None:
    assert said(archive.run("matrix", "--month", "十月", "--json")) == (2, "period_unknown")


def test_a_question_that_cannot_be_understood(archive: Archive) -> None:
    code, name = said(archive.run("search", "(集体备课", "--json"))
    assert (code, name) == (2, "query")


def test_a_slip_in_the_settings_names_the_nearest_key(archive: Archive) -> None:
    (archive.home / "yanxiu.toml").write_text("[web]\nprot = 8001\n", "utf-8")
    done = archive.run("accounts", "--json")
    assert said(done) == (2, "config")
    assert "port" in done.line["error"]["message"]


def test_a_broken_kind_file_is_told_with_all_its_faults(archive: Archive, tmp_path: Path) -> None:
    folder = archive.home / "kinds" / "own_kind"
    folder.mkdir(parents=True)
    (folder / "kind.toml").write_text('id = "other"\nnam = "自定"\n', "utf-8")
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    done = archive.run("add", file, "--json")
    assert said(done) == (3, "kind")
    assert "own_kind" in done.err
    assert file.exists()


def test_a_broken_register_imports_nothing(archive: Archive, tmp_path: Path) -> None:
    bad = tmp_path / "名册.json"
    cluster = {"no": 1, "centre": "乙校", "members": ["乙校"]}
    bad.write_text(json.dumps({"county": "甲县", "clusters": [cluster]}), "utf-8")
    assert said(archive.run("init", "--org", bad, "--json"))[0] == 3
    new = Archive(tmp_path / "新库")
    assert said(new.run("init", "--org", bad, "--json"))[0] == 3
    assert not new.home.exists()
    assert archive.ok("matrix", "--month", "2014-10", "--json").line["rows"]


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "交"
    report(folder / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    with socket.socket(socket.AF_UNIX) as no_file:
        before = Path.cwd()
        os.chdir(folder)  # the names of sockets are short
        no_file.bind("打不开.docx")
        os.chdir(before)
    lines = {line["file"]: line for line in archive.run("add", folder, "--json").lines}
    assert lines["孙镇初中语文10月.docx"]["status"] == "filed"
    assert lines["打不开.docx"]["error"]["code"] == "unreadable"


def test_a_port_in_use(archive: Archive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = archive.run("serve", "--port", str(taken.getsockname()[1]), "--json")
    assert said(done) == (3, "port_in_use")


def test_a_second_serve(archive: Archive, serve: Callable[..., Served]) -> None:
    serve(archive)
    assert said(archive.run("serve", "--port", "0", "--json")) == (3, "busy")


def test_a_full_disk(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    done = archive.run("add", file, "--json", YANXIU_FAULT_ERROR="store-built")
    assert said(done) == (3, "disk_full")
    assert file.exists()
    lines = archive.ok("add", file, "--json").lines
    assert lines[-1]["status"] in ("filed", "duplicate")
    assert len(archive.hits('"集体备课10次"')) == 1
