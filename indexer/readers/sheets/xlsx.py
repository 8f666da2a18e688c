"""What calamine does not tell of an .xlsx: which cells show a percentage, headers and footers,
comments, text boxes; and whether its sheets are of a bearable size."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.errors import ReadError
from indexer.readers.package import Element, Package
from indexer.reading import Block

#: calamine lays a sheet out as a full grid of 32-byte cells up to the last cell used; one cell at
#: XFD1048576 would ask for 500 GB.
_GRID = 16_000_000
#: Expanded bytes of all worksheets and shared strings that calamine may be given.
_EXPANDED = 400 * 1024 * 1024
_CELL = re.compile(rb"""[<:]c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>""")
_STYLED = rb"""[<:]c\s+r=["']([A-Z]{1,3})(\d{1,7})["']\s+s=["'](%s)["']"""
_EDGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)>([^<]{1,2000})<")
_CHUNK = 1 << 20
_OVERLAP = 4096

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: Built-in number formats that show percentages (ECMA-376 part 1, 18.8.30) -> decimals.
_BUILT_IN = {9: 0, 10: 2}
#: A drawing's text is looked into no deeper than a person can read.
_TEXTS = 2000

#: (row, column) from 0 -> decimals of the percentage shown there.
Percents = dict[tuple[int, int], int]


@dataclass(slots=True)
class Extras:
    """Of one sheet, by its name."""

    percents: Percents = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def extras(package: Package) -> dict[str, Extras]:
    """Raises ReadError: too_large, corrupt."""
    parts = [info for name, info in package.names.items() if name.startswith("xl/")]
    if sum(info.file_size for info in parts if info.filename.endswith(".xml")) > _EXPANDED:
        raise ReadError("too_large", "worksheets")
    names = _sheet_names(package)
    styles = _percent_styles(package)
    found: dict[str, Extras] = {}
    for info in parts:
        if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
            own = found.setdefault(names.get(info.filename, ""), Extras())
            edges = _scan(package.zip, info, styles, own.percents)
            own.blocks += [*_related(package, info.filename), *_edges(edges)]
    return found


def _sheet_names(package: Package) -> dict[str, str]:
    """part -> name of the sheet."""
    main = "xl/workbook.xml"
    try:
        relations = package.relations(main)
        sheets = package.xml(main).iter(_S + "sheet")
        return {relations.get(s.get(_R + "id", ""), ("", ""))[1]: s.get("name", "") for s in sheets}
    except (ReadError, KeyError):
        return {}  # calamine judges whether it is a workbook


def _percent_styles(package: Package) -> dict[bytes, int]:
    """Indices of the cell formats that show percentages -> decimals."""
    try:
        root = package.xml("xl/styles.xml")
    except (ReadError, KeyError):
        return {}
    forms = dict(_BUILT_IN)
    for given in root.iter(_S + "numFmt"):
        code, ident = given.get("formatCode", ""), given.get("numFmtId", "")
        if "%" in code and ident.isdigit():
            forms[int(ident)] = decimals(code)
    holder = root.find(_S + "cellXfs")
    cells = [] if holder is None else holder.findall(_S + "xf")
    ids = [int(xf.get("numFmtId", "0")) if xf.get("numFmtId", "0").isdigit() else 0 for xf in cells]
    return {str(at).encode(): forms[ident] for at, ident in enumerate(ids) if ident in forms}


def decimals(code: str) -> int:
    """Digits after the point that a percentage format shows: 0.00% -> 2."""
    match = re.search(r"\.([0#?]+)[^;]*%", code)
    return len(match.group(1)) if match else 0


def _scan(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, styles: dict[bytes, int], percents: Percents
) -> list[tuple[bytes, bytes]]:
    """Fill `percents`; the headers and footers. Raises ReadError("too_large") where the used area
    is absurdly large."""
    styled = re.compile(_STYLED % b"|".join(styles)) if styles else None
    last_row = last_column = 0
    tail = b""
    edges: list[tuple[bytes, bytes]] = []
    try:
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                data = tail + chunk
                for letters, digits in _CELL.findall(data):
                    last_row = max(last_row, int(digits))
                    last_column = max(last_column, column(letters))
                if styled is not None:
                    for letters, digits, style in styled.findall(data):
                        percents[int(digits) - 1, column(letters) - 1] = styles[style]
                edges += [edge for edge in _EDGE.findall(data) if edge not in edges]
                tail = chunk[-_OVERLAP:]
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ReadError("corrupt", f"{info.filename}: {error}") from error
    if last_row * last_column > _GRID:
        raise ReadError("too_large", f"{info.filename}: {last_row} x {last_column} cells")
    return edges


def column(letters: bytes) -> int:
    """The number of a column from 1: AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _edges(found: list[tuple[bytes, bytes]]) -> Iterator[Block]:
    for which, raw in found:
        text = edge_text(_unescaped(raw.decode("utf-8", "replace")))
        if text:
            yield Block("header" if which == b"Header" else "footer", text)


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def edge_text(code: str) -> str:
    """The words of a header or footer without its codes (18.3.1.46): &C, &P, &"font", &12 …;
    "" where it has no words of its own."""
    text = re.sub(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,3}|&|[A-Za-z])', _one_code, code)
    text = " ".join(text.split())
    return text if any(sign.isalpha() for sign in text) else ""


def _one_code(match: re.Match[str]) -> str:
    code = match.group(0)
    if code == "&&":
        return "&"
    return " " if code in ("&L", "&C", "&R") else ""


def _related(package: Package, part: str) -> Iterator[Block]:
    """Comments and text boxes of a sheet."""
    relations = sorted(set(package.relations(part).values()))
    # Threaded comments stand in the old part, too, behind a note for old programs.
    threaded = any(kind == "threadedComment" for kind, _ in relations)
    for kind, target in relations:
        if not package.has(target):
            continue
        if kind == "comments" and not threaded:
            yield from _comments(package.xml(target))
        elif kind == "threadedComment":
            for comment in package.xml(target).iter("{*}text"):
                yield Block("comment", (comment.text or "").strip())
        elif kind == "drawing":
            yield from _drawing(package, target)


def _comments(root: Element) -> Iterator[Block]:
    for comment in root.iter(_S + "comment"):
        text = "".join(piece.text or "" for piece in comment.iter(_S + "t")).strip()
        if text:
            yield Block("comment", f"{comment.get('ref', '')} {text}".strip())


def _drawing(package: Package, part: str) -> Iterator[Block]:
    for text in _paragraphs(package.xml(part)):
        yield Block("paragraph", text)
    for kind, target in sorted(set(package.relations(part).values())):
        if kind == "chart" and package.has(target):
            for text in _paragraphs(package.xml(target)):
                yield Block("paragraph", text)


def _paragraphs(root: Element) -> Iterator[str]:
    for number, paragraph in enumerate(root.iter(_A + "p")):
        text = "".join(piece.text or "" for piece in paragraph.iter(_A + "t")).strip()
        if text and number < _TEXTS:
            yield text
