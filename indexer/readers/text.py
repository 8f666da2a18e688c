"""Plain text and Markdown: BOM, else strict UTF-8, else GB18030, else Big5."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.charset import decode
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.reading import Block, Reading

FORMATS = ("txt", "md")

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
def read(path: Path, limits: Limits) -> Reading:
    """Each line a paragraph. Raises ReadError: empty, unreadable."""
    data, cut = _bytes(path, limits)
    text = decode(data)
    if not text.strip("\ufeff\x1a \t\r\n\f\v\0\u3000"):
        raise ReadError("empty", "only white space")
    left_out = (f"超过 {limits.characters} 字，后面的内容没有读",) if cut else ()
    return Reading(
        format="txt",
        status="partial" if cut else "complete",
        blocks=tuple(_blocks(text, path.suffix.lower() == ".md")),
        left_out=left_out,
    )


def _bytes(path: Path, limits: Limits) -> tuple[bytes, bool]:
    most = limits.characters * 3
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    if len(data) <= most:
        return data, False
    # Cut at a line's end so that no character is torn.
    end = data.rfind(b"\n", 0, most)
    return data[: end if end > 0 else most], True


def _blocks(text: str, markdown: bool) -> list[Block]:
    found = []
    for line in re.split(r"\r\n|[\r\n\f\v\u2028\u2029]", text.replace("\0", "")):
        line = line.strip("\ufeff\x1a \t\u3000\xa0")
        if not line:
            continue
        heading = _MARKDOWN_HEADING.match(line) if markdown else None
        if heading:
            found.append(
                Block("heading", heading.group(2), len(heading.group(1)), by="style")
            )
        else:
            found.append(Block("paragraph", line))
    return found
