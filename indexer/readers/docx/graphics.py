"""Text in what is drawn: text boxes, WordArt, shapes of a canvas, diagrams and charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.readers.docx.styles import W
from indexer.readers.package import Element

_BOX = W + "txbxContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ART = "{urn:schemas-microsoft-com:vml}textpath"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_SHAPE_PARAGRAPH, _SHAPE_TEXT = f"{{{_DRAWING}main}}p", f"{{{_DRAWING}main}}t"
_SHAPE_BREAK = f"{{{_DRAWING}main}}br"
_DIAGRAM, _CHART = f"{{{_DRAWING}diagram}}relIds", f"{{{_DRAWING}chart}}chart"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WANTED = (_BOX, _ART, _SHAPE_PARAGRAPH, _DIAGRAM, _CHART)
_POINT = f"{{{_DRAWING}diagram}}pt"
_SERIES_TEXT, _CACHED = f"{{{_DRAWING}chart}}tx", f"{{{_DRAWING}chart}}v"
_CATEGORIES = (f"{{{_DRAWING}chart}}cat", f"{{{_DRAWING}chart}}xVal")
#: Points of a chart's axis that are kept; more is data, not text.
_POINTS = 200


@dataclass(frozen=True, slots=True)
class Linked:
    """A diagram or chart: its text is in another part, named by a relationship."""

    relation: str


Box = Element | str | Linked


def boxes(graphic: Element) -> list[Box]:
    """What has text in a w:drawing, w:pict or w:object: the content of text boxes, lines of
    WordArt and of shapes, and links to parts. What mc:Fallback repeats is left out."""
    found: list[Box] = []
    for inner in graphic.iter(*_WANTED):
        if _repeated(inner, graphic):
            continue
        tag = inner.tag
        if tag == _BOX:
            found.append(inner)
        elif tag == _ART:
            found.append(inner.get("string", ""))
        elif tag == _SHAPE_PARAGRAPH:
            found.append(_shape_line(inner))
        else:
            name = "dm" if tag == _DIAGRAM else "id"
            found.append(Linked(inner.get(_RELATION + name, "")))
    return found


def _repeated(inner: Element, graphic: Element) -> bool:
    """Whether `inner` stands in a fallback, or in a text box that is read as a whole."""
    for over in inner.iterancestors():
        if over is graphic:
            return False
        if over.tag in (_FALLBACK, _BOX):
            return True
    return False


def _shape_line(paragraph: Element) -> str:
    pieces = (
        "\n" if inner.tag == _SHAPE_BREAK else inner.text or ""
        for inner in paragraph.iter(_SHAPE_TEXT, _SHAPE_BREAK)
    )
    return "".join(pieces)


def part_lines(root: Element) -> Iterator[str]:
    """The text of a diagram's data part (its points in order) or of a chart part."""
    if root.tag.endswith("}dataModel"):
        for point in root.iter(_POINT):
            yield "\n".join(filter(None, map(_shape_line, point.iter(_SHAPE_PARAGRAPH))))
        return
    yield from map(_shape_line, root.iter(_SHAPE_PARAGRAPH))
    yield "\t".join(
        value.text or "" for given in root.iter(_SERIES_TEXT) for value in given.iter(_CACHED)
    )
    first = next(root.iter(*_CATEGORIES), None)
    if first is not None:
        values = [value.text or "" for value in first.iter(_CACHED)]
        yield "\t".join(values[:_POINTS])
