"""The parts of an OpenDocument file: a package of several, or one flat XML file with all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.odf.formulas import MATH, linear
from indexer.readers.odf.names import DC, META, OFFICE
from indexer.readers.package import Element, Package, parse_xml

_MANIFEST = "META-INF/manifest.xml"
#: What stands at a part, or at a package within the package, that has a password (part 2, 4.8).
_ENCRYPTED = (b"encryption-data", b"encrypted-package")
_ZIP = b"PK"
_CONTENT = "/content.xml"
#: Formulas that are read, and the bytes of one; larger objects are charts or texts.
_FORMULAS, _FORMULA = 1000, 64 * 1024

_FACTS = {
    DC + "title": "title",
    DC + "subject": "subject",
    DC + "description": "description",
    DC + "creator": "lastModifiedBy",
    DC + "date": "modified",
    META + "initial-creator": "author",
    META + "creation-date": "created",
}


class Parts:
    """The roots of the parts, each `None` where it is missing or broken, save the content."""

    def __init__(
        self,
        content: Element,
        styles: Element | None = None,
        meta: Element | None = None,
        formulas: dict[str, str] | None = None,
    ) -> None:
        self.content = content
        #: Name of an object in the package -> the text of the formula it holds.
        self.formulas = formulas or {}
        #: Common styles and master pages; in a flat file they stand beside the content.
        self.styles = content if styles is None else styles
        self._meta = content if meta is None else meta

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Parts:
        """Raises ReadError: corrupt, encrypted, too_large."""
        with path.open("rb") as file:
            if file.read(2) != _ZIP:
                file.seek(0)
                data = file.read(limits.part + 1)
                if len(data) > limits.part:
                    raise ReadError("too_large", "flat XML")
                return cls(parse_xml(data))
        with Package(path, limits) as package:
            _check_open(package)
            if not package.has("content.xml"):
                raise ReadError("corrupt", "no content.xml")
            return cls(
                package.xml("content.xml"),
                _part(package, "styles.xml"),
                _part(package, "meta.xml"),
                dict(_formulas(package)),
            )

    def body(self, kind: str) -> Element:
        """The office:text or office:presentation. Raises ReadError("corrupt")."""
        found = self.content.find(f"{OFFICE}body/{OFFICE}{kind}")
        if found is None:
            raise ReadError("corrupt", f"no office:{kind}")
        return found

    def metadata(self) -> dict[str, str]:
        """title, author, created, modified, pages … and `custom:NAME`."""
        found: dict[str, str] = {}
        words = []
        for leaf in self._meta.iterfind(f"{OFFICE}meta/*"):
            text = (leaf.text or "").strip()
            if leaf.tag == META + "user-defined" and text:
                found[f"custom:{leaf.get(META + 'name', '')}"] = text
            elif leaf.tag == META + "keyword" and text:
                words.append(text)
            elif leaf.tag == META + "document-statistic" and leaf.get(META + "page-count"):
                found["pages"] = leaf.get(META + "page-count")
            elif leaf.tag in _FACTS and text:
                found[_FACTS[leaf.tag]] = text
        if words:
            found["keywords"] = "、".join(words)
        if "author" not in found and "lastModifiedBy" in found:
            found["author"] = found["lastModifiedBy"]
        return found


def _check_open(package: Package) -> None:
    if package.has(_MANIFEST):
        manifest = package.data(_MANIFEST)
        if any(mark in manifest for mark in _ENCRYPTED):
            raise ReadError("encrypted", _MANIFEST)


def _formulas(package: Package) -> Iterator[tuple[str, str]]:
    objects = [name for name in package.names if name.count("/") == 1 and name.endswith(_CONTENT)]
    for name in objects[:_FORMULAS]:
        root = _part(package, name) if package.names[name].file_size <= _FORMULA else None
        if root is not None and root.tag == MATH:
            yield name.removesuffix(_CONTENT), linear(root)


def _part(package: Package, name: str) -> Element | None:
    if not package.has(name):
        return None
    try:
        return package.xml(name)
    except ReadError as error:
        if error.code != "corrupt":
            raise
        return None
