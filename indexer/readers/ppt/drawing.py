"""The shapes of a slide ([MS-PPT] 2.7, [MS-ODRAW] 2.2): text, lettering, groups, tables."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from indexer.readers.ppt.grid import grid_block
from indexer.readers.ppt.records import (
    ANCHOR,
    CHILD_ANCHOR,
    DRAWING,
    EXTENDED,
    GROUP,
    HEADER_FOOTER_PLACE,
    MORE_OPTIONS,
    OLE_OBJECT,
    OPTIONS,
    PLACE,
    SHAPE,
    SHAPE_ATOM,
    SHAPE_DATA,
    SHAPES_OF_DRAWING,
    STYLE_9,
    TEXT_BOX,
    Record,
    Records,
)
from indexer.readers.ppt.texts import TITLES, Text, paragraphs, read_texts
from indexer.readers.slides import Box, Item, Role

#: Groups in groups; real slides have three at most.
_DEEPEST = 40

#: Placeholders ([MS-PPT] PlaceholderEnum): the slide's own titles; date, number, footer, header
#: and the small picture of the slide on a notes page, which are furniture.
_TITLE_PLACES = frozenset({0x0D, 0x0F, 0x11})
_FURNITURE = frozenset({0x05, 0x07, 0x08, 0x09, 0x0A, 0x0B})
_FOOTERS = frozenset({0x07, 0x09})

#: Shape types ([MS-ODRAW] MSOSPT) and properties (2.3).
_LINE, _PICTURE_FRAME = 20, 75
_PICTURE, _LETTERING, _FILL_PICTURE, _TABLE = 0x0104, 0x00C0, 0x0186, 0x039F
_DELETED = 0x08


@dataclass(slots=True)
class _Shape:
    """What the records of one shape say."""

    box: Box | None = None
    kind: int = 0
    deleted: bool = False
    place: int = 0
    picture: bool = False
    table: bool = False
    lettering: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()


class Drawing:
    """The shapes of one slide or notes page. `outline` are the texts that the document itself
    keeps for this slide. After `items`, `pictures` says whether there were any, and `footers` are
    the texts in places for date and footer."""

    def __init__(self, records: Records, page: int, outline: Sequence[Text] = ()) -> None:
        self._records = records
        self._page = page
        self._outline = outline
        self._used: set[int] = set()
        self.pictures = False
        self.footers: list[str] = []

    def items(self, slide: Record) -> tuple[Item, ...]:
        drawn: tuple[Item, ...] = ()
        for kind in (DRAWING, SHAPES_OF_DRAWING, GROUP):
            found = self._records.first(slide, kind)
            if found is None:
                break
            slide = found
        else:
            drawn = tuple(self._group(slide, 0).items)
        shown = set(_paragraphs(drawn))
        loose = tuple(
            Item(None, text.paragraphs, _role(text, 0), text.size)
            for at, text in enumerate(self._outline)
            if at not in self._used and text.paragraphs and not shown.issuperset(text.paragraphs)
        )
        return (*loose, Item(None, items=drawn)) if loose else drawn

    def _group(self, group: Record, depth: int) -> Item:
        own: _Shape | None = None
        items: list[Item] = []
        kinds: list[int] = []
        for record in self._records.inside(group):
            if record.kind == SHAPE:
                shape = self._shape(record)
                if own is None:
                    own = shape  # the first shape is the group itself
                elif shape.place in _FURNITURE:
                    self._read_footer(shape)
                elif not shape.deleted:
                    items.append(self._item(shape))
                    kinds.append(shape.kind)
            elif record.kind == GROUP and depth < _DEEPEST:
                items.append(self._group(record, depth + 1))
                kinds.append(0)
        box = own.box if own is not None else None
        if own is not None and own.table:
            cells = [item for item, kind in zip(items, kinds, strict=True) if kind != _LINE]
            table = grid_block(cells, self._page)
            if table is not None:
                return Item(box, table=table)
        return Item(
            box, items=tuple(item for item in items if item.texts or item.items or item.table)
        )

    def _read_footer(self, shape: _Shape) -> None:
        if shape.place in _FOOTERS and not shape.deleted:
            self.footers += [line for text in shape.texts for line in text.paragraphs]

    def _item(self, shape: _Shape) -> Item:
        self.pictures = self.pictures or shape.picture
        texts = [self._resolved(text) for text in shape.texts]
        lines = tuple(line for text in texts for line in text.paragraphs)
        if not lines and shape.lettering:
            return Item(shape.box, shape.lettering, "art")
        roles = {_role(text, shape.place) for text in texts}
        size = max((text.size for text in texts), default=0.0)
        return Item(shape.box, lines, "title" if "title" in roles else "text", size)

    def _resolved(self, text: Text) -> Text:
        if not 0 <= text.outline < len(self._outline):
            return text
        self._used.add(text.outline)
        return self._outline[text.outline]

    def _shape(self, record: Record) -> _Shape:
        shape = _Shape()
        data: Record | None = None
        text_box: Record | None = None
        for part in self._records.inside(record):
            if part.kind == SHAPE_ATOM:
                shape.kind = part.instance
                shape.deleted = bool(self._records.number(part, 4) & _DELETED)
                shape.picture = shape.picture or part.instance == _PICTURE_FRAME
            elif part.kind in (ANCHOR, CHILD_ANCHOR):
                shape.box = _box(self._records, part)
            elif part.kind in (OPTIONS, MORE_OPTIONS):
                self._read_options(shape, part)
            elif part.kind == SHAPE_DATA:
                self._read_data(shape, part)
                data = part
            elif part.kind == TEXT_BOX:
                text_box = part
        if text_box is not None:
            extension = self._extension(data)
            inside = self._records.inside(text_box)
            shape.texts = tuple(read_texts(self._records, inside, lambda at: extension))
        return shape

    def _extension(self, data: Record | None) -> bytes:
        for record in self._records.tagged(data, EXTENDED) if data is not None else ():
            if record.kind == STYLE_9:
                return self._records.payload(record)
        return b""

    def _read_data(self, shape: _Shape, part: Record) -> None:
        for record in self._records.inside(part):
            if record.kind == PLACE:
                shape.place = self._records.number(record, 4, "<B")
            elif record.kind == HEADER_FOOTER_PLACE:
                shape.place = shape.place or self._records.number(record, 0, "<B")
            elif record.kind == OLE_OBJECT:
                shape.picture = True

    def _read_options(self, shape: _Shape, part: Record) -> None:
        for name, value, data in _options(self._records, part):
            if name == _TABLE:
                shape.table = bool(value & 1)
            elif name in (_PICTURE, _FILL_PICTURE):
                shape.picture = shape.picture or value != 0
            elif name == _LETTERING:
                shape.lettering = paragraphs(data)


def _role(text: Text, place: int) -> Role:
    return "title" if place in _TITLE_PLACES or text.kind in TITLES else "text"


def _paragraphs(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        yield from chain(item.texts, _paragraphs(item.items))


def _box(records: Records, anchor: Record) -> Box | None:
    """Top, left, right, bottom in two bytes each or four; of a shape in a group left and top
    first, four bytes each ([MS-PPT] OfficeArtClientAnchor,
    [MS-ODRAW] OfficeArtChildAnchor)."""
    small = anchor.end - anchor.start < 16
    if anchor.end - anchor.start < 8:
        return None
    first, second, right, bottom = struct.unpack_from(
        "<4h" if small else "<4i", records.data, anchor.start
    )
    left, top = (first, second) if anchor.kind == CHILD_ANCHOR else (second, first)
    return Box(left, top, right, bottom)


def _options(records: Records, part: Record) -> Iterator[tuple[int, int, bytes]]:
    """(property, value, data): as many pairs as the record's instance says, then the data of
    those that are complex, in their order ([MS-ODRAW] OfficeArtRGFOPTE)."""
    count = min(part.instance, (part.end - part.start) // 6)
    at = part.start + 6 * count
    for name, value in struct.iter_unpack("<HI", records.data[part.start : at]):
        size = value if name & 0x8000 else 0
        yield name & 0x3FFF, value, records.data[at : at + size] if size <= part.end - at else b""
        at += size
