"""Slides of 2007 and later: .pptx, .pptm. A slide is a page; its title is a heading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Element, Package, core_properties
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block, Reading

FORMATS = ("pptx",)

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_TITLES = ("title", "ctrTitle")
#: Placeholders that are furniture: date, footer, slide number.
_FURNITURE = ("dt", "ftr", "sldNum", "hdr", "sldImg")


def read(path: Path, limits: Limits) -> Reading:
    """All slides in order, each followed by its notes. Raises ReadError: corrupt, too_large."""
    with Package(path, limits) as package:
        main = package.main_part("ppt/presentation.xml")
        blocks: list[Block] = []
        left_out: list[str] = []
        characters = 0
        for number, part in enumerate(_slides(package, main), 1):
            if number > limits.pages or characters > limits.characters:
                left_out.append(f"第 {number} 页起没有读，文件太长")
                break
            found, pictures = _slide(package, part, number)
            if pictures and not found:
                left_out.append(f"第 {number} 页是图片，没有文字")
            characters += sum(len(block.text) for block in found)
            blocks += found
        return Reading(
            format="pptx",
            status="partial" if left_out else "complete",
            blocks=tuple(blocks),
            metadata=core_properties(package),
            left_out=tuple(left_out),
        )


def _slides(package: Package, main: str) -> Iterator[str]:
    relations = package.relations(main)
    for entry in package.xml(main).iter(P + "sldId"):
        _, target = relations.get(entry.get(R + "id", ""), ("", ""))
        if target and package.has(target):
            yield target


def _slide(package: Package, part: str, number: int) -> tuple[list[Block], bool]:
    root = package.xml(part)
    blocks = list(_shapes(root, number))
    # The title leads, wherever it lies in the order of drawing.
    blocks.sort(key=lambda block: block.kind != "heading")
    for kind, target in package.relations(part).values():
        if kind == "notesSlide" and package.has(target):
            blocks += _notes(package, target, number)
    return blocks, next(root.iter(P + "pic"), None) is not None


def _notes(package: Package, part: str, number: int) -> Iterator[Block]:
    try:
        root = package.xml(part)
    except ReadError:
        return  # the slide itself was read
    for shape in root.iter(P + "sp"):
        if _placeholder(shape) not in _FURNITURE:
            for text in _texts(shape):
                yield Block("note", text, page=number)


def _shapes(holder: Element, number: int) -> Iterator[Block]:
    for child in holder:
        if child.tag == P + "sp":
            yield from _shape(child, number)
        elif child.tag == A + "tbl":
            block = table_block([list(_cells(row)) for row in child.iter(A + "tr")], page=number)
            if block is not None and block.text:
                yield block
        elif child.tag != _FALLBACK and len(child):
            yield from _shapes(child, number)


def _shape(shape: Element, number: int) -> Iterator[Block]:
    role = _placeholder(shape)
    if role in _FURNITURE:
        return
    texts = list(_texts(shape))
    if role in _TITLES and texts:
        level = 0 if number == 1 else 1
        yield Block("heading", " ".join(texts), level, page=number, by="style", centred=True)
        return
    for text in texts:
        yield Block("paragraph", text, page=number)


def _placeholder(shape: Element) -> str:
    given = next(shape.iter(P + "ph"), None)
    return str(given.get("type", "body")) if given is not None else ""


def _texts(holder: Element) -> Iterator[str]:
    for paragraph in holder.iter(A + "p"):
        pieces = []
        for leaf in paragraph.iter(A + "t", A + "br"):
            pieces.append("\n" if leaf.tag == A + "br" else leaf.text or "")
        text = "".join(pieces).replace("\x0b", "\n").strip()
        if text:
            yield text


def _cells(row: Element) -> Iterator[Cell]:
    for cell in row.iter(A + "tc"):
        if cell.get("hMerge") in ("1", "true"):
            continue  # counted in the span of the cell it continues
        span = cell.get("gridSpan", "1")
        wide = min(int(span), MAX_COLUMNS) if span.isdigit() else 1
        text = "\n".join(_texts(cell))
        yield Cell(text, max(wide, 1), cell.get("vMerge") in ("1", "true") and not text)
