"""The shapes of a slide (ECMA-376 part 1, 19.3.1), with places from the layout where they have
none of their own. A layout's and a master's own text is furniture and is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indexer.errors import ReadError
from indexer.readers.package import Element, Package
from indexer.readers.pptx.frames import chart_lines, diagram, table
from indexer.readers.pptx.layouts import Layouts, box_of
from indexer.readers.pptx.names import DGM, MC, A, C, P, R
from indexer.readers.pptx.paragraphs import read_paragraphs, text_size
from indexer.readers.slides import USUAL_SIZE, Item, Role

_TITLES = ("title", "ctrTitle")
#: Placeholders that are furniture: date, footer, slide number, header, the slide on its notes.
_FOOTERS = ("dt", "ftr")
_FURNITURE = ("dt", "ftr", "sldNum", "hdr", "sldImg")


class Shapes:
    """Reads the shapes of one slide or notes page. `lost`: a diagram or chart could not be read;
    `footers`: what was written by hand into the places for date and footer."""

    def __init__(self, package: Package, part: str, page: int, layouts: Layouts) -> None:
        self._package = package
        self._relations = package.relations(part)
        self._page = page
        self._layouts = layouts
        self.lost = False
        self.footers: list[str] = []

    def related(self, kind: str) -> Iterator[str]:
        """The parts of a kind that belong to this one."""
        for found, target in self._relations.values():
            if found == kind and self._package.has(target):
                yield target

    def items(self, root: Element) -> tuple[Item, ...]:
        tree = root.find(f"{P}cSld/{P}spTree")
        return tuple(self._items(tree)) if tree is not None else ()

    def _items(self, holder: Element) -> Iterator[Item]:
        for child in holder:
            if child.tag == P + "sp":
                yield from self._shape(child)
            elif child.tag == P + "grpSp":
                items = tuple(self._items(child))
                if items:
                    yield Item(box_of(child.find(f"{P}grpSpPr/{A}xfrm")), items=items)
            elif child.tag == P + "graphicFrame":
                yield from self._frame(child)
            elif child.tag == MC + "AlternateContent":
                yield from self._alternative(child)

    def _alternative(self, given: Element) -> Iterator[Item]:
        """The first way of writing it in which there is something to read."""
        for way in given.iterchildren(MC + "Choice", MC + "Fallback"):
            items = list(self._items(way))
            if items:
                yield from items
                return

    def _shape(self, shape: Element) -> Iterator[Item]:
        place = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        role = place.get("type", "") if place is not None else ""
        body = shape.find(P + "txBody")
        texts = tuple(read_paragraphs(body)) if body is not None else ()
        if role in _FOOTERS and next(shape.iter(A + "fld"), None) is None:
            self.footers += texts
        if not texts or role in _FURNITURE:
            return
        box = box_of(shape.find(f"{P}spPr/{A}xfrm"))
        if box is None and place is not None:
            box = self._layouts.box(self._relations, role, place.get("idx", ""))
        usual = USUAL_SIZE if place is None else 0.0
        yield Item(box, texts, _role(role, body), text_size(body, usual))

    def _frame(self, frame: Element) -> Iterator[Item]:
        box = box_of(frame.find(P + "xfrm"))
        given = next(frame.iter(A + "tbl", DGM + "relIds", C + "chart"), frame)
        if given.tag == A + "tbl":
            block = table(given, self._page)
            if block is not None and block.text:
                yield Item(box, table=block)
            return
        if given.tag == DGM + "relIds":
            texts = tuple(self._linked(given.get(R + "dm", ""), diagram))
        elif given.tag == C + "chart":
            texts = tuple(self._linked(given.get(R + "id", ""), chart_lines))
        else:
            texts = tuple(read_paragraphs(frame))
        if texts:
            yield Item(box, texts)

    def _linked(self, ident: str, read: Callable[[Element], Iterator[str]]) -> Iterator[str]:
        _, target = self._relations.get(ident, ("", ""))
        try:
            if target and self._package.has(target):
                yield from filter(None, read(self._package.xml(target)))
        except ReadError as error:
            if error.code != "corrupt":
                raise
            self.lost = True


def _role(placeholder: str, body: Element) -> Role:
    if placeholder in _TITLES:
        return "title"
    warp = body.find(f"{A}bodyPr/{A}prstTxWarp")
    return "art" if warp is not None and warp.get("prst") != "textNoShape" else "text"
