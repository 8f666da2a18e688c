"""Lines of an official text take the styles of their levels; blanks are as long as their lines."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from shipped_values import TEMPLATES

from generator import FieldSpec, FormSpec, SectionSpec, compile_form
from generator.levels import LEVELS, Styled, styled

BODY = LEVELS["OfficialBody"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("一、报送内容", Styled("Heading1", "", 6)),
        ("十二、其他事项", Styled("Heading1", "", 7)),
        ("（一）加强领导", Styled("Heading2", "", 7)),
        ("(二)加强领导", Styled("Heading2", "", 7)),
        ("一、加强领导。各校要高度重视。", Styled("", "OfficialLevel1", 7)),
        ("（一）加强领导。各校要高度重视。", Styled("", "OfficialLevel2", 8)),
        ("第三条　教师均须参加校本研修。", Styled("", "OfficialLevel1", 3)),
        ("第二章　总体要求", Styled("OfficialChapter", "", 8)),
    ],
)
def test_a_heading_has_the_style_of_its_level(line: str, expected: Styled) -> None:
    assert styled(line, BODY) == expected


@pytest.mark.parametrize(
    "line",
    [
        "1．学校计划于9月10日前报送。",
        "（一）集体备课、听课评课；",
        "一、各校于9月10日前报送计划。",
        "一致同意。",
        "（联系人：赵淑芳）",
        "各校要高度重视，由校长审定后上报。",
    ],
)
def test_what_is_no_heading_is_plain_text(line: str) -> None:
    assert styled(line, BODY) == Styled()


def test_names_of_attachments_hang_below_each_other() -> None:
    levels = LEVELS["OfficialAttach"]
    assert styled("附件：1．计划（空白表）", levels).paragraph == "OfficialAttachFirst"
    assert styled("2．名单", levels).paragraph == "OfficialAttachNext"


def form(path: Path, *paragraphs: tuple[str, str]) -> Any:
    document: Any = Document(str(TEMPLATES / "base.docx"))
    styles = {style.style_id: style for style in document.styles}
    for text, style in paragraphs:
        document.add_paragraph(text, style=styles[style])
    document.save(str(path))
    spec = FormSpec("notice", "通知", sections=(SectionSpec("正文"), SectionSpec("密级")))
    return compile_form(path, spec)


def lines(data: bytes) -> list[tuple[str, str]]:
    """(style id, text) of each paragraph."""
    return [(p.style.style_id, p.text) for p in Document(io.BytesIO(data)).paragraphs]


def test_each_line_of_a_text_is_a_paragraph_of_its_level(path: Path) -> None:
    text = "一、时间\n（一）计划。九月报送。\n1．按时报送。"
    printed = form(path, ("{{ 正文 }}", "OfficialBody")).render({"正文": text}, "filled")
    assert lines(printed) == [
        ("Heading1", "一、时间"),
        ("OfficialBody", "（一）计划。九月报送。"),
        ("OfficialBody", "1．按时报送。"),
    ]
    runs = Document(io.BytesIO(printed)).paragraphs[1].runs
    assert [(run.style.style_id, run.text) for run in runs] == [
        ("OfficialLevel2", "（一）计划。"),
        ("DefaultParagraphFont", "九月报送。"),
    ]


def test_lines_of_other_styles_stay_as_the_template_has_them(path: Path) -> None:
    printed = form(path, ("{{ 正文 }}", "Normal")).render({"正文": "一、时间"}, "filled")
    assert lines(printed) == [("Normal", "一、时间")]


def test_empty_lines_under_a_text_are_its_blank_and_go_when_it_is_filled_in(path: Path) -> None:
    empty = ("", "OfficialBody")
    made = form(path, ("{{ 正文 }}", "OfficialBody"), empty, empty, ("落款", "OfficialLine"))
    blank = lines(made.render({}, "blank"))
    assert blank == [("OfficialBody", "")] * 3 + [("OfficialLine", "落款")]
    filled = made.render({"正文": "写好了"}, "filled")
    assert lines(filled) == [("OfficialBody", "写好了"), ("OfficialLine", "落款")]


def test_the_number_of_a_copy_is_told_from_other_marks_of_the_head(path: Path) -> None:
    made = form(path, ("{{ 密级 }}", "OfficialMark"))
    given = made.render({"密级": "000012\n秘密★1年\n特急"}, "filled")
    assert lines(given) == [
        ("OfficialCopy", "000012"), ("OfficialMark", "秘密★1年"), ("OfficialMark", "特急"),
    ]  # fmt: skip


def test_a_signature_in_a_cell_has_a_line_to_write_on(path: Path) -> None:
    document: Any = Document(str(TEMPLATES / "base.docx"))
    styles = {style.style_id: style for style in document.styles}
    table = document.add_table(1, 2)
    for cell, style in zip(table.rows[0].cells, ("OfficialSeal", "OfficialNote"), strict=True):
        cell.paragraphs[0].style = styles[style]
        cell.paragraphs[0].add_run("{{ 单位 }}")
    document.save(str(path))
    spec = FormSpec("notice", "通知", fields=(FieldSpec("单位", width=9),))
    row = Document(io.BytesIO(compile_form(path, spec).render({}, "blank"))).tables[0].rows[0]
    assert [cell.text for cell in row.cells] == ["\u3000" * 9 + "\u00a0", ""]
