"""Forms read back: every value with its place, whatever people did to the paper; doubts said."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from returned_forms import PAPERS, back, cell, edited, example, printed, reading_of

from archive.returns import Answer, Return, read_back
from archive.returns.values import Rows
from generator import Stamp


def answer(read: Return, name: str) -> Answer:
    found = read.answer(name)
    assert found is not None, name
    return found


def rows(read: Return, name: str) -> Rows:
    found = read.rows(name)
    assert found is not None, name
    return found


def test_every_value_is_read_with_its_label_and_place() -> None:
    read = back("stage_report")
    written = example("stage_report")
    for one in read.answers:
        assert one.value == written[one.name], one
        assert one.sure
    school, work = answer(read, "学校"), answer(read, "下阶段安排")
    assert (school.label, school.place) == ("学校", "表 1 第 1 行第 2 列")
    assert (work.label, work.place) == ("下阶段安排", "表 2 第 9 行第 2 列")
    activities = rows(read, "活动")
    assert activities.columns == ("时间", "形式", "主题", "主讲人", "人数")
    assert activities.texts[0] == (
        "10月9日",
        "集体备课",
        "《岳阳楼记》单元整体教学设计",
        "张晓燕",
        "12",
    )
    assert activities.rows[1][0].place == "表 2 第 4 行第 2 列"


def test_what_is_left_blank_is_blank_and_certain() -> None:
    read = read_back(reading_of(printed("stage_report", 填报人="", 附件清单="", 活动=[])),
                     PAPERS["stage_report"])  # fmt: skip
    assert answer(read, "填报人").value == ""
    assert answer(read, "附件清单").sure
    assert rows(read, "活动").texts == []


@pytest.mark.parametrize(
    "text",
    ["王钤、李铒、赵塬、澹台明", "A & B <C> \"D\" 'E'", "第一段。\n第二段。\n第三段。",
     "a < b && c > d", "学校：荆姚初中　学科：数学", "附件清单", "时间\n形式"],
)  # fmt: skip
def test_text_comes_back_as_it_stands(text: str) -> None:
    read = back("stage_report", 取得成效=text, 填报人=text.split("\n")[0])
    assert answer(read, "取得成效").value == text
    assert answer(read, "取得成效").sure
    assert answer(read, "填报人").value == text.split("\n")[0]


def test_headings_part_the_texts_of_a_paper_without_label_cells() -> None:
    read = back("school_plan", 研修重点="一是抓常规。\n二是抓反思。")
    focus = answer(read, "研修重点")
    assert (focus.value, focus.label) == ("一是抓常规。\n二是抓反思。", "六、研修重点")
    assert answer(read, "时间安排").value == ""
    assert [row[0] for row in rows(read, "安排").texts] == ["9月", "10月", "11月", "12月", "1月"]


def test_spread_labels_and_half_colons_are_the_same_labels() -> None:
    def edit(document: Any) -> None:
        cell(document, "学校：").paragraphs[0].runs[0].text = "学　校:"
        cell(document, "填报人").paragraphs[0].runs[0].text = "填 报 人"

    read = back("stage_report", edit)
    assert answer(read, "学校").value == "孙镇初中"
    assert answer(read, "填报人").value == "张晓燕"


def test_a_value_behind_its_label_in_one_cell_is_its_value() -> None:
    def edit(document: Any) -> None:
        cell(document, "学校：").paragraphs[0].runs[0].text = "学校：荆姚初中"
        cell(document, "孙镇初中").paragraphs[0].runs[0].text = ""

    assert answer(back("stage_report", edit), "学校").value == "荆姚初中"


def test_a_label_with_another_value_behind_it_is_a_doubt() -> None:
    def edit(document: Any) -> None:
        cell(document, "学校：").paragraphs[0].runs[0].text = "学校：荆姚初中"

    school = answer(back("stage_report", edit), "学校")
    assert not school.sure
    assert "荆姚初中" in school.doubts[0]
    assert "孙镇初中" in school.doubts[0]


def test_a_changed_label_is_a_doubt_and_only_for_its_own_value() -> None:
    def edit(document: Any) -> None:
        cell(document, "学科：").paragraphs[0].runs[0].text = "科目："

    read = back("stage_report", edit)
    assert answer(read, "学科").value is None
    assert "科目" in answer(read, "学科").doubts[0]
    assert answer(read, "学校").sure
    assert answer(read, "报告时间").sure


def test_a_removed_label_row_leaves_its_value_unknown() -> None:
    def edit(document: Any) -> None:
        table = document.tables[1]._tbl
        row = cell(document, "存在问题")._tc.getparent()
        table.remove(row)

    read = back("stage_report", edit)
    assert answer(read, "存在问题").value is None
    assert "存在问题" in answer(read, "存在问题").doubts[0]
    assert answer(read, "取得成效").sure
    assert answer(read, "下阶段安排").sure


def test_two_places_that_differ_are_named() -> None:
    def edit(document: Any) -> None:
        last = next(p for p in document.paragraphs if p.text.endswith("（盖章）"))
        last.runs[0].text = "荆姚初中（盖章）"
        for run in last.runs[1:]:
            run.text = ""

    school = answer(back("school_plan", edit), "学校")
    assert school.contradicted
    assert "孙镇初中" in school.doubts[0]
    assert "荆姚初中" in school.doubts[0]


def test_a_heading_that_stands_twice_makes_its_neighbours_doubtful() -> None:
    read = back("school_plan", 指导思想="六、研修重点")
    assert not answer(read, "研修重点").sure
    assert not answer(read, "指导思想").sure
    assert answer(read, "研修措施").sure


def test_a_paper_that_holds_two_copies_of_the_form_is_not_guessed_at() -> None:
    def edit(document: Any) -> None:
        body = document.element.body
        for element in [e for e in body if e.tag != qn("w:sectPr")]:
            body.insert(len(body) - 1, copy.deepcopy(element))

    read = back("stage_report", edit)
    assert [one.name for one in read.answers if one.sure] == []


# --- lists --------------------------------------------------------------------------------


def list_row(document: Any, words: str) -> Any:
    return cell(document, words)._tc.getparent()


def test_rows_put_in_and_taken_out_are_followed() -> None:
    def edit(document: Any) -> None:
        row = list_row(document, "10月16日")
        new = copy.deepcopy(row)
        row.addnext(new)
        next(new.iter(qn("w:t"))).text = "10月17日"
        row.getparent().remove(list_row(document, "10月9日"))

    activities = rows(back("stage_report", edit), "活动")
    assert [row[0] for row in activities.texts] == ["10月16日", "10月17日", "10月23日"]
    assert activities.sure


def test_a_column_put_in_moves_no_value() -> None:
    def edit(document: Any) -> None:
        table = list_row(document, "教师1").getparent()
        for number, row in enumerate(table.tr_lst):
            new = copy.deepcopy(row.tc_lst[0])
            for text in new.iter(qn("w:t")):
                text.text = "序次" if not number else "甲"
            row.tc_lst[0].addnext(new)
        grid = table.tblGrid
        grid.append(copy.deepcopy(grid.gridCol_lst[0]))

    teachers = rows(back("school_plan", edit), "教师")
    assert [row[1] for row in teachers.texts] == ["语文"] * 7
    assert all("甲" not in row for row in teachers.texts)
    assert "表样没有的列" in teachers.doubts[0]


def test_merged_cells_are_no_value_of_the_wrong_column() -> None:
    def edit(document: Any) -> None:
        row = document.tables[1].rows[2]
        row.cells[1].merge(row.cells[2])

    first = rows(back("stage_report", edit), "活动").rows[0]
    assert first[1].value is None
    assert "合并" in first[1].doubts[0]
    assert first[2].value == "《岳阳楼记》单元整体教学设计"


def test_a_renamed_column_is_a_doubt() -> None:
    def edit(document: Any) -> None:
        cell(document, "主讲人").paragraphs[0].runs[0].text = "主持人"

    activities = rows(back("stage_report", edit), "活动")
    assert not activities.sure
    assert "主持人" in activities.doubts[0]


def test_words_in_a_row_below_a_text_are_not_passed_over() -> None:
    def edit(document: Any) -> None:
        row = cell(document, "取得成效")._tc.getparent()
        new = copy.deepcopy(row)
        row.addnext(new)
        texts = list(new.iter(qn("w:t")))
        texts[0].text = ""
        texts[1].text = "还有一项成效"
        for text in texts[2:]:
            text.text = ""

    assert not answer(back("stage_report", edit), "取得成效").sure


# --- content controls, versions, formats ---------------------------------------------------


def control(content: Any) -> Any:
    """A content control around what stands in `content`'s place."""
    wrapped = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent/></w:sdt>"
    )
    content.addprevious(wrapped)
    wrapped.find(qn("w:sdtContent")).append(content)
    return wrapped


def test_values_in_content_controls_are_read() -> None:
    def edit(document: Any) -> None:
        control(cell(document, "孙镇初中")._tc)
        control(cell(document, "语文").paragraphs[0].runs[0]._r)
        control(list_row(document, "10月16日"))
        control(cell(document, "2014年10月").paragraphs[0]._p)

    read = back("stage_report", edit)
    assert answer(read, "学校").value == "孙镇初中"
    assert answer(read, "学科").value == "语文"
    assert answer(read, "报告时间").value == "2014年10月"
    assert [row[0] for row in rows(read, "活动").texts] == ["10月9日", "10月16日", "10月23日"]


def test_cells_of_several_paragraphs_are_one_value() -> None:
    def edit(document: Any) -> None:
        own = cell(document, "集体备课", 1)
        own.add_paragraph("（第二次）")
        own.paragraphs[1]._p.addnext(OxmlElement("w:p"))

    assert rows(back("stage_report", edit), "活动").texts[0][1] == "集体备课\n（第二次）"


def test_a_copy_of_another_version_is_read_with_a_doubt() -> None:
    stamp = Stamp.issue("stage_report", "9", "u", "语文", "2014-10")
    reading = reading_of(printed("stage_report", stamp))
    school = answer(read_back(reading, PAPERS["stage_report"], stamp), "学校")
    assert school.value == "孙镇初中"
    assert "第 9 版" in school.doubts[0]


def test_hostile_text_costs_no_more_than_its_length() -> None:
    """Labels and near-labels by the thousand in one cell: no search that multiplies."""
    words = "学校：学科：报告时间：" * 5_000

    def edit(document: Any) -> None:
        document.paragraphs[0].insert_paragraph_before(words)

    read = back("stage_report", edit, 取得成效=words)
    assert answer(read, "取得成效").value == words


def test_a_row_of_one_label_a_hundred_times_is_not_tried_every_way() -> None:
    def edit(document: Any) -> None:
        own = cell(document, "学校：")._tc
        for number in range(120):
            new = copy.deepcopy(own)
            for text in new.iter(qn("w:t")):
                text.text = ("学校：", "学科：", "报告时间：")[number % 3]
            own.addnext(new)

    read = back("stage_report", edit)
    assert not answer(read, "学校").sure
    assert answer(read, "取得成效").sure


def test_an_unmarked_edit_leaves_the_bytes_readable() -> None:
    data = edited(printed("qa_report"), lambda document: None)
    read = read_back(reading_of(data), PAPERS["qa_report"])
    assert all(one.sure for one in read.answers)
