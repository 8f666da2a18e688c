"""What stands beside the text of a .docx: headers, footers, notes, comments."""

from __future__ import annotations

from pathlib import Path

from made_docx import docx, para, run

import indexer


def kinds(path: Path) -> list[tuple[str, str]]:
    blocks = indexer.read(path).blocks
    return [(b.kind, b.text) for b in blocks if b.kind not in ("paragraph", "heading")]


def section(*references: tuple[str, str], first: bool = False) -> str:
    made = "".join(
        f'<w:{name.rstrip("0123456789")}Reference w:type="{side}" r:id="r{name}"/>'
        for name, side in references
    )
    return f"<w:sectPr>{made}{'<w:titlePg/>' if first else ''}</w:sectPr>"


_PARTS = {"header": para("孙镇初中"), "header2": para("封面"), "header3": para("偶数页")}
_ALL = (("header", "default"), ("header2", "first"), ("header3", "even"))


def test_headers_that_are_switched_off_are_not_read(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("正文") + section(*_ALL), **_PARTS)
    assert kinds(path) == [("header", "孙镇初中")]


def test_first_and_even_pages_have_headers_of_their_own(tmp_path: Path) -> None:
    body = para("正文") + section(*_ALL, first=True)
    path = docx(tmp_path / "a.docx", body, **_PARTS, settings="<w:evenAndOddHeaders/>")
    assert kinds(path) == [("header", "孙镇初中"), ("header", "封面"), ("header", "偶数页")]


def test_a_section_keeps_the_headers_of_the_one_before(tmp_path: Path) -> None:
    first = section(("header", "default"), ("header2", "first"))
    body = f"<w:p><w:pPr>{first}</w:pPr>{run('一')}</w:p>{para('二')}{section(first=True)}"
    assert kinds(docx(tmp_path / "a.docx", body, **_PARTS)) == [
        ("header", "孙镇初中"),
        ("header", "封面"),
    ]


def test_the_same_header_of_several_sections_stands_once(tmp_path: Path) -> None:
    parts = {"header": para("孙镇初中"), "header2": para("孙镇初中") + para("教研室")}
    first = section(("header", "default"))
    body = f"<w:p><w:pPr>{first}</w:pPr>{run('一')}</w:p>{para('二')}"
    body += section(("header2", "default"))
    assert kinds(docx(tmp_path / "a.docx", body, **parts)) == [
        ("header", "孙镇初中"),
        ("header", "教研室"),
    ]


def note(ident: int, text: str, kind: str = "footnote", special: str = "") -> str:
    typed = f' w:type="{special}"' if special else ""
    return f'<w:{kind} w:id="{ident}"{typed}>{para(text)}</w:{kind}>'


def refer(ident: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{ident}"/></w:r>'


def test_notes_follow_their_references(tmp_path: Path) -> None:
    notes = note(-1, "线", special="separator") + note(1, "甲注") + note(2, "乙注")
    body = f"<w:p>{run('文')}{refer(2)}{refer(1, 'endnote')}{refer(1)}</w:p>"
    path = docx(
        tmp_path / "a.docx", body, footnotes=notes, endnotes=note(1, "尾注", "endnote")
    )  # fmt: skip
    assert kinds(path) == [("note", "乙注"), ("note", "甲注"), ("note", "尾注")]


def test_a_note_whose_mark_was_deleted_is_gone(tmp_path: Path) -> None:
    body = f"<w:p>{run('文')}<w:del>{refer(1)}</w:del>{refer(2)}</w:p>"
    path = docx(tmp_path / "a.docx", body, footnotes=note(1, "删注") + note(2, "留注"))
    assert kinds(path) == [("note", "留注")]


def test_notes_that_nothing_refers_to_are_not_lost(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("文"), footnotes=note(1, "孤注"))
    assert kinds(path) == [("note", "孤注")]


def test_comments_stand_apart_with_their_authors(tmp_path: Path) -> None:
    made = f'<w:comment w:id="0" w:author="李四">{para("请核实")}{para("人数")}</w:comment>'
    made += f'<w:comment w:id="1">{para("同意")}</w:comment>'
    body = f"<w:p>{run('应到四十人')}<w:r><w:commentReference w:id='0'/></w:r></w:p>"
    path = docx(tmp_path / "a.docx", body, comments=made)
    assert kinds(path) == [("comment", "李四：请核实\n人数"), ("comment", "同意")]
    assert "核实" not in indexer.read(path).text


def test_pictures_alone_are_told_of_even_under_a_header(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:drawing/></w:r></w:p>" + section(("header", "default"))
    reading = indexer.read(docx(tmp_path / "a.docx", body, header=para("孙镇初中")))
    assert reading.left_out == ("正文是图片，没有文字",)
    assert reading.status == "partial"
