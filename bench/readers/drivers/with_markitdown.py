"""markitdown as it comes."""

from __future__ import annotations

from loop import serve
from markitdown import MarkItDown

READER = MarkItDown(enable_plugins=False)


def read(path: str) -> str:
    return str(READER.convert_local(path).text_content)


serve(read)
