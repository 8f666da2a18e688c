"""Small OFD files made by hand: exactly the XML a test is about, nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
#: Size of the characters that `run` sets, in millimetres.
SIZE = 5.0


def run(text: str, x: float, y: float, size: float = SIZE, extra: str = "", code: str = "") -> str:
    """A TextObject whose base line is at `y`: full-width characters side by side, unless `code`
    gives the attributes of its TextCode."""
    code = code or f'DeltaX="g {len(text) - 1} {size}"'
    return (
        f'<ofd:TextObject Boundary="{x} {y - size} 150 {size * 1.2}" Size="{size}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size}" {code}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def lines(*texts: str, x: float = 20, top: float = 30, step: float = 8) -> str:
    return "".join(run(text, x, top + step * at) for at, text in enumerate(texts))


def path(x: float, y: float, wide: float, high: float, data: str = "", extra: str = "") -> str:
    data = data or f"M 0 0 L {wide} 0 L {wide} {high} L 0 {high} C"
    return (
        f'<ofd:PathObject Boundary="{x} {y} {wide} {high}" {extra}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def grid(xs: list[float], ys: list[float]) -> str:
    """The rules of a table, each a line of its own."""
    level = "".join(path(xs[0], y, xs[-1] - xs[0], 0, f"M 0 0 L {xs[-1] - xs[0]} 0") for y in ys)
    return level + "".join(
        path(x, ys[0], 0, ys[-1] - ys[0], f"M 0 0 L 0 {ys[-1] - ys[0]}") for x in xs
    )


def image(ident: str, wide: float = 200, high: float = 280) -> str:
    return f'<ofd:ImageObject Boundary="0 0 {wide} {high}" ResourceID="{ident}"/>'


def template(ident: str) -> str:
    return f'<ofd:Template TemplateID="{ident}" ZOrder="Background"/>'


def page(content: str, head: str = "") -> str:
    layer = f"<ofd:Layer>{content}</ofd:Layer>"
    return f"<ofd:Page {NS}>{head}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def ofd(
    target: Path,
    *pages: str,
    common: str = "",
    document: str = "",
    info: str = "",
    body: str = "",
    resources: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> Path:
    """An .ofd of these pages (their objects, or whole ofd:Page elements). The other arguments go
    into CommonData, Document, DocInfo, DocBody and PublicRes; `parts` are further files, or put
    something else in the place of a usual one."""
    listed = "".join(
        f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages))
    )
    files: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>"
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {NS} BaseLoc="Res">{resources}</ofd:Res>',
    }
    for at, content in enumerate(pages):
        whole = content if content.startswith("<ofd:Page ") else page(content)
        files[f"Doc_0/Pages/Page_{at}/Content.xml"] = whole
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**files, **(parts or {})}.items():
            package.writestr(name, data)
    return target
