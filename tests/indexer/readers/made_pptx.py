"""Small .pptx packages made part by part (ECMA-376), with what a test asks for."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACES = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}" xmlns:mc="{MC}"'
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.presentationml.{}+xml"
#: Centimetres in EMU.
_CM = 360_000

Place = tuple[int, int, int, int]


def placed(place: Place | None, prefix: str = "a") -> str:
    """An `xfrm` from x, y, width and height in cm."""
    if place is None:
        return ""
    x, y, wide, high = (size * _CM for size in place)
    return (
        f'<{prefix}:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></{prefix}:xfrm>'
    )


def line(text: str, properties: str = "", run: str = "") -> str:
    return f"<a:p>{properties}<a:r><a:rPr{run}/><a:t>{text}</a:t></a:r></a:p>"


def shape(
    role: str, *lines: str, place: Place | None = None, body: str = "", index: str = ""
) -> str:
    """A placeholder of a role, or a text box where that is ""; `lines` are texts or a:p elements;
    `body` stands in its a:bodyPr."""
    texts = "".join(one if one.startswith("<a:p>") else line(one) for one in lines)
    number = f' idx="{index}"' if index else ""
    kind = f'<p:nvPr><p:ph type="{role}"{number}/></p:nvPr>' if role else "<p:nvPr/>"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="7" name="x"/><p:cNvSpPr/>{kind}</p:nvSpPr>'
        f"<p:spPr>{placed(place)}</p:spPr>"
        f"<p:txBody><a:bodyPr>{body}</a:bodyPr>{texts}</p:txBody></p:sp>"
    )


def frame(content: str, place: Place | None = None, uri: str = "table") -> str:
    """A graphic frame; `uri` is the last word of its kind: table, chart, diagram."""
    kind = f"http://schemas.openxmlformats.org/drawingml/2006/{uri}"
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="8" name="y"/><p:cNvGraphicFramePr/>'
        f'<p:nvPr/></p:nvGraphicFramePr>{placed(place, "p")}<a:graphic><a:graphicData uri="{kind}">'
        f"{content}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def group(*shapes: str, place: Place | None = None) -> str:
    return f"<p:grpSp><p:grpSpPr>{placed(place)}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"


def tree(*shapes: str, root: str = "sld", attributes: str = "") -> str:
    own = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    return (
        f"<p:{root} {SPACES}{attributes}><p:cSld><p:spTree>{own}{''.join(shapes)}</p:spTree>"
        f"</p:cSld></p:{root}>"
    )


def relations(*entries: tuple[str, str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{ident}" Type="{R}/{kind}" Target="{target}"/>'
        for ident, kind, target in entries
    )
    return f'<Relationships xmlns="{_RELS}">{made}</Relationships>'


def pptx(
    path: Path,
    *slides: str,
    parts: Mapping[str, str] | None = None,
    linked: Mapping[int, tuple[tuple[str, str, str], ...]] | None = None,
    main: tuple[tuple[str, str, str], ...] = (),
) -> Path:
    """`slides` are contents of shape trees or whole parts. `parts` are further parts by name;
    `linked` their relationships from a slide, by its number from 0 (id, kind, target); `main` those
    from the presentation."""
    listed = "".join(f'<p:sldId id="{256 + at}" r:id="s{at}"/>' for at in range(len(slides)))
    related = [(f"s{at}", "slide", f"slides/slide{at}.xml") for at in range(len(slides))]
    types = "".join(
        f'<Override PartName="/ppt/{name}" ContentType="{_KIND.format(kind)}"/>'
        for name, kind in [
            ("presentation.xml", "presentation.main"),
            *((f"slides/slide{at}.xml", "slide") for at in range(len(slides))),
        ]
    )
    made = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{types}</Types>",
        "_rels/.rels": relations(("r", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{listed}</p:sldIdLst>"
        '<p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(*related, *main),
    }
    for at, content in enumerate(slides):
        whole = content if content.startswith("<p:sld ") else tree(content)
        made[f"ppt/slides/slide{at}.xml"] = whole
        if linked and at in linked:
            made[f"ppt/slides/_rels/slide{at}.xml.rels"] = relations(*linked[at])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**made, **(parts or {})}.items():
            package.writestr(name, content)
    return path
