"""Word documents as a school's office makes them, written straight into the zip.

python-docx takes some 25 ms a document and dates it with the clock; the same bytes are needed
each time, and a benchmark needs thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

from yanxiu.demo.packing import pack
from yanxiu.demo.papers import Line

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Width of the text on A4 with the margins below, in twentieths of a point.
TEXT_WIDTH = 9070
#: A label's column in a form with one label and one content cell a row.
LABEL_WIDTH = 1700
#: A cell longer than this many characters gets no wider.
WIDEST_CELL = 24
PARAGRAPH_STYLES = {
    "title": "Title",
    "heading": "Heading1",
    "subheading": "Heading2",
    "centred": "Centred",
    "right": "Right",
    "paragraph": "BodyText",
}
#: How the same lines look where the writer knows no styles and formats by hand.
BY_HAND = {"heading": "<w:b/>", "subheading": ""}
PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "rels.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
}


@cache
def _fixed_parts() -> tuple[tuple[str, bytes], ...]:
    folder = files("yanxiu.demo").joinpath("word_parts")
    return tuple((name, folder.joinpath(file).read_bytes()) for name, file in PARTS.items())


def document(
    lines: Iterable[Line],
    *,
    creator: str = "",
    when: datetime,
    headings: str = "style",
    level: int = 6,
) -> bytes:
    """A .docx of these lines. `headings`: "style" (real heading styles), "bold" or "plain"
    (ordinary paragraphs, as most schools send them). `when` is its date of creation."""
    body = "".join(_block(line, headings) for line in lines)
    section = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1418" '
        'w:bottom="1440" w:left="1418" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
    )
    xml = f'{_XML}<w:document xmlns:w="{W}"><w:body>{body}{section}</w:body></w:document>'
    core = ("docProps/core.xml", _core(creator, when).encode())
    return pack([*_fixed_parts(), core, ("word/document.xml", xml.encode())], when, level)


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _core(creator: str, when: datetime) -> str:
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    kind = 'xsi:type="dcterms:W3CDTF"'
    return (
        f"{_XML}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:creator>{escape(creator)}</dc:creator>"
        f"<dcterms:created {kind}>{stamp}</dcterms:created>"
        f"<dcterms:modified {kind}>{stamp}</dcterms:modified></cp:coreProperties>"
    )


def _block(line: Line, headings: str) -> str:
    if line.kind == "table":
        return _table(line.rows) + "<w:p/>"
    if line.kind == "sheet":
        return _paragraph(line.text, "heading", headings)
    return _paragraph(line.text, line.kind, headings)


def _paragraph(text: str, kind: str, headings: str = "style") -> str:
    style, run = PARAGRAPH_STYLES[kind], ""
    if headings != "style" and kind in BY_HAND:
        style, run = "BodyText", BY_HAND[kind] if headings == "bold" else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text, run)}</w:p>'


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = _widths(rows)
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    body = "".join(
        _row(row, below, widths) for row, below in zip(rows, [*rows[1:], ()], strict=True)
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
    )


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """A form (its rows of unequal length) has narrow label columns; in a plain table a column
    takes its share by its longest cell."""
    columns = max(len(row) for row in rows)
    if any(len(row) == 2 for row in rows) and columns % 2 == 0:
        pair = TEXT_WIDTH * 2 // columns
        label = min(LABEL_WIDTH, pair * 2 // 5)
        return [label, pair - label] * (columns // 2)
    full = [row for row in rows if len(row) == columns]
    longest = [min(WIDEST_CELL, 2 + max(3, *(len(row[i]) for row in full))) for i in range(columns)]
    return [TEXT_WIDTH * part // sum(longest) for part in longest]


def _row(row: Sequence[str], below: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for place, text in enumerate(row):
        span = len(widths) - len(row) + 1 if place == len(row) - 1 else 1
        merge = '<w:vMerge w:val="restart"/>' if below and below[0] == "^" and not place else ""
        merge = "<w:vMerge/>" if text == "^" else merge
        cells.append(
            _cell("" if text == "^" else text, sum(widths[place : place + span]), span, merge)
        )
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _cell(text: str, width: int, span: int, merge: str) -> str:
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    style = "CellLabel" if len(text) <= 8 and span == 1 else "CellText"
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(part)}</w:p>'
        for part in text.split("//")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}{merge}'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
    )
