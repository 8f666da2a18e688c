from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from made_docx import cell, docx, list_levels, numbered, para, table

import indexer
from indexer.errors import ReadError


def texts(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def test_it_works(tmp_path: Path) -> None:
    reading = indexer.read(docx(tmp_path / "a.docx", para("教学反思") + para("今天上了一节课。")))
    assert reading.format == "docx"
    assert reading.status == "complete"
    assert reading.text == "教学反思\n今天上了一节课。"
    assert reading.title == "教学反思"


def test_tracked_changes_read_as_accepted(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>应到</w:t></w:r>"
        "<w:del><w:r><w:delText>三十</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>四十</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:r><w:t>人</w:t></w:r></w:p>"
    )
    assert texts(docx(tmp_path / "a.docx", body)) == ["应到四十人"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>后半</w:t></w:r></w:p>"
    )
    assert texts(docx(tmp_path / "a.docx", body)) == ["前半后半"]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{para('框里的字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>正文</w:t><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert texts(docx(tmp_path / "a.docx", body)) == ["正文", "框里的字"]


def test_content_controls_and_field_results(tmp_path: Path) -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>2014年9月</w:t>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    body = f"<w:sdt><w:sdtContent>{para('控件里的段落')}</w:sdtContent></w:sdt>{field}"
    assert texts(docx(tmp_path / "a.docx", body)) == ["控件里的段落", "2014年9月"]


def test_hidden_text_is_left_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t></w:r></w:p>"
    )
    assert texts(docx(tmp_path / "a.docx", body)) == ["可见"]


def test_merged_cells_stand_once(tmp_path: Path) -> None:
    body = table(
        (cell("教师情况", '<w:gridSpan w:val="2"/>'), "人数"),
        (cell("初级", '<w:vMerge w:val="restart"/>'), "男", "3"),
        (cell("", "<w:vMerge/>"), "女", "4"),
    )
    (block,) = indexer.read(docx(tmp_path / "a.docx", body)).blocks
    assert block.rows == (("教师情况", "", "人数"), ("初级", "男", "3"), ("", "女", "4"))
    assert set(block.merged) == {(0, 1), (2, 0)}
    assert block.text == "教师情况\t人数\n初级\t男\t3\n女\t4"


def test_a_nested_table_is_inside_its_cell(tmp_path: Path) -> None:
    inner = table(("甲", "乙"), ("丙", "丁"))
    body = table((cell(inner + para("后")), "右"), ("下", "角"))
    (block,) = indexer.read(docx(tmp_path / "a.docx", body)).blocks
    assert block.rows[0] == ("甲\t乙\n丙\t丁\n后", "右")


def test_a_lone_cell_is_a_frame_not_a_table(tmp_path: Path) -> None:
    body = table((cell(para("一、目标") + para("提高。")),))
    blocks = indexer.read(docx(tmp_path / "a.docx", body)).blocks
    assert [block.kind for block in blocks] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("chineseCounting", "%1、", ["一、", "二、", "三、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（三）"]),
        ("decimal", "%1.", ["1. ", "2. ", "3. "]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②", "③"]),
        ("decimalFullWidth", "%1、", ["１、", "２、", "３、"]),
        ("upperLetter", "%1.", ["A. ", "B. ", "C. "]),
        ("lowerRoman", "%1.", ["i. ", "ii. ", "iii. "]),
        ("bullet", "", ["", "", ""]),
    ],
)
def test_automatic_numbers_appear(
    tmp_path: Path, form: str, text: str, expected: list[str]
) -> None:
    body = "".join(para("目标", extra=numbered()) for _ in range(3))
    path = docx(tmp_path / "a.docx", body, numbering=list_levels((form, text)))
    assert texts(path) == [f"{label}目标" for label in expected]


def test_numbers_of_inner_levels_start_again(tmp_path: Path) -> None:
    levels = list_levels(("chineseCounting", "%1、"), ("decimal", "%1.%2"))
    depths = [0, 1, 1, 0, 1]
    body = "".join(para("x", extra=numbered(depth)) for depth in depths)
    path = docx(tmp_path / "a.docx", body, numbering=levels)
    assert texts(path) == ["一、x", "一.1 x", "一.2 x", "二、x", "二.1 x"]


def test_an_auto_numbered_line_becomes_a_heading(tmp_path: Path) -> None:
    body = para("标题") + para("指导思想", extra=numbered()) + para("以科学发展观为指导。")
    path = docx(tmp_path / "a.docx", body, numbering=list_levels(("chineseCounting", "%1、")))
    items = indexer.read(path).outline
    assert [(item.level, item.title, item.by) for item in items[1:]] == [
        (1, "指导思想", "numbering")
    ]
    assert items[1].body == "以科学发展观为指导。"


def test_headings_come_from_styles(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="我的"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    )
    body = para("工作总结", "t") + para("做法", "a") + para("分层", "b") + para("正文。")
    outline = indexer.read(docx(tmp_path / "a.docx", body, styles=styles)).outline
    assert [(item.level, item.title) for item in outline] == [
        (0, "工作总结"),
        (1, "做法"),
        (2, "分层"),
    ]
    assert outline[1].body == "分层\n正文。"


def test_headers_and_footers_come_last_and_page_numbers_not_at_all(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("正文"), header=para("孙镇初中"), footer=para("- 1 -"))
    reading = indexer.read(path)
    assert [(b.kind, b.text) for b in reading.blocks if b.kind != "heading"] == [
        ("header", "孙镇初中")
    ]
    assert reading.text.endswith("孙镇初中")


def test_an_empty_body_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(docx(tmp_path / "a.docx", "<w:p/>"))
    assert caught.value.code == "empty"


def test_a_cut_file_is_corrupt(tmp_path: Path) -> None:
    whole = docx(tmp_path / "a.docx", para("正文" * 500)).read_bytes()
    cut = tmp_path / "b.docx"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError) as caught:
        indexer.read(cut)
    assert caught.value.code == "corrupt"


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("x"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/big.bin", b"\0" * (64 * 1024 * 1024))
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "too_large"


def test_a_part_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("很长的正文" * 1000))
    with pytest.raises(ReadError) as caught:
        indexer.read(path, limits=indexer.Limits(part=2000))
    assert caught.value.code == "too_large"


def test_external_entities_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    path = docx(tmp_path / "a.docx", para("x"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    entity = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    document = parts["word/document.xml"].replace(">x<", ">开头&e;结尾<")
    parts["word/document.xml"] = entity + document
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert "机密" not in indexer.read(path).text


def test_too_much_text_is_partial(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("字" * 60) * 10)
    reading = indexer.read(path, limits=indexer.Limits(characters=200))
    assert reading.status == "partial"
    assert "200" in reading.left_out[0]
    assert len(reading.blocks) == 3
