"""A paper as a web page, as an editor on a school's site saves it: in Chinese encodings, too."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from yanxiu.demo.papers import Line

TAGS = {"title": "h1", "heading": "h2", "subheading": "h3"}


def document(lines: Sequence[Line], encoding: str) -> bytes:
    """`encoding`: of the bytes; the page names it as such pages do (gb2312 for gb18030)."""
    named = "gb2312" if encoding == "gb18030" else encoding
    body = "\n".join(_table(line.rows) if line.kind == "table" else _line(line) for line in lines)
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={named}">'
        f"</head>\n<body>\n{body}\n</body></html>\n"
    )
    return page.encode(encoding)


def _line(line: Line) -> str:
    tag = TAGS.get(line.kind, "p")
    return f"<{tag}>{escape(line.text)}</{tag}>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    columns = max(len(row) for row in rows)
    body = "\n".join(_row(rows, at, columns) for at in range(len(rows)))
    return f'<table border="1">\n{body}\n</table>'


def _row(rows: Sequence[Sequence[str]], at: int, columns: int) -> str:
    row = rows[at]
    cells = []
    for place, text in enumerate(row):
        if text == "^":
            continue
        wide = columns - len(row) + 1 if place == len(row) - 1 else 1
        deep = 1 + continued(rows, at, place)
        across = f' colspan="{wide}"' if wide > 1 else ""
        down = f' rowspan="{deep}"' if deep > 1 else ""
        cells.append(f"<td{across}{down}>{escape(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def continued(rows: Sequence[Sequence[str]], at: int, place: int) -> int:
    """How many rows below continue this cell."""
    count = 0
    for row in rows[at + 1 :]:
        if place >= len(row) or row[place] != "^":
            break
        count += 1
    return count
