"""Automatic numbering: which label Word would print before a paragraph (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from indexer.readers.docx.styles import W, integer
from indexer.readers.numerals import numeral
from indexer.readers.package import Element

LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None


def _level(given: Element) -> Level:
    def value(name: str, otherwise: str) -> str:
        found = given.find(W + name)
        return str(found.get(W + "val", otherwise)) if found is not None else otherwise

    restart = given.find(W + "lvlRestart")
    return Level(
        start=integer(value("start", "0"), 0),
        form=_format(given),
        text=value("lvlText", ""),
        legal=given.find(W + "isLgl") is not None,
        restart=integer(restart.get(W + "val"), 0) if restart is not None else None,
    )


def _format(given: Element) -> str:
    # A custom format sits in mc:AlternateContent with a plain numFmt as its fallback.
    for found in given.iter(W + "numFmt"):
        if found.get(W + "val") != "custom":
            return str(found.get(W + "val", "decimal"))
    return "decimal"


def _levels(holder: Element) -> dict[int, Level]:
    found = {}
    for given in holder.iterfind(W + "lvl"):
        depth = integer(given.get(W + "ilvl"), -1)
        if 0 <= depth < LEVELS:
            found[depth] = _level(given)
    return found


class Numbering:
    """The lists of one document. `label` is called once for each numbered paragraph, in order."""

    def __init__(self, part: Callable[[], Element | None]) -> None:
        """`part` gives the root of the numbering part; it is asked only when a list is met, for
        most papers have none and the part is often larger than the document."""
        self._part: Callable[[], Element | None] | None = part
        self._abstract: dict[str, dict[int, Level]] = {}
        self._style_links: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._num: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def _read_once(self) -> None:
        part, self._part = self._part, None
        root = part() if part is not None else None
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        for given in root.iterfind(W + "abstractNum"):
            ident = given.get(W + "abstractNumId", "")
            self._abstract[ident] = _levels(given)
            link, style = given.find(W + "numStyleLink"), given.find(W + "styleLink")
            if link is not None:
                self._links[ident] = link.get(W + "val", "")
            if style is not None:
                self._style_links[style.get(W + "val", "")] = ident
        for given in root.iterfind(W + "num"):
            self._read_num(given)

    def _read_num(self, given: Element) -> None:
        target = given.find(W + "abstractNumId")
        abstract = target.get(W + "val", "") if target is not None else ""
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in given.iterfind(W + "lvlOverride"):
            depth = integer(override.get(W + "ilvl"), 0)
            start = override.find(W + "startOverride")
            if start is not None:
                starts[depth] = integer(start.get(W + "val"), 1)
            levels.update(_levels(override))
        self._num[given.get(W + "numId", "")] = (abstract, levels, starts)

    def label(self, num: str, depth: int) -> str:
        """The next label of list `num` at `depth` (0..8); "" for bullets and unknown lists."""
        self._read_once()
        if num not in self._num or not 0 <= depth < LEVELS:
            return ""
        abstract, levels, starts = self._num[num]
        if abstract in self._links:
            abstract = self._style_links.get(self._links[abstract], abstract)
        known = {**self._abstract.get(abstract, {}), **levels}
        if depth not in known:
            return ""
        counters = self._counters.setdefault(abstract, [None] * LEVELS)
        self._advance(counters, num, depth, known, starts)
        return _render(known, depth, counters)

    def _advance(
        self,
        counters: list[int | None],
        num: str,
        depth: int,
        known: dict[int, Level],
        starts: dict[int, int],
    ) -> None:
        fresh = depth in starts and (num, depth) not in self._started
        self._started.add((num, depth))
        if fresh:
            counters[depth] = starts[depth]
        elif counters[depth] is None:
            counters[depth] = known[depth].start
        else:
            counters[depth] = (counters[depth] or 0) + 1
        for deeper in range(depth + 1, LEVELS):
            rule = known[deeper].restart if deeper in known else None
            if rule is None or rule > depth:
                counters[deeper] = None


def _render(known: dict[int, Level], depth: int, counters: list[int | None]) -> str:
    level = known[depth]
    if level.form == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        other = known.get(at, Level())
        value = counters[at]
        form = "decimal" if level.legal else other.form
        return numeral(other.start if value is None else value, form)

    return _PLACEHOLDER.sub(number, level.text).strip()
