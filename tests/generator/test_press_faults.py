"""What is wrong with a template is said all at once, in Chinese, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_forms import SPEC, make, write_template

from generator import FAULT_REMEDIES, FORM_ERRORS, Fault, FormError, compile_form
from generator.errors import FORM_ERRORS as CODES


def faults(path: Path, *paragraphs: str, **options: object) -> tuple[Fault, ...]:
    write_template(path, *paragraphs, **options)  # type: ignore[arg-type]
    with pytest.raises(FormError) as caught:
        compile_form(path, SPEC)
    assert caught.value.code == "template_faults"
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("学校：{{ 学校", "unclosed"),
        ("学校：{{ 学校 }", "unclosed"),
        ("{{ 学校 {{ 学科 }}", "unclosed"),
        ("学校 }}", "unopened"),
        ("{ 学校 }}", "unopened"),
        ("{{ “学校” }}", "smart_quotes"),
        ("{{ ‘学校’ }}", "smart_quotes"),
        ("{{ 学校|“日期” }}", "smart_quotes"),
        ("｛｛ 学校 ｝｝", "fullwidth"),
        ("{% if 学校 %}", "control"),
        ("{%tr for 活动 in 活动 %}", "control"),
        ("{# 注 #}", "control"),
        ("{{ }}", "syntax"),
        ("{{ 学孝 }}", "unknown_name"),
        ("{{ 学校|日子 }}", "unknown_filter"),
        ("{{ 学校|upper }}", "unknown_filter"),
        ("{{ 活动 }}", "list_without_column"),
        ("{{ 活动.时间 }}", "list_outside_row"),
        ("{{ 活动.地点 }}", "unknown_name"),
        ("{{ 学校.长度 }}", "unknown_name"),
        ("{{ ''.__class__ }}", "forbidden"),
        ("{{ 学校.__class__ }}", "forbidden"),
        ("{{ 学校[0] }}", "forbidden"),
        ("{{ 学校() }}", "forbidden"),
        ("{{ 学校|attr('__class__') }}", "unknown_filter"),
        ("{{ range(10**9) }}", "forbidden"),
        ("{{ 9999999*9999999 }}", "forbidden"),
        ("{{ self.__init__.__globals__ }}", "forbidden"),
        ("{{ cycler }}", "unknown_name"),
        ("{{ config.items }}", "unknown_name"),
    ],
)
def test_each_fault_has_its_code_and_place(path: Path, text: str, code: str) -> None:
    found = faults(path, "第一段", text)
    assert [(fault.code, fault.place) for fault in found] == [(code, "第 2 段")]
    assert found[0].tag[:20] in text


def test_all_faults_of_all_parts_come_at_once_in_reading_order(path: Path) -> None:
    found = faults(
        path,
        "{{ 学孝 }}",
        "好的 {{ 学校 }}",
        "{{ 学科",
        rows=(("表头", "{{ 学校"), ("{{ 活动.时刻 }}", "x")),
        footer="第 {{ 页 }} 页",
    )
    assert [(f.place, f.code) for f in found] == [
        ("第 1 段", "unknown_name"),
        ("第 3 段", "unclosed"),
        ("表 1 行 1 列 2", "unclosed"),
        ("表 1 行 2 列 1", "unknown_name"),
        ("页脚", "unknown_name"),
    ]


def test_the_nearest_known_name_is_given(path: Path) -> None:
    assert faults(path, "{{ 工作开展情兄 }}")[0].nearest == "工作开展情况"
    found = faults(path, rows=(("{{ 活动.主题词 }}",),))
    assert found[0].nearest == "活动.主题"
    assert "是不是“活动.主题”" in found[0].message


def test_a_tag_over_two_paragraphs_is_one_fault(path: Path) -> None:
    found = faults(path, "{{ 学", "校 }}")
    assert [fault.code for fault in found] == ["split"]
    assert "第 2 段" in found[0].message


def test_a_tag_over_two_cells_is_one_fault(path: Path) -> None:
    found = faults(path, rows=(("{{ 学", "校 }}"),))
    assert [(fault.code, fault.place) for fault in found] == [("split", "表 1 行 1 列 1")]
    assert "表 1 行 1 列 2" in found[0].message


def test_two_lists_in_a_row_are_refused(path: Path) -> None:
    found = faults(path, rows=(("{{ 活动.时间 }}", "{{ 名单.姓名 }}"),))
    assert [(fault.code, fault.place) for fault in found] == [("mixed_lists", "表 1 行 1 列 2")]


def test_places_in_second_and_nested_tables(path: Path) -> None:
    def nest(document: object) -> None:
        table = document.add_table(3, 2)  # type: ignore[attr-defined]
        table.cell(2, 1).text = "{{ 甲 }}"
        table.cell(0, 0).add_table(1, 2).cell(0, 1).text = "{{ 乙 }}"

    found = faults(path, rows=(("x",),), edit=nest)
    assert [f.place for f in found] == ["表 2 行 1 列 1 内嵌表 行 1 列 2", "表 2 行 3 列 2"]


def test_the_error_reads_as_sentences_with_remedies(path: Path) -> None:
    write_template(path, "{{ 学孝 }}", "{{ 学校")
    with pytest.raises(FormError) as caught:
        compile_form(path, SPEC)
    text = str(caught.value)
    assert "第 1 段：没有“学孝”这个名称" in text
    assert "第 2 段：“{{ 学校”没有闭合" in text
    report = caught.value.to_json()
    assert report["remedy"]
    assert [fault["remedy"] for fault in report["faults"]] == [
        FAULT_REMEDIES["unknown_name"],
        FAULT_REMEDIES["unclosed"],
    ]


def test_every_code_has_a_sentence_and_a_remedy() -> None:
    assert all(sentence and remedy for sentence, remedy in FORM_ERRORS.values())
    assert all(FAULT_REMEDIES.values())
    with pytest.raises(ValueError, match="unknown"):
        FormError("no_such_code")
    assert CODES is FORM_ERRORS


def test_hundreds_of_faults_are_cut_at_a_hundred(path: Path) -> None:
    assert len(faults(path, *["{{ 学孝 }}"] * 300)) == 100


def test_a_template_without_any_tag_is_a_form(path: Path) -> None:
    assert make(path, "只有文字").render({})
