"""Footnotes, endnotes and comments: a block each, apart from the text they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.readers.odf.body import Kind, Walker
from indexer.readers.odf.names import DC
from indexer.readers.package import Element
from indexer.reading import Block


def notes(walker: Walker) -> Iterator[Block]:
    """Footnotes, then endnotes, in the order of the text. Raises walker's Full."""
    for body in [*walker.lines.footnotes, *walker.lines.endnotes]:
        text = _text(body, walker, "note")
        if text:
            yield Block("note", text)


def comments(walker: Walker) -> Iterator[Block]:
    """The comments, each as 作者：文字. Raises walker's Full."""
    for given in list(walker.lines.comments):
        text = comment_text(given, walker)
        if text:
            yield Block("comment", text)


def comment_text(given: Element, walker: Walker) -> str:
    """An annotation as 作者：文字; "" for an empty one. Raises walker's Full."""
    author = given.find(DC + "creator")
    name = (author.text or "").strip() if author is not None else ""
    text = _text(given, walker, "comment")
    return f"{name}：{text}" if name and text else text


def _text(holder: Element, walker: Walker, kind: Kind) -> str:
    return "\n".join(block.text for block in walker.blocks(holder, kind))
