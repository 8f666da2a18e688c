"""Small OpenDocument files made by hand: exactly the XML a test is about, nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_FOREIGN = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_SPACES = " ".join(
    f'xmlns:{prefix}="{_OASIS}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
        ("presentation", "presentation"), ("form", "form"), ("meta", "meta"),
    )
) + f" {_FOREIGN}"  # fmt: skip
_TYPE = "application/vnd.oasis.opendocument."


def para(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def items(*contents: str, style: str = "L", extra: str = "") -> str:
    """A text:list; an item is plain text or ready XML."""
    made = "".join(
        f"<text:list-item>{c if c.startswith('<') else para(c)}</text:list-item>" for c in contents
    )
    return f'<text:list text:style-name="{style}" {extra}>{made}</text:list>'


def level(number: int, form: str, extra: str = "") -> str:
    return (
        f'<text:list-level-style-number text:level="{number}" style:num-format="{form}" {extra}/>'
    )


def list_style(*levels: str, name: str = "L") -> str:
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


def odt(path: Path, body: str, **parts: str) -> Path:
    """An .odt whose office:text is `body`; see `package` for the rest."""
    return package(path, "text", body, **parts)


def odp(path: Path, *pages: str, auto: str = "") -> Path:
    """An .odp with these insides of draw:page elements."""
    made = "".join(f"<draw:page>{page}</draw:page>" for page in pages)
    return package(path, "presentation", made, auto=auto)


def package(
    path: Path,
    kind: str,
    body: str,
    *,
    auto: str = "",
    styles: str = "",
    meta: str = "",
    manifest: str = "",
    formula: str = "",
) -> Path:
    """`auto` are the automatic styles, `styles` the inside of styles.xml, `meta` that of
    office:meta, `manifest` that of the manifest, `formula` that of Object 1."""
    parts = {
        "content": f"<office:automatic-styles>{auto}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>",
        "styles": styles,
        "meta": f"<office:meta>{meta}</office:meta>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", _TYPE + kind, zipfile.ZIP_STORED)
        for name, inner in parts.items():
            root = f"office:document-{name}"
            file.writestr(f"{name}.xml", f"<{root} {_SPACES}>{inner}</{root}>")
        if formula:
            math = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{formula}</math>'
            file.writestr("Object 1/content.xml", math)
        file.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return path


def flat(path: Path, body: str) -> Path:
    """A flat .fodt."""
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_SPACES} '
        f'office:mimetype="{_TYPE}text"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document>",
        encoding="utf-8",
    )
    return path
