"""Office packages (zip + XML), opened within limits and without following anything outside."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from types import TracebackType
from typing import Any

from lxml import etree

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.zips import open_zip

Element = Any  # lxml's element type is not exported by every version of its stubs

_STRICT = b"http://purl.oclc.org/ooxml/"
#: ISO 29500 strict names -> the transitional ones that everything else is written for.
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main",
     b"http://schemas.openxmlformats.org/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main",
     b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/chart",
     b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
    (b"http://purl.oclc.org/ooxml/drawingml/diagram",
     b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math",
     b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)  # fmt: skip

#: lxml locks a parser while it works, so that threads may share it.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)

_RATIO_FROM = 16 * 1024 * 1024


def transitional(data: bytes) -> bytes:
    """An XML part with the strict names of ISO 29500 turned into the transitional ones."""
    if _STRICT in data[:4096]:
        for strict, usual in _TRANSITIONAL:
            data = data.replace(strict, usual)
    return data


def parse_xml(data: bytes) -> Element:
    """The root element. No entities, no network, no huge trees. Raises ReadError."""
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error).lower() or "huge" in str(error).lower()
        raise ReadError("too_large" if deep else "corrupt", f"xml: {error}") from error
    except ValueError as error:
        raise ReadError("corrupt", f"xml: {error}") from error


class Package:
    """An OOXML package. All declared sizes are checked before anything is expanded."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self.spent = 0
        self.zip = open_zip(path, limits)
        self.names = {info.filename: info for info in self.zip.infolist()}
        # Some Chinese programs write backslashes into the names.
        self._folded = {name.replace("\\", "/").lower().lstrip("/"): name for name in self.names}
        try:
            check_sizes(self.zip.infolist(), limits)
        except ReadError:
            self.zip.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.zip.close()

    def has(self, name: str) -> bool:
        return name.lower().lstrip("/") in self._folded

    def data(self, name: str) -> bytes:
        """The bytes of a part; KeyError where there is none. Raises ReadError."""
        info = self.names[self._folded[name.lower().lstrip("/")]]
        if info.file_size > self.limits.part:
            raise ReadError("too_large", f"{name}: {info.file_size} bytes")
        if info.flag_bits & 0x1:
            raise ReadError("encrypted", name)
        try:
            with self.zip.open(info) as part:
                data = part.read(self.limits.part + 1)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        ) as error:  # fmt: skip
            raise ReadError("corrupt", f"{name}: {error}") from error
        # The directory may lie about a size; what came out is what counts.
        self.spent += len(data)
        if len(data) > self.limits.part or self.spent > 2 * self.limits.part:
            raise ReadError("too_large", f"{name}: more than {self.limits.part} bytes")
        return data

    def xml(self, name: str, trim: Callable[[bytes], bytes] | None = None) -> Element:
        """The root element of a part; KeyError where there is none. Raises ReadError.

        `trim` may cut out what nobody asks for before it is parsed.
        """
        data = self.data(name)
        if trim is not None:
            data = trim(data)
        return parse_xml(transitional(data))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """id -> (last word of the type, target part) of a part's internal relationships."""
        folder, _, leaf = part.rpartition("/")
        name = f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels"
        if not self.has(name):
            return {}
        found = {}
        for relation in self.xml(name):
            if relation.get("TargetMode") == "External" or not relation.get("Target"):
                continue
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = (kind, _resolve(part, relation.get("Target")))
        return found

    def main_part(self, default: str) -> str:
        """The package's main document part."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and self.has(target):
                return target
        if self.has(default):
            return default
        raise ReadError("corrupt", f"no main part {default}")


def _resolve(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return normpath(join(dirname(part), target)).lstrip("./")


def check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse a package by its directory: entries, expanded bytes, ratio. Raises ReadError."""
    if len(infos) > limits.members:
        raise ReadError("too_large", f"{len(infos)} entries")
    expanded = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if expanded > limits.expanded:
        raise ReadError("too_large", f"{expanded} bytes expanded")
    if expanded > _RATIO_FROM and expanded > packed * limits.ratio:
        raise ReadError("too_large", f"ratio {expanded // packed}")


def core_properties(package: Package) -> dict[str, str]:
    """title, author, created, modified, identifier, keywords, subject and `custom:NAME`."""
    found: dict[str, str] = {}
    names = {"creator": "author"}
    for leaf in _property_elements(package, "docProps/core.xml"):
        key = etree.QName(leaf).localname
        if key in _CORE_KEYS and leaf.text and leaf.text.strip():
            found[names.get(key, key)] = leaf.text.strip()
    for leaf in _property_elements(package, "docProps/custom.xml"):
        if leaf.get("name"):
            found[f"custom:{leaf.get('name')}"] = "".join(leaf.itertext()).strip()
    for leaf in _property_elements(package, "docProps/app.xml"):
        if etree.QName(leaf).localname == "Pages" and leaf.text:
            found["pages"] = leaf.text.strip()
    return found


_CORE_KEYS = frozenset(
    {"title", "creator", "created", "modified", "identifier", "keywords", "subject"}
    | {"description", "category", "lastModifiedBy"}
)


def _property_elements(package: Package, part: str) -> list[Element]:
    if not package.has(part):
        return []
    try:
        return list(package.xml(part))
    except ReadError:
        return []  # broken properties do not make the document unreadable
