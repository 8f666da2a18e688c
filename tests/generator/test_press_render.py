"""What a form prints: values, blanks, rows, in the three ways."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx.enum.text import WD_BREAK
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sample_forms import SPEC, cells, make, opened, paragraphs, write_template

from generator import (
    MODES,
    FormError,
    FormSpec,
    ListSpec,
    SectionSpec,
    Stamp,
    compile_form,
)
from generator.ooxml import w
from generator.slots import printed as as_text

WIDE = "\u3000"
ROWS = (("序", "时间", "主题"), ("{{ 活动.序号 }}", "{{ 活动.时间 }}", "{{ 活动.主题 }}"))


def test_it_works(path: Path) -> None:
    form = make(path, "学校：{{ 学校 }}，{{学科}}组", rows=ROWS)
    printed = form.render({"学校": "孙镇初中", "学科": "语文", "活动": [{"主题": "说课"}]})
    assert paragraphs(printed)[0] == "学校：孙镇初中，语文组"
    assert cells(printed)[1] == ["1", "", "说课"]


def test_unknown_value_in_running_text_is_an_underlined_blank_of_its_width(path: Path) -> None:
    printed = make(path, "学校：{{ 学校 }}。").render({})
    run = next(r for r in opened(printed).paragraphs[0].runs if r.underline)
    assert run.text == WIDE * 12
    assert opened(printed).paragraphs[0].text == f"学校：{WIDE * 12}。"


def test_unknown_value_alone_in_a_cell_prints_nothing(path: Path) -> None:
    printed = make(path, rows=(("学校", "{{ 学校 }}"),)).render({})
    assert cells(printed) == [["学校", ""]]
    assert not any(r.underline for r in opened(printed).tables[0].cell(0, 1).paragraphs[0].runs)


def test_unknown_value_beside_words_in_a_cell_is_a_blank(path: Path) -> None:
    printed = make(path, rows=(("共 {{ 学科 }} 组",),)).render({})
    assert cells(printed) == [[f"共 {WIDE * 5} 组"]]


def test_two_tags_in_a_cell_each_have_their_blank(path: Path) -> None:
    printed = make(path, rows=(("{{ 学校 }}{{ 学科 }}",),)).render({})
    assert cells(printed) == [[WIDE * 17]]


def test_section_in_running_text_leaves_lines_to_write_on(path: Path) -> None:
    printed = make(path, "一、成效", "{{ 取得成效 }}", "二、附件").render({})
    assert paragraphs(printed) == ["一、成效", "", "", "", "二、附件"]


def test_blank_prints_no_value_but_the_county(path: Path) -> None:
    form = make(path, "{{ 县名 }}{{ 表名 }}第{{ 版本 }}版", "{{ 取得成效 }}：{{ 学校 }}", rows=ROWS)
    values = {"县名": "某县", "学校": "孙镇初中", "取得成效": "好", "活动": [{"主题": "说课"}]}
    text = "\n".join(paragraphs(form.render(values, "blank")))
    assert "某县阶段报告第1版" in text
    assert "孙镇初中" not in text
    assert "好" not in text
    assert cells(form.render(values, "blank"))[1] == ["1", "", ""]


def test_list_is_filled_up_to_its_blank_rows(path: Path) -> None:
    form = make(path, rows=ROWS)
    for count, expected in ((0, 4), (3, 4), (4, 4), (9, 9)):
        printed = form.render({"活动": [{"主题": f"第{n}次"} for n in range(count)]})
        assert len(cells(printed)) == 1 + expected
        assert [row[0] for row in cells(printed)[1:]] == [str(n + 1) for n in range(expected)]


def test_all_modes_print_the_same_number_of_rows(path: Path) -> None:
    form = make(path, rows=ROWS)
    values = {"活动": [{"主题": "说课"}]}
    assert len({len(cells(form.render(values, mode))) for mode in MODES}) == 1


def test_rows_may_be_sequences_in_column_order(path: Path) -> None:
    printed = make(path, rows=ROWS).render({"活动": [("10月9日", "说课", "张")]})
    assert cells(printed)[1] == ["1", "10月9日", "说课"]


def test_list_in_a_nested_table_repeats_the_inner_row(path: Path) -> None:
    def nest(document: object) -> None:
        cell = document.tables[0].cell(0, 0)  # type: ignore[attr-defined]
        cell.add_table(1, 1).cell(0, 0).text = "{{ 名单.姓名 }}"

    form = make(path, rows=(("名单：",),), edit=nest)
    printed = form.render({"名单": [{"姓名": "甲"}, {"姓名": "乙"}, {"姓名": "丙"}]})
    inner = opened(printed).tables[0].cell(0, 0).tables[0]
    assert [row.cells[0].text for row in inner.rows] == ["甲", "乙", "丙"]


def test_merged_label_cell_goes_along_with_repeated_rows(path: Path) -> None:
    def merge(document: object) -> None:
        table = document.tables[0]  # type: ignore[attr-defined]
        table.cell(0, 0).merge(table.cell(1, 0))

    form = make(path, rows=(("活动", "时间"), ("", "{{ 活动.时间 }}")), edit=merge)
    printed = form.render({"活动": [{"时间": "9月"}, {"时间": "10月"}]})
    table = opened(printed).tables[0]
    assert all(row.cells[0]._tc is table.cell(0, 0)._tc for row in table.rows)
    assert [row.cells[1].text for row in table.rows] == ["时间", "9月", "10月", "", ""]


def test_a_page_break_stays_where_the_author_put_it(path: Path) -> None:
    def breaks(document: Any) -> None:
        run = document.paragraphs[0].add_run("{{ 学校 }}")
        run.add_break(WD_BREAK.PAGE)
        run.add_text("后{{ 学科 }}")

    printed = opened(make(path, "", edit=breaks).render({"学校": "甲", "学科": "乙"}))
    (paragraph,) = printed.paragraphs
    pieces = paragraph._p.iter(w("t"), w("br"))
    words = [piece.text if piece.tag == w("t") else piece.get(w("type")) for piece in pieces]
    assert words == ["甲", "page", "后", "乙"]


@pytest.mark.parametrize("values", [{}, {"取得成效": "一\n二\n三"}], ids=["blank", "filled"])
def test_only_the_first_paragraph_of_a_section_begins_a_page(
    path: Path, values: dict[str, str]
) -> None:
    def breaks(document: Any) -> None:
        document.paragraphs[1].paragraph_format.page_break_before = True

    printed = opened(make(path, "一、成效", "{{ 取得成效 }}", edit=breaks).render(values))
    begins = [p.paragraph_format.page_break_before for p in printed.paragraphs]
    assert begins == [None, True, None, None]


def test_cells_merged_across_and_down_are_repeated_as_they_are(path: Path) -> None:
    """A sample row with a joined pair, and a cell joined to the one above in every copy."""

    def merge(document: Any) -> None:
        table = document.tables[0]
        table.cell(1, 1).merge(table.cell(1, 2))
        table.cell(0, 0).merge(table.cell(1, 0))

    rows = (("活动", "时间", "", "主题"), ("", "{{ 活动.时间 }}", "", "{{ 活动.主题 }}"))
    printed = make(path, rows=rows, edit=merge).render(
        {"活动": [{"时间": f"{n}月", "主题": f"第{n}次"} for n in range(1, 6)]}
    )
    table = opened(printed).tables[0]
    body = table._tbl.tr_lst[1:]
    assert len(body) == 5
    for number, row in enumerate(body, 1):
        assert [cell.grid_span for cell in row.tc_lst] == [1, 2, 1]
        assert [cell.vMerge for cell in row.tc_lst] == ["continue", None, None]
        texts = ["".join(t.text or "" for t in cell.iter(w("t"))) for cell in row.tc_lst]
        assert texts == ["", f"{number}月", f"第{number}次"]
    assert table._tbl.tr_lst[0].tc_lst[0].vMerge == "restart"


def test_a_nested_table_goes_along_with_its_row(path: Path) -> None:
    """A list in a list: every row of the outer one has the whole inner table."""

    def nest(document: Any) -> None:
        inner = document.tables[0].cell(0, 1).add_table(2, 2)
        inner.cell(0, 0).merge(inner.cell(0, 1)).text = "名单"
        inner.cell(1, 0).text, inner.cell(1, 1).text = "{{ 名单.序号 }}", "{{ 名单.姓名 }}"

    form = make(path, rows=(("{{ 活动.时间 }}", ""),), edit=nest)
    printed = form.render(
        {"活动": [{"时间": f"{n}月"} for n in range(1, 5)], "名单": [("甲",), ("乙",)]}
    )
    table = opened(printed).tables[0]
    assert [row.cells[0].text for row in table.rows] == ["1月", "2月", "3月", "4月"]
    for row in table.rows:
        (inner,) = row.cells[1].tables
        assert [[c.text for c in r.cells] for r in inner.rows] == [
            *(["名单", "名单"], ["1", "甲"], ["2", "乙"])
        ]


def test_lines_become_paragraphs_where_the_tag_stands_alone(path: Path) -> None:
    printed = make(path, "{{ 取得成效 }}").render({"取得成效": "一\r\n\n　　二\r三"})
    assert paragraphs(printed) == ["一", "二", "三"]


def test_lines_become_breaks_in_running_text(path: Path) -> None:
    printed = make(path, "成效：{{ 取得成效 }}").render({"取得成效": "一\n二\t三"})
    assert paragraphs(printed) == ["成效：一\n二\t三"]
    assert "w:br" in opened(printed).paragraphs[0]._p.xml


def test_paragraphs_keep_the_style_of_the_tag(path: Path) -> None:
    def style(document: object) -> None:
        paragraph = document.paragraphs[0]  # type: ignore[attr-defined]
        paragraph.style = "Heading 2"
        paragraph.runs[0].bold = True

    printed = opened(make(path, "{{ 取得成效 }}", edit=style).render({"取得成效": "一\n二"}))
    assert [p.style.name for p in printed.paragraphs] == ["Heading 2"] * 2
    assert all(p.runs[0].bold for p in printed.paragraphs)


def test_underlined_tag_is_filled_up_to_its_width(path: Path) -> None:
    def underline(document: object) -> None:
        document.paragraphs[0].runs[0].underline = True  # type: ignore[attr-defined]

    form = make(path, "{{ 学科 }}", edit=underline)
    assert paragraphs(form.render({"学科": "语文"})) == ["语文" + WIDE * 3]
    assert paragraphs(form.render({"学科": "综合实践活动课"})) == ["综合实践活动课"]


def test_tag_cut_into_runs_by_the_word_processor_is_found(path: Path) -> None:
    def cut(document: object) -> None:
        paragraph = document.paragraphs[0]  # type: ignore[attr-defined]
        for piece in ("学校：", "{", "{ 学", "校 ", "}", "}", "！"):
            paragraph.add_run(piece).bold = piece == "{"
            mark = etree.SubElement(paragraph._p, w("proofErr"))
            mark.set(w("type"), "spellStart")

    printed = make(path, "", edit=cut).render({"学校": "孙镇初中"})
    assert paragraphs(printed) == ["学校：孙镇初中！"]


def test_content_controls_are_unwrapped(path: Path) -> None:
    def wrap(document: object) -> None:
        paragraph = document.paragraphs[0]._p  # type: ignore[attr-defined]
        control = etree.SubElement(paragraph, w("sdt"))
        etree.SubElement(control, w("sdtContent")).append(paragraph.r_lst[0])

    printed = make(path, "{{ 学校 }}", edit=wrap).render({"学校": "孙镇初中"})
    assert paragraphs(printed) == ["孙镇初中"]
    assert "w:sdt" not in opened(printed).element.xml


def test_text_beside_a_picture_or_break_is_kept(path: Path) -> None:
    def breaks(document: object) -> None:
        paragraph = document.paragraphs[0]  # type: ignore[attr-defined]
        run = paragraph.add_run("甲{{ 学校 }}乙")
        run.add_break()
        run.add_text("丙{{ 学科 }}丁")

    printed = make(path, "", edit=breaks).render({"学校": "S", "学科": "K"})
    assert paragraphs(printed) == ["甲S乙\n丙K丁"]


def test_header_footer_and_their_tables_are_filled(path: Path) -> None:
    def heads(document: object) -> None:
        section = document.sections[0]  # type: ignore[attr-defined]
        section.header.paragraphs[0].text = "{{ 学校 }}"
        section.footer.add_table(1, 1, 9999).cell(0, 0).text = "{{ 学科 }}"

    printed = opened(make(path, "x", edit=heads).render({"学校": "孙镇", "学科": "语文"}))
    assert printed.sections[0].header.paragraphs[0].text == "孙镇"
    assert printed.sections[0].footer.tables[0].cell(0, 0).text == "语文"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        (76.5, "76.5"),
        (90.0, "90"),
        (Decimal("0.30"), "0.30"),
        (True, "是"),
        (date(2014, 10, 31), "2014年10月31日"),
        (datetime(2014, 9, 1, 8, 30), "2014年9月1日"),
        ("&<>\"'", "&<>\"'"),
        ("{{ 学科 }} {% if %}", "{{ 学科 }} {% if %}"),
    ],
)
def test_values_are_printed_as_they_are_read(path: Path, value: object, expected: str) -> None:
    assert paragraphs(make(path, "：{{ 学校 }}").render({"学校": value})) == [f"：{expected}"]


@pytest.mark.parametrize("nothing", [None, "", " \u3000\n", "\x00\x01", float("nan")])
def test_nothing_is_a_blank_never_a_word(path: Path, nothing: object) -> None:
    assert paragraphs(make(path, "：{{ 学科 }}").render({"学科": nothing})) == ["：" + WIDE * 5]


@pytest.mark.parametrize("value", [object(), len, b"bytes", ["x"], {"a": 1}])
def test_anything_else_is_refused(path: Path, value: object) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "{{ 学校 }}").render({"学校": value})
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize("rows", ["text", 5, [7], ["text"]])
def test_a_list_must_be_rows(path: Path, rows: object) -> None:
    with pytest.raises(FormError) as caught:
        make(path, rows=ROWS).render({"活动": rows})
    assert caught.value.code == "bad_value"


def test_rows_are_limited(path: Path) -> None:
    with pytest.raises(FormError) as caught:
        make(path, rows=ROWS).render({"活动": [{}] * 2001})
    assert caught.value.code == "too_many_rows"


def test_rows_of_loops_in_loops_are_limited(path: Path) -> None:
    def nest(document: object) -> None:
        cell = document.tables[0].cell(0, 0)  # type: ignore[attr-defined]
        cell.add_table(1, 1).cell(0, 0).text = "{{ 名单.姓名 }}"

    form = make(path, rows=(("{{ 活动.时间 }}",),), edit=nest)
    with pytest.raises(FormError) as caught:
        form.render({"活动": [{}] * 1000, "名单": [{}] * 1000})
    assert caught.value.code == "too_many_rows"


def test_long_values_are_limited(path: Path) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "{{ 学校 }}").render({"学校": "长" * 60_001})
    assert caught.value.code == "too_large"


def test_synonyms_name_the_same_value_in_template_and_values(path: Path) -> None:
    form = make(path, "{{ 学校名称 }}·{{ 科　目 }}·{{ 学校/班级 }}")
    printed = form.render({"单 位": "孙镇初中", "学科": "语文", "学校／班级": "八（1）", "无关": 1})
    assert paragraphs(printed) == ["孙镇初中·语文·八（1）"]
    assert paragraphs(form.render({"学校": "甲", "单位": "乙"}))[0].startswith("甲")


def test_a_list_may_bear_the_name_of_its_section(path: Path) -> None:
    spec = FormSpec("k", "表", sections=(SectionSpec("名单", rows=ListSpec("名单", ("姓名",), 1)),))
    write_template(path, "{{ 名单 }}", rows=(("{{ 名单.姓名 }}",),))
    form = compile_form(path, spec)
    printed = form.render({"名单": "共一人"})
    assert (paragraphs(printed), cells(printed)) == (["共一人"], [[""]])
    assert cells(form.render({"名单": [("甲",)]})) == [["甲"]]


def test_filters_apply_in_order(path: Path) -> None:
    form = make(
        path, "{{ 报告时间|日期 }}，{{ 学校|年份 }}，第{{ 学科 | 序号 }}，{{ 附件清单|日期 }}。"
    )
    printed = form.render({"报告时间": "2014-10-31", "学校": 2014, "学科": 12})
    assert paragraphs(printed)[0].startswith("2014年10月31日，〔2014〕，第十二，" + WIDE)


def test_bad_mode_is_refused(path: Path) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "x").render({}, "full")  # type: ignore[arg-type]
    assert caught.value.code == "bad_mode"


def test_missing_names_what_is_required_and_empty(path: Path) -> None:
    form = make(path, "{{ 学校 }}")
    assert form.missing({}) == ("学校", "学科", "工作开展情况", "取得成效")
    filled = {"单位": "甲", "学科": "语文", "活动": [{"时间": "9月"}], "取得成效": "好"}
    assert form.missing(filled) == ()


def test_unchanged_parts_are_the_templates_own(path: Path) -> None:
    form = make(path, "{{ 学校 }}")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(form.render({}))) as after:
        assert after.testzip() is None
        assert after.read("word/styles.xml") == before.read("word/styles.xml")
        assert set(before.namelist()) <= set(after.namelist())
        assert {info.date_time for info in after.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_same_input_gives_the_same_bytes(path: Path) -> None:
    stamp = Stamp.issue("stage_report", "1", "u", "语文", "2014-10")
    values = {"学校": "孙镇初中", "活动": [{"主题": "说课"}]}
    first = make(path, "{{ 学校 }}", rows=ROWS).render(values, "filled", stamp)
    copy = path.with_name("copy.docx")
    copy.write_bytes(path.read_bytes())
    assert compile_form(copy, SPEC).render(dict(reversed(values.items())), "filled", stamp) == first


def test_a_changed_template_is_compiled_anew(path: Path) -> None:
    assert paragraphs(make(path, "旧").render({})) == ["旧"]
    assert paragraphs(make(path, "新").render({})) == ["新"]


def test_compiled_forms_are_kept(path: Path) -> None:
    assert make(path, "x") is compile_form(path, SPEC)


def test_prints_what_docxtpl_prints(path: Path) -> None:
    write_template(path, "学校：{{ 学校 }}", "{{ 取得成效 }}", rows=(("学科", "{{ 学科 }}"),))
    values = {"学校": "A & <B>", "取得成效": "好", "学科": "语文"}
    reference = DocxTemplate(str(path))
    reference.render(values, autoescape=True)
    out = io.BytesIO()
    reference.save(out)
    ours = compile_form(path, SPEC).render(values)
    assert paragraphs(ours) == paragraphs(out.getvalue())
    assert cells(ours) == cells(out.getvalue())


TEXT = st.text(max_size=60)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(school=TEXT, result=TEXT, topic=TEXT)
def test_any_text_gives_a_whole_document_that_says_just_that(
    tmp_path: Path, school: str, result: str, topic: str
) -> None:
    path = tmp_path / "any.docx"
    if not path.exists():
        write_template(path, "校{{ 学校 }}", "{{ 取得成效 }}", rows=ROWS)
    form = compile_form(path, SPEC)
    printed = form.render({"学校": school, "取得成效": result, "活动": [{"主题": topic}]})
    text = "\n".join([*paragraphs(printed), cells(printed)[1][2]])
    for value in (school, result, topic):
        for word in as_text(value).split():
            assert word in text
    for leftover in ("{{", "}}", "None", "Undefined", "\ufdd0"):
        assert leftover not in text or any(leftover in v for v in (school, result, topic))
