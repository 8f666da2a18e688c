"""Slides, web pages, web archives and rich text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import indexer
from indexer.errors import ReadError

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def shape(role: str, *lines: str) -> str:
    texts = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    place = f'<p:nvPr><p:ph type="{role}"/></p:nvPr>' if role else "<p:nvPr/>"
    return f"<p:sp><p:nvSpPr>{place}</p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>"


def relations(*entries: tuple[str, str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{ident}" Type="{_R}/{kind}" Target="{target}"/>'
        for ident, kind, target in entries
    )
    return f'<Relationships xmlns="{_RELS}">{made}</Relationships>'


def slides(path: Path, *contents: str, notes: str = "") -> Path:
    spaces = f'xmlns:a="{_A}" xmlns:p="{_P}" xmlns:r="{_R}"'
    listed = "".join(f'<p:sldId r:id="s{at}"/>' for at in range(len(contents)))
    main = [(f"s{at}", "slide", f"slides/slide{at}.xml") for at in range(len(contents))]
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>',
        )
        package.writestr("_rels/.rels", relations(("r", "officeDocument", "ppt/presentation.xml")))
        package.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {spaces}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        )
        package.writestr("ppt/_rels/presentation.xml.rels", relations(*main))
        for at, content in enumerate(contents):
            package.writestr(
                f"ppt/slides/slide{at}.xml",
                f"<p:sld {spaces}><p:cSld><p:spTree>{content}</p:spTree></p:cSld></p:sld>",
            )
        if notes:
            package.writestr("ppt/notes.xml", f"<p:notes {spaces}>{notes}</p:notes>")
            package.writestr(
                "ppt/slides/_rels/slide0.xml.rels", relations(("n", "notesSlide", "../notes.xml"))
            )
    return path


def test_slides_in_order_with_titles_as_headings(tmp_path: Path) -> None:
    path = slides(
        tmp_path / "a.pptx",
        shape("subTitle", "桥陵初中") + shape("ctrTitle", "教学反思"),
        shape("title", "得") + shape("body", "课堂气氛热烈", "学生积极"),
        shape("title", "失") + shape("sldNum", "3"),
    )
    reading = indexer.read(path)
    assert [(item.level, item.title, item.place) for item in reading.outline] == [
        (0, "教学反思", "第 1 页"), (1, "得", "第 2 页"), (1, "失", "第 3 页"),
    ]  # fmt: skip
    assert reading.outline[1].body == "课堂气氛热烈\n学生积极"
    assert "3" not in reading.text


def test_tables_and_notes_of_a_slide(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    head = cell("成绩", "gridSpan='2'") + cell("", "hMerge='1'")
    rows = f"<a:tr>{head}</a:tr><a:tr>{cell('八（1）')}{cell('71.2')}</a:tr>"
    frame = f"<p:graphicFrame><a:graphic><a:tbl>{rows}</a:tbl></a:graphic></p:graphicFrame>"
    path = slides(tmp_path / "a.pptx", frame, notes=shape("body", "讲两分钟"))
    blocks = indexer.read(path).blocks
    assert blocks[0].rows == (("成绩", ""), ("八（1）", "71.2"))
    assert (blocks[1].kind, blocks[1].text) == ("note", "讲两分钟")


def test_a_slide_that_is_a_picture_is_named(tmp_path: Path) -> None:
    reading = indexer.read(slides(tmp_path / "a.pptx", shape("title", "照片"), "<p:pic/>"))
    assert reading.left_out == ("第 2 页是图片，没有文字",)


def test_a_web_page_saved_as_doc(tmp_path: Path) -> None:
    path = tmp_path / "总结.doc"
    page = (
        '<html><head><meta charset="gb2312"><title>总结</title><style>p{}</style></head><body>'
        '<p align="center"><b>工作总结</b></p><h2>做法</h2><p>分层<br>教学</p>'
        "<table><tr><td rowspan=2>初级</td><td>男</td></tr><tr><td>女</td></tr></table>"
        "<script>alert(1)</script></body></html>"
    )
    path.write_bytes(page.encode("gb18030"))
    reading = indexer.read(path)
    assert reading.title == "工作总结"
    assert [block.text for block in reading.blocks[1:4]] == ["做法", "分层", "教学"]
    assert reading.blocks[4].rows == (("初级", "男"), ("", "女"))
    assert "alert" not in reading.text


def test_a_web_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=XX\r\n\r\n--XX\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"PHA+5pWZ5a2m5Y+N5oCdPC9wPg==\r\n--XX--\r\n"
    )
    assert indexer.read(path).text == "教学反思"


def rtf(tmp_path: Path, body: bytes) -> indexer.Reading:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0 SimSun;}}" + body + b"}")
    return indexer.read(path)


def test_rich_text_in_bytes_and_in_unicode(tmp_path: Path) -> None:
    reading = rtf(tmp_path, rb"\'bd\'cc\'d1\'a7\par \u21453?\u24605?\par")
    assert [block.text for block in reading.blocks] == ["教学", "反思"]


def test_rich_text_leaves_out_what_is_not_shown(tmp_path: Path) -> None:
    body = rb"a{\*\generator x}{\v hidden}{\deleted gone}{\pict 00ff}b\par"
    assert rtf(tmp_path, body).text == "ab"


def test_rich_text_fields_give_their_results(tmp_path: Path) -> None:
    body = rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt here}}\par"
    assert rtf(tmp_path, body).text == "here"


def test_rich_text_tables(tmp_path: Path) -> None:
    body = rb"\trowd\pard\intbl a\cell b\cell\row\trowd\pard\intbl c\cell d\cell\row\pard e\par"
    blocks = rtf(tmp_path, body).blocks
    assert blocks[0].rows == (("a", "b"), ("c", "d"))
    assert blocks[1].text == "e"


def test_deeply_nested_rich_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        rtf(tmp_path, b"{" * 100_000)
    assert caught.value.code == "too_large"


def test_a_page_of_endless_spans_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    row = "<tr>" + "<td colspan=9999 rowspan=9999>x" * 20 + "</tr>"
    path.write_text(f"<table>{row * 1000}</table>")
    (block,) = indexer.read(path).blocks
    assert sum(map(len, block.rows)) <= 110_000


def test_more_paragraphs_than_allowed_are_partial(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 " + rb"a\par " * 50 + b"}")
    reading = indexer.read(path, limits=indexer.Limits(blocks=10))
    assert len(reading.blocks) == 10
    assert reading.left_out == ("超过 10 段，后面的内容没有读",)
