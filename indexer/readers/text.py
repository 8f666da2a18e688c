"""Plain text, in whatever coding (see `indexer.charset`); each line is a paragraph."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from indexer.charset import decode
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.reading import Block, Reading

FORMATS = ("txt",)


def read(path: Path, limits: Limits) -> Reading:
    """Each line a paragraph. Raises ReadError: empty, unreadable."""
    data, cut = read_bytes(path, limits)
    text = decode(data)
    if not text.strip("\ufeff\x1a \t\r\n\f\v\0\u3000"):
        raise ReadError("empty", "only white space")
    left_out = (f"超过 {limits.characters} 字，后面的内容没有读",) if cut else ()
    return Reading(
        format="txt",
        status="partial" if cut else "complete",
        blocks=tuple(_blocks(text, limits.blocks + 1)),
        left_out=left_out,
    )


def read_bytes(path: Path, limits: Limits) -> tuple[bytes, bool]:
    """The file's bytes, and whether they were cut at the limit. Raises ReadError("unreadable")."""
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


def _blocks(text: str, most: int) -> list[Block]:
    lines = re.split(r"\r\n|[\r\n\f\v\u2028\u2029]", text.replace("\0", ""))
    stripped = (line.strip("\ufeff\x1a \t\u3000\xa0") for line in lines)
    kept = (Block("paragraph", line) for line in stripped if line)
    return list(islice(kept, most))
