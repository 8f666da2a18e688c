"""Web pages, also those that offices export as .doc or .xls; and .mht, which wraps one."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from lxml import etree

from indexer import sniff
from indexer.charset import decode, decode_as
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Element
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block, Reading

FORMATS = ("html", "mht")

#: No characters of XML (XML 1.0, 2.2).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHARSET = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "object", "svg"})
_LINES = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "pre",
        "center",
        "form",
        "address",
        "fieldset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "body",
        "html",
        "main",
        "nav",
        "aside",
        "figure",
        "figcaption",
    ]
)
_BOLD = frozenset({"b", "strong"})
_HEADING = re.compile(r"^h([1-6])$")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_DEEPEST = 200
#: Places in the grid of one table; what a page makes of colspan and rowspan has no other bound.
_PLACES = 400_000


def read(path: Path, limits: Limits) -> Reading:
    """The page's text. Raises ReadError: corrupt, empty, too_large, unreadable."""
    if path.stat().st_size > limits.part:
        raise ReadError("too_large", "html")
    data = path.read_bytes()
    form = sniff.detect(path)
    text = _page_of_mail(data) if form == "mht" else decoded(data)
    root = parse(text)
    title = root.findtext(".//title") or ""
    left_out: list[str] = []
    found = tuple(islice(blocks(root, left_out), limits.blocks + 1))
    return Reading(
        format=form,
        status="partial" if left_out else "complete",
        blocks=found,
        left_out=tuple(left_out),
        metadata={"title": title.strip()} if title.strip() else {},
    )


def parse(text: str) -> Element:
    """The root element of a page. Raises ReadError: corrupt, empty."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("corrupt", f"html: {error}") from error
    if root is None:
        raise ReadError("empty", "no element")
    return root


def blocks(root: Element, left_out: list[str]) -> Iterator[Block]:
    """The blocks of a page in order; what is not read is added to `left_out`."""
    return _Walker(left_out).blocks(root)


def decoded(data: bytes) -> str:
    given = _CHARSET.search(data[:4096])
    if given and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        text = decode_as(data, given.group(1).decode("ascii"))
        if text is not None:  # a wrong claim falls through to guessing
            return _without_declaration(text)
    return _without_declaration(decode(data))


def _without_declaration(text: str) -> str:
    # lxml refuses text whose XML declaration names a coding.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _page_of_mail(data: bytes) -> str:
    """The HTML part of a MIME document. Raises ReadError("corrupt")."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return decoded(body)
    raise ReadError("corrupt", "no text/html part")


class _Walker:
    """Collects running text until an element that begins a new line."""

    def __init__(self, left_out: list[str]) -> None:
        self._left_out = left_out
        self._pieces: list[tuple[str, bool]] = []

    def blocks(self, root: Element) -> Iterator[Block]:
        yield from self._walk(root, False, 0)
        yield from self._flush()

    def _walk(self, node: Element, bold: bool, depth: int) -> Iterator[Block]:
        tag = node.tag if isinstance(node.tag, str) else ""
        style = node.get("style") or ""
        if tag in _SKIPPED or not tag or depth > _DEEPEST or _HIDDEN.search(style):
            return
        heading = _HEADING.match(tag)
        if tag == "table":
            yield from self._flush()
            yield from _table(node, self._left_out)
            return
        if tag in _LINES:
            yield from self._flush()
        if tag == "br":
            self._pieces.append(("\n", bold))
        bold = bold or tag in _BOLD or bool(_HEAVY.search(style))
        self._add(node.text, bold)
        for child in node:
            yield from self._walk(child, bold, depth + 1)
            self._add(child.tail, bold)
        if tag in _LINES:
            centred = tag == "center" or "center" in node.get("align", "") + style
            yield from self._flush(int(heading.group(1)) if heading else None, centred)

    def _add(self, text: str | None, bold: bool) -> None:
        if text:
            self._pieces.append((re.sub(r"[ \t\r\n\f]+", " ", text), bold))

    def _flush(self, level: int | None = None, centred: bool = False) -> Iterator[Block]:
        text = "".join(piece for piece, _ in self._pieces)
        bold = all(weight for piece, weight in self._pieces if piece.strip())
        self._pieces = []
        for line in text.split("\n"):
            line = line.strip(" \xa0\u3000")
            if line and level is not None:
                yield Block("heading", line, level, centred=centred, by="style")
            elif line:
                yield Block("paragraph", line, bold=bold, centred=centred)


def _table(node: Element, left_out: list[str]) -> Iterator[Block]:
    rows = [row for row in node.iter("tr") if next(row.iterancestors("table"), None) is node]
    grid: list[list[Cell]] = []
    hanging: dict[int, int] = {}  # column -> rows still covered from above
    places = 0
    for row in rows:
        if places > _PLACES:
            left_out.append(f"表格超过 {len(grid)} 行，后面的内容没有读")
            break
        grid.append(_row(row, hanging, left_out))
        places += sum(cell.span for cell in grid[-1])
    if len(grid) == 1 and len(grid[0]) == 1:
        yield from _Walker(left_out).blocks(_unwrapped(rows[0]))
        return
    block = table_block(grid)
    if block is not None and block.text:
        yield replace(block, header_rows=_header_rows(rows))


def _header_rows(rows: list[Element]) -> int:
    """Rows of the head: those in a thead, else leading rows of nothing but th."""
    count = 0
    for row in rows:
        cells = [cell.tag for cell in row if cell.tag in ("td", "th")]
        if row.getparent().tag != "thead" and (not cells or set(cells) != {"th"}):
            break
        count += 1
    return count if count < len(rows) else 0


def _row(row: Element, hanging: dict[int, int], left_out: list[str]) -> list[Cell]:
    cells: list[Cell] = []
    column = 0

    def covered() -> None:
        nonlocal column
        while hanging.get(column, 0) > 0 and column < MAX_COLUMNS:
            hanging[column] -= 1
            cells.append(Cell("", 1, below=True))
            column += 1

    for given in row:
        if given.tag not in ("td", "th"):
            continue
        covered()
        if column >= MAX_COLUMNS:
            break
        span, down = _number(given, "colspan"), _number(given, "rowspan")
        lines = [block.text for block in _Walker(left_out).blocks(_unwrapped(given))]
        cells.append(Cell("\n".join(lines), span))
        for at in range(column, column + span):
            hanging[at] = down - 1
        column += span
    covered()
    return cells


def _unwrapped(node: Element) -> Element:
    """The cell or row as a plain division, its own tag and tail left behind."""
    holder = etree.Element("div")
    # The parser lets pass what no tree may be given.
    holder.text = _FORBIDDEN.sub("", node.text) if node.text else None
    holder.extend(list(node))
    return holder


def _number(node: Element, name: str) -> int:
    given = node.get(name, "1").strip()
    return min(max(int(given), 1), MAX_COLUMNS) if given.isdigit() and len(given) < 5 else 1
