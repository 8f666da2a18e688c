"""`yanxiu forms lint` tells all faults, on the screen, as JSON and in a copy of the file."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from bench.template_faults import cases, made
from yanxiu.cli import main

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "kinds" / "stage_report" / "form.docx"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    data = SHIPPED.read_bytes()
    for code in ("unclosed", "list_outside_row", "missing_column"):
        slips = (c for which in ("fault", "warning") for c in cases(which))
        data = made(data, next(c for c in slips if (c["form"], c["code"]) == ("S", code)))
    path = tmp_path / "阶段报告.docx"
    path.write_bytes(data)
    return path


def test_a_good_template_gives_nothing_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "lint", str(SHIPPED)]) == 0
    assert "没有错误" in capsys.readouterr().out


def test_faults_are_told_with_place_and_remedy(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "lint", str(broken)]) == 1
    said = capsys.readouterr().out
    assert "2 处错误，1 处提醒" in said
    assert "错误 表 1 行 1 列 6：“{{ 报告时间”没有闭合" in said
    assert "建议写成 {{ 报告时间 }}" in said
    assert "提醒 表 2 行 3 列 2" in said


def test_json_is_one_object(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "lint", str(broken), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["form"], told["usable"], told["annotated"]) == ("stage_report", False, None)
    assert [fault["code"] for fault in told["faults"]] == ["unclosed", "list_outside_row"]
    assert {"place", "message", "remedy", "tag", "nearest"} <= told["faults"][0].keys()
    assert [warning["code"] for warning in told["warnings"]] == ["missing_column"]


def test_the_copy_has_the_comments(broken: Path, tmp_path: Path) -> None:
    before = broken.read_bytes()
    copy = tmp_path / "新" / "批注.docx"
    assert main(["forms", "lint", str(broken), "--annotate", str(copy)]) == 1
    assert len(list(docx.Document(str(copy)).comments)) == 3
    assert broken.read_bytes() == before


def test_wrong_words_are_told_apart_from_what_cannot_be_done(broken: Path, tmp_path: Path) -> None:
    other = tmp_path / "新建文档.docx"
    docx.Document().save(str(other))
    assert main(["forms", "lint", str(other)]) == 2  # which form?
    assert main(["forms", "lint", str(other), "--form", "没有这份表"]) == 2
    assert main(["forms", "lint", str(broken), "--annotate", str(broken)]) == 2
    assert main(["forms", "lint", str(tmp_path / "不在.docx")]) == 3
    (tmp_path / "坏.docx").write_bytes(b"x")
    assert main(["forms", "lint", str(tmp_path / "坏.docx"), "--form", "stage_report"]) == 3


def lint(tmp_path: Path, *paragraphs: str) -> None:
    """Lint the shipped form with these paragraphs at its end."""
    document = docx.Document(str(SHIPPED))
    for text in paragraphs:
        document.add_paragraph(text)
    path = tmp_path / "阶段报告.docx"
    document.save(str(path))
    assert main(["forms", "lint", str(path)]) == 1


@pytest.mark.parametrize(
    "halves",
    [("学校：{{ 学", "校 }}"), ("{{ 学校", "｝｝"), ("｛｛ 学校", "｝｝"), ("{% for", "学校 %}")],
)
def test_a_tag_across_paragraphs_is_one_fault_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], halves: tuple[str, str]
) -> None:
    lint(tmp_path, *halves)
    said = capsys.readouterr().out
    assert "1 处错误" in said
    assert "标记跨段" in said


def test_a_list_outside_a_row_is_not_told_to_be_written_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lint(tmp_path, "{{ 活动.主题 }}")
    said = capsys.readouterr().out
    assert "移进表格的一行" in said
    assert "建议写成" not in said


def test_a_file_of_another_kind_is_refused_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "lint", str(tmp_path / "README.md")]) == 2
    assert "：文件名应以 .docx 结尾" in capsys.readouterr().err
