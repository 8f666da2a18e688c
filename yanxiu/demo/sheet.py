"""Workbooks (.xlsx) of the sample county, written straight into the zip: same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from yanxiu.demo.packing import pack
from yanxiu.demo.papers import Line

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Cell formats of `_STYLES` below: text, a bold centred title, a bordered cell.
TEXT, TITLE, CELL = 0, 1, 2
_STYLES = (
    f'{_XML}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/>'
    '</font><font><b/><sz val="16"/><name val="黑体"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="2"><border/><border><left style="thin"/><right style="thin"/>'
    '<top style="thin"/><bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1" '
    'applyAlignment="1"><alignment horizontal="center"/></xf><xf borderId="1" xfId="0" '
    'applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)

#: Bounds of a column's width, in digits.
NARROWEST, WIDEST = 9, 60

Row = tuple[int, Sequence[str]]


def workbook(lines: Iterable[Line], *, when: datetime, level: int = 6) -> bytes:
    """An .xlsx of these lines: `sheet` lines begin a sheet, a title is merged across it."""
    sheets = _sheets(lines)
    parts = [
        ("[Content_Types].xml", _types(len(sheets))),
        ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", _book([name for name, _ in sheets])),
        ("xl/_rels/workbook.xml.rels", _relations(_targets(len(sheets)))),
        ("xl/styles.xml", _STYLES),
    ]
    for number, (_, rows) in enumerate(sheets, 1):
        parts.append((f"xl/worksheets/sheet{number}.xml", _sheet(rows)))
    return pack([(name, text.encode()) for name, text in parts], when, level)


def _sheets(lines: Iterable[Line]) -> list[tuple[str, list[Row]]]:
    sheets: list[tuple[str, list[Row]]] = []
    for line in lines:
        if line.kind == "sheet" or not sheets:
            sheets.append((line.text if line.kind == "sheet" else "Sheet1", []))
        if line.kind == "table":
            sheets[-1][1].extend((CELL, row) for row in line.rows)
        elif line.kind != "sheet":
            sheets[-1][1].append((TITLE if line.kind == "title" else TEXT, (line.text,)))
    return sheets


def _sheet(rows: Sequence[Row]) -> str:
    widths = _widths(rows)
    columns = len(widths)
    data = "".join(_row(number, style, cells) for number, (style, cells) in enumerate(rows, 1))
    merged = [
        f'<mergeCell ref="A{n}:{_letter(columns - 1)}{n}"/>'
        for n, (style, _) in enumerate(rows, 1)
        if style != CELL and columns > 1
    ]
    merges = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    cols = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{cols}</cols>"
        f"<sheetData>{data}</sheetData>{merges}"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _widths(rows: Sequence[Row]) -> list[int]:
    """Each column as wide as its longest cell, in digits (a Chinese character takes two)."""
    tables = [cells for style, cells in rows if style == CELL] or [[" " * 40]]
    columns = max(len(cells) for cells in tables)
    longest = [max(len(c[i]) for c in tables if i < len(c)) for i in range(columns)]
    return [min(WIDEST, max(NARROWEST, 2 * length + 2)) for length in longest]


def _row(number: int, style: int, cells: Sequence[str]) -> str:
    height = ' ht="27" customHeight="1"' if style == TITLE else ""
    body = "".join(_cell(f"{_letter(i)}{number}", style, text) for i, text in enumerate(cells))
    return f'<row r="{number}"{height}>{body}</row>'


def _cell(place: str, style: int, text: str) -> str:
    if _is_number(text):
        return f'<c r="{place}" s="{style}"><v>{text}</v></c>'
    text = escape(text.replace("//", "\n"))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _types(sheets: int) -> str:
    over = '<Override PartName="/xl/{}.xml" ContentType="{}.{}+xml"/>'
    parts = [over.format("workbook", TYPES, "sheet.main"), over.format("styles", TYPES, "styles")]
    parts += [over.format(f"worksheets/sheet{n}", TYPES, "worksheet") for n in range(1, sheets + 1)]
    return (
        f'{_XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(parts)}</Types>'
    )


def _targets(sheets: int) -> list[tuple[str, str]]:
    found = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    return [*found, ("styles", "styles.xml")]


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _book(names: Sequence[str]) -> str:
    items = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{items}</sheets></workbook>'
