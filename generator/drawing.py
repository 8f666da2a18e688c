"""Pictures as DrawingML (ECMA-376 part 1, 20.4)."""

from __future__ import annotations

from html import escape

from generator.ooxml import R, W

WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
#: English metric units in a millimetre (20.1.10.16).
EMU = 36_000


def graphic(relation: str, number: int, words: str, width: int, height: int) -> str:
    """What a picture has wherever it stands: its name and alternative text, its bytes, its shape.
    `words`: any text; `width`, `height` in EMU."""
    words = escape(words)
    return (
        f'<wp:docPr id="{number}" name="{words}" descr="{words}"/>'
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}"><pic:pic xmlns:pic="{PIC}">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{words}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{R}" r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic>"
    )


def inline(relation: str, number: int, words: str, width: int, height: int) -> str:
    """A picture in a line of text."""
    return (
        f'<w:drawing xmlns:w="{W}"><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0"'
        f' distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f"{graphic(relation, number, words, width, height)}</wp:inline></w:drawing>"
    )
