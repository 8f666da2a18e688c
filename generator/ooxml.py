"""WordprocessingML names, safe parsing and the few package edits the press needs."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
IMAGE_REL = f"{R}/image"
NO_RELS = f'<Relationships xmlns="{RELS}"/>'.encode()
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

#: lxml has no usable types for elements; the alias keeps the intent readable.
Element = Any

#: Most bytes of a part that are parsed. The tree of a part takes up to 70 times its size (measured
#: with nothing but `<w:p/>`: 203 MB for 2.9 MB); our largest form has 30 kB.
MAX_XML = 1_250_000

#: What XML 1.0 cannot hold (clause 2.2), lone surrogates, and the five noncharacters that mark
#: our own delimiters in a compiled template.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdd5\ufffe\uffff]")

#: Children of w:rPr that must follow w:u (ECMA-376 part 1, 17.3.2.28 CT_RPr).
_AFTER_U = frozenset(
    (
        *("effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang"),
        *("eastAsianLayout", "specVanish", "oMath"),
    )
)
#: Children of w:pPr in the schema's order, up to w:ind (17.3.1.26 CT_PPr).
_PARAGRAPH = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr"),
    *("suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap"),
    *("overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd"),
    *("snapToGrid", "spacing", "ind"),
)


def w(tag: str) -> str:
    return f"{{{W}}}{tag}"


def legal(text: str) -> str:
    """`text` without the characters XML cannot hold."""
    return _ILLEGAL.sub("", text)


def parse(data: bytes) -> Element:
    """The root element. No entities, no network, depth limited by libxml2 (256).

    Raises `ValueError` where the part is not well-formed, carries a document type or is larger
    than MAX_XML.
    """
    if len(data) > MAX_XML:
        raise ValueError(f"a part of {len(data)} bytes")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("document type declarations are not accepted")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise ValueError("document type declarations are not accepted")
    return root


def text_of(root: Element) -> str:
    """The element and all below it as XML text, without a declaration."""
    return legal(etree.tostring(root, encoding="unicode", with_tail=False))


def bytes_of(root: Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def cut(root: Element) -> tuple[str, str]:
    """The part as text, before and behind the place of one more child. The root is used up."""
    root.append(etree.ProcessingInstruction("yx", "here"))
    head, _, foot = text_of(root).partition("<?yx here?>")
    return DECLARATION + head, foot


def fragment(element: Element, root: Element) -> str:
    """`element` as XML text that can stand below `root`, whose namespaces it does not repeat."""
    text = text_of(element)
    for prefix, uri in root.nsmap.items():
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        text = text.replace(f' {name}="{uri}"', "")
    return text


def underlined(properties: Element | None) -> Element:
    """A copy of run properties with a single underline, in the place the schema asks."""
    copy = etree.Element(w("rPr"), nsmap={"w": W})
    for child in properties if properties is not None else ():
        if child.tag != w("u"):
            copy.append(etree.fromstring(etree.tostring(child)))
    line = etree.Element(w("u"))
    line.set(w("val"), "single")
    position = next(
        (i for i, child in enumerate(copy) if etree.QName(child).localname in _AFTER_U), len(copy)
    )
    copy.insert(position, line)
    return copy


def layout_part(layout: Element, tag: str) -> Element:
    """The child of a w:pPr with that name (of _PARAGRAPH), made in its place where missing."""
    found = layout.find(w(tag))
    if found is None:
        before = [w(name) for name in _PARAGRAPH[: _PARAGRAPH.index(tag)]]
        found = etree.Element(w(tag))
        layout.insert(sum(child.tag in before for child in layout), found)
    return found


def add_relationship(rels: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """The relationships part with one more, and the new id. `kind` is the full type address."""
    root = parse(rels)
    used = {item.get("Id") for item in root}
    new_id = next(f"rIdYx{n}" for n in range(1, len(used) + 2) if f"rIdYx{n}" not in used)
    etree.SubElement(root, f"{{{RELS}}}Relationship", Id=new_id, Type=kind, Target=target)
    return bytes_of(root), new_id


def add_content_type(types: bytes, part: str, kind: str) -> bytes:
    """The content-types part with an override for `part` (with its leading slash)."""
    root = parse(types)
    for item in root:
        if item.get("PartName") == part:
            item.set("ContentType", kind)
            return bytes_of(root)
    etree.SubElement(root, f"{{{TYPES}}}Override", PartName=part, ContentType=kind)
    return bytes_of(root)


def add_default_type(types: bytes, extension: str, kind: str) -> bytes:
    """The content-types part with a type for every member of that extension."""
    root = parse(types)
    tag = f"{{{TYPES}}}Default"
    known = {(item.get("Extension") or "").lower() for item in root.iter(tag)}
    if extension not in known:
        root.insert(0, etree.Element(tag, Extension=extension, ContentType=kind))
    return bytes_of(root)


def rels_of(part: str) -> str:
    """The member that holds the relationships of a part: word/_rels/footer1.xml.rels."""
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels"
