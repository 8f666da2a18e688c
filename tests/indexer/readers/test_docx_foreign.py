"""Other documents inside a .docx, other dialects of it, and the pages it tells of."""

from __future__ import annotations

from pathlib import Path

from made_docx import docx, para, part, run, table, with_part

import indexer


def texts(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def test_chunks_in_other_formats_are_read_in_their_place(tmp_path: Path) -> None:
    page = "<html><body><p>网页一段</p></body></html>"
    inner = docx(tmp_path / "b.docx", para("文档一段")).read_bytes()
    body = para("前") + '<w:altChunk r:id="rpage"/>' + '<w:altChunk r:id="rinner"/>' + para("后")
    others = [("aFChunk", "page.html", page), ("aFChunk", "inner.docx", inner)]
    path = docx(tmp_path / "a.docx", body, others=others)
    assert texts(path) == ["前", "网页一段", "文档一段", "后"]


def test_chunks_in_chunks_end(tmp_path: Path) -> None:
    chunk = '<w:altChunk r:id="rinner"/>'
    path = docx(tmp_path / "0.docx", para("底"))
    for depth in range(3):
        others = [("aFChunk", "inner.docx", path.read_bytes())]
        path = docx(tmp_path / f"{depth + 1}.docx", para(f"层{depth}") + chunk, others=others)
    reading = indexer.read(path)
    assert reading.text == "层2\n层1"
    assert reading.status == "partial"


def test_a_chunk_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    others = [("aFChunk", "inner.bin", b"\0\1\2\3" * 100)]
    path = docx(tmp_path / "a.docx", para("前") + '<w:altChunk r:id="rinner"/>', others=others)
    reading = indexer.read(path)
    assert reading.text == "前"
    assert "嵌入的一个文档没有读" in reading.left_out[0]


def test_a_master_document_tells_of_parts_that_are_elsewhere(tmp_path: Path) -> None:
    body = para("总纲") + '<w:p><w:subDoc r:id="rmissing"/></w:p>'
    reading = indexer.read(docx(tmp_path / "a.docx", body))
    assert reading.text == "总纲"
    assert reading.left_out == ("主控文档引用了另外的文件，没有读",)


def test_the_glossary_is_no_part_of_the_text(tmp_path: Path) -> None:
    glossary = part(docx(tmp_path / "b.docx", para("词汇")))
    others = [("glossaryDocument", "glossary.xml", glossary)]
    assert texts(docx(tmp_path / "a.docx", para("正文"), others=others)) == ["正文"]


def test_strict_documents_are_read_like_others(tmp_path: Path) -> None:
    math = "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
    body = f"<w:p>{run('解')}{math}</w:p>" + table(("甲", "乙"))
    path = docx(tmp_path / "a.docx", body)
    strict = part(path)
    for usual, name in (
        ("schemas.openxmlformats.org/wordprocessingml/2006/main", "wordprocessingml/main"),
        ("schemas.openxmlformats.org/officeDocument/2006/math", "officeDocument/math"),
        ("schemas.openxmlformats.org/officeDocument/2006/relationships",
         "officeDocument/relationships"),
    ):  # fmt: skip
        assert usual in strict
        strict = strict.replace(usual, f"purl.oclc.org/ooxml/{name}")
    assert texts(with_part(path, "word/document.xml", strict)) == ["解x=1", "甲\t乙"]


_APP = '<Properties xmlns="x"><Pages>{}</Pages></Properties>'
_RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def pages(path: Path, told: int) -> list[int | None]:
    path = with_part(path, "docProps/app.xml", _APP.format(told))
    return [block.page for block in indexer.read(path).blocks]


def paged(tmp_path: Path) -> Path:
    hard = "<w:r><w:br w:type='page'/></w:r>"
    body = (
        para("一") + f"<w:p>{_RENDERED}{run('二')}</w:p><w:p>{hard}</w:p>"
        f"<w:p>{_RENDERED}{run('三')}</w:p>"
        + table(("甲", "乙"), (f"<w:p>{_RENDERED}{run('丙')}</w:p>",) * 2)
        + f"<w:p>{hard}{run('五')}</w:p>"
    )
    return docx(tmp_path / "a.docx", body)


def test_pages_that_add_up_are_believed(tmp_path: Path) -> None:
    assert pages(paged(tmp_path), 5) == [1, 2, 3, 3, 5]


def test_pages_that_do_not_add_up_are_not(tmp_path: Path) -> None:
    assert pages(paged(tmp_path), 4) == [None] * 5
    assert pages(docx(tmp_path / "b.docx", para("一")), 1) == [None]
