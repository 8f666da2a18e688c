"""Styles of a word-processing document: what a paragraph or a run inherits from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.readers.package import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HEADING_NAME = re.compile(r"^(?:heading|标题|標題)\s*([1-9])$")
_TITLE_NAMES = frozenset({"title", "标题", "標題"})
_OFF = frozenset({"0", "false", "off", "none"})
#: No chain of styles is longer than this; Word itself stops at ten.
_CHAIN = 64
#: Where nobody names a size (17.3.2.38).
USUAL_SIZE = 20


@dataclass(frozen=True, slots=True)
class Style:
    """`level`: 0 title, 1..9 heading, None body text. `size` in half points. `numbering`: (numId,
    ilvl or None) or None. `chain`: ids of the style and of those it is based on, itself first."""

    level: int | None = None
    bold: bool = False
    hidden: bool = False
    centred: bool = False
    contents: bool = False
    breaks: bool = False
    font: str = ""
    size: int = USUAL_SIZE
    numbering: tuple[str, int | None] | None = None
    chain: tuple[str, ...] = ()


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """What a character style turns over (17.7.3: a toggle in it reverses the paragraph style's)."""

    bold: bool = False
    hidden: bool = False
    font: str = ""
    size: int = 0


@dataclass(slots=True)
class Direct:
    """What the pPr of a paragraph says itself; None where it says nothing."""

    style: str | None = None
    level: int | None = None
    outlined: bool = False
    centred: bool | None = None
    num: str | None = None
    depth: int | None = None
    breaks: bool = False
    deleted: bool = False
    hidden: bool = False
    section: Element | None = None


_NOTHING = Direct()


def is_on(holder: Element | None, name: str, inherited: bool) -> bool:
    """A toggle property (17.17.4) of an rPr; `inherited` where it is not given."""
    found = holder.find(W + name) if holder is not None else None
    return inherited if found is None else on(found)


def on(toggle: Element) -> bool:
    return toggle.get(W + "val", "1") not in _OFF


def integer(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text is not None else otherwise
    except ValueError:
        return otherwise


_P_STYLE, _OUTLINE, _ALIGN, _NUMBERS = W + "pStyle", W + "outlineLvl", W + "jc", W + "numPr"
_MARK, _SECTION, _BREAK = W + "rPr", W + "sectPr", W + "pageBreakBefore"
_VALUE = W + "val"
_GONE = frozenset({W + "del", W + "moveFrom"})
_VANISH = W + "vanish"


def direct(properties: Element | None) -> Direct:
    """The pPr in one pass over its children: it is asked for every paragraph."""
    if properties is None:
        return _NOTHING
    found = Direct()
    for child in properties:
        tag = child.tag
        if tag == _P_STYLE:
            found.style = child.get(_VALUE)
        elif tag == _ALIGN:
            found.centred = child.get(_VALUE) == "center"
        elif tag == _MARK:
            _read_mark(child, found)
        elif tag == _NUMBERS:
            _read_numbers(child, found)
        elif tag == _OUTLINE:
            value = integer(child.get(_VALUE), 9)
            found.outlined, found.level = True, value + 1 if 0 <= value <= 8 else None
        elif tag == _SECTION:
            found.section = child
        elif tag == _BREAK:
            found.breaks = on(child)
    return found


def _read_mark(properties: Element, found: Direct) -> None:
    for child in properties:
        tag = child.tag
        if tag in _GONE:
            found.deleted = True
        elif tag == _VANISH:
            found.hidden = on(child)


def _read_numbers(given: Element, found: Direct) -> None:
    num, level = given.find(W + "numId"), given.find(W + "ilvl")
    found.num = num.get(_VALUE) if num is not None else None
    found.depth = integer(level.get(_VALUE), 0) if level is not None else None


class Styles:
    """The styles of one document by id, each resolved along basedOn."""

    def __init__(self, root: Element | None) -> None:
        self._given: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self._characters: dict[str, CharacterStyle] = {}
        self._base = PLAIN
        self.default = ""
        for style in root if root is not None else ():
            if style.tag == W + "style":
                ident = style.get(W + "styleId", "")
                self._given[ident] = style
                default = style.get(W + "default") in ("1", "true", "on")
                if default and style.get(W + "type") == "paragraph":
                    self.default = ident
            elif style.tag == W + "docDefaults":
                self._base = _defaults(style)

    def __getitem__(self, ident: str | None) -> Style:
        ident = ident or self.default
        if ident not in self._resolved:
            self._resolved[ident] = self._resolve(ident)
        return self._resolved[ident]

    def character(self, ident: str) -> CharacterStyle:
        if ident not in self._characters:
            found = CharacterStyle()
            for given in reversed(list(self._chain(ident))):
                properties = given.find(W + "rPr")
                found = CharacterStyle(
                    bold=is_on(properties, "b", found.bold),
                    hidden=is_on(properties, "vanish", found.hidden),
                    font=latin_font(properties) or found.font,
                    size=size_of(properties) or found.size,
                )
            self._characters[ident] = found
        return self._characters[ident]

    def numbering(self, ident: str) -> str:
        """The numId of a numbering style, "" where it has none."""
        given = self._given.get(ident)
        found = direct(given.find(W + "pPr")) if given is not None else _NOTHING
        return found.num or ""

    def _chain(self, ident: str) -> Iterator[Element]:
        seen: set[str] = set()
        while ident in self._given and ident not in seen and len(seen) < _CHAIN:
            seen.add(ident)
            yield self._given[ident]
            based = self._given[ident].find(W + "basedOn")
            ident = based.get(W + "val", "") if based is not None else ""

    def _resolve(self, ident: str) -> Style:
        chain = list(self._chain(ident))
        style = self._base
        for given in reversed(chain):
            style = _by_name(style, given)
            style = _laid_over(style, direct(given.find(W + "pPr")), given.find(W + "rPr"))
        return replace(style, chain=tuple(given.get(W + "styleId", "") for given in chain))


def _laid_over(style: Style, given: Direct, run: Element | None) -> Style:
    """`style` with a pPr and an rPr of a style based on it."""
    numbering = style.numbering
    if given.num is not None or given.depth is not None:
        old_num, old_depth = style.numbering or ("0", None)
        depth = old_depth if given.depth is None else given.depth
        numbering = (given.num or old_num, depth)
    return replace(
        style,
        level=given.level if given.outlined and style.level != 0 else style.level,
        centred=style.centred if given.centred is None else given.centred,
        breaks=style.breaks or given.breaks,
        numbering=numbering,
        bold=is_on(run, "b", style.bold),
        hidden=is_on(run, "vanish", style.hidden),
        font=latin_font(run) or style.font,
        size=size_of(run) or style.size,
    )


def latin_font(properties: Element | None) -> str:
    """The font for Latin letters of an rPr, "" where it names none."""
    fonts = properties.find(W + "rFonts") if properties is not None else None
    return str(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "") if fonts is not None else ""


def size_of(properties: Element | None) -> int:
    """The size of an rPr in half points, 0 where it names none."""
    given = properties.find(W + "sz") if properties is not None else None
    return integer(given.get(_VALUE), 0) if given is not None else 0


def _defaults(given: Element) -> Style:
    run = given.find(f"{W}rPrDefault/{W}rPr")
    return Style(
        bold=is_on(run, "b", False),
        hidden=is_on(run, "vanish", False),
        size=size_of(run) or USUAL_SIZE,
    )


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
