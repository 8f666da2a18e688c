"""The files are what their names say, seen through libraries that had no part in making them."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from pathlib import Path

import docx
import olefile
import openpyxl
import pypdfium2
import pytest
import python_calamine

from archive.register import Register
from yanxiu.demo.packing import pack_gbk
from yanxiu.demo.papers import load
from yanxiu.demo.submissions import Submission

BINARIES = Path(__file__).parents[2] / "yanxiu" / "demo" / "binaries"
UTF8_FLAG = 0x800


def whole_docx(inbox: Path, truth: list[Submission]) -> list[Path]:
    kept = [s for s in truth if s.relpath.endswith(".docx") and s.kind]
    return [inbox / s.relpath for s in kept]


def test_every_docx_opens_and_says_something(inbox: Path, truth: list[Submission]) -> None:
    paths = whole_docx(inbox, truth)
    assert len(paths) > 40
    for path in paths:
        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        assert len("".join([p.text for p in document.paragraphs] + cells)) > 150, path.name


def test_reports_come_as_forms_and_as_headings(inbox: Path, truth: list[Submission]) -> None:
    forms = headed = plain = 0
    for path in whole_docx(inbox, truth):
        document = docx.Document(str(path))
        styles = {p.style.name for p in document.paragraphs if p.style}
        first = document.tables[0].cell(0, 0).text if document.tables else ""
        forms += first.replace("　", "").startswith(("学校", "课题", "姓名", "教研组"))
        headed += "Heading 1" in styles
        plain += not document.tables and "Heading 1" not in styles
    assert min(forms, headed, plain) >= 4


def test_a_merged_row_of_a_form_spans_the_rest(inbox: Path) -> None:
    table = docx.Document(str(inbox / "阶段报告(1)(1).docx")).tables[0]
    assert table.cell(2, 1)._tc is table.cell(2, 3)._tc
    assert table.cell(2, 1).text.startswith("11月4日")


def test_the_workbook_opens_in_two_libraries(inbox: Path) -> None:
    path = inbox / "上王初中物理阶段报告汇总表.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.title == "11月"
    assert "A1:D1" in {str(r) for r in sheet.merged_cells.ranges}
    rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert [r[0] for r in rows[2:5]] == ["项目", "学校", "学科"]


def test_numbers_in_a_workbook_are_numbers(inbox: Path) -> None:
    sheet = openpyxl.load_workbook(inbox / "报价单.xlsx").worksheets[0]
    prices = [sheet.cell(row, 5).value for row in range(4, 9)]
    assert prices == [128, 3.5, 165, 1.5, 18]


def test_the_old_workbook_holds_scores_and_analysis(inbox: Path) -> None:
    path = inbox / "钤铒初中八年级数学期中成绩及质量分析.xls"
    assert path.read_bytes()[:8] == olefile.MAGIC
    book = python_calamine.load_workbook(str(path))
    assert book.sheet_names == ["成绩统计", "质量分析"]
    assert book.get_sheet_by_index(0).to_python()[2][3] == 68.7


@pytest.mark.parametrize(
    "name", ["荆姚初中生物组９月份阶段总结.doc", "附件3.doc", "《散步》教学反思.wps"]
)
def test_word_97_files_are_compound_files_with_a_word_stream(inbox: Path, name: str) -> None:
    with olefile.OleFileIO(str(inbox / name)) as ole:
        assert ole.exists("WordDocument")
        header = ole.openstream("WordDocument").read(32)
    assert struct.unpack("<H", header[:2])[0] == 0xA5EC  # [MS-DOC] 2.5.1, wIdent
    assert not struct.unpack("<H", header[10:12])[0] & 0x100  # fEncrypted


def test_the_pdf_has_a_text_layer_and_its_fonts(inbox: Path) -> None:
    path = inbox / "桥陵初中地理阶段报告11月.pdf"
    with pypdfium2.PdfDocument(str(path)) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "看图名、看图例、看方向、看数值" in text.replace("\r\n", "")
    assert b"FontFile" in path.read_bytes()
    assert b"CreationDate(D:20141129" in path.read_bytes()


def test_the_old_text_file_is_gb18030_and_not_utf8(inbox: Path) -> None:
    data = (inbox / "陈庄初中政治11月报告.txt").read_bytes()
    assert "陈庄初中思想品德组" in data.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_one_reflection_is_in_traditional_characters(inbox: Path) -> None:
    document = docx.Document(str(inbox / "教學反思（歷史）.docx"))
    text = "".join(p.text for p in document.paragraphs)
    assert "張騫通西域" in text
    assert not set("学师课时间历") & set(text)


def test_the_bundles_names_are_gbk_without_the_flag(inbox: Path, truth: list[Submission]) -> None:
    path = inbox / "文光学校期中质量分析.zip"
    members = {s.member for s in truth if s.relpath == path.name and s.member}
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        assert archive.testzip() is None
    assert not [i for i in infos if i.flag_bits & UTF8_FLAG]
    assert {i.filename.encode("cp437").decode("gbk") for i in infos} == members
    assert len(members) == 4
    assert sum("/" in m for m in members) == 1


def test_gbk_names_that_look_alike_are_kept_apart() -> None:
    parts = [("语文.txt", b"1"), ("数学.txt", b"2"), ("语文/数学.txt", b"3")]
    data = pack_gbk(parts)
    for name, _ in parts:
        assert data.count(name.encode("gbk")) >= 2


def test_the_encrypted_document_is_an_encrypted_package(inbox: Path) -> None:
    path = inbox / "教师研修考核汇总（加密）.docx"
    with olefile.OleFileIO(str(path)) as ole:
        assert ole.exists("EncryptedPackage")
        assert ole.exists("EncryptionInfo")


def test_the_broken_document_begins_as_a_zip_and_does_not_end_as_one(inbox: Path) -> None:
    path = inbox / "罕中数学9月阶段报告.docx"
    assert path.read_bytes()[:4] == b"PK\x03\x04"
    assert not zipfile.is_zipfile(path)


def test_what_office_leaves_behind(inbox: Path) -> None:
    assert (inbox / "~$0月份.docx").stat().st_size == 162
    assert (inbox / "孙镇初中" / "Thumbs.db").read_bytes()[:8] == olefile.MAGIC
    assert (inbox / "东杨初中物理12月.docx").stat().st_size == 0


def test_stored_files_were_made_from_the_texts_as_they_are(register: Register) -> None:
    """When this fails: run tools/make_demo_binaries.py again."""
    made_from = json.loads((BINARIES / "sources.json").read_text("utf-8"))
    stored = [p for p in load(register).values() if p.head.get("make") == "stored"]
    now = {p.key: hashlib.sha256(p.plain.encode()).hexdigest() for p in stored}
    assert made_from == now


def test_stored_files_stay_small() -> None:
    sizes = [p.stat().st_size for p in BINARIES.iterdir()]
    assert max(sizes) < 100_000
    assert sum(sizes) < 1_500_000
