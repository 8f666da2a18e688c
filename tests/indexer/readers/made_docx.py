"""Small Office files made by hand: exactly the XML a test is about, nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)


def para(text: str, style: str = "", *, bold: bool = False, extra: str = "") -> str:
    """A w:p; `extra` goes into its pPr."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return (
        f"<w:p><w:pPr>{named}{extra}</w:pPr><w:r>{weight}"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def run(text: str, properties: str = "") -> str:
    """A w:r; `properties` go into its rPr."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str, result: str | None = None, form: str = "") -> str:
    """The runs of a complex field; without a `result` it has no separator either."""

    def mark(kind: str, inside: str = "") -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar></w:r>'

    data = f"<w:ffData>{form}</w:ffData>" if form else ""
    shown = mark("separate") + result if result is not None else ""
    told = f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    return mark("begin", data) + told + shown + mark("end")


def cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else para(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: tuple[str, ...]) -> str:
    """A w:tbl; a cell is plain text or a ready w:tc."""
    made = "".join(
        "<w:tr>" + "".join(c if c.startswith("<w:tc") else cell(c) for c in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


_ROOTS = {
    "numbering": "numbering", "styles": "styles", "header": "hdr", "footer": "ftr",
    "footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments",
    "settings": "settings",
}  # fmt: skip


def docx(
    path: Path, body: str, *, others: Sequence[tuple[str, str, str | bytes]] = (), **parts: str
) -> Path:
    """A .docx with this body; `parts` such as numbering="…" hold the inside of their roots, and
    header2="…" another header, related as rheader2. `others` are (kind of relationship, target,
    whole part), related as the target without its ending: r + chunk of chunk.html."""
    kinds = {name: name.rstrip("0123456789") for name in parts}
    links = [(f"r{name}", kind, f"{name}.xml") for name, kind in kinds.items()]
    links += [(f"r{target.rpartition('.')[0]}", kind, target) for kind, target, _ in others]
    relations = "".join(
        f'<Relationship Id="{ident}" Type="{R}/{kind}" Target="{target}"/>'
        for ident, kind, target in links
    )
    main = f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", f'<Relationships xmlns="{_RELS}">{main}</Relationships>')
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_RELS}">{relations}</Relationships>',
        )
        package.writestr(
            "word/document.xml", f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
        )
        for name, inner in parts.items():
            root = _ROOTS[kinds[name]]
            package.writestr(f"word/{name}.xml", f"<w:{root} {_SPACES}>{inner}</w:{root}>")
        for _, target, content in others:
            package.writestr(f"word/{target}", content)
    return path


def with_part(path: Path, name: str, content: str | bytes) -> Path:
    """The package at `path` with one part replaced or added."""
    with zipfile.ZipFile(path) as package:
        parts = {other: package.read(other) for other in package.namelist()}
    parts[name] = content.encode() if isinstance(content, str) else content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for other, data in parts.items():
            package.writestr(other, data)
    return path


def part(path: Path, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def list_levels(*levels: tuple[str, str]) -> str:
    """The inside of a numbering part: one list (numId 1) with (numFmt, lvlText) levels."""
    made = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )


def numbered(depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'
