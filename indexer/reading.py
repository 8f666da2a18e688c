"""`Reading`: what a reader found in one file, as plain values that travel between the rooms.

A reading crosses a process border as JSON (`to_json` / `from_json`), never as pickle.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "table", "header", "footer", "note", "comment"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, in reading order.

    `text` of a table is its cells joined by tabs and its rows by newlines, a merged cell once.
    `level` is 0 save for headings: 0 is then the title of the document, 1 the outermost heading.
    `page` counts from 1, None where the format has no pages. `sheet` names a spreadsheet's sheet.
    A `note` is a footnote, an endnote or a slide's notes; a `comment` is what a reader wrote in
    the margin, no part of the paper.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    bold: bool = False
    centred: bool = False
    sheet: str = ""
    #: Why this is a heading: "style", "numbering", "bold" (bold or centred), "size", "label" (a
    #: word before a colon or alone on its line), "cell"; "" for what is none.
    by: str = ""
    #: How many characters at the start of `text` are bold where the rest is not (a bold lead-in).
    lead: int = 0
    #: The size in points that most of its characters have, 0 where it is not known.
    size: float = 0.0
    #: (row, column) of places in `rows` that belong to a merged cell begun further left or above;
    #: their text is "".
    merged: tuple[tuple[int, int], ...] = ()
    #: How many of the first rows the author marked as the table's head.
    header_rows: int = 0
    #: Where it stands, for people: 第 3 段, 表 1, 第 2 页, 页眉, 批注. Set by `readers.finish`.
    place: str = ""


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A heading of the document. `block` is the index into `Reading.blocks` where it stands;
    `body` is the text that belongs to it up to the next heading of the same or a higher level
    (sub-headings included), the next number of its own list, or the signature; for a label cell
    of a table form it is the text of the cells beside it.
    `place` is for people: 第 3 段, 表 1 第 2 行, 第 2 页.
    """

    level: int
    title: str
    block: int
    place: str
    body: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file holds. `status` is "complete", or "partial" with the reasons in `left_out`.

    `fields` are label -> value pairs as they stand in the document (学校：…, a label cell and
    the cell to its right), first occurrence wins, labels with all white space removed.
    `metadata` holds title, author, created, modified (ISO 8601), pages and custom properties
    (key `custom:NAME`) where the format has them. `identifier` is the core property of a form.
    `scanned` are the pages (from 1) that are pictures of text and were not recognised yet: see
    `indexer.ocr`. `codes` are the texts of QR codes found on the pages. `picture` is the first
    page as PNG, only where it was asked for and the format can be drawn. `drawn` tells whether
    pictures, shapes or ink stand in the text itself, None where the format does not tell.
    """

    format: str
    status: Literal["complete", "partial"]
    blocks: tuple[Block, ...]
    outline: tuple[OutlineItem, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    scanned: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    picture: bytes = b""
    drawn: bool | None = None

    @property
    def text(self) -> str:
        """The whole text in reading order, one block a line group; headers and footers last.
        Without comments: they are no part of the paper."""
        body = [b.text for b in self.blocks if b.kind not in ("header", "footer", "comment")]
        edge = [b.text for b in self.blocks if b.kind in ("header", "footer")]
        return "\n".join(t for t in body + edge if t)

    @property
    def title(self) -> str:
        """The document's own title line, "" where none was found."""
        for item in self.outline:
            if item.level == 0:
                return item.title
        return ""

    def to_json(self) -> dict[str, Any]:
        # Not dataclasses.asdict: it copies every string's container and takes 20 times as long.
        return {
            "format": self.format,
            "status": self.status,
            "blocks": [_values(block) for block in self.blocks],
            "outline": [_values(item) for item in self.outline],
            "fields": dict(self.fields),
            "metadata": dict(self.metadata),
            "left_out": list(self.left_out),
            "scanned": list(self.scanned),
            "codes": list(self.codes),
            "picture": base64.b64encode(self.picture).decode("ascii"),
            "drawn": self.drawn,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        blocks = tuple(
            Block(
                **{
                    **b,
                    "rows": tuple(tuple(row) for row in b.get("rows", ())),
                    "merged": tuple((row, column) for row, column in b.get("merged", ())),
                }
            )
            for b in data["blocks"]
        )
        return cls(
            format=data["format"],
            status=data["status"],
            blocks=blocks,
            outline=tuple(OutlineItem(**o) for o in data.get("outline", ())),
            fields=dict(data.get("fields", {})),
            metadata=dict(data.get("metadata", {})),
            left_out=tuple(data.get("left_out", ())),
            scanned=tuple(data.get("scanned", ())),
            codes=tuple(data.get("codes", ())),
            picture=base64.b64decode(data.get("picture", "")),
            drawn=data.get("drawn"),
        )


def _values(item: Block | OutlineItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}
