"""Word in one XML file: the XML documents of Word 2003 (often saved as .doc) and flat OPC.

Both are put into an ordinary package in the scratch folder and read as .docx: what 2003 says in
other words ([MS-WORDML], "Overview of WordprocessingML", 2003) is first said in those of ECMA-376.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers import docx
from indexer.readers.doc.lists import NUMBER_FORMS
from indexer.readers.docx.styles import W
from indexer.readers.package import Element, parse_xml
from indexer.reading import Reading

FORMATS = ("wordml", "flat_opc")

_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_MAIN = W[1:-1]
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)

#: Containers that only group paragraphs for somebody's view.
_WRAPPERS = (_HINT + "sect", _HINT + "sub-section", _HINT + "pBdrGroup")
#: Elements of 2003 that have another name now.
_RENAMED = {"listPr": "numPr", "ilfo": "numId", "vmerge": "vMerge", "hmerge": "hMerge"}


def read(path: Path, limits: Limits) -> Reading:
    """All text of the document. Raises ReadError: corrupt, too_large."""
    root = _parse(path, limits)
    parts = _flat_parts(root) if root.tag == _PKG + "package" else _Translation(root).parts()
    with tempfile.TemporaryDirectory(prefix="wordml") as folder:
        package = Path(folder) / "document.docx"
        with zipfile.ZipFile(package, "w") as written:
            for name, data in parts:
                written.writestr(name, data)
        reading = docx.read(package, limits)
    form = "flat_opc" if root.tag == _PKG + "package" else "wordml"
    return replace(reading, format=form)


def _parse(path: Path, limits: Limits) -> Element:
    with path.open("rb") as file:
        data = file.read(limits.part + 1)
    if len(data) > limits.part:
        raise ReadError("too_large", f"more than {limits.part} bytes of XML")
    return parse_xml(data.replace(_2003, _MAIN.encode()))


def _flat_parts(root: Element) -> Iterator[tuple[str, bytes]]:
    """The parts of a flat OPC file ([ISO 29500-2] in one XML, as Word writes it)."""
    for part in root.iterfind(_PKG + "part"):
        name = part.get(_PKG + "name", "").lstrip("/")
        held, packed = part.find(_PKG + "xmlData"), part.find(_PKG + "binaryData")
        if held is not None and len(held):
            yield name, etree.tostring(held[0])
        elif packed is not None:
            try:
                yield name, base64.b64decode(packed.text or "")
            except binascii.Error:
                continue  # a picture; the text does not need it
    yield "[Content_Types].xml", _TYPES.encode()


@dataclass(slots=True)
class _Translation:
    """A document of 2003 on its way to the parts of a package."""

    root: Element
    notes: list[Element] = field(default_factory=list)
    comments: list[Element] = field(default_factory=list)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        body = self.root.find(W + "body")
        if body is None:
            raise ReadError("corrupt", "no w:body")
        edges = list(self._edges())
        for holder in (body, *(edge for _, edge in edges)):
            self._translate(holder)
        relations = [("styles", "styles.xml"), ("numbering", "numbering.xml"),
                     ("footnotes", "footnotes.xml"), ("comments", "comments.xml")]  # fmt: skip
        for number, (kind, edge) in enumerate(edges):
            relations.append((kind, f"edge{number}.xml"))
            yield f"word/edge{number}.xml", etree.tostring(edge)
        document = etree.Element(W + "document", nsmap={"w": _MAIN})
        document.append(body)
        yield "word/document.xml", etree.tostring(document)
        yield "word/styles.xml", etree.tostring(self._styles())
        yield "word/numbering.xml", etree.tostring(self._numbering())
        yield "word/footnotes.xml", _holder("footnotes", self.notes)
        yield "word/comments.xml", _holder("comments", self.comments)
        yield "docProps/core.xml", self._properties()
        yield "word/_rels/document.xml.rels", _relations(relations)
        yield "_rels/.rels", _relations([("officeDocument", "word/document.xml")])
        yield "[Content_Types].xml", _TYPES.encode()

    def _edges(self) -> Iterator[tuple[str, Element]]:
        for element in list(self.root.iter(W + "hdr", W + "ftr")):
            kind = "header" if element.tag == W + "hdr" else "footer"
            element.getparent().remove(element)
            yield kind, element

    def _translate(self, holder: Element) -> None:
        """Say what stands below `holder` in the words of today."""
        for element in list(holder.iter()):
            if element.tag in (W + "footnote", W + "endnote"):
                self._take_out(element, W + "footnote", self.notes)
            elif element.tag == _AML + "annotation":
                self._annotation(element)
            elif element.tag in _WRAPPERS:
                _unwrap(element)
            else:
                _rename(element)

    def _annotation(self, element: Element) -> None:
        kind = element.get(W + "type", "")
        if kind == "Word.Deletion":
            element.tag = W + "del"
        elif kind == "Word.Insertion":
            content = element.find(_AML + "content")
            if content is not None:
                _unwrap(content)
            _unwrap(element)
        elif kind == "Word.Comment":
            content = element.find(_AML + "content")
            if content is not None:
                element.extend(list(content))
                element.remove(content)
            element.set(W + "author", element.get(_AML + "author", ""))
            self._take_out(element, W + "comment", self.comments)

    def _take_out(self, element: Element, tag: str, into: list[Element]) -> None:
        _remove(element)
        element.tag = tag
        into.append(element)

    def _styles(self) -> Element:
        styles = self.root.find(W + "styles")
        if styles is None:
            return etree.Element(W + "styles")
        for element in styles.iter():
            _rename(element)
        for style in styles.iterfind(W + "style"):
            if style.get(W + "default") == "on":
                style.set(W + "default", "1")
        return styles

    def _numbering(self) -> Element:
        made = etree.Element(W + "numbering", nsmap={"w": _MAIN})
        lists = self.root.find(W + "lists")
        for given in lists.iterfind(W + "listDef") if lists is not None else ():
            given.tag = W + "abstractNum"
            given.set(W + "abstractNumId", given.get(W + "listDefId", ""))
            for form in given.iter(W + "nfc"):
                form.tag = W + "numFmt"
                form.set(W + "val", NUMBER_FORMS.get(_number(form.get(W + "val")), "decimal"))
            made.append(given)
        for given in lists.iterfind(W + "list") if lists is not None else ():
            given.tag = W + "num"
            given.set(W + "numId", given.get(W + "ilfo", ""))
            for which in given.iterfind(W + "ilst"):
                which.tag = W + "abstractNumId"
            made.append(given)
        return made

    def _properties(self) -> bytes:
        names = {"Title": "dc:title", "Author": "dc:creator", "Created": "dcterms:created"}
        root = etree.fromstring(
            f'<c:coreProperties xmlns:c="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:dcterms="http://purl.org/dc/terms/"/>'
        )
        for element in self.root.iterfind(f"{_OFFICE}DocumentProperties/*"):
            prefix, _, name = names.get(etree.QName(element).localname, "").partition(":")
            if name:
                leaf = etree.SubElement(root, f"{{{root.nsmap[prefix]}}}{name}")
                leaf.text = element.text
        return etree.tostring(root)


def _rename(element: Element) -> None:
    if not isinstance(element.tag, str) or not element.tag.startswith(W):
        return
    name = element.tag[len(W) :]
    element.tag = W + _RENAMED.get(name, name)


def _unwrap(element: Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    parent.remove(element)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _holder(name: str, children: list[Element]) -> bytes:
    root = etree.Element(W + name, nsmap={"w": _MAIN})
    root.extend(children)
    return etree.tostring(root)


def _relations(entries: list[tuple[str, str]]) -> bytes:
    root = etree.fromstring(f'<Relationships xmlns="{_RELS}"/>')
    for number, (kind, target) in enumerate(entries):
        etree.SubElement(
            root, f"{{{_RELS}}}Relationship", Id=f"r{number}", Type=f"{_R}/{kind}", Target=target
        )
    return etree.tostring(root)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 0
