"""The pages of one document: what each draws itself, what its templates lend it, its notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.readers.layout.grids import grids
from indexer.readers.layout.signs import RIGHT, Sign
from indexer.readers.ofd import notes
from indexer.readers.ofd.container import Container, Document, child, children
from indexer.readers.ofd.content import Budget, Drawing, Painter
from indexer.readers.package import Element

_TEMPLATE = re.compile(rb"""\bTemplateID\s*=\s*["']\s*(\w+)""")


@dataclass(slots=True)
class Page:
    """`drawing` is the page with its templates; `header` and `footer` are the characters of
    templates that other pages use too, above and below the page's own text."""

    drawing: Drawing = field(default_factory=Drawing)
    header: list[Sign] = field(default_factory=list)
    footer: list[Sign] = field(default_factory=list)
    notes: list[notes.Annotation] = field(default_factory=list)
    #: A template was named that is not there.
    incomplete: bool = False


class Pages:
    """The pages of `document` in order. `most` is how many of them will be asked for."""

    def __init__(self, container: Container, document: Document, budget: Budget, most: int) -> None:
        self._container = container
        self._document = document
        self._budget = budget
        self.resources = container.resources(document)
        self.tags = notes.tags(container, document)
        wanted = frozenset(ident for idents in self.tags.values() for ident in idents)
        self._painter = Painter(self.resources, budget, wanted)
        self._notes = notes.annotation_parts(container, document)
        self._listed = list(children(child(document.root, "Pages"), "Page"))
        common = child(document.root, "CommonData")
        self._template_parts = {
            given.get("ID", ""): container.place(given.get("BaseLoc", ""), document.part)
            for given in children(common, "TemplatePage")
        }
        self._templates: dict[str, Drawing | None] = {}
        self._uses = self._count_uses(most)

    def __len__(self) -> int:
        return len(self._listed)

    def _count_uses(self, most: int) -> Counter[str]:
        """How many pages use each template; one page's template needs no counting."""
        uses: Counter[str] = Counter()
        if not self._template_parts or len(self._listed) < 2:
            return uses
        for listed in self._listed[:most]:
            part = self._part(listed)
            if part:
                found = _TEMPLATE.findall(self._container.data(part))
                uses.update({ident.decode("ascii", "replace") for ident in found})
        return uses

    def _part(self, listed: Element) -> str:
        return self._container.place(listed.get("BaseLoc", ""), self._document.part)

    def page(self, at: int) -> Page | None:
        """The page at index `at`; None where it is missing or broken. Raises Overrun, ReadError."""
        self._budget.turn()
        listed = self._listed[at]
        part = self._part(listed)
        root = self._container.xml(part)
        if root is None:
            return None
        for given in children(root, "PageRes"):
            self._container.add_resources(self.resources, given.text or "", part)
        page, own = Page(), Drawing()
        for content in children(root, "Content"):
            self._painter.draw(content, own)
        for given in children(root, "Template"):
            self._lend(given.get("TemplateID", ""), own, page)
        page.drawing.add(own)
        page.notes = list(self._annotations(listed.get("ID", "")))
        return page

    def _lend(self, ident: str, own: Drawing, page: Page) -> None:
        template = self._template(ident)
        if template is None:
            page.incomplete = True
            return
        self._budget.take(sum(map(len, template.signs.values())))
        edges = _edges(template, own) if self._uses[ident] > 1 else ([], [])
        page.header += edges[0]
        page.footer += edges[1]
        page.drawing.add(template)
        taken = set(map(id, (*edges[0], *edges[1])))
        if taken:
            kept = [sign for sign in page.drawing.signs[RIGHT] if id(sign) not in taken]
            page.drawing.signs[RIGHT] = kept

    def _template(self, ident: str) -> Drawing | None:
        if ident not in self._templates:
            root = self._container.xml(self._template_parts.get(ident, ""))
            drawing = Drawing() if root is not None else None
            for content in children(root, "Content"):
                self._painter.draw(content, drawing or Drawing())
            self._templates[ident] = drawing
        return self._templates[ident]

    def _annotations(self, ident: str) -> Iterator[notes.Annotation]:
        for part in self._notes.get(ident, ()):
            root = self._container.xml(part)
            if root is not None:
                yield from notes.read_annotations(root, self._painter)


def _edges(template: Drawing, own: Drawing) -> tuple[list[Sign], list[Sign]]:
    """The characters of a template above and below all of the page's own, tables left whole."""
    places = [sign.y for sign in own.signs.get(RIGHT, ()) if sign.sign != " "]
    if not places:
        return [], []
    top, bottom = min(places), max(places)
    tables = [grid for grid in grids(own.rules + template.rules) if not grid.single]
    free = [
        sign
        for sign in template.signs.get(RIGHT, ())
        if not any(table.holds(sign.x, sign.y) for table in tables)
    ]
    return (
        [sign for sign in free if sign.y < top - sign.size],
        [sign for sign in free if sign.y > bottom + sign.size],
    )
