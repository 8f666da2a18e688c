"""extractous, which is Tika compiled ahead of time: with headers, footers and notes, and without
text recognition."""

from __future__ import annotations

from extractous import Extractor, OfficeParserConfig, PdfOcrStrategy, PdfParserConfig
from loop import serve

#: As much as our own limits allow (`indexer.limits`); its default is half a million.
CHARACTERS = 2_000_000
OFFICE = OfficeParserConfig().set_include_headers_and_footers(True).set_include_slide_notes(True)
PDF = PdfParserConfig().set_ocr_strategy(PdfOcrStrategy.NO_OCR)
READER = (
    Extractor()
    .set_extract_string_max_length(CHARACTERS)
    .set_office_config(OFFICE)
    .set_pdf_config(PDF)
)


def read(path: str) -> str:
    return str(READER.extract_file_to_string(path)[0])


serve(read)
