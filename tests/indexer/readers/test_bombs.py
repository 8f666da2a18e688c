"""Files made to exhaust whoever opens them: each ends in time, the service does not grow, and the
next file is read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import made_docx
import made_odf
import made_ofd
import made_ppt
import made_pptx
import psutil
import pytest

from indexer import sniff
from indexer.bundles import is_bundle
from indexer.errors import ReadError
from indexer.limits import DEFAULT
from indexer.pool import ReaderPool

MB = 1 << 20
#: Bytes by which the service may grow, whatever it is given.
GROWTH = 100 * MB
#: Wall clock beyond the limit of a reading in which its child is ended and replaced. Seconds.
SLACK = 10.0

Make = Callable[[Path], object]
#: name -> (how it is made, what becomes of it).
BOMBS: dict[str, tuple[Make, str]] = {}


def bomb(outcome: str) -> Callable[[Make], Make]:
    """A bomb called as its function, __ for the dot; `outcome` is a status or an error's code."""

    def known(make: Make) -> Make:
        BOMBS[make.__name__.replace("__", ".")] = make, outcome
        return make

    return known


def many(count: int, pattern: str) -> str:
    """`pattern` with its own number in each, so that it packs no better than a real paper."""
    return "".join(pattern.replace("#", str(number * 7919)) for number in range(count))


def paged_pdf(*objects: bytes) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1,
        start,
    )


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed)


@bomb("partial")
def paragraphs__docx(path: Path) -> None:
    made_docx.docx(path, many(700_000, "<w:p><w:r><w:t>研#</w:t></w:r></w:p>"))


@bomb("partial")
def cells__docx(path: Path) -> None:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>#</w:t></w:r></w:p></w:tc>" * 60 + "</w:tr>"
    made_docx.docx(path, f"<w:tbl>{many(12_000, row)}</w:tbl>")


@bomb("too_large")
def tables_in_tables__docx(path: Path) -> None:
    opened, closed = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    made_docx.docx(path, (opened * 60 + closed * 60) * 6_000)


@bomb("too_large")
def depth__docx(path: Path) -> None:
    made_docx.docx(path, "<w:sdt><w:sdtContent>" * 200_000 + "</w:sdtContent></w:sdt>" * 200_000)


@bomb("corrupt")
def entities__docx(path: Path) -> None:
    made_docx.docx(path, "")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    made_docx.with_part(
        path, "word/document.xml", f"<!DOCTYPE d [{laughs}]><w:document>&l11;</w:document>"
    )


@bomb("too_large")
def zeros__docx(path: Path) -> None:
    made_docx.docx(path, "")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("word/zeros.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(100):
            member.write(bytes(MB))


@bomb("partial")
def repeated__odt(path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="1000000"><text:p>研</text:p>'
    made_odf.odt(
        path,
        '<table:table><table:table-row table:number-rows-repeated="1000000">'
        f"{cell}</table:table-cell></table:table-row></table:table>",
    )


@bomb("complete")
def spaces__odt(path: Path) -> None:
    made_odf.odt(path, '<text:p>研<text:s text:c="999999999"/></text:p>' * 100)


@bomb("partial")
def letters__ofd(path: Path) -> None:
    signs = "".join(made_ofd.run(f"研{n}", n % 190, n % 270, 3) for n in range(60_000))
    made_ofd.ofd(path, *[signs] * 3)


@bomb("partial")
def pages__ofd(path: Path) -> None:
    made_ofd.ofd(path, *[made_ofd.run("研修", 20, 30)] * 9_000)


@bomb("corrupt")
def shapes__pptx(path: Path) -> None:
    made_pptx.pptx(path, *[many(3_000, made_pptx.shape(made_pptx.line("研#")))] * 20)


@bomb("too_large")
def cells__xlsx(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
            '<sheet name="一" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        relations = "http://schemas.openxmlformats.org/package/2006/relationships"
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{links}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r" '
            f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        corners = '<c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c>'
        rows = f'<row r="1">{corners}</row>' + many(400_000, "<row><c><v>#</v></c></row>")
        last = '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{rows}{last}</sheetData></worksheet>',
        )


@bomb("empty")
def blanks__pdf(path: Path) -> None:
    content = stream(b"BT (a) Tj ET " + b" " * (100 * MB))
    path.write_bytes(paged_pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, content))


@bomb("partial")
def lines__pdf(path: Path) -> None:
    content = stream(b"".join(b"%d 0 m %d 800 l S " % (n % 595, n % 595) for n in range(300_000)))
    path.write_bytes(paged_pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE, content))


@bomb("partial")
def kids__pdf(path: Path) -> None:
    kids = b"3 0 R " * 200_000
    content = stream(b"BT (a) Tj ET")
    path.write_bytes(
        paged_pdf(CATALOG, b"<</Type/Pages/Kids[%b]/Count 200000>>" % kids, PAGE, content)
    )


@bomb("empty")
def holders__ppt(path: Path) -> None:
    inner = b""
    for _ in range(20_000):
        inner = struct.pack("<HHI", 15, 0x03E8, len(inner)) + inner
    made_ppt.ole(path, {"PowerPoint Document": inner, "Current User": bytes(64)})


@bomb("too_large")
def groups__rtf(path: Path) -> None:
    path.write_bytes(rb"{\rtf1 " + b"{" * (5 * MB) + b"a" + b"}" * (5 * MB) + b"}")


@bomb("partial")
def words__rtf(path: Path) -> None:
    path.write_bytes(rb"{\rtf1 " + rb"\par\u30740 ?\b" * MB + b"}")


@bomb("empty")
def depth__html(path: Path) -> None:
    path.write_text("<html><body>" + "<div>" * 2_000_000 + "研修", "utf-8")


@bomb("partial")
def tables__html(path: Path) -> None:
    path.write_text(
        "<html><body><table>" + '<tr><td rowspan="65000" colspan="1000">研' * 100_000 + "</table>",
        "utf-8",
    )


@bomb("too_large")
def parts__eml(path: Path) -> None:
    made = "From: a@b.cn\nTo: c@d.cn\nDate: Fri, 10 Oct 2014 08:00:00 +0800\nMIME-Version: 1.0\n"
    for depth in range(3_000):
        made += f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n'
    path.write_text(made + "Content-Type: text/plain\n\nhello\n", "utf-8")


@bomb("partial")
def line__txt(path: Path) -> None:
    path.write_text("一、" + "研修" * (25 * MB), "utf-8")


@bomb("corrupt")
def quotes__csv(path: Path) -> None:
    path.write_text('校,数\n"' + '研,"",\n' * (6 * MB), "utf-8")


@bomb("too_large")
def depth__xml(path: Path) -> None:
    path.write_text('<?xml version="1.0"?>' + "<a>" * 5_000_000, "utf-8")


@bomb("too_large")
def pixels__png(path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(MB)) for _ in range(200)) + packer.flush()
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def zeros(size: int) -> Iterator[bytes]:
    for _ in range(size // MB):
        yield bytes(MB)


@bomb("too_large")
def zeros__gz(path: Path) -> None:
    with gzip.open(path, "wb", 1) as file:
        file.writelines(zeros(300 * MB))


@bomb("too_large")
def zeros__bz2(path: Path) -> None:
    one = bz2.compress(bytes(45 * MB))
    path.write_bytes(one * 60)  # several streams are one file


@bomb("too_large")
def zeros__xz(path: Path) -> None:
    one = lzma.compress(bytes(64 * MB), preset=0)
    path.write_bytes(one * 40)


@bomb("too_large")
def zeros__zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            with package.open(f"{number}.txt", "w") as member:
                member.writelines(zeros(80 * MB))


@bomb("too_large")
def entries__zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for number in range(30_000):
            package.writestr(f"{number}.txt", "研")


@bomb("too_large")
def sparse__tar(path: Path) -> None:
    with tarfile.open(path, "w") as package:
        member = tarfile.TarInfo("报告.txt")
        member.size = 1 << 42
        package.addfile(member)
    path.write_bytes(path.read_bytes() + bytes(MB))


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    with ReaderPool(1, tmp_path_factory.mktemp("scratch")) as made:
        yield made


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("next") / "下一份.docx"
    return made_docx.docx(made, made_docx.para("集体备课记录"))


#: They take ten seconds each.
SLOW = ("cells.docx", "paragraphs.docx")


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.sweep] if n in SLOW else []) for n in BOMBS]
)
def test_a_bomb_ends_and_the_next_file_is_read(
    name: str, pool: ReaderPool, paper: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    make, expected = BOMBS[name]
    make(path)
    pool.read(paper)
    service = psutil.Process()
    before, started = service.memory_info().rss, time.monotonic()
    outcome = opened(pool, path, tmp_path / "unpacked")
    took, grown = time.monotonic() - started, service.memory_info().rss - before
    print(f"{name:24} {outcome:10} {took:5.1f} s {grown / MB:6.1f} MB")
    assert outcome == expected
    assert took < DEFAULT.seconds + SLACK
    assert grown < GROWTH
    assert pool.read(paper).text == "集体备课记录"


def opened(pool: ReaderPool, path: Path, folder: Path) -> str:
    form = sniff.detect(path)
    try:
        if not is_bundle(path, form):
            return pool.read(path).status
        folder.mkdir()
        return f"{len(pool.unpack(path, form, folder))} members"
    except ReadError as error:
        return error.code
