"""A paper as slides: flat OpenDocument (ODF 1.3 part 3), of which LibreOffice makes a .pptx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from bench.readers.pages import continued
from yanxiu.demo.papers import Line

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("draw", "drawing"), ("text", "text"),
        ("table", "table"), ("presentation", "presentation"), ("svg", "svg-compatible"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document {_SPACES} office:version="1.3" '
    'office:mimetype="application/vnd.oasis.opendocument.presentation"><office:automatic-styles>'
    '<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="28cm" '
    'fo:page-height="21cm"/></style:page-layout></office:automatic-styles><office:master-styles>'
    '<style:master-page style:name="M" style:page-layout-name="P"/></office:master-styles>'
    "<office:body><office:presentation>"
)
_TAIL = "</office:presentation></office:body></office:document>\n"


def document(lines: Sequence[Line]) -> bytes:
    """The title's slide, then one for each heading; a table gets one of its own."""
    pages = "".join(_page(number, slide) for number, slide in enumerate(_slides(lines), 1))
    return f"{_HEAD}{pages}{_TAIL}".encode()


def _slides(lines: Sequence[Line]) -> Iterator[list[Line]]:
    slide: list[Line] = []
    for line in lines:
        if slide and (line.kind in ("heading", "table") or slide[-1].kind == "table"):
            yield slide
            slide = []
        slide.append(line)
    yield slide


def _page(number: int, slide: Sequence[Line]) -> str:
    shapes = "".join(_shape(line, 1 + 3 * at) for at, line in enumerate(slide))
    return f'<draw:page draw:name="s{number}" draw:master-page-name="M">{shapes}</draw:page>'


def _shape(line: Line, top: int) -> str:
    frame = f'<draw:frame svg:x="2cm" svg:y="{top}cm" svg:width="24cm" svg:height="2cm"'
    if line.kind == "table":
        return f"{frame}>{_table(line.rows)}</draw:frame>"
    kind = "title" if line.kind in ("title", "heading") else "outline"
    return (
        f'{frame} presentation:class="{kind}" presentation:user-transformed="true"><draw:text-box>'
        f"<text:p>{escape(line.text)}</text:p></draw:text-box></draw:frame>"
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    columns = max(len(row) for row in rows)
    body = "".join(_row(rows, at, columns) for at in range(len(rows)))
    wide = f'<table:table-column table:number-columns-repeated="{columns}"/>'
    return f"<table:table>{wide}{body}</table:table>"


def _row(rows: Sequence[Sequence[str]], at: int, columns: int) -> str:
    row = rows[at]
    cells = []
    for place, text in enumerate(row):
        if text == "^":
            cells.append("<table:covered-table-cell/>")
            continue
        wide = columns - len(row) + 1 if place == len(row) - 1 else 1
        cells.append(_cell(text, wide, 1 + continued(rows, at, place)))
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(text: str, wide: int, deep: int) -> str:
    across = f' table:number-columns-spanned="{wide}"' if wide > 1 else ""
    down = f' table:number-rows-spanned="{deep}"' if deep > 1 else ""
    return (
        f"<table:table-cell{across}{down}><text:p>{escape(text)}</text:p></table:table-cell>"
        + "<table:covered-table-cell/>" * (wide - 1)
    )
