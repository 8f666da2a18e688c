"""The slides of a package in their order, each with its notes and comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from indexer.errors import ReadError
from indexer.readers.broken_packages import recovered
from indexer.readers.package import Element, Package, transitional
from indexer.readers.pptx.layouts import Layouts
from indexer.readers.pptx.names import A, P, R
from indexer.readers.pptx.paragraphs import read_paragraphs
from indexer.readers.pptx.shapes import Shapes
from indexer.readers.slides import Slide


class Deck:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part("ppt/presentation.xml")
        self._relations = package.relations(self._main)
        self._layouts = Layouts(package)
        self._names: dict[str, str] | None = None
        #: Whether a part of the list of slides is missing; known when `slides` was drawn on.
        self.is_broken = False

    def slides(self) -> Iterator[Slide]:
        """Raises ReadError, but not for one slide that is damaged or missing."""
        root, self.is_broken = self._root(self._main)
        for page, entry in enumerate(root.iter(P + "sldId"), 1):
            _, part = self._relations.get(entry.get(R + "id", ""), ("", ""))
            try:
                yield self._slide(part, page)
            except KeyError:
                yield Slide(damaged=True)
            except ReadError as error:
                if error.code != "corrupt":
                    raise
                yield Slide(damaged=True)

    def _slide(self, part: str, page: int) -> Slide:
        root, broken = self._root(part)
        shapes = Shapes(self._package, part, page, self._layouts)
        items = shapes.items(root)
        notes, some_lost = _all(shapes.related("notesSlide"), self._notes)
        comments, more_lost = _all(shapes.related("comments"), self._comments)
        tree = root.find(f"{P}cSld/{P}spTree")
        pictures = tree is not None and next(tree.iter(P + "pic", A + "blip"), None) is not None
        return Slide(
            items=items,
            notes=notes,
            comments=comments,
            footers=tuple(shapes.footers),
            pictures=pictures,
            damaged=broken and not items,
            broken=broken and bool(items),
            lost=shapes.lost or some_lost or more_lost,
        )

    def _root(self, part: str) -> tuple[Element, bool]:
        """The root of a part as far as it parses, and whether something is missing."""
        try:
            return self._package.xml(part), False
        except ReadError as error:
            if error.code != "corrupt":
                raise
        return recovered(transitional(self._package.data(part)))

    def _notes(self, part: str) -> Iterator[str]:
        for item in Shapes(self._package, part, 0, self._layouts).items(self._package.xml(part)):
            yield from item.all_texts()

    def _comments(self, part: str) -> Iterator[str]:
        """Remarks and the answers to them as 作者：文字, in the form of 2007 (ECMA-376 part 1,
        19.4) or of 2018 ([MS-PPTX] CT_Comment)."""
        for element in self._package.xml(part).iter("{*}cm", "{*}reply"):
            space = f"{{{etree.QName(element).namespace}}}"
            body = element.find(space + "txBody")
            text = element.findtext(space + "text", "").strip()
            if body is not None:
                text = "\n".join(read_paragraphs(body))
            if text:
                author = self._authors().get(element.get("authorId", ""), "")
                yield f"{author}：{text}" if author else text

    def _authors(self) -> dict[str, str]:
        if self._names is None:
            self._names = {}
            for kind, part in self._relations.values():
                if kind in ("commentAuthors", "authors") and self._package.has(part):
                    for author in self._package.xml(part).iter("{*}cmAuthor", "{*}author"):
                        self._names[author.get("id", "")] = author.get("name", "").strip()
        return self._names


def _all(
    parts: Iterator[str], read: Callable[[str], Iterator[str]]
) -> tuple[tuple[str, ...], bool]:
    """The texts of all these parts, and whether one of them is damaged."""
    texts: list[str] = []
    damaged = False
    for part in parts:
        try:
            texts += read(part)
        except ReadError as error:
            if error.code != "corrupt":
                raise
            damaged = True
    return tuple(texts), damaged
