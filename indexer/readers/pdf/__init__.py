"""PDF: text page by page through pdfium, lines joined to paragraphs; tables of pages with rules.

pdfplumber is slow (0.1 to 1 s a page) and is asked only for pages that draw a grid.
"""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.pdf.flow import joined_pages, paragraphs, without_running_heads
from indexer.readers.pdf.lines import page_lines
from indexer.readers.pdf.tables import Tables
from indexer.reading import Block, Reading

FORMATS = ("pdf",)

#: Path objects that make a page worth a look for tables: a 2 by 2 grid needs six rules.
_RULES = 6
_OBJECTS_LOOKED_AT = 4000


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: encrypted, corrupt, unreadable.

    Pages without a text layer are named in `left_out`; of them alone the reading has no blocks.
    """
    document = _open(path)
    try:
        return _read(document, path, limits)
    except pdfium.PdfiumError as error:
        raise ReadError("corrupt", f"pdf: {error}") from error
    finally:
        document.close()


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        code = raw.FPDF_GetLastError() if "password" not in str(error).lower() else 4
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise ReadError("encrypted", str(error)) from error
        raise ReadError("corrupt", f"pdf: {error}") from error


def _read(document: pdfium.PdfDocument, path: Path, limits: Limits) -> Reading:
    blocks: list[Block] = []
    left_out: list[str] = []
    tables = Tables(path, limits)
    characters = 0
    pages = len(document)
    for number in range(1, pages + 1):
        if number > limits.pages or characters > limits.characters:
            left_out.append(f"第 {number} 页起没有读，文件太长")
            break
        found, note = _page(document, number, tables)
        if note:
            left_out.append(note)
        characters += sum(len(block.text) for block in found)
        blocks += found
    tables.close()
    left_out += tables.left_out
    return Reading(
        format="pdf",
        status="partial" if left_out else "complete",
        blocks=tuple(without_running_heads(joined_pages(blocks), pages)),
        metadata={**_metadata(document), "pages": str(pages)},
        left_out=tuple(left_out),
    )


def _page(document: pdfium.PdfDocument, number: int, tables: Tables) -> tuple[list[Block], str]:
    """The blocks of a page, and what had to be left out of it."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return [], f"第 {number} 页已损坏"
    try:
        lines = page_lines(page, number)
        drawn, rules = _objects(page)
        if not lines:
            # Scanned, or letters turned into curves: something is drawn, and nothing can be read.
            return [], f"第 {number} 页是图片，没有文字" if drawn else ""
        if rules >= _RULES:
            found = tables.page(number)
            if found is not None:
                return found, ""
        return list(paragraphs(lines)), ""
    finally:
        page.close()


def _objects(page: pdfium.PdfPage) -> tuple[int, int]:
    """(objects, drawn paths among them) on the page, counted up to a bound."""
    total = min(raw.FPDFPage_CountObjects(page), _OBJECTS_LOOKED_AT)
    kinds = (raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(total))
    return total, sum(kind == raw.FPDF_PAGEOBJ_PATH for kind in kinds)


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    names = {"Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified"}
    found = {}
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        if key in names:
            value = _iso_date(value) if key.endswith("Date") else value.strip()
            if value:
                found[names[key]] = value
    return found


def _iso_date(value: str) -> str:
    """D:20140912083000+08'00' -> 2014-09-12T08:30:00+08:00 (ISO 32000-1, 7.9.4)."""
    match = re.match(
        r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|(Z))?", value
    )
    if match is None:
        return ""
    year, month, day, hour, minute, second, sign, zone_hour, zone_minute, zulu = match.groups()
    text = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    if sign:
        return f"{text}{sign}{zone_hour}:{zone_minute or '00'}"
    return f"{text}Z" if zulu else text
