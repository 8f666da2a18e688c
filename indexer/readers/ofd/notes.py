"""What stands about the pages: annotations, attachments, signatures, tags, facts of OFD.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from indexer.readers.ofd.container import (
    Container,
    Document,
    child,
    children,
    local,
    text_of,
)
from indexer.readers.ofd.content import Drawing, Painter
from indexer.readers.ofd.geometry import boundary
from indexer.readers.package import Element

#: More annotations, tags or signatures than this are not looked at.
_MOST = 2000
#: Annotations that a reader made; the others are seals, watermarks and links (14.2).
_OWN_WORDS = frozenset({"Highlight", "Path"})

_DATE = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[ T-]+(\d{1,2})[:-](\d{2})(?:[:-](\d{2}))?)?"
)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z?)")


@dataclass(frozen=True, slots=True)
class Annotation:
    """`words` is what `author` wrote about the page; `drawing` what is laid over it. `own`: a
    reader's, no seal or watermark."""

    author: str
    words: str
    drawing: Drawing
    own: bool


def annotation_parts(container: Container, document: Document) -> dict[str, list[str]]:
    """Page id -> the parts that hold its annotations."""
    found: dict[str, list[str]] = {}
    part = container.place(text_of(document.root, "Annotations"), document.part)
    for page in children(container.xml(part), "Page"):
        for loc in children(page, "FileLoc"):
            place = container.place(loc.text or "", part)
            if place:
                found.setdefault(page.get("PageID", ""), []).append(place)
    return found


def read_annotations(root: Element, painter: Painter) -> Iterator[Annotation]:
    """The visible annotations of a part. Raises Overrun."""
    for number, given in enumerate(children(root, "Annot")):
        if number >= _MOST:
            return
        if given.get("Visible") in ("false", "0"):
            continue
        drawing = Drawing()
        for appearance in children(given, "Appearance"):
            painter.draw(appearance, drawing, boundary(appearance))
        own = given.get("Type") in _OWN_WORDS or not given.get("Type")
        author = given.get("Creator", "").strip()
        yield Annotation(author, text_of(given, "Remark"), drawing, own)


def attachments(container: Container, document: Document) -> list[str]:
    """The names of the attached files."""
    part = container.place(text_of(document.root, "Attachments"), document.part)
    found = []
    for given in children(container.xml(part), "Attachment"):
        name = given.get("Name", "").strip() or text_of(given, "FileLoc").rpartition("/")[2]
        form = given.get("Format", "").strip().lower()
        ending = form and form.isalnum() and not name.lower().endswith(f".{form}")
        found.append(f"{name}.{form}" if ending else name)
    return found[:_MOST]


def signatures(container: Container, document: Document) -> list[str]:
    """When and through whose seal the document was signed: `2020-10-10T15:11:20 BW`."""
    listed = container.place(text_of(document.body, "Signatures"), "OFD.xml")
    found = []
    for number, given in enumerate(children(container.xml(listed), "Signature")):
        if number >= _MOST:
            break
        root = container.xml(container.place(given.get("BaseLoc", ""), listed))
        signed = child(root, "SignedInfo")
        provider = child(signed, "Provider")
        company = (
            provider.get("Company") or provider.get("ProviderName") if provider is not None else ""
        )
        found.append(f"{_stamp(text_of(signed, 'SignatureDateTime'))} {company or ''}".strip())
    return [signature or "已签名" for signature in found]


def _stamp(given: str) -> str:
    match = _STAMP.match(given)
    if match is None:
        return iso_date(given)
    year, month, day, hour, minute, second, zone = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"


def iso_date(given: str) -> str:
    """2023-7-12 -> 2023-07-12; "" for what is no date."""
    match = _DATE.match(given.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = match.groups()
    date = f"{year}-{int(month):02d}-{int(day):02d}"
    return f"{date}T{int(hour):02d}:{minute}:{second or '00'}" if hour else date


_FACTS = {"Title": "title", "Author": "author", "Subject": "subject", "Abstract": "description"}
_DATES = {"CreationDate": "created", "ModDate": "modified"}


def facts(body: Element) -> dict[str, str]:
    """title, author, created … and `custom:NAME` of a DocBody (7.4)."""
    info = child(body, "DocInfo")
    found = {name: text for key, name in _FACTS.items() if (text := text_of(info, key))}
    for key, name in _DATES.items():
        if date := iso_date(text_of(info, key)):
            found[name] = date
    words = [(word.text or "").strip() for word in children(child(info, "Keywords"), "Keyword")]
    if any(words):
        found["keywords"] = "、".join(word for word in words if word)
    for custom in children(child(info, "CustomDatas"), "CustomData"):
        name, text = custom.get("Name", "").strip(), (custom.text or "").strip()
        if name and text:
            found[f"custom:{name}"] = text
    return found


def tags(container: Container, document: Document) -> dict[str, list[str]]:
    """Name of a tag or form field -> the ids of the objects and blocks that are its value.

    Tags are those of the document's custom tag files (17); fields those of the file in which
    filled forms name their blocks, known by its place only.
    """
    found: dict[str, list[str]] = {}
    part = container.place(text_of(document.root, "CustomTags"), document.part)
    for given in children(container.xml(part), "CustomTag"):
        root = container.xml(container.place(text_of(given, "FileLoc"), part))
        for reference in root.iter(etree.Element) if root is not None else ():
            if local(reference) == "ObjectRef" and len(found) < _MOST:
                name = local(reference.getparent())
                found.setdefault(name, []).append((reference.text or "").strip())
    fields = container.xml(container.place("AreaHolderBlocks.xml", document.part))
    for block in children(fields, "AreaHolderBlock"):
        if len(found) < _MOST:
            found.setdefault(block.get("AreaName", ""), []).append(block.get("PageBlockID", ""))
    return found
