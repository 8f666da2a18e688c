from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import zxingcpp
from converted import convert
from made_docx import cell, docx, para, table
from PIL import Image

import indexer
from indexer.errors import ReadError
from indexer.reading import Reading

LONG = "四月份我们化学组主要做了以下工作，一是完成了第十、十一单元新课，转入复习；" * 4
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_GRID = (
    '<w:tbl><w:tblPr><w:tblW w:w="6000" w:type="dxa"/>'
    f"<w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>"
    + '<w:gridCol w:w="2000"/>' * 3
    + "</w:tblGrid>"
)


def pdf(path: Path, *pages: bytes, resources: bytes = b"") -> Path:
    """A PDF whose pages have these content streams."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (3 + 2 * at) for at in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
    ]
    for at, stream in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>%s>>>>"
            % (4 + 2 * at, resources)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table_at = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table_at)
    path.write_bytes(data)
    return path


def text(line: str) -> bytes:
    return b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % line.encode()


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    folder = tmp_path_factory.mktemp("pdf")
    fixed = '<w:tcW w:w="2000" w:type="dxa"/>'
    rows = table(
        (cell("班级", fixed), cell("人数", fixed), cell("平均分", fixed)),
        (cell("八（1）", fixed), cell("45", fixed), cell("71.2", fixed)),
    ).replace("<w:tbl>", _GRID)
    body = (
        para("荆姚中学2015年4月阶段报告", extra='<w:jc w:val="center"/>')
        + para("一、工作开展情况") + para(LONG) + para("二、成绩") + rows + para("表后的一段。")
    )  # fmt: skip
    return indexer.read(convert(docx(folder / "a.docx", body), "pdf", folder))


def test_lines_are_joined_to_paragraphs(reading: Reading) -> None:
    assert LONG in [block.text for block in reading.blocks]


def test_title_and_headings(reading: Reading) -> None:
    assert [(item.level, item.title) for item in reading.outline][:3] == [
        (0, "荆姚中学2015年4月阶段报告"), (1, "工作开展情况"), (1, "成绩"),
    ]  # fmt: skip
    assert reading.outline[1].place == "第 1 页"


def test_a_ruled_table_is_a_table_in_its_place(reading: Reading) -> None:
    kinds = [block.kind for block in reading.blocks]
    at = kinds.index("table")
    assert reading.blocks[at].rows == (("班级", "人数", "平均分"), ("八（1）", "45", "71.2"))
    assert reading.blocks[at + 1].text == "表后的一段。"


def test_a_page_with_only_drawings_is_named(tmp_path: Path) -> None:
    reading = indexer.read(pdf(tmp_path / "a.pdf", text("words here"), b"0 0 200 200 re f"))
    assert reading.status == "partial"
    assert reading.left_out == ("第 2 页是图片，文字待识别",)
    assert reading.text == "words here"


def test_a_scan_is_a_reading_without_blocks(samples: Path) -> None:
    reading = indexer.read(samples / "filing" / "files" / "扫描0007.pdf")
    assert reading.blocks == ()
    assert reading.left_out == ("第 1 页是图片，文字待识别",)


def test_blank_pages_alone_are_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(pdf(tmp_path / "a.pdf", b""))
    assert caught.value.code == "empty"


def test_a_broken_pdf_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing of the kind")
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "corrupt"


def test_more_pages_than_allowed_is_partial(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", *[text(f"page {at}") for at in range(5)])
    reading = indexer.read(path, limits=indexer.Limits(pages=2))
    assert reading.left_out == ("第 3 页起没有读，文件太长",)


def test_quotes_stand_where_they_are_seen(samples: Path) -> None:
    reading = indexer.read(samples / "filing" / "files" / "八年级听课评议11月.pdf")
    assert "角色扮演有趣，但“旧贵族”学生台词念得不熟，看稿子。" in reading.text
    assert reading.fields["时间"] == "2014年10月21日"
    assert reading.fields["班级"] == "七（2）"


def typed(kind: str, more: str) -> bytes:
    """A page with one annotation, which has no picture of its own."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Annots[4 0 R]>>endobj\n"
        + f"4 0 obj<</Type/Annot/Subtype/{kind}/Rect[10 10 99 30]{more}>>endobj\n".encode()
        + b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("kind", "more", "found"),
    [
        ("FreeText", "/Contents(typed on)", ("paragraph", "typed on")),
        ("Widget", "/FT/Tx/T(name)/V(typed in)", ("paragraph", "typed in")),
        ("Text", "/Contents(see page 2)/T(Li)", ("comment", "Li：see page 2")),
    ],
)
def test_what_was_typed_onto_a_page(
    tmp_path: Path, kind: str, more: str, found: tuple[str, str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(typed(kind, more))
    (block,) = indexer.read(tmp_path / "a.pdf").blocks
    assert (block.kind if found[0] == "comment" else "paragraph", block.text) == found


def test_a_page_with_nothing_typed_on_it_is_not_drawn_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pdfium ended its process over the picture of a damaged signature (found by fuzzing).
    drawn_over: list[object] = []
    monkeypatch.setattr("indexer.readers.pdf.laid_on", drawn_over.append)
    signed = typed("Widget", "/FT/Sig/T(name)/V 5 0 R/AP<</N 6 0 R>>")
    noted = typed("Text", "/Contents(see page 2)")
    for data in (signed, noted):
        (tmp_path / "a.pdf").write_bytes(data)
        with contextlib.suppress(ReadError):  # no text: empty
            indexer.read(tmp_path / "a.pdf")
    assert drawn_over == []
    (tmp_path / "a.pdf").write_bytes(typed("FreeText", "/Contents(typed on)"))
    assert "typed on" in indexer.read(tmp_path / "a.pdf").text
    assert len(drawn_over) == 1


def scanned_pdf(path: Path, *pages: Image.Image) -> Path:
    """A PDF of pictures, as a scanner makes one."""
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return path


def coded(text: str) -> Image.Image:
    """An A4 page at 150 dpi with a code of 25 mm at its upper right."""
    page = Image.new("L", (1240, 1754), 255)
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(zxingcpp.write_barcode_to_image(symbol, scale=5))
    page.paste(drawn.convert("L").resize((150, 150)), (1000, 90))
    return page


def test_the_codes_of_the_first_and_the_last_scanned_page(tmp_path: Path) -> None:
    pages = [coded(f"表单-{at}") for at in range(1, 6)]
    reading = indexer.read(scanned_pdf(tmp_path / "a.pdf", *pages))
    assert reading.scanned == (1, 2, 3, 4, 5)
    assert reading.left_out == ("第 1—5 页是图片，文字待识别",)
    assert reading.codes == ("表单-1", "表单-2", "表单-5")


def test_a_text_layer_of_signs_without_meaning_is_a_scan(tmp_path: Path) -> None:
    """Fonts that do not say which letters their glyphs are give control characters."""
    rubbish = b"BT /F1 12 Tf 72 700 Td <0102030405060708> Tj ET"
    reading = indexer.read(pdf(tmp_path / "a.pdf", text("words here"), rubbish))
    assert (reading.scanned, reading.text) == ((2,), "words here")


def test_a_scan_with_its_number_printed_over_it_is_still_one(tmp_path: Path) -> None:
    image = b"q 600 0 0 800 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q "
    reading = indexer.read(pdf(tmp_path / "a.pdf", image + text("No. 0017"), text("words here")))
    assert (reading.scanned, reading.status) == ((1,), "partial")
    assert reading.text == "No. 0017\nwords here"
