"""Every printed form shows its number, in words and as a QR code: where a template has no place
for them, one is made in its footers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree

from generator.code_place import add_code
from generator.ooxml import (
    NO_RELS,
    Element,
    R,
    W,
    add_content_type,
    add_relationship,
    bytes_of,
    parse,
    rels_of,
    w,
)

DOCUMENT = "word/document.xml"
_SETTINGS = "word/settings.xml"
_FOOTER = "word/footerYx.xml"
_FOOTER_REL = f"{R}/footer"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
#: 小五 (9 pt): to be read when looked for, no more.
_LINE = (
    f'<w:p xmlns:w="{W}"><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
    "<w:t>表单编号：{{ 表单编号 }}</w:t></w:r></w:p>"
)


def ensure_number_line(
    members: dict[str, bytes], *, line: bool = True, code: bool = True
) -> list[str]:
    """Add the line 表单编号 and the code to every footer of the package (`line`, `code`: which of
    them), and a footer with them for every page that has none.

    Returns the names of the parts changed. `members` is changed in place.
    """
    document = parse(members[DOCUMENT])
    even = _targets(members, document, "even")
    footers = [n for n in members if n.startswith("word/footer") and n.endswith(".xml")]
    changed = [*footers]
    if _refer_to_ours(members, document):
        members[_FOOTER] = f'<w:ftr xmlns:w="{W}"/>'.encode()
        members[DOCUMENT] = bytes_of(document)
        footers.append(_FOOTER)
        changed += [_FOOTER, DOCUMENT]
    for name in footers:
        root = parse(members[name])
        if line:
            root.append(etree.fromstring(_LINE))
        if code:
            add_code(members, name, root, even=name in even)
        members[name] = bytes_of(root)
    return changed


def _targets(members: Mapping[str, bytes], document: Element, kind: str) -> set[str]:
    """The footers for pages of one kind: default, even or first."""
    used = {
        item.get(f"{{{R}}}id")
        for item in document.iter(w("footerReference"))
        if item.get(w("type")) == kind
    }
    relationships = parse(members.get(rels_of(DOCUMENT), NO_RELS))
    targets = (item.get("Target") or "" for item in relationships if item.get("Id") in used)
    return {posixpath.normpath(posixpath.join("/word", target))[1:] for target in targets}


def _refer_to_ours(members: dict[str, bytes], document: Element) -> bool:
    """Name our footer wherever a section has none for its pages; whether one does. A section
    without a footer of its own has that of the section before (ECMA-376 part 1, 17.10.2)."""
    two_sided = b"evenAndOddHeaders" in members.get(_SETTINGS, b"")
    given: set[str] = set()
    relation = ""
    for section in _sections(document):
        given |= {item.get(w("type"), "default") for item in section.iter(w("footerReference"))}
        wanted = {"default", *(["even"] if two_sided else [])}
        if section.find(w("titlePg")) is not None:
            wanted.add("first")
        for kind in sorted(wanted - given):
            relation = relation or _register_footer(members)
            reference = etree.Element(w("footerReference"))
            reference.set(w("type"), kind)
            reference.set(f"{{{R}}}id", relation)
            section.insert(0, reference)
        given |= wanted
    return bool(relation)


def _register_footer(members: dict[str, bytes]) -> str:
    """Name our footer in the package; its relationship's id."""
    rels, target = rels_of(DOCUMENT), _FOOTER.removeprefix("word/")
    members[rels], new_id = add_relationship(members.get(rels, NO_RELS), _FOOTER_REL, target)
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = add_content_type(types, f"/{_FOOTER}", _FOOTER_TYPE)
    return new_id


def _sections(root: Element) -> Iterator[Element]:
    """Every w:sectPr; the body's own is made where it is missing."""
    body = root.find(w("body"))
    if body is not None and body.find(w("sectPr")) is None:
        etree.SubElement(body, w("sectPr"))
    yield from root.iter(w("sectPr"))
