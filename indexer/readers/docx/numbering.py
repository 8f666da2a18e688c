"""Automatic numbering: which label Word would print before a paragraph (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.readers.counters import LEVELS, Counters, Level
from indexer.readers.docx.styles import W, integer, is_on
from indexer.readers.package import Element

_PLACEHOLDER = re.compile(r"%([1-9])")
#: A custom format such as "001, 002, 003, ..." ([MS-DOCX] 2.4): filled up with zeros.
_FILLED = re.compile(r"(0+1), 0*2\b")


@dataclass(frozen=True, slots=True)
class _Instance:
    """A w:num: its list, levels it replaces, starts it overrides."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, Level]
    #: Paragraph style id -> level that is applied with it.
    styles: dict[str, int]
    #: Name of the numbering style that holds the levels in this list's stead.
    link: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of one document. `label` is called once for each numbered paragraph, in order.

    `part` gives the root of the numbering part; it is asked only when a list is met, for most
    papers have none and the part is often larger than the document. `style_num` gives the numId
    of a numbering style, "" where it has none.
    """

    part: Callable[[], Element | None] | None
    style_num: Callable[[str], str] = lambda style: ""
    _abstract: dict[str, _Abstract] = field(default_factory=dict)
    _holders: dict[str, str] = field(default_factory=dict)
    _num: dict[str, _Instance] = field(default_factory=dict)
    _resolved: dict[str, dict[int, Level]] = field(default_factory=dict)
    _counters: Counters = field(default_factory=Counters)

    def label(self, num: str, depth: int) -> tuple[str, str]:
        """(next label of list `num` at `depth` 0..8, what follows it: tab, space, nothing);
        the label is "" for bullets and unknown lists."""
        levels = self._levels(num)
        if depth not in levels:
            return "", ""
        instance = self._num[num]
        label = self._counters.label(
            self._holder(instance.abstract), num, depth, levels, instance.starts
        )
        return label, levels[depth].follow

    def depth_of_style(self, num: str, style: str) -> int | None:
        """The level that list `num` links with a paragraph style (17.9.23)."""
        self._read_once()
        instance = self._num.get(num)
        linked = self._abstract.get(self._holder(instance.abstract)) if instance else None
        return linked.styles.get(style) if linked is not None else None

    def _levels(self, num: str) -> dict[int, Level]:
        if num not in self._resolved:
            self._read_once()
            instance = self._num.get(num)
            linked = self._abstract.get(self._holder(instance.abstract)) if instance else None
            self._resolved[num] = (
                {**linked.levels, **instance.levels} if linked and instance else {}
            )
        return self._resolved[num]

    def _holder(self, abstract: str) -> str:
        """The list that has the levels and counts: itself, or that of the numbering style it
        names (17.9.21)."""
        found = self._abstract.get(abstract)
        if found is None or not found.link:
            return abstract
        holder = self._holders.get(found.link)
        if holder is None:
            by_style = self._num.get(self.style_num(found.link))
            holder = by_style.abstract if by_style is not None else None
        return holder if holder is not None and not self._is_link(holder) else abstract

    def _is_link(self, abstract: str) -> bool:
        found = self._abstract.get(abstract)
        return found is None or bool(found.link)

    def _read_once(self) -> None:
        part, self.part = self.part, None
        root = part() if part is not None else None
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        for given in root.iterfind(W + "abstractNum"):
            ident = given.get(W + "abstractNumId", "")
            link, style = given.find(W + "numStyleLink"), given.find(W + "styleLink")
            self._abstract[ident] = _abstract(given, link)
            if style is not None:
                self._holders.setdefault(style.get(W + "val", ""), ident)
        for given in root.iterfind(W + "num"):
            self._num[given.get(W + "numId", "")] = _instance(given)


def _abstract(given: Element, link: Element | None) -> _Abstract:
    styles: dict[str, int] = {}
    for level in given.iterfind(W + "lvl"):
        named = level.find(W + "pStyle")
        if named is not None:
            styles.setdefault(named.get(W + "val", ""), integer(level.get(W + "ilvl"), 0))
    return _Abstract(_levels(given), styles, link.get(W + "val", "") if link is not None else "")


def _instance(given: Element) -> _Instance:
    target = given.find(W + "abstractNumId")
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in given.iterfind(W + "lvlOverride"):
        depth = integer(override.get(W + "ilvl"), 0)
        start = override.find(W + "startOverride")
        if start is not None:
            starts[depth] = integer(start.get(W + "val"), 0)
        levels.update(_levels(override))
    return _Instance(target.get(W + "val", "") if target is not None else "", levels, starts)


def _levels(holder: Element) -> dict[int, Level]:
    found = {}
    for given in holder.iterfind(W + "lvl"):
        depth = integer(given.get(W + "ilvl"), -1)
        if 0 <= depth < LEVELS:
            found[depth] = _level(given)
    return found


def _level(given: Element) -> Level:
    def value(name: str, otherwise: str) -> str:
        found = given.find(W + name)
        return str(found.get(W + "val", otherwise)) if found is not None else otherwise

    restart = value("lvlRestart", "")
    return Level(
        start=integer(value("start", "0"), 0),
        form=_format(given),
        text=_PLACEHOLDER.sub(lambda at: chr(int(at.group(1)) - 1), value("lvlText", "")),
        legal=is_on(given, "isLgl", False),
        restart=integer(restart, 0) if restart else None,
        follow=value("suff", "tab"),
    )


def _format(given: Element) -> str:
    # A custom format sits in mc:AlternateContent with a plain numFmt as its fallback.
    for found in given.iter(W + "numFmt"):
        form = str(found.get(W + "val", "decimal"))
        if form != "custom":
            return form
        filled = _FILLED.match(found.get(W + "format", ""))
        if filled is not None:
            return "0" * len(filled.group(1))
    return "decimal"
