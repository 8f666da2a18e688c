"""An OFD package: places resolved as people write them, documents of OFD.xml, their resources.

GB/T 33190-2016, 7. Namespaces are not looked at: real files use two and make up more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.lines import BOLD_FONT
from indexer.readers.package import Element, Package, parse_xml

#: Where the key material of an encrypted package lies (GM/T 0099-2020, C.2).
_ENCRYPTIONS = "Encryptions.xml"
_ROOT = "OFD.xml"


@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: Element) -> str:
    """The element's name without namespace."""
    return _bare(element.tag)


def children(element: Element | None, name: str) -> Iterator[Element]:
    for child in element if element is not None else ():
        if local(child) == name:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    return next(children(element, name), None)


def text_of(element: Element | None, name: str) -> str:
    """The text of the first child of that name, "" where there is none."""
    found = child(element, name)
    return "".join(found.itertext()).strip() if found is not None else ""


@dataclass(slots=True)
class Resources:
    """What the pages of one document refer to by number."""

    #: id of a font -> its name.
    fonts: dict[str, str] = field(default_factory=dict)
    #: Fonts that are bold by their name or by their own word.
    bold: set[str] = field(default_factory=set)
    #: id of an image -> part.
    images: dict[str, str] = field(default_factory=dict)
    #: id of a composite unit -> its content.
    units: dict[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One DocBody: where its root lies and what stands about it in OFD.xml."""

    part: str
    root: Element
    body: Element


class Container:
    """The package, opened within limits. Raises ReadError: corrupt, encrypted, too_large."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.package = Package(path, limits)
        if self.package.has(_ENCRYPTIONS):
            self.package.zip.close()
            raise ReadError("encrypted", _ENCRYPTIONS)

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        self.package.zip.close()

    def place(self, loc: str, part: str, folder: str = "") -> str:
        """The part that `loc` names when it stands in `part`; "" where there is none.

        ST_Loc is absolute or relative to the part's folder (or to `folder`, a resource file's
        BaseLoc); writers also mean the document's folder or the package's root.
        """
        loc = loc.strip().replace("\\", "/")
        if not loc:
            return ""
        own, top = dirname(part), part.partition("/")[0]
        bases = ("",) if loc.startswith("/") else (join(own, folder), folder, own, top, "")
        for base in bases:
            name = normpath(join("/", base, loc.lstrip("/"))).lstrip("/")
            if self.package.has(name):
                return name
        return ""

    def data(self, part: str) -> bytes:
        """The bytes of a part that is there. Raises ReadError."""
        # A page is dropped before the next is read: what counts is one part at a time, and all
        # together against the declared size, which was checked.
        self.package.spent = 0
        return self.package.data(part)

    def xml(self, part: str) -> Element | None:
        """The root element of a part; None where it is missing or broken."""
        if not part or not self.package.has(part):
            return None
        try:
            return parse_xml(self.data(part))
        except ReadError as error:
            if error.code != "corrupt":
                raise
            return None

    def documents(self) -> list[Document]:
        """The documents in order. Raises ReadError("corrupt") where none can be opened."""
        try:
            root = self.package.xml(_ROOT)
        except KeyError as error:
            raise ReadError("corrupt", "no OFD.xml") from error
        found = []
        for body in children(root, "DocBody"):
            part = self._current(body) or self.place(text_of(body, "DocRoot"), _ROOT)
            document = self.xml(part)
            if document is not None:
                found.append(Document(part, document, body))
        if not found:
            raise ReadError("corrupt", "no document in OFD.xml")
        return found

    def _current(self, body: Element) -> str:
        """The root of the version that is marked as the current one (GB/T 33190, 19)."""
        for version in children(child(body, "Versions"), "Version"):
            if version.get("Current", "false") in ("true", "1"):
                part = self.place(version.get("BaseLoc", ""), _ROOT)
                return self.place(text_of(self.xml(part), "DocRoot"), part)
        return ""

    def resources(self, document: Document) -> Resources:
        found = Resources()
        common = child(document.root, "CommonData")
        for name in ("PublicRes", "DocumentRes"):
            for given in children(common, name):
                self.add_resources(found, given.text or "", document.part)
        return found

    def add_resources(self, found: Resources, loc: str, part: str) -> None:
        """Lay a resource file over what is known; a broken one changes nothing."""
        place = self.place(loc, part)
        root = self.xml(place)
        if root is None:
            return
        folder = str(root.get("BaseLoc", ""))
        for element in root.iter(etree.Element):
            name, ident = local(element), element.get("ID", "")
            if name == "Font":
                found.fonts[ident] = element.get("FontName", "")
                if _is_bold(element):
                    found.bold.add(ident)
            elif name == "MultiMedia" and element.get("Type", "Image") == "Image":
                found.images[ident] = self.place(text_of(element, "MediaFile"), place, folder)
            elif name == "CompositeGraphicUnit":
                found.units[ident] = element


def _is_bold(font: Element) -> bool:
    names = f"{font.get('FontName', '')} {font.get('FamilyName', '')}"
    return font.get("Bold") in ("true", "1") or bool(BOLD_FONT.search(names))
