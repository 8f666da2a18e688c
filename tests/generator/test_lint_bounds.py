"""However much is wrong with a template, what is said of it stays within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_forms import SPEC, write_template

from generator.lint.linting import MAX_REMARKS, lint


def codes(path: Path, *paragraphs: str) -> list[str]:
    return [r.code for r in lint(write_template(path, *paragraphs).read_bytes(), SPEC) if r.stops]


@pytest.mark.parametrize("text", ["{" * 20_000, "}" * 20_000, "{{ 学孝 }}" * 100])
def test_a_paragraph_of_nothing_but_tags_is_one_fault(path: Path, text: str) -> None:
    assert codes(path, text) == ["too_many"]


def test_hundreds_of_slips_are_cut_off(path: Path) -> None:
    found = codes(path, *["{学校}和{学科}"] * 500)
    assert found == ["single_brace"] * MAX_REMARKS


def test_what_follows_half_a_tag_is_looked_at_too(path: Path) -> None:
    assert codes(path, "{{ 学校 和 [[学科]] 和 {学科}") == [
        "unclosed",
        "foreign_tag",
        "single_brace",
    ]


def test_a_name_written_wrongly_is_not_missing_besides(path: Path) -> None:
    path = write_template(path, "{{ 学校 }}{{ 学科目 }}{{ 取得成效 }}{{ 工作开展情况 }}")
    found = [r.code for r in lint(path.read_bytes(), SPEC)]
    assert "unknown_name" in found
    assert "missing_required" not in found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{{学校名}}", "{{ 学校 }}"),
        ("{{学校名称}", "{{ 学校 }}"),
        ("{{ 主要 工作 情况 }}", "{{ 工作开展情况 }}"),
        ("{{ 报告时间|大写 }}", "{{ 报告时间|大写日期 }}"),
        ("{{ 报告时间｜日期 }}", "{{ 报告时间|日期 }}"),
        ("{{ “报告时间”|日期 }}", "{{ 报告时间|日期 }}"),
        ("{{ 活动、主题 }}", "{{ 活动.主题 }}"),
        ("{{ 活动.主讲 }}", "{{ 活动.主讲人 }}"),
        ("{%- 学校 -%}", "{{ 学校 }}"),
        ("﹛﹛学校﹜﹜", "{{ 学校 }}"),
        ("#学校#", "{{ 学校 }}"),
        ("[学校]", "{{ 学校 }}"),
        ("$学校$", "{{ 学校 }}"),
    ],
)
def test_what_should_be_written_instead_is_said(path: Path, text: str, meant: str) -> None:
    found = lint(write_template(path, text).read_bytes(), SPEC)
    assert found[0].suggestion == meant


@pytest.mark.parametrize(
    "text",
    [
        "100%和50%",
        "《校本研修》",
        "[注]",
        "a < b > c",
        "第#1#题",
        "（学校）",
        "【学校】",
        "〔2014〕",
    ],
)
def test_ordinary_words_raise_no_alarm(path: Path, text: str) -> None:
    found = lint(write_template(path, text).read_bytes(), SPEC)
    assert {r.code for r in found} <= {"missing_required", "font", "no_page_number"}
