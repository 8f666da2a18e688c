"""Lists: which label stands before each item (part 3, 5.3 and 16.30)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.readers.counters import LEVELS, Counters, Level
from indexer.readers.odf.names import LOEXT, OFFICE, STYLE, TEXT, XML_ID
from indexer.readers.package import Element

#: The first number of a format, as LibreOffice writes it (一, 二, 三, ...) -> ST_NumberFormat.
_FORMATS = {
    "": "none", "1": "decimal", "01": "decimalZero", "a": "lowerLetter", "A": "upperLetter",
    "i": "lowerRoman", "I": "upperRoman", "１": "decimalFullWidth", "①": "decimalEnclosedCircle",
    "⑴": "decimalEnclosedParen", "⒈": "decimalEnclosedFullstop", "一": "chineseCountingThousand",
    "壹": "chineseLegalSimplified", "甲": "ideographTraditional", "子": "ideographZodiac",
    "㈠": "ideographEnclosedCircle", "ア": "aiueoFullWidth", "ｱ": "aiueoFullWidth",
    "1st": "ordinal", "One": "cardinalText", "First": "ordinalText",
    "가": "ganada", "ㄱ": "chosung", "일": "koreanCounting",
}  # fmt: skip
_FOLLOW = {"space": "space", "nothing": "nothing"}
_PLACE = re.compile(r"%(\d{1,2})%")


@dataclass(frozen=True, slots=True)
class Context:
    """The list a paragraph stands in. `chain` counts together; `fresh` names the element that
    begins it anew, "" where it goes on; `start` is the number an item sets itself."""

    style: str
    chain: str
    depth: int = 0
    fresh: str = ""
    start: int | None = None


@dataclass(slots=True)
class Lists:
    """The list styles of a document and how far its lists have counted."""

    _styles: dict[str, dict[int, Level]] = field(default_factory=dict)
    _outline: dict[int, Level] = field(default_factory=dict)
    _counters: Counters = field(default_factory=Counters)
    #: Style -> the chain that last used it, and id of a list -> its chain.
    _last: dict[str, str] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def read(self, root: Element) -> None:
        """Take the list styles of a part."""
        for holder in (OFFICE + "styles", OFFICE + "automatic-styles"):
            for given in root.iterfind(f"{holder}/{TEXT}list-style"):
                self._styles[given.get(STYLE + "name", "")] = _levels(given)
            for given in root.iterfind(f"{holder}/{TEXT}outline-style"):
                self._outline = _levels(given)

    def enter(self, given: Element, outer: Context | None, style: str | None) -> Context:
        """The context of a text:list; `style` is what its first paragraph's style names."""
        name = given.get(TEXT + "style-name") or (outer.style if outer is not None else style or "")
        self._count += 1
        mark = f"list {self._count}"
        goes_on = given.get(TEXT + "continue-numbering") == "true"
        if outer is not None:
            depth = min(outer.depth + 1, LEVELS - 1)
            return Context(name, outer.chain, depth, "" if goes_on else mark)
        chain = self._named.get(given.get(TEXT + "continue-list", ""), "")
        if not chain and goes_on:
            chain = self._last.get(name, "")
        chain = chain or mark
        self._last[name] = chain
        if given.get(XML_ID):
            self._named[given.get(XML_ID)] = chain
        return Context(name, chain)

    def item(self, given: Element, context: Context) -> Context:
        """The context of a list item, which may have a start or a style of its own."""
        self._count += 1
        start = given.get(TEXT + "start-value", "")
        own = given.get(TEXT + "style-override", context.style)
        if not start.isdigit() or len(start) > 6:
            return Context(own, context.chain, context.depth, context.fresh)
        return Context(own, context.chain, context.depth, f"item {self._count}", int(start))

    def numbered(self, given: Element, style: str | None) -> Context:
        """The context of a text:numbered-paragraph, which names its list and level itself."""
        level = given.get(TEXT + "level", "1")
        depth = min(max(int(level), 1), LEVELS) - 1 if level.isdigit() and len(level) < 3 else 0
        name = given.get(TEXT + "style-name") or style or ""
        context = Context(name, f"id {given.get(TEXT + 'list-id', name)}", depth)
        return self.item(given, context)

    def label(self, context: Context) -> tuple[str, str]:
        """The next label of the list and what follows it; ("", "") for a bullet."""
        levels = self._styles.get(context.style, {})
        if context.depth not in levels:
            return "", ""
        starts = {}
        if context.fresh:
            level = levels[context.depth]
            starts = {context.depth: level.start if context.start is None else context.start}
        instance = context.fresh or context.chain
        label = self._counters.label(context.chain, instance, context.depth, levels, starts)
        return label, levels[context.depth].follow

    def heading(self, depth: int, restart: bool, start: str) -> tuple[str, str]:
        """The next label of the outline at `depth` (0 the outermost)."""
        if depth not in self._outline or not 0 <= depth < LEVELS:
            return "", ""
        starts = {depth: int(start)} if restart and start.isdigit() and len(start) <= 6 else {}
        self._count += 1
        label = self._counters.label("", self._count, depth, self._outline, starts)
        return label, self._outline[depth].follow


def _levels(given: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in given:
        number = element.get(TEXT + "level", "")
        if number.isdigit() and 1 <= int(number) <= LEVELS and len(number) == 1:
            found[int(number) - 1] = _level(element, int(number) - 1, found)
    return found


def _level(given: Element, depth: int, above: dict[int, Level]) -> Level:
    if given.tag == TEXT + "list-level-style-bullet":
        around = given.get(STYLE + "num-prefix", ""), given.get(STYLE + "num-suffix", "")
        return Level(
            form="bullet", text=around[0] + given.get(TEXT + "bullet-char", "") + around[1]
        )
    form = _form(given.get(STYLE + "num-format", ""))
    start = given.get(TEXT + "start-value", "1")
    return Level(
        start=int(start) if start.isdigit() and len(start) <= 6 else 1,
        form=form,
        text=_text(given, depth, form, above),
        follow=_follow(given),
    )


def _form(given: str) -> str:
    first = given.partition(",")[0].strip()
    if first.isdigit() and first.isascii() and len(first) > 2:
        return "0" * len(first)  # 001, 002, 003
    return _FORMATS.get(first, "decimal")


def _text(given: Element, depth: int, form: str, above: dict[int, Level]) -> str:
    """The label with a place (a character below 9) for the number of each level."""
    before, after = (str(given.get(STYLE + key, "")) for key in ("num-prefix", "num-suffix"))
    if form == "none":
        return before + after
    # LibreOffice since 7.2: the standard's own attributes cannot say 第1.2节.
    whole = given.get(LOEXT + "num-list-format") or given.get(STYLE + "num-list-format")
    if whole:
        return _PLACE.sub(_place, whole)
    shown = given.get(TEXT + "display-levels", "1")
    first = depth + 1 - (int(shown) if shown.isdigit() and len(shown) == 1 else 1)
    outer = [at for at in range(max(first, 0), depth) if at in above and _counts(above[at])]
    return before + ".".join(chr(at) for at in [*outer, depth]) + after


def _place(match: re.Match[str]) -> str:
    level = int(match[1])
    return chr(level - 1) if 0 < level <= LEVELS else ""


def _counts(level: Level) -> bool:
    return level.form not in ("none", "bullet")


def _follow(given: Element) -> str:
    for alignment in given.iter(STYLE + "list-level-label-alignment"):
        return _FOLLOW.get(alignment.get(TEXT + "label-followed-by", ""), "tab")
    return "tab"
