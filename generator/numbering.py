"""Every printed form shows its number: where a template has no place for it, one is made."""

from __future__ import annotations

from lxml import etree

from generator.ooxml import (
    Element,
    R,
    W,
    add_content_type,
    add_relationship,
    bytes_of,
    parse,
    w,
)

DOCUMENT = "word/document.xml"
_RELS = "word/_rels/document.xml.rels"
_FOOTER = "word/footerYx.xml"
_FOOTER_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_EMPTY_RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
#: 小五 (9 pt): to be read when looked for, no more.
_LINE = (
    f'<w:p xmlns:w="{W}"><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
    "<w:t>表单编号：{{ 表单编号 }}</w:t></w:r></w:p>"
)


def ensure_number_line(members: dict[str, bytes]) -> list[str]:
    """Add the line 表单编号 to every footer of the package, or a footer with it where it has none.

    Returns the names of the parts changed. `members` is changed in place.
    """
    footers = [n for n in members if n.startswith("word/footer") and n.endswith(".xml")]
    for name in footers:
        root = parse(members[name])
        root.append(etree.fromstring(_LINE))
        members[name] = bytes_of(root)
    if footers:
        return footers
    return _add_footer(members)


def _add_footer(members: dict[str, bytes]) -> list[str]:
    footer = f'<w:ftr xmlns:w="{W}">{_LINE}</w:ftr>'.encode()
    members[_FOOTER] = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + footer
    target = _FOOTER.removeprefix("word/")
    rels = members.get(_RELS, _EMPTY_RELS)
    members[_RELS], new_id = add_relationship(rels, _FOOTER_REL, target)
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = add_content_type(types, f"/{_FOOTER}", _FOOTER_TYPE)
    root = parse(members[DOCUMENT])
    for section in _sections(root):
        reference = etree.Element(w("footerReference"))
        reference.set(w("type"), "default")
        reference.set(f"{{{R}}}id", new_id)
        section.insert(0, reference)
    members[DOCUMENT] = bytes_of(root)
    return [_FOOTER, DOCUMENT]


def _sections(root: Element) -> list[Element]:
    """Every w:sectPr; the body's own is made where it is missing."""
    body = root.find(w("body"))
    if body is not None and body.find(w("sectPr")) is None:
        etree.SubElement(body, w("sectPr"))
    return list(root.iter(w("sectPr")))
