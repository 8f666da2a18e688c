"""Build base.docx and each kind's form.docx from the sources beside this file.

    python templates/forms_source/build.py [folder of templates]

The sources are `base/` (the parts of an empty document: styles, page, fonts) and one TOML file a
form: `<kind>.toml` makes form.docx of that kind, `<kind>-<id>.toml` its form-<id>.docx. Each holds
an example beside the layout: `[known]` what the house fills in, `[written]` what people write.
The county does not need this: it edits form.docx in Word or WPS. It is here so that our own forms
can be reviewed as text and built again to the same bytes.
"""

from __future__ import annotations

import io
import sys
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

SOURCE = Path(__file__).resolve().parent
#: Width of the type area (GB/T 9704-2012, 5.2.1).
TYPE_AREA_MM = 156
#: Size of the page number (4号); it stands one such character in from the edge.
PAGE_NUMBER_PT = 14
#: Twips between a value's line and the next label (2 mm).
FACT_GAP = 113
#: First character of a cell's text -> style of the cell (see stage_report.toml).
CELL_STYLES = {"#": "FormLabel", "+": "FormHead", "=": "FormText", "<": "FormCell"}
#: Exact line of the body text in points; see base/styles.xml.
BODY_LINE_PT = 28.95

_BASE_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package.rels",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document.rels",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/fontTable.xml": "fontTable.xml",
    "docProps/core.xml": "core.xml",
    "docProps/app.xml": "app.xml",
}


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip with fixed dates: the same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
    return out.getvalue()


def build_base() -> bytes:
    """base.docx: A4, official margins, the styles, no text."""
    parts = {name: (SOURCE / "base" / file).read_bytes() for name, file in _BASE_PARTS.items()}
    return pack(parts)


def form_names() -> list[str]:
    """The sources there are: `<kind>` or `<kind>-<id>`."""
    return sorted(file.stem for file in SOURCE.glob("*.toml"))


def target(name: str) -> str:
    """Where a form goes, below the folder of templates."""
    kind, _, paper = name.partition("-")
    return f"kinds/{kind}/form-{paper}.docx" if paper else f"kinds/{kind}/form.docx"


def build_form(name: str, base: bytes) -> bytes:
    """A form from `<name>.toml`."""
    source = tomllib.loads((SOURCE / f"{name}.toml").read_text(encoding="utf-8"))
    document = Document(io.BytesIO(base))
    _paragraph(document, source["title"], "Title")
    for block in source["block"]:
        _BLOCKS[block["shape"]](document, block)
    _footer(document.sections[0].footer, odd=True)
    _footer(document.sections[0].even_page_footer, odd=False)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return pack({info.filename: archive.read(info) for info in archive.infolist()})


def _style(document: Any, style_id: str) -> Any:
    return next(style for style in document.styles if style.style_id == style_id)


def _paragraph(document: Any, text: str, style_id: str) -> Any:
    return document.add_paragraph(text, style=_style(document, style_id))


def _heading(document: Any, block: Mapping[str, Any]) -> None:
    _paragraph(document, block["text"], "Heading1")


def _line(document: Any, block: Mapping[str, Any]) -> None:
    _paragraph(document, block["text"], block["style"])


def _grid(document: Any, block: Mapping[str, Any]) -> None:
    """A ruled table; spans and merges as its rows say."""
    table = _table(document, block["widths"], len(block["rows"]), "TableGrid")
    for row, spec in zip(table.rows, block["rows"], strict=True):
        _row_rules(row, spec)
        _merge_across(row, spec.get("spans", []))
        for cell, text in zip(_own_cells(row), spec["cells"], strict=True):
            _fill(document, cell, text, "FormCell" if spec.get("small") else "FormValue")
    _merge_down(table, block["rows"])
    _set_widths(table, block["widths"])
    _paragraph(document, "", "FormGap")


def _facts(document: Any, block: Mapping[str, Any]) -> None:
    """Label: value pairs without rules; each value's cell has a line to write on."""
    table = _table(document, block["widths"], len(block["rows"]), "TableNormal")
    for row, spec in zip(table.rows, block["rows"], strict=True):
        _row_rules(row, spec)
        for number, (cell, text) in enumerate(zip(row.cells, spec["cells"], strict=True)):
            _fill(document, cell, text, block.get("style", "FormValue"), vertical="bottom")
            if number % 2 == 0:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
            else:
                borders = _add(cell._tc.get_or_add_tcPr(), "w:tcBorders", before="w:vAlign")
                _add(borders, "w:bottom", val="single", sz="4", space="0", color="000000")
            _margins(cell, left=0 if number % 2 or not number else FACT_GAP, right=0)
    _set_widths(table, block["widths"])
    _paragraph(document, "", "FormGap")


def _room(document: Any, block: Mapping[str, Any]) -> None:
    """Body text in a cell without rules or margins that keeps `lines` lines free while empty;
    `with_next` keeps it on the page of what follows, so that no signature stands alone."""
    table = _table(document, [TYPE_AREA_MM], 1, "TableNormal")
    row = table.rows[0]
    row.height = Pt(BODY_LINE_PT * block["lines"])
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    cell = row.cells[0]
    _fill(document, cell, block["text"], "Normal", vertical="top")
    _margins(cell, left=0, right=0)
    _set_widths(table, [TYPE_AREA_MM])
    gap = _paragraph(document, "", "FormGap")
    if block.get("with_next"):
        for paragraph in (cell.paragraphs[0], gap):
            paragraph.paragraph_format.keep_with_next = True


_BLOCKS: dict[str, Callable[[Any, Mapping[str, Any]], None]] = {
    "heading": _heading,
    "line": _line,
    "grid": _grid,
    "facts": _facts,
    "room": _room,
}


def _table(document: Any, widths: list[float], rows: int, style_id: str) -> Any:
    table = document.add_table(rows, len(widths), style=_style(document, style_id))
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    _add(properties, "w:tblW", before="w:tblLayout", w=str(Mm(sum(widths)).twips), type="dxa")
    return table


def _set_widths(table: Any, widths: list[float]) -> None:
    """gridCol and tcW both: WPS goes by the first, Word by the second (dolanmiu/docx #272)."""
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(width)
    for row in table._tbl.tr_lst:
        start = 0
        for cell in row.tc_lst:
            span = cell.grid_span
            cell.width = Mm(sum(widths[start : start + span]))
            start += span


def _row_rules(row: Any, spec: Mapping[str, Any]) -> None:
    """Least height, header row; a row stays on one page unless it `splits`."""
    row.height = Mm(spec["height"])
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = row._tr.get_or_add_trPr()
    if not spec.get("splits"):
        properties.insert(0, OxmlElement("w:cantSplit"))
    if spec.get("header"):
        _add(properties, "w:tblHeader")


def _merge_across(row: Any, spans: list[int]) -> None:
    start = 0
    cells = list(row.cells)
    for span in spans:
        if span > 1:
            cells[start].merge(cells[start + span - 1])
        start += span


def _own_cells(row: Any) -> list[Any]:
    """Each cell of the row once, merged or not."""
    own: list[Any] = []
    for cell in row.cells:
        if not own or cell._tc is not own[-1]._tc:
            own.append(cell)
    return own


def _merge_down(table: Any, rows: list[Mapping[str, Any]]) -> None:
    """`^` in the first cell joins it to the one above. Repeated rows carry the join along."""
    firsts = [row.tc_lst[0] for row in table._tbl.tr_lst]
    for number, spec in enumerate(rows):
        if spec["cells"][0] == "^":
            firsts[number].vMerge = "continue"
            if firsts[number - 1].vMerge is None:
                firsts[number - 1].vMerge = "restart"


def _fill(document: Any, cell: Any, text: str, style_id: str, vertical: str = "") -> None:
    """The words of a cell in their style; narrative stands at the top, the rest in the middle."""
    style_id = CELL_STYLES.get(text[:1], style_id)
    words = text.lstrip("".join(CELL_STYLES)).removeprefix("^")
    paragraph = cell.paragraphs[0]
    paragraph.style = _style(document, style_id)
    if words:
        paragraph.add_run(words)
    if text.startswith("<"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    narrative = style_id == "FormText"
    place = vertical or ("top" if narrative else "center")
    _add(cell._tc.get_or_add_tcPr(), "w:vAlign", val=place)
    if narrative:
        _margins(cell, top=57, left=85, bottom=57, right=85)


def _margins(cell: Any, **sides: int) -> None:
    """Cell margins in twips, given in the schema's order: top, left, bottom, right."""
    margins = _add(cell._tc.get_or_add_tcPr(), "w:tcMar", before="w:vAlign")
    for side, width in sides.items():
        _add(margins, f"w:{side}", w=str(width), type="dxa")


def _footer(footer: Any, odd: bool) -> None:
    """Page number outside (odd pages right, even pages left, one character in), form number
    inside. Each piece of the PAGE field has a run of its own, or WPS does not show it."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    layout = paragraph._p.get_or_add_pPr()
    edge = Mm(TYPE_AREA_MM).twips - (Pt(PAGE_NUMBER_PT).twips if odd else 0)
    _add(_add(layout, "w:tabs"), "w:tab", val="right", pos=str(edge))
    if odd:
        _form_number(paragraph)
        paragraph.add_run("\t")
        _page_number(paragraph)
    else:
        _add(layout, "w:ind", left=str(Pt(PAGE_NUMBER_PT).twips))
        _page_number(paragraph)
        paragraph.add_run("\t")
        _form_number(paragraph)


def _form_number(paragraph: Any) -> None:
    run = paragraph.add_run("表单编号：{{ 表单编号 }}")
    _add(run._r.get_or_add_rPr(), "w:rStyle", val="FormNumber")


def _page_number(paragraph: Any) -> None:
    paragraph.add_run("— ")
    for piece in ("begin", "PAGE", "separate", "1", "end"):
        run = paragraph.add_run("1" if piece == "1" else "")
        if piece == "PAGE":
            _add(run._r, "w:instrText").text = " PAGE "
        elif piece != "1":
            _add(run._r, "w:fldChar", fldCharType=piece)
    paragraph.add_run(" —")


def _add(parent: Any, tag: str, before: str = "", **values: str) -> Any:
    """A new child with attributes in the w namespace, put before the child named, else last."""
    child = OxmlElement(tag)
    for name, value in values.items():
        child.set(qn(f"w:{name}"), value)
    anchor = parent.find(qn(before)) if before else None
    if anchor is None:
        parent.append(child)
    else:
        anchor.addprevious(child)
    return child


def main(templates: Path) -> None:
    base = build_base()
    (templates / "base.docx").write_bytes(base)
    for name in form_names():
        file = templates / target(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(build_form(name, base))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE.parent)
