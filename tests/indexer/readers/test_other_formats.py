"""Web pages, web archives and rich text."""

from __future__ import annotations

from pathlib import Path

import pytest

import indexer
from indexer.errors import ReadError


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
    reading = indexer.read(path)
    (block,) = reading.blocks
    assert sum(map(len, block.rows)) <= 410_000
    assert reading.status == "partial"
    assert reading.left_out == (f"表格超过 {len(block.rows)} 行，后面的内容没有读",)


def test_more_paragraphs_than_allowed_are_partial(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 " + rb"a\par " * 50 + b"}")
    reading = indexer.read(path, limits=indexer.Limits(blocks=10))
    assert len(reading.blocks) == 10
    assert reading.left_out == ("超过 10 段，后面的内容没有读",)


def test_what_stands_beside_the_text_of_an_rtf(tmp_path: Path) -> None:
    """A comment, a footnote and a header are no part of the paragraph that holds them."""
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi{\header\pard Head\par}\pard Before{\*\annotation\pard Why so\par}"
        rb"{\footnote\pard Source\par} after.\par}"
    )
    reading = indexer.read(path)
    assert {(b.kind, b.text) for b in reading.blocks[1:]} == {
        ("comment", "Why so"),
        ("header", "Head"),
        ("note", "Source"),
    }
    assert "Before after." in reading.text
    assert "Why so" not in reading.text
