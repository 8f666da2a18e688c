"""The slides of an OpenDocument presentation (part 3, 9 and 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexer.limits import Limits
from indexer.readers.odf.body import Full, Walker
from indexer.readers.odf.inline import Lines
from indexer.readers.odf.lists import Lists
from indexer.readers.odf.names import DRAW, OFFICE, PRESENTATION, SVG
from indexer.readers.odf.notes import comment_text
from indexer.readers.odf.parts import Parts
from indexer.readers.odf.styles import Styles, points
from indexer.readers.package import Element
from indexer.readers.saved_pages import Pages
from indexer.readers.slides import Box, Item, Slide

#: Frames that are furniture: date, footer, page number.
_FURNITURE = frozenset({"date-time", "footer", "header", "page-number", "page"})
_GROUPS = frozenset({DRAW + "g", DRAW + "a"})
#: Groups inside groups; deeper ones are cut.
_DEEPEST = 40


class Deck:
    """The slides of one presentation, in order."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        styles = Styles(parts.styles, parts.content)
        lists = Lists()
        for root in (parts.styles, parts.content):
            lists.read(root)
        self._pages = parts.body("presentation").findall(DRAW + "page")
        self._walker = Walker(
            styles, lists, Lines(styles, Pages(), formulas=parts.formulas), limits
        )
        self._number = 0
        #: In Chinese, which limit was reached; "" for none.
        self.full = ""

    @property
    def objects(self) -> int:
        """How many charts, formulas and the like were met."""
        return self._walker.lines.objects

    def slides(self) -> Iterator[Slide]:
        """The slides, up to where a limit was reached."""
        for number, page in enumerate(self._pages, 1):
            if self.full:
                return
            self._number = number
            yield self._slide(page)

    def _slide(self, page: Element) -> Slide:
        lines = self._walker.lines
        lines.pictures, lines.comments = False, []
        notes: list[str] = []
        items: list[Item] = []
        try:
            items += self._items(page, 0)
            for holder in page.iterfind(PRESENTATION + "notes"):
                for item in self._items(holder, 0):
                    notes += item.all_texts()
            comments = [comment_text(given, self._walker) for given in lines.comments]
        except Full as full:
            self.full, comments = str(full), []
        texts = tuple(text for text in comments if text)
        return Slide(tuple(items), tuple(notes), texts, lines.pictures)

    def _items(self, holder: Element, depth: int) -> Iterator[Item]:
        """The shapes of a slide, a notes page or a group. Raises Full."""
        for child in holder:
            if child.tag in _GROUPS and depth < _DEEPEST:
                inner = tuple(self._items(child, depth + 1))
                if inner:
                    yield Item(_around(inner), items=inner)
            elif child.tag == OFFICE + "annotation":
                self._walker.lines.comments.append(child)
            elif child.tag.startswith(DRAW) and not _is_furniture(child):
                yield from self._item(child)

    def _item(self, shape: Element) -> Iterator[Item]:
        """The text of a shape, and the tables in it. Raises Full."""
        box = _box(shape)
        blocks = list(self._walker.blocks(shape))
        for block in blocks:
            if block.rows:
                yield Item(box, table=replace(block, page=self._number))
        plain = [block for block in blocks if not block.rows]
        if plain:
            title = shape.get(PRESENTATION + "class") == "title"
            size = max(plain, key=lambda block: len(block.text)).size
            texts = tuple(block.text for block in plain)
            yield Item(box, texts, "title" if title else "text", size)


def _is_furniture(shape: Element) -> bool:
    return (
        shape.get(PRESENTATION + "class") in _FURNITURE
        or shape.get(PRESENTATION + "placeholder") == "true"
        or shape.tag == DRAW + "page-thumbnail"
    )


def _box(shape: Element) -> Box | None:
    left, top, wide, high = (shape.get(SVG + key) for key in ("x", "y", "width", "height"))
    if left is None or top is None:
        return None
    x, y = points(left), points(top)
    return Box(x, y, x + points(wide), y + points(high))


def _around(items: tuple[Item, ...]) -> Box | None:
    boxes = [item.box for item in items if item.box is not None]
    if len(boxes) < len(items):
        return None
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
