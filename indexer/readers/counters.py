"""Counting through the lists of a word-processing document, the same in .docx and in .doc.

After ECMA-376 part 1, 17.9: an instance (w:num, LFO) belongs to a list (w:abstractNum, LSTF). All
instances of a list count on together, save where an instance overrides the start of a level.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from indexer.readers.numerals import numeral

LEVELS = 9
#: In `Level.text` the character 0 stands for the number of level 0, and so on, as in .doc files.
_PLACES = re.compile(f"[{chr(0)}-{chr(LEVELS - 1)}]")
#: A bullet that says something (注：, 第一步) and is no picture of a symbol font.
_WORDS = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `restart`: None as usual, 0 never, N when level N-1 or higher is used.
    `follow` is what stands between number and text: tab, space or nothing."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None
    follow: str = "tab"


@dataclass(slots=True)
class Counters:
    """Where the lists of one document stand."""

    _values: dict[Hashable, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[Hashable, int]] = field(default_factory=set)

    def label(
        self,
        chain: Hashable,
        instance: Hashable,
        depth: int,
        levels: Mapping[int, Level],
        starts: Mapping[int, int],
    ) -> str:
        """The next label of list `chain` at `depth`, which `levels` must have; "" for a bullet.

        `starts` are the overridden starts of this instance.
        """
        values = self._values.setdefault(chain, [None] * LEVELS)
        fresh = depth in starts and (instance, depth) not in self._begun
        self._begun.add((instance, depth))
        before = values[depth]
        start = starts.get(depth, levels[depth].start)
        values[depth] = start if fresh or before is None else before + 1
        for outer in range(depth):
            # A level that was passed over counts as used: after a first 1.1 comes 2
            # (Microsoft knowledge base Q110380).
            if values[outer] is None and outer in levels:
                values[outer] = starts.get(outer, levels[outer].start)
        for deeper in range(depth + 1, LEVELS):
            if _restarts(levels.get(deeper), deeper, depth):
                values[deeper] = None
        return _label(levels, depth, values)


def _restarts(level: Level | None, deeper: int, used: int) -> bool:
    rule = level.restart if level is not None else None
    if rule is None or rule > deeper:
        return True
    return rule > used


def _label(levels: Mapping[int, Level], depth: int, values: list[int | None]) -> str:
    level = levels[depth]
    if level.form == "bullet" and not _WORDS.search(level.text):
        return ""

    def number(match: re.Match[str]) -> str:
        at = ord(match.group())
        value = values[at]
        if at not in levels or value is None:
            return ""
        return numeral(value, _form(levels[at], level.legal))

    return _PLACES.sub(number, level.text).strip()


def _form(level: Level, legal: bool) -> str:
    # isLgl makes Arabic digits of all numbers (17.9.4), but none of a level without numbers.
    return "decimal" if legal and level.form not in ("none", "bullet") else level.form
