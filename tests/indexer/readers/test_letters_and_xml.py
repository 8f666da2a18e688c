"""Letters, Word in one XML file, Excel's XML, other XML."""

from __future__ import annotations

import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from converted import convert
from made_docx import cell, docx, para, table

import indexer
from indexer.errors import ReadError


def letter(path: Path, text: str, *, html: str = "") -> Path:
    message = EmailMessage()
    message["Subject"] = "九月份语文阶段报告"
    message["From"] = "孙镇初中 <sz@example.org>"
    message["To"] = "教研室 <jys@example.org>"
    message["Date"] = "Tue, 30 Sep 2014 08:00:00 +0800"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    path.write_bytes(message.as_bytes())
    return path


def test_a_letter_is_its_subject_its_head_and_its_text(tmp_path: Path) -> None:
    reading = indexer.read(letter(tmp_path / "a.eml", "各位老师：\n现将报告发上。\n"))
    assert (reading.format, reading.title) == ("eml", "九月份语文阶段报告")
    assert "发件人：孙镇初中 <sz@example.org>" in reading.text
    assert reading.text.endswith("各位老师：\n现将报告发上。")
    assert reading.metadata["created"] == "2014-09-30T08:00:00+08:00"


def test_a_letter_in_two_forms_is_read_once(tmp_path: Path) -> None:
    path = letter(tmp_path / "a.eml", "只读一次", html="<p>只读一次</p>")
    assert indexer.read(path).text.count("只读一次") == 1


def test_a_letter_that_is_only_a_page(tmp_path: Path) -> None:
    path = letter(tmp_path / "a.eml", "\n", html="<h1>一、成效</h1><p>成绩有了提高</p>")
    reading = indexer.read(path)
    assert "成绩有了提高" in reading.text
    assert "<p>" not in reading.text


@pytest.mark.parametrize("charset", ["gb2312", "gbk", ""])
def test_a_letter_of_an_old_program(tmp_path: Path, charset: str) -> None:
    """Raw GBK in the header, and a coding that is claimed too narrow or not at all."""
    claimed = f"Content-Type: text/plain; charset={charset}\n" if charset else ""
    head = (
        f"From: a@b.cn\nTo: c@d.cn\nSubject: 语文组研修总结\nDate: x\n{claimed}\n朱镕基、喆、旼\n"
    )
    (tmp_path / "a.eml").write_bytes(head.encode("gb18030"))
    reading = indexer.read(tmp_path / "a.eml")
    assert reading.title == "语文组研修总结"
    assert "朱镕基、喆、旼" in reading.text


BODY = (
    para("孙镇初中校本研修计划", extra='<w:jc w:val="center"/>')
    + para("指导思想", "Heading1")
    + para("以新课程为指导。")
    + table(("学校", "孙镇初中"), (cell("备注", '<w:gridSpan w:val="2"/>'),))
)


def test_word_2003_xml_reads_like_the_docx(tmp_path: Path) -> None:
    source = docx(tmp_path / "a.docx", BODY)
    wanted = indexer.read(source)
    try:
        made = convert(source, "xml:MS Word 2003 XML", tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("this LibreOffice has no filter for Word 2003 XML")
    made = tmp_path / "a.xml"
    made = made.rename(tmp_path / "计划.doc")
    reading = indexer.read(made)
    assert reading.format == "wordml"
    assert [b.text for b in reading.blocks] == [b.text for b in wanted.blocks]
    assert reading.fields == wanted.fields


_WORDML = """<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"
 xmlns:aml="http://schemas.microsoft.com/aml/2001/core">
<w:lists><w:listDef w:listDefId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/>
<w:lvlText w:val="%1、"/></w:lvl></w:listDef>
<w:list w:ilfo="1"><w:ilst w:val="0"/></w:list></w:lists>
<w:body><wx:sect><wx:sub-section>
<w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/></w:listPr></w:pPr>
<w:r><w:t>取得成效</w:t></w:r></w:p>
<w:p><w:r><w:t>成绩</w:t></w:r>
<aml:annotation w:type="Word.Insertion"><aml:content>
<w:r><w:t>提高了</w:t></w:r></aml:content></aml:annotation>
<aml:annotation w:type="Word.Deletion"><aml:content>
<w:r><w:delText>没有提高</w:delText></w:r></aml:content></aml:annotation>
<w:r><w:footnote><w:p><w:r><w:t>据期中质检</w:t></w:r></w:p></w:footnote></w:r>
<w:r><w:t>。</w:t></w:r></w:p>
<w:sectPr><w:hdr w:type="odd"><w:p><w:r><w:t>蒲城县</w:t></w:r></w:p></w:hdr></w:sectPr>
</wx:sub-section></wx:sect></w:body></w:wordDocument>"""


def test_what_word_2003_says_in_other_words(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text(_WORDML, "utf-8")
    reading = indexer.read(tmp_path / "a.doc")
    assert [(b.kind, b.text) for b in reading.blocks if b.kind != "header"] == [
        ("heading", "一、取得成效"),
        ("paragraph", "成绩提高了。"),
        ("note", "据期中质检"),
    ]
    assert "蒲城县" in reading.text


def test_flat_opc(tmp_path: Path) -> None:
    part = '<pkg:part pkg:name="/{}"><pkg:xmlData>{}</pkg:xmlData></pkg:part>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>'
    )
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{para('一、工作开展情况')}{para('本月听课十节。')}</w:body></w:document>"
    )
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    (tmp_path / "a.xml").write_text(
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{space}">'
        + part.format("_rels/.rels", rels)
        + part.format("word/document.xml", document)
        + "</pkg:package>",
        "utf-8",
    )
    reading = indexer.read(tmp_path / "a.xml")
    assert reading.format == "flat_opc"
    assert [item.title for item in reading.outline] == ["工作开展情况"]


def test_a_workbook_of_excel_2003(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="成绩"><Table>'
        '<Row><Cell ss:MergeAcross="2"><Data>一分三率</Data></Cell></Row>'
        '<Row><Cell><Data>七(1)</Data></Cell><Cell ss:Index="3"><Data>82.5</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        "utf-8",
    )
    (block,) = indexer.read(tmp_path / "a.xls").blocks
    assert (block.sheet, block.rows[1][0], block.rows[1][-1]) == ("成绩", "七(1)", "82.5")
    assert block.text.split("\n")[0] == "一分三率"


def test_other_xml_is_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        "<?xml version='1.0'?><uof><p>教学<b>反思</b></p></uof>", "utf-8"
    )
    assert indexer.read(tmp_path / "a.xml").text == "教学\n反思"


def test_an_entity_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("秘密")
    (tmp_path / "a.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "secret">]><a>公开&x;</a>', "utf-8"
    )
    assert "秘密" not in indexer.read(tmp_path / "a.xml").text


def test_xml_that_breaks_off_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<?xml version='1.0'?><a><b>", "utf-8")
    with pytest.raises(ReadError) as caught:
        indexer.read(tmp_path / "a.xml")
    assert caught.value.code == "corrupt"
