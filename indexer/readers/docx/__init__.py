"""Word documents of 2007 and later: .docx, .docm, .dotx, and what WPS writes as such."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.docx.body import Full, Kind, Walker
from indexer.readers.docx.numbering import Numbering
from indexer.readers.docx.styles import Styles, W
from indexer.readers.package import Element, Package, core_properties
from indexer.reading import Block, Reading

FORMATS = ("docx",)

_EDGES: dict[str, Kind] = {"header": "header", "footer": "footer"}
_STYLE_END = b"</w:style>"
_NOTES = ("footnotes", "endnotes")


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, encrypted, too_large."""
    with Package(path, limits) as package:
        main = package.main_part("word/document.xml")
        relations = package.relations(main)
        root = package.xml(main)
        walker = Walker(
            styles=Styles(_part(package, relations, "styles")),
            numbering=Numbering(lambda: _part(package, relations, "numbering")),
            limits=limits,
        )
        blocks: list[Block] = []
        left_out: list[str] = []
        try:
            found = _all_blocks(package, root, relations, walker)
            for block in islice(found, limits.blocks + 1):
                blocks.append(block)
        except Full:
            left_out.append(f"超过 {limits.characters} 字，后面的内容没有读")
        if not blocks and any(kind == "image" for kind, _ in relations.values()):
            left_out.append("正文是图片，没有文字")
        return Reading(
            format="docx",
            status="partial" if left_out else "complete",
            blocks=tuple(blocks),
            metadata=core_properties(package),
            left_out=tuple(left_out),
        )


def _part(package: Package, relations: dict[str, tuple[str, str]], kind: str) -> Element | None:
    for found, target in relations.values():
        if found == kind and package.has(target):
            try:
                return package.xml(target, _without_table_styles if kind == "styles" else None)
            except ReadError as error:
                if error.code != "corrupt":
                    raise
    return None


def _without_table_styles(data: bytes) -> bytes:
    """Table styles make up nine tenths of a usual styles part, and none of them is asked for."""
    pieces = data.split(_STYLE_END)
    kept = [piece for piece in pieces if not _is_table_style(piece)]
    return _STYLE_END.join(kept)


def _is_table_style(piece: bytes) -> bool:
    return piece.startswith(b"<w:style ") and b'w:type="table"' in piece[: piece.find(b">")]


def _all_blocks(
    package: Package, root: Element, relations: dict[str, tuple[str, str]], walker: Walker
) -> Iterator[Block]:
    bodies = root.findall(W + "body")
    if not bodies:
        raise ReadError("corrupt", "no w:body")
    for body in bodies:
        yield from walker.blocks(body)
    for kind, target in sorted(set(relations.values())):
        if kind in _EDGES and package.has(target):
            yield from _distinct(walker.blocks(package.xml(target), _EDGES[kind]))
        elif kind in _NOTES and package.has(target):
            yield from _notes(package.xml(target), walker)


def _distinct(blocks: Iterator[Block]) -> Iterator[Block]:
    for block in blocks:
        # A bare page number says nothing.
        if any(sign.isalpha() for sign in block.text):
            yield block


def _notes(root: Element, walker: Walker) -> Iterator[Block]:
    for note in root:
        if note.get(W + "type") not in ("separator", "continuationSeparator"):
            yield from walker.blocks(note, "note")
