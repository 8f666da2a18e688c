"""Small right files of every format that is read, as a start for wrong ones."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
#: What the tests make such files with is good enough here.
sys.path.insert(0, str(ROOT / "tests" / "indexer" / "readers"))

import made_docx  # noqa: E402
import made_odf  # noqa: E402
import made_ofd  # noqa: E402
import made_pptx  # noqa: E402

_LINES = (
    "八年级数学教研组计划",
    "一、指导思想",
    "以课堂为主。",
    "（一）目标",
    "1．每周集体备课。",
    "①记录",
)
_HTML = (
    "<html><head><meta charset='utf-8'><title>计划</title><style>p{color:red}</style></head><body>"
    "<h1>计划</h1><p>一、指导思想</p><ol start='3'><li>备课<ul><li>说课</li></ul></li></ol><table>"
    "<thead><tr><th colspan='2' rowspan='2'>教师</th></tr></thead><tr><td>王老师</td><td>数学</td>"
    "</tr></table><div><b>学校</b>：孙镇初中<br>&nbsp;&#20013;</div><script>x()</script></body></html>"
)
_RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}{\*\listtable{\list\listid1"
    rb"{\listlevel\levelnfc0\levelstartat3{\leveltext\'02\'00.;}}}}{\*\listoverridetable{"
    rb"\listoverride\listid1\ls1}}\pard\qc\b \'bc\'c6\'bb\'ae\b0\par\ls1\ilvl0 \u21335?\uc1 x\par "
    rb"\trowd\cellx2000\cellx4000\intbl \'bd\'cc\cell \'ca\'a6\cell\row\pard{\footnote \'d7\'a2}"
    rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt \'c1\'b4}}\par}"
)
_WORDML = (
    '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>'
    "<w:p><w:r><w:t>计划</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>学校</w:t></w:r></w:p>"
    "</w:tc></w:tr></w:tbl></w:body></w:wordDocument>"
)
_XML = "<?xml version='1.0'?><表><教师 学科='数学'>王老师</教师><教师>李老师</教师></表>"
_MARKDOWN = (
    "# 计划\n\n| 教师 | 学科 |\n|---|---|\n| 王 | 数学 |\n\n- 备课\n  1. 说课\n\n```\nx\n```\n"
)


def made_files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each; the forms and sample papers of this house among them."""
    text = "\n".join(_LINES)
    yield "a.txt", text.encode("gb18030")
    yield "b.txt", text.encode("utf-16")
    yield "a.md", _MARKDOWN.encode()
    yield "a.csv", '姓名,学科,"评\n语"\n王,数学,"好,很好"\n'.encode("gb18030") * 20
    yield "a.html", _HTML.encode()
    yield "a.rtf", _RTF
    yield "a.xml", _XML.encode()
    yield "a.doc", _WORDML.encode()
    yield "a.eml", _letter("mixed")
    yield "a.mht", _letter("related")
    yield "a.xlsx", _workbook()
    yield "a.pdf", _pdf()
    with tempfile.TemporaryDirectory() as folder:
        for path in _packages(Path(folder)):
            yield path.name, path.read_bytes()
    kept = (ROOT / "templates" / "kinds").rglob("*.docx"), (ROOT / "yanxiu" / "demo").rglob("*.*")
    for path in sorted(path for some in kept for path in some):
        if path.suffix in (".docx", ".doc", ".wps", ".xls", ".pdf"):
            yield path.name, path.read_bytes()


def _packages(folder: Path) -> Iterator[Path]:
    rows = made_docx.table(("教师", "学科"), ("王老师", made_docx.table(("数学",))))
    paragraphs = "".join(made_docx.para(line) for line in _LINES)
    paragraphs += made_docx.para("备课", extra=made_docx.numbered())
    yield made_docx.docx(
        folder / "made.docx", paragraphs + rows,
        numbering=made_docx.list_levels(("chineseCounting", "%1、"), ("decimal", "%1.%2")),
        header=made_docx.para("孙镇初中"),
    )  # fmt: skip
    body = "".join(made_odf.para(line) for line in _LINES) + made_odf.items("备课", "说课")
    yield made_odf.odt(folder / "made.odt", body, auto=made_odf.list_style(made_odf.level(1, "一")))
    box = f"<draw:frame><draw:text-box>{body}</draw:text-box></draw:frame>"
    yield made_odf.odp(folder / "made.odp", box, box)
    page = made_ofd.lines(*_LINES) + made_ofd.grid([20, 60, 100], [100, 110, 120])
    yield made_ofd.ofd(folder / "made.ofd", page, page)
    shape = made_pptx.shape("", *_LINES, place=(1, 1, 9, 9))
    yield made_pptx.pptx(folder / "made.pptx", shape, made_pptx.group(shape, shape))


def _letter(kind: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "阶段报告",
        "a@example.org",
        "b@example.org",
    )
    message["Date"] = "Tue, 30 Sep 2014 08:00:00 +0800"
    if kind == "related":
        message.set_content(_HTML, subtype="html")
        message.add_related(b"\x89PNG", "image", "png", cid="<x>")
    else:
        message.set_content("各位老师：\n报告见附件。\n")
        message.add_alternative(_HTML, subtype="html")
        message.add_attachment("附".encode(), "text", "plain", filename="附件.txt")
    return message.as_bytes()


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["教师", "课时", "日期"])
    for number in range(20):
        sheet.append([f"王{number}", number / 3, f"=B{number + 2}*2"])
    sheet.merge_cells("A3:B4")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _pdf() -> bytes:
    content = b"BT /F1 12 Tf 72 700 Td (Plan 2015) Tj 0 -20 Td (1. Term) Tj ET\n72 600 200 40 re S"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    data = b"%PDF-1.4\n"
    for number, body in enumerate(objects, 1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return data + b"trailer\n<< /Root 1 0 R /Size 6 >>\n%%EOF\n"
