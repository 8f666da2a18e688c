"""Markdown: plain text whose # lines are headings."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from indexer.limits import Limits
from indexer.readers import text
from indexer.reading import Block, Reading

FORMATS = ("md",)

_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")


def read(path: Path, limits: Limits) -> Reading:
    """Each line a paragraph or a heading. Raises ReadError: empty, unreadable."""
    reading = text.read(path, limits)
    return replace(reading, format="md", blocks=tuple(map(_marked, reading.blocks)))


def _marked(block: Block) -> Block:
    mark = _HEADING.match(block.text)
    title = block.text[mark.end() :].rstrip("# \t\u3000") if mark else ""
    if mark is None or not title:
        return block
    return Block("heading", title, len(mark.group(1)) - 1, by="style")
