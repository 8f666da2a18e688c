"""`yanxiu add` and what it promises."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from archives import COUNTY, Archive, report

from yanxiu.demo.packing import pack_gbk


def test_it_works(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "交" / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    line = archive.ok("add", file, "--json").line
    assert (line["status"], line["kind"], line["school"]) == ("filed", "stage_report", "孙镇初中")
    assert (line["subject"], line["month"], line["term"]) == ("语文", "2014-10", 1)
    assert line["missing"] == []
    assert archive.hits('"集体备课10次"') == [line["id"]]


def test_originals_are_not_touched(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    archive.ok("add", file)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_the_stored_bytes_come_back(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    line = archive.ok("add", file, "--json").line
    got = tmp_path / "b.docx"
    assert str(got) in archive.ok("get", line["id"], "-o", got).out
    assert got.read_bytes() == file.read_bytes()
    got.write_text("别人的文件", "utf-8")
    done = archive.run("get", line["id"], "-o", got, "--json")
    assert (done.code, done.line["error"]["code"]) == (3, "exists")
    assert got.read_text("utf-8") == "别人的文件"
    told = archive.ok("get", line["id"], "-o", got, "--force", "--json").line
    assert (told["version"], got.read_bytes()) == (1, file.read_bytes())


def test_a_record_and_its_history_are_told_in_chinese(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    record = archive.ok("add", file, "--json").line["id"]
    archive.ok("review", "correct", record, "subject=数学", "--reason", "写错了")
    shown = archive.ok("show", record).out
    assert {"状态　已归档", "学校　孙镇初中", "学科　数学", "缺少　存在问题"} <= set(
        shown.splitlines()
    )
    assert "{" not in shown
    history = archive.ok("history", record).out.splitlines()
    assert "收到" in history[0]
    assert "学科：语文 → 数学　理由：写错了" in history[1]
    assert not any("{" in line or "+00:00" in line for line in history)


def test_an_empty_folder_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "空夹").mkdir()
    assert archive.ok("add", tmp_path / "空夹").err.strip() == "没有文件"


def test_a_missing_section_is_named(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    assert archive.ok("add", file, "--json").line["missing"] == ["存在问题"]


def test_the_same_bytes_are_a_duplicate(archive: Archive, tmp_path: Path) -> None:
    first = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    (tmp_path / "b.docx").write_bytes(first.read_bytes())
    lines = archive.ok("add", tmp_path / "a.docx", tmp_path / "b.docx", "--json").lines
    assert [line["status"] for line in lines] == ["filed", "duplicate"]
    assert lines[1]["duplicate_of"] == lines[0]["id"]
    assert lines[1]["school"] == "孙镇初中"


def test_a_second_hand_in_is_a_version(archive: Archive, tmp_path: Path) -> None:
    report(tmp_path / "交" / "a.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    report(tmp_path / "交" / "a（重交）.docx", "孙镇初中", "语文", 10)
    lines = archive.ok("add", tmp_path / "交", "--json").lines
    assert lines[1]["new_version_of"] == lines[0]["id"] == lines[1]["id"]
    shown = archive.ok("show", lines[0]["id"], "--json").line
    assert [v["n"] for v in shown["versions"]] == [1, 2]
    assert shown["missing"] == []


def test_members_of_a_bundle_with_gbk_names(archive: Archive, tmp_path: Path) -> None:
    inner = report(tmp_path / "x.docx", "孙镇初中", "数学", 11)
    bundle = tmp_path / "打包.zip"
    bundle.write_bytes(pack_gbk([("理科/十一月数学.docx", inner.read_bytes())]))
    lines = archive.ok("add", bundle, "--json").lines
    assert [line["status"] for line in lines] == ["unpacked", "filed"]
    assert lines[1]["member"] == "理科/十一月数学.docx"
    assert (lines[1]["kind"], lines[1]["subject"]) == ("stage_report", "数学")


def test_an_encrypted_file_is_set_apart(archive: Archive, samples: Path) -> None:
    file = samples / "files" / "apache+poi" / "bug53475-password-is-pass.docx"
    done = archive.run("add", file, "--json")
    assert done.code == 1
    assert done.line["status"] == "quarantined"
    assert done.line["error"]["code"] == "encrypted"
    kept = list((archive.home / "quarantine").rglob("*.docx"))
    assert [hashlib.sha256(p.read_bytes()).hexdigest() for p in kept] == [
        hashlib.sha256(file.read_bytes()).hexdigest()
    ]


def test_names_that_are_no_submissions_are_ignored(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "交"
    report(folder / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)
    for name in ("~$镇初中.docx", "Thumbs.db", "x.tmp"):
        (folder / name).write_bytes(b"x")
    lines = archive.ok("add", folder, "--json").lines
    assert sorted(line["status"] for line in lines) == ["filed", "ignored", "ignored", "ignored"]


def test_check_stores_nothing(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10, lacking="取得成效")
    done = archive.run("check", file, "--json")
    assert done.code == 1
    assert done.line["missing"] == ["取得成效"]
    assert done.line["school"] == "孙镇初中"
    assert archive.ok("search", "集体备课", "--json").line["total"] == 0


def test_check_says_may_be_filed_and_names_members_as_add_does(tmp_path: Path) -> None:
    from archive.checking import check_paths
    from archive.kind_files import BUILTIN, load_kinds
    from archive.register_import import load_register
    from yanxiu.cli.taking import JUDGED, in_words

    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    inner = tmp_path / "内.zip"
    with zipfile.ZipFile(inner, "w") as packed:
        packed.write(file, "里/a.docx")
    outer = tmp_path / "交" / "外.zip"
    outer.parent.mkdir()
    with zipfile.ZipFile(outer, "w") as packed:
        packed.write(inner, "夹/内.zip")
    (tmp_path / "交" / "link.txt").symlink_to("/etc/hostname")
    lines = list(check_paths([outer.parent], load_kinds(BUILTIN), load_register(COUNTY)))
    assert [(line["status"], line["member"]) for line in lines] == [
        ("unpacked", None), ("unpacked", "夹/内.zip"), ("filed", "夹/内.zip/里/a.docx"),
    ]  # fmt: skip
    assert in_words(lines[2], JUDGED).startswith("可归档　外.zip ▸ 夹/内.zip/里/a.docx")


def test_reading_a_bundle_says_what_to_do_with_it(tmp_path: Path) -> None:
    from yanxiu.cli.taking import readings

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.txt", "x")
    (line,) = readings([tmp_path / "a.zip"])
    assert line["error"]["code"] == "unsupported"
    assert "yanxiu check" in line["error"]["remedy"]


def test_a_correction_is_searchable_and_told(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    record = archive.ok("add", file, "--json").line["id"]
    archive.ok("review", "correct", record, "school=椿林初中", "subject=数学")
    assert archive.hits("集体备课", "--school", "椿林初中", "--subject", "数学") == [record]
    assert archive.hits("集体备课", "--school", "孙镇初中") == []
    events = [e["type"] for e in archive.ok("history", record, "--json").lines]
    assert events == ["received", "corrected"]
