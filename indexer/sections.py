"""The sections of a run of lines: what heads each, its level, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer import closing, numbering, verdicts
from indexer.headings import RANK, Heading
from indexer.labels import is_trade_word
from indexer.levels import Levels, nesting, styled_schemes
from indexer.lines import Line
from indexer.proposals import drop_front, drop_unknown, propose
from indexer.series import Series, numbered

#: What begins another paper, below the signature of the last.
_PAPERS = ("part", "attachment")
#: Within sections numbered so far in, an unknown word before a colon opens nothing.
_DEEP = RANK["arabic"]


@dataclass(frozen=True, slots=True)
class Section:
    """`line` is the index of the line that heads it, `end` that of the line before which it ends,
    sub-sections included. `rest` is the text of its own line after the title."""

    line: int
    end: int
    level: int
    title: str
    by: str
    rest: str


@dataclass(frozen=True, slots=True)
class Sectioned:
    """`depths` are the levels of the innermost section open at each table, by its line."""

    lines: list[Line]
    sections: list[Section]
    depths: dict[int, int]

    @property
    def first_end(self) -> int:
        """The line before which a part ends that was open from the beginning."""
        end = next((s.line for s in self.sections if s.level == 1), len(self.lines))
        return closing.begins(self.lines, end)


def find(
    given: Sequence[Line], title: str = "", within_part: bool = False, words: bool = False
) -> Sectioned:
    """The sections of the lines of a document (or of a cell) below its title.

    `title`: what is no heading when it is only said again. `within_part`: 第一篇 is the title.
    `words`: without a number only words of the trade are headings.
    """
    pairs = list(numbered(given))
    lines = [line for line, _ in pairs]
    found = propose(lines, [number for _, number in pairs])
    drop_front(found, lines, title)
    if words:
        drop_unknown(found, lines)
    accepted = {at: h for at, h in found.headings.items() if h.number is None}
    for series in found.ledger.all:
        accepted.update(verdicts.accepted(series, lines, found.headings))
    levels = Levels(nesting(found.ledger.inside), styled_schemes(accepted.values()))
    if within_part:
        levels.place(Heading("", "part", "numbering"))
    return _sectioned(lines, accepted, found.series, levels)


class _Sections:
    """Places accepted headings one after the other, and ends the sections they close."""

    def __init__(self, levels: Levels) -> None:
        self.levels = levels
        self._made: list[tuple[int, int, Heading]] = []
        #: For each the line before which it ends.
        self._ends: list[int] = []
        self._open: list[int] = []
        #: The level of the headings of each series, by its first line.
        self._heads: dict[int, int] = {}

    def open(self, at: int, heading: Heading, series: Series | None) -> None:
        level = self.levels.place(heading)
        self.end(at, level)
        self._open.append(len(self._made))
        self._made.append((at, level, heading))
        self._ends.append(at)
        if series is not None:
            self._heads[series.members[0]] = level

    def pass_by(self, at: int, series: Series) -> None:
        """A point of a list of which others are headings: it belongs to none of them."""
        level = self._heads.get(series.members[0])
        if level is not None:
            self.levels.close(series.scheme)
            self.end(at, level)

    def end(self, at: int, level: int) -> None:
        """End the open sections of a level or below it before line `at`."""
        while self._open and self._made[self._open[-1]][1] >= level:
            self._ends[self._open.pop()] = at

    def done(self) -> list[Section]:
        return [
            Section(at, end, level, heading.title, heading.by, heading.rest)
            for (at, level, heading), end in zip(self._made, self._ends, strict=True)
        ]


def _sectioned(
    lines: list[Line], accepted: dict[int, Heading], series: dict[int, Series], levels: Levels
) -> Sectioned:
    found = _Sections(levels)
    depths: dict[int, int] = {}
    last = closing.begins(lines, len(lines))
    for at, line in enumerate(lines[:last]):
        heading = accepted.get(at)
        if line.table:
            depths[at] = levels.depth
        elif heading is not None and not _is_lost(heading, levels):
            if heading.scheme in _PAPERS:
                found.end(closing.begins(lines, at), 0)
            found.open(at, heading, series.get(at))
        elif at in series:
            found.pass_by(at, series[at])
    found.end(last, 0)
    return Sectioned(lines[:last], found.done(), depths)


def _is_lost(heading: Heading, levels: Levels) -> bool:
    """An unknown word before a colon, deep within numbered sections: 期末成绩计算：……"""
    if heading.by != "label" or heading.scheme not in ("block", "lead"):
        return False
    deep = any(numbering.RANK.get(entry.scheme, 0) >= _DEEP for entry in levels.open)
    return deep and not is_trade_word(heading.title)
