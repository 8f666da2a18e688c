"""OpenDocument text and presentations: .odt, .ott, .fodt and .odp, as LibreOffice and WPS write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from indexer import sniff
from indexer.limits import Limits
from indexer.readers.odf.body import Full, Walker
from indexer.readers.odf.edges import edges
from indexer.readers.odf.inline import Lines, controls, deletions
from indexer.readers.odf.lists import Lists
from indexer.readers.odf.notes import comments, notes
from indexer.readers.odf.parts import Parts
from indexer.readers.odf.slides import Deck
from indexer.readers.odf.styles import Styles
from indexer.readers.saved_pages import Pages
from indexer.readers.slides import gather
from indexer.reading import Block, Reading

FORMATS = ("odt", "odp")


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document or the slides. Raises ReadError: corrupt, encrypted, too_large."""
    parts = Parts.open(path, limits)
    return _slides(parts, limits) if sniff.detect(path) == "odp" else _text(parts, limits)


def _slides(parts: Parts, limits: Limits) -> Reading:
    deck = Deck(parts, limits)
    gathered = gather(deck.slides(), limits)
    left_out = (*gathered.left_out, *filter(None, (deck.full, _objects_note(deck.objects))))
    return Reading(
        format="odp",
        status="partial" if left_out else "complete",
        blocks=tuple(gathered.blocks),
        metadata=parts.metadata(),
        left_out=left_out,
    )


def _text(parts: Parts, limits: Limits) -> Reading:
    walker = _walker(parts, limits)
    pages = walker.lines.pages
    blocks: list[Block] = []
    left_out: list[str] = []
    try:
        for block in islice(_all_blocks(parts, walker), limits.blocks + 1):
            blocks.append(block)
    except Full as full:
        left_out.append(str(full))
    if walker.lines.objects:
        left_out.append(_objects_note(walker.lines.objects))
    if not any(block.kind in _BODY for block in blocks) and walker.lines.pictures:
        left_out.append("正文是图片，没有文字")
    metadata = parts.metadata()
    if not pages.agree(metadata.get("pages", "")):
        blocks = [_pageless(block) for block in blocks]
    return Reading(
        format="odt",
        status="partial" if left_out else "complete",
        blocks=tuple(blocks),
        metadata=metadata,
        left_out=tuple(left_out),
    )


def _objects_note(count: int) -> str:
    return f"有 {count} 个图表等嵌入对象没有读" if count else ""


_BODY = frozenset({"paragraph", "heading", "table", "note"})


def _walker(parts: Parts, limits: Limits) -> Walker:
    styles = Styles(parts.styles, parts.content)
    lists = Lists()
    for root in dict.fromkeys((parts.styles, parts.content)):
        lists.read(root)
    lines = Lines(
        styles,
        Pages(),
        controls(parts.content),
        parts.formulas,
        deletions=deletions(parts.content),
    )
    return Walker(styles, lists, lines, limits)


def _all_blocks(parts: Parts, walker: Walker) -> Iterator[Block]:
    yield from walker.blocks(parts.body("text"))
    content = walker.styles
    # Only what stands in the text itself is known to stand on a page.
    walker.lines.pages = Pages()
    yield from map(_pageless, notes(walker))
    walker.styles = walker.lines.styles = Styles(parts.styles)
    yield from map(_pageless, edges(parts.styles, content, walker))
    walker.styles = walker.lines.styles = content
    yield from map(_pageless, comments(walker))


def _pageless(block: Block) -> Block:
    return replace(block, page=None) if block.page is not None else block
