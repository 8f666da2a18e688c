"""PDF: text page by page through pdfium, lines joined to paragraphs; tables of pages with rules.

Tables are made of the page's own characters and lines (`indexer.readers.layout`). pdfplumber takes
0.1 to 1 s a page and is asked only for pages whose lines cannot be seen from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from indexer import scans
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.flow import joined_pages, paragraphs, without_running_heads
from indexer.readers.layout import RIGHT, grids, page_blocks
from indexer.readers.pdf.annotations import laid_on, typed_on, unsaid
from indexer.readers.pdf.drawing import characters, ruled_lines
from indexer.readers.pdf.lines import page_lines
from indexer.readers.pdf.scanned import codes_on, drawn, is_rubbish, is_scanned, picture
from indexer.readers.pdf.tables import Tables
from indexer.reading import Block, Reading

FORMATS = ("pdf",)

#: Path objects that make a page worth a look for tables: a 2 by 2 grid needs six rules.
_RULES = 6
#: How finely a page is drawn to be recognised: characters of 10 points are 28 pixels high.
_DPI = 200
#: Most pixels drawn of one page; A3 at 200 dpi has 7.7 million.
_PIXELS = 12_000_000


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: encrypted, corrupt, unreadable.

    Pages without a text layer are named in `scanned` and in `left_out`; of them alone the reading
    has no blocks.
    """
    with _opened(path) as document:
        return _read(document, path, limits)


def page_picture(path: Path, number: int, limits: Limits) -> Image.Image:
    """Page `number` (from 1) as a picture to be recognised, RGB. Raises ReadError."""
    with _opened(path) as document:
        if not 1 <= number <= len(document):
            raise ReadError("corrupt", f"pdf: no page {number}")
        page = document[number - 1]
        try:
            return picture(page, _DPI, min(_PIXELS, limits.pixels))
        finally:
            page.close()


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    document = _open(path)
    try:
        yield document
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


@dataclass(slots=True)
class _Found:
    """What was read so far. `runs`: the blocks of pages that follow each other; a scanned page
    parts them, so that nothing is joined across it."""

    runs: list[list[Block]] = field(default_factory=lambda: [[]])
    left_out: list[str] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    characters: int = 0

    def add(self, blocks: list[Block]) -> None:
        self.runs[-1] += blocks
        self.characters += sum(len(block.text) for block in blocks)

    def scan(self, number: int, beside: list[Block]) -> None:
        """A page to be recognised, and what can be read `beside` its picture."""
        self.scanned.append(number)
        self.runs += [beside, []]

    def blocks(self, pages: int) -> list[Block]:
        joined = [block for run in self.runs for block in joined_pages(run)]
        return list(without_running_heads(joined, pages))


def _read(document: pdfium.PdfDocument, path: Path, limits: Limits) -> Reading:
    found = _Found()
    tables = Tables(path, limits)
    pages = len(document)
    for number in range(1, pages + 1):
        if number > limits.pages or found.characters > limits.characters:
            found.left_out.append(f"第 {number} 页起没有读，文件太长")
            break
        _page(document, number, tables, found)
    tables.close()
    left_out = (*scans.notes(found.scanned), *found.left_out, *tables.left_out)
    return Reading(
        format="pdf",
        status="partial" if left_out else "complete",
        blocks=tuple(found.blocks(pages)),
        metadata={**_metadata(document), "pages": str(pages)},
        left_out=left_out,
        scanned=tuple(found.scanned),
        codes=codes_on(document, found.scanned, min(_PIXELS, limits.pixels)),
    )


def _page(document: pdfium.PdfDocument, number: int, tables: Tables, found: _Found) -> None:
    """Add the blocks of a page, and what had to be left out of it."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        found.left_out.append(f"第 {number} 页已损坏")
        return
    try:
        noted = list(typed_on(page, number))
        if any(block.kind == "paragraph" for block in noted) and laid_on(page):
            page.close()
            page = document[number - 1]
        lines = page_lines(page, number)
        seen = drawn(page)
        typed = list(unsaid(noted, lines))
        if is_scanned(lines, seen):
            lines = [] if is_rubbish(lines) else lines
            found.scan(number, [*paragraphs(lines), *typed])
            return
        ruled = _ruled(page, number, tables) if lines and seen.paths >= _RULES else None
        found.add([*(paragraphs(lines) if ruled is None else ruled), *typed])
    finally:
        page.close()


def _ruled(page: pdfium.PdfPage, number: int, tables: Tables) -> list[Block] | None:
    """The page's blocks with its ruled tables in place; None where it has none."""
    rules = ruled_lines(page)
    if rules is not None and all(grid.single for grid in grids(rules)):
        return None
    signs = characters(page) if rules is not None else None
    if rules is None or signs is None:
        return tables.page(number)
    return page_blocks({RIGHT: signs}, rules, number)


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
