"""Headers and footers that are seen (17.10): by section, page side and first page; each text once.

A header for even pages is kept in the file when the switch for it is off, and so is one for the
first page: nobody sees them then, and they are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from indexer.readers.docx.body import Walker
from indexer.readers.docx.parts import Parts
from indexer.readers.docx.styles import W, is_on
from indexer.readers.package import Element
from indexer.reading import Block

Edge = Literal["header", "footer"]
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EDGES: dict[str, Edge] = {W + "headerReference": "header", W + "footerReference": "footer"}


def edges(parts: Parts, walker: Walker) -> Iterator[Block]:
    """The headers, then the footers, in the order of the sections. Raises walker's Full."""
    seen = _seen_parts(parts, walker.sections)
    for kind in ("header", "footer"):
        texts: set[str] = set()
        for target in (target for edge, target in seen if edge == kind):
            for block in _blocks(parts, walker, kind, target):
                # A bare page number says nothing.
                if block.text not in texts and any(sign.isalpha() for sign in block.text):
                    texts.add(block.text)
                    yield block


def _blocks(parts: Parts, walker: Walker, kind: Edge, target: str) -> Iterator[Block]:
    root = parts.part(kind, target) if parts.package.has(target) else None
    if root is None:
        return
    walker.lines.fields.enter(root)
    with parts.inside(target):
        yield from walker.blocks(root, kind)


def _seen_parts(parts: Parts, sections: list[Element]) -> list[tuple[Edge, str]]:
    held: dict[tuple[Edge, str], str] = {}
    found: list[tuple[Edge, str]] = []
    named = False
    for section in sections:
        for child in section:
            edge = _EDGES.get(child.tag)
            if edge is not None:
                # A section without a reference keeps that of the section before.
                held[edge, child.get(W + "type", "default")] = child.get(_RELATION, "")
                named = True
        first = is_on(section, "titlePg", False)
        for (edge, kind), ident in held.items():
            if kind == "default" or (first if kind == "first" else _is_two_sided(parts)):
                found.append((edge, parts.target(ident)))
    return list(dict.fromkeys(found)) if named else _unnamed(parts)


def _is_two_sided(parts: Parts) -> bool:
    return is_on(parts.by_kind("settings"), "evenAndOddHeaders", False)


def _unnamed(parts: Parts) -> list[tuple[Edge, str]]:
    """Where no section names any, all there are: better a header too many than lost text."""
    kinds: dict[str, Edge] = {"header": "header", "footer": "footer"}
    return [(kinds[kind], target) for kind, target in parts.relations.values() if kind in kinds]
