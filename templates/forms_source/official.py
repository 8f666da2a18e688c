"""The shapes of official documents: red head, body by levels, signature, imprint, briefing head.

Numbers are those of GB/T 9704-2012, in millimetres or points. What may be left out (密级, 附件说明,
抄送 …) stands in a cell of its own without rules, because an empty cell prints nothing where a
blank in running text prints a line to write on. Used by build.py, which calls a shape with the
document and the block of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

#: Width of the type area.
TYPE_AREA_MM = 156.0
#: 订口. LibreOffice 7.4 lets a table as wide as the type area float only where it is placed by the
#: edge of the page.
LEFT_MM = 28
#: Rules of the imprint in eighths of a point: 0.35 mm outside, 0.25 mm inside (7.4.1).
THICK, THIN = 8, 6
#: The red rule below the head of a briefing, 0.53 mm.
BRIEFING_RULE = 12

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A paragraph, `span` columns wide; `top` and `bottom` are rules in 1/8 pt."""

    text: str
    style: str
    span: int = 1
    align: str = ""
    top: int = 0
    bottom: int = 0
    vertical: str = "top"
    colour: str = "000000"


@dataclass(frozen=True, slots=True)
class Row:
    """`height` in points: at least, or exactly where `exact`. A row stays on one page."""

    cells: Sequence[Cell]
    height: float
    exact: bool = False


def _put(document: Any, xml: str) -> Any:
    """An element at the end of the document, before the page's own properties."""
    element = parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))
    document.element.body.sectPr.addprevious(element)
    return element


def _paragraph(text: str, style: str, align: str = "") -> str:
    """One paragraph; `\\t` and `\\n` in its text are a tab and a line break."""
    layout = f'<w:pStyle w:val="{style}"/>' + (f'<w:jc w:val="{align}"/>' if align else "")
    words = escape(text).replace("\t", "</w:t><w:tab/><w:t>")
    words = words.replace("\n", "</w:t><w:br/><w:t>")
    run = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{layout}</w:pPr>{run}</w:p>"


def _add(document: Any, text: str, style: str, align: str = "") -> Any:
    return _put(document, _paragraph(text, style, align))


def _blank_lines(document: Any, count: int) -> None:
    for _ in range(count):
        _add(document, "", "OfficialLine")


def _table(widths: Sequence[float], rows: Sequence[Row], properties: str = "") -> str:
    """A table without rules but those of its cells; gridCol and tcW both written (WPS, Word)."""
    grid = "".join(f'<w:gridCol w:w="{Mm(width).twips}"/>' for width in widths)
    total = sum(Mm(width).twips for width in widths)
    head = (
        f'<w:tblPr><w:tblStyle w:val="TableNormal"/>{properties}'
        f'<w:tblW w:w="{total}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
    return f"<w:tbl>{head}{''.join(_row(row, widths) for row in rows)}</w:tbl>"


def _row(row: Row, widths: Sequence[float]) -> str:
    rule = "exact" if row.exact else "atLeast"
    height = f'<w:trHeight w:val="{round(row.height * 20)}" w:hRule="{rule}"/>'
    cells = ""
    start = 0
    for cell in row.cells:
        width = sum(Mm(w).twips for w in widths[start : start + cell.span])
        cells += _cell(cell, width)
        start += cell.span
    return f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>"


def _cell(cell: Cell, width: int) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    sides = [("top", cell.top), ("bottom", cell.bottom)]
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{cell.colour}"/>'
        for side, size in sides
        if size
    )
    borders = f"<w:tcBorders>{rules}</w:tcBorders>" if rules else ""
    head = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{borders}'
    head += f'<w:vAlign w:val="{cell.vertical}"/></w:tcPr>'
    return f"<w:tc>{head}{_paragraph(cell.text, cell.style, cell.align)}</w:tc>"


#: Exact line of the body text (styles.xml).
LINE_PT = 28.95


def red_head(document: Any, block: Block) -> None:
    """版头 (7.2): in the first three lines 版头标注 (份号, 密级, 紧急程度, as far as there are);
    the mark of the organ, 发文字号, red rule; then two lines free for the title. `organ`: the
    words of the mark; a `plain` head has none of the three."""
    if block.get("plain"):
        _blank_lines(document, 3)
    else:
        row = Row([Cell("{{ 版头标注 }}", "OfficialMark")], 3 * LINE_PT, exact=True)
        _put(document, _table([TYPE_AREA_MM], [row]))
    _add(document, block["organ"], "OfficialOrgan")
    _blank_lines(document, 2)
    _add(document, "{{ 发文字号 }}", "OfficialNumber")
    _blank_lines(document, 2)


def title(document: Any, block: Block) -> None:
    """标题, each line of the source a paragraph (`whole`: all of them one, with line breaks);
    `before` lines free above it and `after` below (one: 7.3.2)."""
    _blank_lines(document, block.get("before", 0))
    for line in [block["text"]] if block.get("whole") else block["text"].split("\n"):
        _add(document, line, "OfficialTitle")
    _blank_lines(document, block.get("after", 1))


def text(document: Any, block: Block) -> None:
    """Lines of running text in the style named, by default the body's; `with_next` keeps them on
    the page of what follows, so that no signature stands alone (7.3.5.4)."""
    for line in block["text"].split("\n"):
        paragraph = _add(document, line, block.get("style", "OfficialBody"))
        if block.get("with_next"):
            style = paragraph.pPr.find(qn("w:pStyle"))
            for name in ("w:keepLines", "w:keepNext"):
                style.addnext(OxmlElement(name))


def space(document: Any, block: Block) -> None:
    """Running text with `lines` empty lines to write on while nothing is filled in."""
    style = block.get("style", "OfficialBody")
    _add(document, block["text"], style)
    for _ in range(block["lines"] - 1):
        _add(document, "", style)


def signature(document: Any, block: Block) -> None:
    """附件说明, 发文机关署名, 成文日期, 附注 (7.3.4 to 7.3.7), together on one page.

    Rows of a table without rules: who reads the paper back knows each by its row. `organ` signs;
    `sealed` leaves the place of a seal. `attachments`, `note`: names of the fields, left out where
    the paper has none.
    """
    style = "OfficialSeal" if block.get("sealed", True) else "OfficialSign"
    cells = [
        *([Cell(block["attachments"], "OfficialAttach")] if "attachments" in block else []),
        Cell("", style),
        Cell(block["organ"], style),
        Cell(block.get("date", "{{ 日期|日期 }}"), style),
        *([Cell(block["note"], "OfficialNote")] if "note" in block else []),
    ]
    _put(document, _table([TYPE_AREA_MM], [Row([cell], LINE_PT) for cell in cells]))
    _add(document, "", "FormGap")


def imprint(document: Any, block: Block) -> None:
    """版记 (7.4): 抄送, 印发机关 and date between rules, the last of them on the lower edge of the
    type area of the page it stands on. `copies`: label and value; `printed`: organ and date."""
    label, copies = block["copies"]
    organ, date = block["printed"]
    rows = [
        Row(
            [
                Cell(label, "OfficialImprintLabel", top=THICK, bottom=THIN),
                Cell(copies, "OfficialImprint", 2, top=THICK, bottom=THIN),
            ],
            IMPRINT_PT,
        ),
        Row(
            [
                Cell(organ, "OfficialImprintLabel", 2, bottom=THICK, vertical="center"),
                Cell(date, "OfficialImprint", align="right", bottom=THICK, vertical="center"),
            ],
            IMPRINT_PT,
        ),
    ]
    place = (
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" '
        f'w:horzAnchor="page" w:tblpX="{Mm(LEFT_MM).twips}" w:tblpYSpec="bottom"/>'
    )
    widths = [20.0, 66.0, TYPE_AREA_MM - 86.0]
    _put(document, _table(widths, rows, place))
    _add(document, "", "FormGap")


#: Line of the imprint (4号, 14 pt).
IMPRINT_PT = 22.0


def briefing_head(document: Any, block: Block) -> None:
    """报头 of a 简报: its name in red, the issue below, who brings it out and when above a red
    rule."""
    _add(document, block["name"], "BriefingName")
    _add(document, block["issue"], "BriefingIssue")
    rule = {"bottom": BRIEFING_RULE, "colour": "FF0000", "vertical": "bottom"}
    cells = [
        Cell(block["organ"], "BriefingLine", **rule),
        Cell(block["date"], "BriefingLine", align="right", **rule),
    ]
    _put(document, _table([96.0, TYPE_AREA_MM - 96.0], [Row(cells, LINE_PT + 4)]))
    _add(document, "", "FormGap")


BLOCKS: dict[str, Callable[[Any, Block], None]] = {
    "red_head": red_head,
    "title": title,
    "text": text,
    "space": space,
    "signature": signature,
    "imprint": imprint,
    "briefing_head": briefing_head,
}
