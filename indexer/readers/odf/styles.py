"""Styles of an OpenDocument file: what text inherits from them (part 3, 16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.readers.odf.names import FO, OFFICE, STYLE, SVG, TEXT
from indexer.readers.package import Element

_STYLE, _DEFAULT = STYLE + "style", STYLE + "default-style"
_TEXT, _PARAGRAPH = STYLE + "text-properties", STYLE + "paragraph-properties"
_HOLDERS = (OFFICE + "styles", OFFICE + "automatic-styles")
_LENGTH = re.compile(r"(-?[\d.]+)(pt|in|cm|mm|px|pc|%)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "pc": 12.0}
_TITLES = frozenset({"title", "标题", "標題"})
_HEAVY = frozenset({"bold", "600", "700", "800", "900"})


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks, as far as it bears on what it says. `size` in points, 0 unknown.

    `title`: the style of a document's title; `list`: the list style that the paragraph style
    names, "" where it says that there is none; `breaks`: a page begins before the paragraph.
    """

    bold: bool = False
    centred: bool = False
    hidden: bool = False
    size: float = 0.0
    font: str = ""
    title: bool = False
    list: str | None = None
    breaks: bool = False


PLAIN = Look()


class Styles:
    """The styles of one part with the common ones below it, each resolved along its parents."""

    def __init__(self, *roots: Element) -> None:
        """`roots` are the parts from the common one to the part itself: a later one goes before
        an earlier one of the same name."""
        self._given: dict[tuple[str, str], Element] = {}
        self._found: dict[tuple[str, str], Look] = {}
        self._spans: dict[tuple[str, Look], Look] = {}
        self._fonts: dict[str, str] = {}
        self._defaults: dict[str, Look] = {}
        for root in roots:
            self._read(root)

    def _read(self, root: Element) -> None:
        for face in root.iterfind(f"{OFFICE}font-face-decls/{STYLE}font-face"):
            family = face.get(SVG + "font-family", "")
            self._fonts[face.get(STYLE + "name", "")] = family.strip("'\"")
        for holder in _HOLDERS:
            for given in root.iterfind(f"{holder}/{_STYLE}"):
                self._given[given.get(STYLE + "family", ""), given.get(STYLE + "name", "")] = given
            for given in root.iterfind(f"{holder}/{_DEFAULT}"):
                self._defaults[given.get(STYLE + "family", "")] = self._over(PLAIN, given)

    def paragraph(self, name: str | None) -> Look:
        return self._look("paragraph", name or "")

    def span(self, name: str | None, inherited: Look) -> Look:
        """The look of a span in text that looks as `inherited`."""
        key = (name or "", inherited)
        if key not in self._spans:
            look = inherited
            for given in reversed(list(self._chain("text", name or ""))):
                look = self._text(look, given.find(_TEXT))
            self._spans[key] = look
        return self._spans[key]

    def breaks(self, family: str, name: str | None) -> bool:
        """Whether a page begins before a table of this style."""
        return self._look(family, name or "").breaks

    def masters(self) -> Iterator[str]:
        """The master pages that styles name."""
        for given in self._given.values():
            if given.get(STYLE + "master-page-name"):
                yield given.get(STYLE + "master-page-name")

    def _look(self, family: str, name: str) -> Look:
        key = (family, name)
        if key not in self._found:
            look = self._defaults.get(family, PLAIN)
            for given in reversed(list(self._chain(family, name))):
                look = self._over(look, given)
            self._found[key] = look
        return self._found[key]

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        """The style and its parents."""
        seen: set[str] = set()
        while (family, name) in self._given and name not in seen:
            seen.add(name)
            given = self._given[family, name]
            yield given
            name = given.get(STYLE + "parent-style-name", "")

    def _over(self, look: Look, given: Element) -> Look:
        """`look` with what a style says laid over it."""
        names = {given.get(STYLE + key, "").lower() for key in ("name", "display-name")}
        look = replace(
            look,
            title=look.title or bool(names & _TITLES),
            list=given.get(STYLE + "list-style-name", look.list),
            breaks=bool(given.get(STYLE + "master-page-name")),
        )
        properties = given.find(_PARAGRAPH)
        for holder in (properties, given.find(STYLE + "table-properties")):
            if holder is not None and holder.get(FO + "break-before") == "page":
                look = replace(look, breaks=True)
        align = properties.get(FO + "text-align") if properties is not None else None
        if align is not None:
            look = replace(look, centred=align == "center")
        return self._text(look, given.find(_TEXT))

    def _text(self, look: Look, given: Element | None) -> Look:
        if given is None:
            return look
        # What holds for Chinese text goes before what holds for Latin.
        weight = given.get(STYLE + "font-weight-asian") or given.get(FO + "font-weight")
        size = given.get(STYLE + "font-size-asian") or given.get(FO + "font-size")
        font = given.get(FO + "font-family") or self._fonts.get(given.get(STYLE + "font-name", ""))
        shown = given.get(TEXT + "display")
        return replace(
            look,
            bold=weight in _HEAVY if weight else look.bold,
            size=_size(size, look.size) if size else look.size,
            font=font.strip("'\"") if font else look.font,
            hidden=shown == "none" if shown else look.hidden,
        )


def _size(given: str, inherited: float) -> float:
    value = points(given)
    if given.endswith("%"):
        return inherited * value / 100
    return value


def points(given: str | None) -> float:
    """A length in points; a percentage as it stands; 0 for what is none."""
    match = _LENGTH.fullmatch((given or "").strip())
    try:
        return float(match[1]) * _POINTS.get(match[2], 1.0) if match else 0.0
    except ValueError:
        return 0.0
