"""kreuzberg with headers and footers, without its cache and without text recognition."""

from __future__ import annotations

from kreuzberg import ContentFilterConfig, ExtractionConfig, extract_file_sync
from loop import serve

EDGES = ContentFilterConfig(include_headers=True, include_footers=True)
CONFIG = ExtractionConfig(use_cache=False, ocr=None, content_filter=EDGES)


def read(path: str) -> str:
    return str(extract_file_sync(path, config=CONFIG).content)


serve(read)
