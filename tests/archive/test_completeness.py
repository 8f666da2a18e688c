"""Sections present, empty and missing, as schools really write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from filing_papers import county, paper
from hypothesis import given
from hypothesis import strategies as st

from archive.completeness import check
from archive.contents import is_blank
from archive.filing import Clues, is_blank_form, propose
from archive.kind_files import BUILTIN, load_kinds
from archive.kinds import Kind
from generator.compiling import compile_form
from generator.spec import FormSpec
from indexer import read

KINDS = load_kinds(BUILTIN)
REPORT, QA, REFLECTION = KINDS["stage_report"], KINDS["qa_report"], KINDS["reflection"]
DID = "10月16日听了王芳老师的研究课，课后全组评议，提出四条修改意见。"


def states(kind: Kind, *parts: str | list[list[str]]) -> dict[str, str]:
    found = check(paper(*parts), kind)
    return {s.name: s.state for s in found.sections if s.required}


def test_a_complete_report_with_numbered_headings() -> None:
    found = check(
        paper(
            "孙镇初中语文组10月阶段报告",
            "一、工作开展情况",
            DID,
            "二、取得成效",
            "学生书写明显规范。",
            "三、存在问题",
            "班额太大。",
            "四、下阶段安排",
            "准备期中考试。",
        ),
        REPORT,
    )
    assert (found.missing, found.empty) == ([], [])
    first = found.sections[0]
    assert (first.heading, first.place) == ("工作开展情况", "第 2 段")


def test_the_absent_heading_is_missing_and_the_bare_one_empty() -> None:
    found = check(
        paper("阶段报告", "一、本月主要工作", DID, "二、收获", "三、下月打算", "复习。"), REPORT
    )
    assert found.missing == ["存在问题"]
    assert found.empty == ["取得成效"]


@pytest.mark.parametrize(
    "filler", ["________", "无", "略", "（略）", "     ", "/", "请填写本月活动"]
)
def test_fillers_are_no_content(filler: str) -> None:
    parts = (
        "阶段报告",
        "一、工作开展情况",
        DID,
        "二、取得成效",
        filler,
        "三、存在问题",
        "班额大。",
    )
    assert states(REPORT, *parts)["取得成效"] == "empty"


def test_a_signature_under_a_bare_heading_is_no_content() -> None:
    parts = ("体育教研组校本研修计划", "一、现状分析", "本组2人。", "二、研修内容", "跑操。")
    end = ("三、月研修任务", "高阳中学  麻宏", "2015年9月10日")
    assert states(KINDS["group_plan"], *parts, *end)["月研修任务"] == "empty"


def test_one_short_line_of_content_above_the_signature_counts() -> None:
    parts = ("体育教研组校本研修计划", "一、现状分析", "本组2人。", "二、研修内容", "跑操。")
    end = ("三、月研修任务", "九月体测，十月跑操观摩。", "高阳中学  麻宏", "2015年9月10日")
    assert states(KINDS["group_plan"], *parts, *end)["月研修任务"] == "present"


def test_one_heading_answers_two_sections() -> None:
    parts = ("期中质量分析", "一、考试概况", "参考98人，均分80。", "二、试卷分析", "难度适中。")
    found = states(QA, *parts, "三、存在的问题及改进措施", "审题不清；每天练一题。")
    assert found["存在问题与原因"] == found["改进措施"] == "present"


def test_synonyms_traditional_script_and_running_headings() -> None:
    found = states(
        REPORT,
        "數學組十二月份階段報告",
        "一、工作開展 本月完成了集體備課兩次，聽課四節，檢查作業一次。",
        "二、工作成效 交作業率由七成提高到九成。",
        "三、下階段工作打算 迎接期末統考。",
    )
    assert found == {
        "工作开展情况": "present",
        "取得成效": "present",
        "存在问题": "missing",
        "下阶段安排": "present",
    }


def test_label_cells_of_a_form() -> None:
    rows = [
        ["学校", "孙镇初中", "学科", "英语"],
        ["本月工作开展情况", DID, "", ""],
        ["取得成效", "推门听课成为习惯，本月人均听课四节。", "", ""],
        ["存在问题", "", "", ""],
        ["下一阶段打算", "七年级补音标，每天早读前十分钟。", "", ""],
    ]
    found = states(REPORT, "校本研修工作阶段报告", rows)
    assert found["存在问题"] == "empty"
    assert found["下阶段安排"] == found["工作开展情况"] == "present"


def test_sections_as_rows_of_a_list_with_more_columns() -> None:
    rows = [
        ["项目", "内容", "负责人", "时间"],
        ["工作开展情况", "集体备课《凸透镜》", "廖文侠", "11月7日"],
        ["", "研究课《家庭电路》", "杜建峰", "11月14日"],
        ["取得成效", "填表正确率提高到79%", "廖文侠", ""],
        ["存在问题", "", "", ""],
        ["下阶段安排", "同课异构一次", "廖文侠", "12月"],
    ]
    assert list(states(REPORT, "物理学科阶段报告汇总表", rows).values()) == [
        "present",
        "present",
        "empty",
        "present",
    ]


def test_a_list_with_only_its_head_is_empty() -> None:
    rows = [["月份", "内容", "主讲人", "地点"], ["九月", "", "", ""], ["十月", "", "", ""]]
    parts = ("语文教研组计划", "一、现状分析", "本组14人。", "二、研修内容", "以读促写。")
    assert states(KINDS["group_plan"], *parts, "三、月研修任务", rows)["月研修任务"] == "empty"
    rows[1][1] = "制定计划"
    assert states(KINDS["group_plan"], *parts, "三、月研修任务", rows)["月研修任务"] == "present"


def test_a_score_table_gives_the_facts_of_the_test() -> None:
    rows = [["班级", "人数", "平均分", "及格率"], ["七1", "50", "81.2", "88%"]]
    parts = ("期末试卷分析", rows, "一、试卷分析", "难度适中。", "二、失分原因", "审题不清。")
    found = states(QA, *parts)
    assert found["考试基本情况"] == "present"
    assert found["改进措施"] == "missing"
    blank = [["班级", "人数", "平均分", "及格率"], ["七1", "", "", ""]]
    assert states(QA, "期末试卷分析", blank, *parts[2:])["考试基本情况"] == "missing"


def test_the_lesson_may_stand_in_the_title_of_a_reflection() -> None:
    body = ("得：学生兴趣高，人人动手。", "失：小组讨论时间不够。", "改进：下次先给材料。")
    assert states(REFLECTION, "《背影》教学反思", *body) == dict.fromkeys(
        ("教学内容", "反思内容", "改进设想"), "present"
    )
    assert states(REFLECTION, "教学反思", *body)["教学内容"] == "missing"


def test_an_essay_without_headings_is_read_by_its_sentences() -> None:
    essay = (
        "这节课学生的兴趣很高，但是小组讨论流于形式，我没有给足材料。"
        "今后上这一课，我要先把材料发下去，再让学生讨论。"
    )
    found = states(REFLECTION, "《西亚》教学反思", essay)
    assert found["反思内容"] == found["改进设想"] == "present"
    half = "这节课学生的兴趣很高，但是小组讨论流于形式，我没有给足材料。"
    assert states(REFLECTION, "《西亚》教学反思", half)["改进设想"] == "missing"


def test_sentences_under_another_sections_heading_do_not_count() -> None:
    found = states(
        REPORT,
        "阶段报告",
        "一、工作开展情况",
        "针对存在的问题是审题不清，全组听课四节，评课四次，集体备课两次。",
        "二、取得成效",
        "学生进步明显，均分提高。",
    )
    assert found["存在问题"] == "missing"


def test_required_fields_come_from_the_paper_or_from_filing() -> None:
    reading = paper("阶段报告", "学校：孙镇初中   学科：", "一、工作开展情况", DID)
    assert check(reading, REPORT).missing_fields == ("学科", "报告时间")
    assert check(reading, REPORT, known={"subject", "period"}).missing_fields == ()
    filing = propose(reading, Clues("语文10月.docx"), KINDS, county())
    assert check(reading, REPORT, filing.known).missing_fields == ("报告时间",)


def test_the_kinds_without_sections_ask_for_title_unit_and_date() -> None:
    found = check(paper("校本课程纲要", "第一章 我们的家乡，写给七年级学生。"), KINDS["course_dev"])
    assert found.sections == ()
    assert found.missing_fields == ("单位", "日期")


def test_an_untouched_form_is_blank_and_one_word_makes_it_filled() -> None:
    rows = [
        ["学校", "孙镇初中", "学科", "英语"],
        ["工作开展情况", "", "", ""],
        ["取得成效", "", "", ""],
        ["存在问题", "", "", ""],
        ["下阶段安排", "", "", ""],
    ]
    assert is_blank_form(paper("校本研修工作阶段报告", rows), REPORT)
    rows[2][1] = "学生书写规范"
    assert not is_blank_form(paper("校本研修工作阶段报告", rows), REPORT)


def test_a_paper_without_any_of_the_sections_is_no_blank_form() -> None:
    assert not is_blank_form(paper("阶段报告", "十月份我们做了许多事情，不一一列举。"), REPORT)


@given(st.text("_＿ 　\t-—.。（）()", max_size=40))
def test_lines_drawn_for_writing_on_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["组长：", "组长：___　副组长：×××　成员：", "主讲人：……"])
def test_labels_with_nothing_behind_them_are_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}王敏")


@given(st.integers(0, 10_000))
def test_a_figure_is_a_value(number: int) -> None:
    assert not is_blank(str(number))
    assert not is_blank(f" {number}% ")


@given(
    st.permutations(
        [
            ("工作开展情况", DID),
            ("成效", "均分提高。"),
            ("不足", "班额大。"),
            ("下月打算", "复习。"),
        ]
    )
)
def test_the_order_of_sections_does_not_matter(parts: list[tuple[str, str]]) -> None:
    lines = [f"{n}、{title}\n{body}" for n, (title, body) in zip("一二三四", parts, strict=True)]
    flat = [piece for line in lines for piece in line.split("\n")]
    assert set(states(REPORT, "阶段报告", *flat).values()) == {"present"}


def test_a_bare_label_above_another_section_is_empty() -> None:
    found = states(
        REPORT,
        "保南初中数学组阶段报告",
        "工作开展情况：11月5日集体备课，11月12日听课评课。",
        "取得成效：学生计算正确率提高。",
        "存在问题：",
        "下阶段安排：准备期末复习，整理错题。",
    )
    assert found == {
        "工作开展情况": "present",
        "取得成效": "present",
        "存在问题": "empty",
        "下阶段安排": "present",
    }


PRINTED = {"学校": "孙镇初中", "学科": "语文", "报告时间": "2014年10月"}


@pytest.mark.parametrize("kind_id", ["stage_report", "qa_report", "school_plan"])
def test_our_own_forms_come_back_blank_or_filled(tmp_path: Path, kind_id: str) -> None:
    kind = KINDS[kind_id]
    spec = FormSpec.of(kind.id, kind.name, fields=kind.fields, sections=kind.sections)
    form = compile_form(Path(kind.folder) / "form.docx", spec)
    (tmp_path / "blank.docx").write_bytes(form.render({}, "blank"))
    (tmp_path / "issued.docx").write_bytes(form.render(PRINTED, "prefilled"))
    for name in ("blank.docx", "issued.docx"):
        reading = read(tmp_path / name)
        assert is_blank_form(reading, kind), name
        assert set(check(reading, kind).empty) == {s.name for s in kind.sections if s.required}
    texts = {section.name: "按计划进行，效果较好。" for section in kind.sections}
    (tmp_path / "full.docx").write_bytes(form.render({**PRINTED, **texts}, "filled"))
    full = read(tmp_path / "full.docx")
    assert not is_blank_form(full, kind)
    assert (check(full, kind).missing, check(full, kind).empty) == ([], [])
