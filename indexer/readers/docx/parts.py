"""The parts of a .docx: opened whole or salvaged, with notes on what was damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.broken_packages import SalvagedPackage, members, recovered
from indexer.readers.package import Element, Package, transitional

_MAIN = "word/document.xml"
_NAMES = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "numbering": "自动编号",
    "styles": "样式",
}
_CUT = "文件没有传完整，只读出了已有的部分"
_BROKEN = "正文有一部分损坏，只读出了能读的内容"


@dataclass(slots=True)
class Parts:
    """The parts of one document by the relationships of its main part."""

    package: Package
    main: str
    left_out: list[str] = field(default_factory=list)
    #: Relationships of the part that is being read.
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)
    _home: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Something of the document is known to be lost.
    damaged: bool = False

    def __post_init__(self) -> None:
        self._home = self._relations(self.main)
        self.relations = self._home

    def root(self, path: Path) -> Element:
        """The root of the main part, as far as it parses. Raises ReadError."""
        try:
            return self.package.xml(self.main)
        except ReadError as error:
            if error.code != "corrupt":
                raise
        root, missing = recovered(transitional(self._bytes(path)))
        if missing:
            self.note(_BROKEN)
        self.damaged = self.damaged or missing
        return root

    def _bytes(self, path: Path) -> bytes:
        try:
            return self.package.data(self.main)
        except ReadError as error:
            if error.code != "corrupt":
                raise
        # The checksum is wrong or the stream breaks off: what came out before still reads.
        found = members(path, self.package.limits).get(self.main)
        if found is None or not found.data:
            raise ReadError("corrupt", f"{self.main}: no data")
        return found.data

    def by_kind(self, kind: str, trim: Callable[[bytes], bytes] | None = None) -> Element | None:
        """The first part of a kind (styles, numbering …); None where there is none."""
        for found, target in self._home.values():
            if found == kind and self.package.has(target):
                return self.part(kind, target, trim)
        return None

    def by_relation(self, ident: str) -> tuple[str, Element | None]:
        """(kind, root) of the part that a relationship of the current part names."""
        kind, target = self.relations.get(ident, ("", ""))
        return kind, self.part(kind, target) if self.package.has(target) else None

    def part(
        self, kind: str, target: str, trim: Callable[[bytes], bytes] | None = None
    ) -> Element | None:
        """The root of a part; one that does not parse is left out and noted."""
        try:
            return self.package.xml(target, trim)
        except ReadError as error:
            if error.code != "corrupt":
                raise
            self.note(f"{_NAMES.get(kind, '文档的一个部件')}已损坏，没有读")
            return None

    @contextmanager
    def inside(self, target: str) -> Iterator[None]:
        """While a part other than the main one is read, its own relationships hold."""
        self.relations = self._relations(target)
        try:
            yield
        finally:
            self.relations = self._home

    def target(self, ident: str) -> str:
        return self._home.get(ident, ("", ""))[1]

    def note(self, text: str) -> None:
        if text not in self.left_out:
            self.left_out.append(text)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        try:
            return self.package.relations(part)
        except ReadError as error:
            if error.code != "corrupt":
                raise
            return {}


def open_parts(path: Path, limits: Limits) -> Parts:
    """The document at `path`. Raises ReadError: corrupt, encrypted, too_large, unreadable."""
    try:
        package = Package(path, limits)
    except ReadError as error:
        if error.code != "corrupt":
            raise
        return _salvaged(path, limits, error)
    try:
        return Parts(package, _main_part(package))
    except BaseException:
        package.zip.close()
        raise


def _salvaged(path: Path, limits: Limits, error: ReadError) -> Parts:
    """A zip without its directory (a broken upload) reads if the main part came through whole."""
    package = SalvagedPackage(path, limits)
    main = _main_part(package) if package.members else _MAIN
    if not package.has(main) or not package.is_whole(main):
        raise error
    parts = Parts(package, main, damaged=True)
    parts.note(_CUT)
    return parts


def _main_part(package: Package) -> str:
    try:
        return package.main_part(_MAIN)
    except ReadError as error:
        # The relationships of the package are damaged: the main part has its usual name.
        if error.code == "corrupt" and package.has(_MAIN):
            return _MAIN
        raise
