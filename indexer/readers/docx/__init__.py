"""Word documents of 2007 and later: .docx, .docm, .dotx, and what WPS writes as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.docx.body import Full, Walker
from indexer.readers.docx.edges import edges
from indexer.readers.docx.foreign import Foreign
from indexer.readers.docx.graphics import part_lines
from indexer.readers.docx.notes import comments, notes
from indexer.readers.docx.numbering import Numbering
from indexer.readers.docx.parts import Parts, open_parts
from indexer.readers.docx.runs import Lines
from indexer.readers.docx.styles import Styles, W
from indexer.readers.package import Element, core_properties
from indexer.readers.saved_pages import Pages
from indexer.reading import Block, Reading

FORMATS = ("docx",)

_STYLE_END = b"</w:style>"
_TEXT = frozenset({"paragraph", "heading", "table", "note"})


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, encrypted, too_large.

    What of a damaged document still parses is read; `left_out` tells what does not.
    """
    return _read(path, limits, _read_inner)


def _read_inner(path: Path, limits: Limits) -> Reading:
    """A .docx inside a .docx; a third one inside it is not read."""
    return _read(path, limits, None)


def _read(path: Path, limits: Limits, inner: Callable[[Path, Limits], Reading] | None) -> Reading:
    parts = open_parts(path, limits)
    with parts.package:
        root = parts.root(path)
        walker = _walker(parts, limits, Foreign(parts, limits, inner))
        pages = walker.lines.pages
        blocks: list[Block] = []
        try:
            for block in islice(_all_blocks(parts, root, walker), limits.blocks + 1):
                blocks.append(block)
        except Full as full:
            parts.note(str(full))
        if parts.damaged and not blocks:
            raise ReadError("corrupt", "no text was found")
        if not any(block.kind in _TEXT for block in blocks) and _is_pictures(walker, parts):
            parts.note("正文是图片，没有文字")
        metadata = core_properties(parts.package)
        if not pages.agree(metadata.get("pages", "")):
            blocks = [_pageless(block) for block in blocks]
        return Reading(
            format="docx",
            status="partial" if parts.left_out else "complete",
            blocks=tuple(blocks),
            metadata=metadata,
            left_out=tuple(parts.left_out),
            drawn=walker.drawn,
        )


def _walker(parts: Parts, limits: Limits, foreign: Foreign) -> Walker:
    styles = Styles(parts.by_kind("styles", _without_table_styles))

    def linked(relation: str) -> Iterator[str]:
        kind, root = parts.by_relation(relation)
        if root is not None and kind in ("diagramData", "chart"):
            yield from part_lines(root)

    return Walker(
        styles=styles,
        numbering=Numbering(lambda: parts.by_kind("numbering"), styles.numbering),
        limits=limits,
        lines=Lines(styles, Pages()),
        foreign=foreign.blocks,
        linked=linked,
    )


def _without_table_styles(data: bytes) -> bytes:
    """Table styles make up nine tenths of a usual styles part, and none of them is asked for."""
    pieces = data.split(_STYLE_END)
    kept = [piece for piece in pieces if not _is_table_style(piece)]
    return _STYLE_END.join(kept)


def _is_table_style(piece: bytes) -> bool:
    return piece.startswith(b"<w:style ") and b'w:type="table"' in piece[: piece.find(b">")]


def _all_blocks(parts: Parts, root: Element, walker: Walker) -> Iterator[Block]:
    bodies = root.findall(W + "body")
    if not bodies:
        raise ReadError("corrupt", "no w:body")
    walker.lines.fields.enter(root)
    for body in bodies:
        yield from walker.blocks(body)
        walker.sections += body.findall(W + "sectPr")
    walker.drawn = walker.lines.drawn
    # Only what stands in the text itself is known to stand on a page.
    walker.lines.pages = Pages()
    yield from map(_pageless, _beside(parts, walker, root))


def _beside(parts: Parts, walker: Walker, root: Element) -> Iterator[Block]:
    yield from notes(parts, walker, root)
    yield from edges(parts, walker)
    yield from comments(parts, walker)


def _pageless(block: Block) -> Block:
    return replace(block, page=None) if block.page is not None else block


def _is_pictures(walker: Walker, parts: Parts) -> bool:
    return walker.lines.drawn or any(kind == "image" for kind, _ in parts.relations.values())
