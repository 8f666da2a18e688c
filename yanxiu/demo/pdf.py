"""A plain .pdf with a text layer: one font by name, as ISO 32000-1, 9.7.5.2 allows for Chinese.

Enough for a benchmark that needs thousands of different ones; those in `binaries/` have their
fonts embedded, as an office's have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yanxiu.demo.papers import Line

#: A4 in points, with the margins and type size of an ordinary letter.
WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 595, 842, 72, 12, 22
CHARACTERS = (WIDTH - 2 * MARGIN) // SIZE
ROWS = (HEIGHT - 2 * MARGIN) // LEADING
FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-UniGB-UCS2-H/Encoding/UniGB-UCS2-H"
    "/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000"
    "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
    "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880"
    "/StemV 93>>>>]>>"
)


def document(lines: Iterable[Line]) -> bytes:
    """A .pdf of these lines, wrapped by character; a table's row is one line of text."""
    rows = [piece for line in lines for text in _texts(line) for piece in _wrap(text)]
    pages = [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)] or [[]]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        FONT,
    ]
    for number, page in enumerate(pages):
        objects += [_page(5 + 2 * number), _stream(page)]
    return _file(objects)


def _texts(line: Line) -> list[str]:
    if line.kind != "table":
        return ["　　" + line.text if line.kind == "paragraph" else line.text]
    return ["　".join(row) for row in line.rows]


def _wrap(text: str) -> list[str]:
    return [text[i : i + CHARACTERS] for i in range(0, len(text), CHARACTERS)]


def _page(content: int) -> str:
    return (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
        f"/Resources<</Font<</F1 3 0 R>>>>/Contents {content} 0 R>>"
    )


def _stream(rows: Sequence[str]) -> str:
    shown = " T* ".join(f"<{row.encode('utf-16-be').hex()}> Tj" for row in rows)
    text = f"BT /F1 {SIZE} Tf {LEADING} TL {MARGIN} {HEIGHT - MARGIN} Td {shown} ET"
    return f"<</Length {len(text)}>>stream\n{text}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start, count = len(out), len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode("ascii")
    out += f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)
