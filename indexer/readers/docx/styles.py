"""Styles of a word-processing document: what a paragraph inherits from them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.readers.package import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HEADING_NAME = re.compile(r"^(?:heading|标题|標題)\s*([1-9])$")
_TITLE_NAMES = frozenset({"title", "标题", "標題"})
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Style:
    """`level`: 0 title, 1..9 heading, None body text. `numbering`: (numId, ilvl) or None."""

    level: int | None = None
    bold: bool = False
    centred: bool = False
    contents: bool = False
    numbering: tuple[str, int] | None = None


PLAIN = Style()


def is_on(holder: Element | None, name: str, inherited: bool) -> bool:
    """A toggle property (17.17.4) of an rPr; `inherited` where it is not given."""
    found = holder.find(W + name) if holder is not None else None
    if found is None:
        return inherited
    return found.get(W + "val", "1") not in _OFF


def numbering_of(properties: Element | None) -> tuple[str | None, int | None]:
    """(numId, ilvl) of a pPr's numPr; None for what is not given."""
    given = properties.find(W + "numPr") if properties is not None else None
    if given is None:
        return None, None
    num, level = given.find(W + "numId"), given.find(W + "ilvl")
    return (
        num.get(W + "val") if num is not None else None,
        integer(level.get(W + "val"), 0) if level is not None else None,
    )


def integer(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text is not None else otherwise
    except ValueError:
        return otherwise


def refine(style: Style, properties: Element | None, run: Element | None) -> Style:
    """`style` with the given pPr and rPr laid over it."""
    if properties is not None:
        level = properties.find(W + "outlineLvl")
        if level is not None and style.level != 0:
            value = integer(level.get(W + "val"), 9)
            style = replace(style, level=value + 1 if 0 <= value <= 8 else None)
        align = properties.find(W + "jc")
        if align is not None:
            style = replace(style, centred=align.get(W + "val") == "center")
        num, depth = numbering_of(properties)
        if num is not None or depth is not None:
            old_num, old_depth = style.numbering or ("0", 0)
            style = replace(
                style,
                numbering=(num or old_num, old_depth if depth is None else depth),
            )
    if run is not None:
        style = replace(style, bold=is_on(run, "b", style.bold))
    return style


class Styles:
    """The styles of one document by id, each resolved along basedOn."""

    def __init__(self, root: Element | None) -> None:
        self._given: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self.default = ""
        for style in root.iterfind(W + "style") if root is not None else ():
            ident = style.get(W + "styleId", "")
            self._given[ident] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self.default = ident

    def __getitem__(self, ident: str | None) -> Style:
        ident = ident or self.default
        if ident not in self._resolved:
            self._resolved[ident] = self._resolve(ident)
        return self._resolved[ident]

    def element(self, ident: str) -> Element | None:
        return self._given.get(ident)

    def _resolve(self, ident: str) -> Style:
        chain: list[Element] = []
        seen: set[str] = set()
        while ident in self._given and ident not in seen:
            seen.add(ident)
            chain.append(self._given[ident])
            based = chain[-1].find(W + "basedOn")
            ident = based.get(W + "val", "") if based is not None else ""
        style = PLAIN
        for given in reversed(chain):
            style = _by_name(style, given)
            style = refine(style, given.find(W + "pPr"), given.find(W + "rPr"))
        return style


def _by_name(style: Style, given: Element) -> Style:
    named = given.find(W + "name")
    name = (named.get(W + "val", "") if named is not None else "").strip().lower()
    heading = _HEADING_NAME.match(name)
    if heading:
        return replace(style, level=int(heading.group(1)))
    if name in _TITLE_NAMES:
        return replace(style, level=0)
    if name.startswith(("toc ", "目录")):
        return replace(style, contents=True, level=None)
    return style
