"""Footnotes, endnotes and comments: a block each, apart from the text they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.readers.docx.body import Kind, Walker
from indexer.readers.docx.parts import Parts
from indexer.readers.docx.styles import W
from indexer.readers.package import Element
from indexer.reading import Block

_KINDS = {"footnotes": W + "footnoteReference", "endnotes": W + "endnoteReference"}
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def notes(parts: Parts, walker: Walker, body: Element) -> Iterator[Block]:
    """Footnotes, then endnotes, in the order in which the text refers to them.

    A note whose mark was deleted is gone with it. Where the text is damaged, or refers to no note
    at all though there are some, the marks prove nothing, and all are read. Raises walker's Full.
    """
    referred = dict.fromkeys(walker.lines.notes)
    for kind, mark in _KINDS.items():
        root, target = _part(parts, kind)
        if root is None:
            continue
        given = {
            note.get(W + "id", ""): note for note in root if note.get(W + "type") not in _SEPARATORS
        }
        wanted = [ident for name, ident in referred if name == kind]
        if given and (parts.damaged or next(body.iter(mark), None) is None):
            wanted = list(given)
        walker.lines.fields.enter(root)
        with parts.inside(target):
            for ident in wanted:
                if ident in given:
                    yield from _one(given[ident], walker, "note")


def comments(parts: Parts, walker: Walker) -> Iterator[Block]:
    """The comments, each as 作者：文字. Raises walker's Full."""
    root, target = _part(parts, "comments")
    if root is None:
        return
    walker.lines.fields.enter(root)
    with parts.inside(target):
        for comment in root:
            author = (comment.get(W + "author") or "").strip()
            yield from _one(comment, walker, "comment", f"{author}：" if author else "")


def _part(parts: Parts, kind: str) -> tuple[Element | None, str]:
    for found, target in parts.relations.values():
        if found == kind and parts.package.has(target):
            return parts.part(kind, target), target
    return None, ""


def _one(holder: Element, walker: Walker, kind: Kind, before: str = "") -> Iterator[Block]:
    text = "\n".join(block.text for block in walker.blocks(holder, kind))
    if text:
        yield Block(kind, before + text)
