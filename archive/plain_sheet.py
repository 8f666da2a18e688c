"""A plain workbook of texts: one sheet, a title, a head, rows. Written straight into the zip, since
openpyxl takes half a second to load, longer than a month's forms take to print."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Cell formats: a title, a head, a cell.
_TITLE, _HEAD, _CELL = 1, 2, 3
_BOX = (
    '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/>'
    "</border>"
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="3"><font><sz val="10"/><name val="宋体"/>'
    '</font><font><sz val="14"/><name val="黑体"/></font><font><sz val="10"/><name val="黑体"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    f'<patternFill patternType="gray125"/></fill></fills><borders count="2"><border/>{_BOX}'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/>'
    '<xf fontId="1" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center"/>'
    '</xf><xf fontId="2" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center"/></xf><xf borderId="1" xfId="0" applyBorder="1" '
    'applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1">'
    '<cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_NARROWEST, _WIDEST = 6, 60


def workbook(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An .xlsx; the same texts give the same bytes. `name` is the sheet's (at most 31 characters,
    none of []:*?/\\)."""
    lines = [tuple(row) for row in rows]
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
            f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _sheet(title, heads, lines),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for part, text in parts.items():
            file.writestr(zipfile.ZipInfo(part), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types() -> str:
    sheet, book, styles = f"{_TYPE}.worksheet+xml", f"{_TYPE}.sheet.main+xml", f"{_TYPE}.styles+xml"
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{styles}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}"/></Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{min(_WIDEST, max(_NARROWEST, width + 2))}" '
        'customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    lines = [_row(1, _TITLE, (title,)), _row(2, _HEAD, heads)]
    lines += [_row(n, _CELL, row) for n, row in enumerate(rows, 3)]
    last = chr(ord("A") + len(heads) - 1)
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="2" topLeftCell="A3" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols>'
        f'<sheetData>{"".join(lines)}</sheetData><mergeCells count="1">'
        f'<mergeCell ref="A1:{last}1"/></mergeCells><pageSetup paperSize="9" '
        'orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(number: int, style: int, cells: Sequence[str]) -> str:
    found = "".join(
        f'<c r="{chr(ord("A") + at)}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{escape(_legal(cell))}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{found}</row>'


def _legal(text: str) -> str:
    """Without what XML 1.0 cannot carry."""
    return "".join(
        c for c in text if c in "\t\n" or (ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000)
    )


def _width(text: str) -> int:
    """In digits: a full-width character takes two."""
    return sum(1 if c.isascii() else 2 for c in text)
