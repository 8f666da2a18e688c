"""What was typed onto a PDF page afterwards: free text, values of form fields, notes in the margin.

ISO 32000-1, 12.5.6: text of FreeText and Widget annotations shows on the page and belongs to it;
Text and markup annotations hold comments.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from indexer.readers.lines import CONTROL, Line
from indexer.reading import Block, BlockKind

#: Looked at on one page, and characters kept of one.
_MOST, _LONGEST = 500, 20_000
_SHOWN = {raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_WIDGET: b"V"}
_COMMENTS = (
    raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE,
    raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY,
)  # fmt: skip


def laid_on(page: pdfium.PdfPage) -> bool:
    """Draw into the page, in memory, what was typed onto it, so that it is read where it stands;
    whether that was done. The page must be opened anew then. Only for pages that have such text:
    over a damaged signature pdfium 8149 ends its process."""
    return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)


def typed_on(page: pdfium.PdfPage, number: int) -> Iterator[Block]:
    """The annotations with text of a page, in the file's order."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        found = raw.FPDFPage_GetAnnot(page, at)
        if not found:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(found)
            key = _SHOWN.get(kind) or (b"Contents" if kind in _COMMENTS else b"")
            words = _string(found, key) if key else ""
            author = _string(found, b"T") if kind in _COMMENTS else ""
        finally:
            raw.FPDFPage_CloseAnnot(found)
        if words:
            shown: BlockKind = "paragraph" if kind in _SHOWN else "comment"
            yield Block(shown, f"{author}：{words}" if author else words, page=number)


def unsaid(noted: Sequence[Block], lines: Sequence[Line]) -> Iterator[Block]:
    """Comments, and of what was typed onto the page what could not be drawn into it."""
    said = "".join("".join(line.text.split()) for line in lines)
    for block in noted:
        if block.kind == "comment" or "".join(block.text.split()) not in said:
            yield block


def _string(annotation: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= 2 * _LONGEST:
        return ""
    held = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, held, size)
    text = bytes(held)[: size - 2].decode("utf-16-le", "replace")
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
