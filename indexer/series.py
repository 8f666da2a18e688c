"""Series of numbers: which numbered lines belong together, and which series lies in which.

The numbers of a list are judged together (`indexer.verdicts`), and a paper that nests ① above 1、
shows it by going on with ② after its 1、 2、 3、.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer import numbering
from indexer.lines import Line
from indexer.numbering import RANK, Numbered

#: Numbers left out or lost by a copy; a wider gap is another list.
_GAP = 3
#: Where the next number may stand in the middle of a line that lost its paragraph mark.
_GLUE = re.compile(
    r"(?<=[。!?])[”）)]?\s*(?=[第(〔【一二三四五六七八九十壹贰叁参肆伍陆柒捌玖拾\d\u2460-\u249b\u3220-\u3229])"
)
#: So much of a line tells whether it begins with a number.
_LOOK = 80


@dataclass(slots=True, eq=False)
class Series:
    """Numbers of one scheme that follow each other. `members` are indices of lines; `end` is the
    index of the line that closed it (a number further out), or the number of lines. `titled`: not
    all of them are sentences."""

    scheme: str
    outer: int
    parent: Series | None
    last: int = 0
    members: list[int] = field(default_factory=list)
    end: int = 0
    titled: bool = False

    def goes_on_with(self, number: Numbered) -> bool:
        if number.scheme != self.scheme or number.outer != self.outer:
            return False
        step = number.value - self.last
        return number.value == 0 or 0 < step <= _GAP or (step == 0 and number.value > 1)

    def end_of(self, place: int) -> int:
        """The line before which the member at `place` of `members` ends."""
        return self.members[place + 1] if place + 1 < len(self.members) else self.end


def numbered(lines: Iterable[Line]) -> Iterator[tuple[Line, Numbered | None]]:
    """The lines with their numbers, split before numbers in their middle that go on with those
    before them."""
    last: dict[str, int] = {}
    for line in lines:
        rest: Line | None = line
        while rest is not None:
            line = rest
            number = numbering.parse_plain(line.text, line.plain)
            if number is not None:
                last[number.scheme] = number.value
            at = _glued(line.plain, len(number.prefix) if number is not None else 0, last)
            if not at:
                rest = None
                yield line, number
                continue
            line, rest = line.split(at)
            yield line, numbering.parse_plain(line.text, line.plain)


def _glued(text: str, start: int, last: dict[str, int]) -> int:
    """The offset of a number in the middle of a plain text that goes on with the `last` of its
    scheme; 0 for none."""
    for match in _GLUE.finditer(text, start) if last else ():
        piece = text[match.end() : match.end() + _LOOK]
        found = numbering.parse_plain(piece, piece)
        if found is not None and last.get(found.scheme, 0) + 1 == found.value > 1:
            return match.end()
    return 0


class Ledger:
    """The series open at a line, and all there were. Lines are entered in order."""

    def __init__(self, numbers: Sequence[Numbered | None]) -> None:
        self.all: list[Series] = []
        #: (inner, outer): schemes that this document nests against their rank.
        self.inside: set[tuple[str, str]] = set()
        self._open: list[Series] = []
        self._next, self._chain_end = _chains(numbers)

    def enter(self, at: int, number: Numbered, running: bool, bare_above: bool) -> Series | None:
        """The series that the number of line `at` belongs to; None where it is no number of a
        line (3.8妇女节, 第八章讲中东，…). `running`: the line is a sentence; `bare_above`: the one
        above is a number with a title and nothing more."""
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].goes_on_with(number):
                self._close(depth + 1, at)
                return self._join(at, number, running)
        if not self._begins(at, number, running):
            return None
        self._make_room(at, number, running, bare_above)
        parent = self._open[-1] if self._open else None
        series = Series(number.scheme, number.outer, parent)
        self._open.append(series)
        self.all.append(series)
        return self._join(at, number, running)

    def close(self, at: int) -> None:
        """Close all series before line `at`: another paper begins, or this one ends."""
        self._close(0, at)

    def _join(self, at: int, number: Numbered, running: bool) -> Series:
        series = self._open[-1]
        series.titled = series.titled or not running
        series.members.append(at)
        series.last = number.value or series.last + 1
        return series

    def _close(self, depth: int, at: int) -> None:
        for series in self._open[depth:]:
            series.end = at
        del self._open[depth:]

    def _begins(self, at: int, number: Numbered, running: bool) -> bool:
        if running and self._next[at] < 0:
            return False  # a sentence that no list goes on with
        if number.scheme not in ("decimal", "subdecimal"):
            return True
        if number.value != 1:
            return False
        # 1.1 begins a series, 2.1 does within 2 or after 1.x; 6.1 alone is a date.
        before = [s.outer for s in self._open if s.scheme == number.scheme]
        within = [s.last for s in self._open if RANK[s.scheme] < RANK[number.scheme]]
        return number.outer <= 1 or number.outer in within or number.outer - 1 in before

    def _make_room(self, at: int, number: Numbered, running: bool, bare_above: bool) -> None:
        """Close what a first number closes: its own scheme's last series, and inner schemes. The
        points of a list close none that has titles."""
        same = [n for n, series in enumerate(self._open) if series.scheme == number.scheme]
        if same:
            self._close(same[-1], at)
        while self._open and not self._holds(self._open[-1], at, number, bare_above):
            if running and self._open[-1].titled:
                break
            self._close(len(self._open) - 1, at)

    def _holds(self, series: Series, at: int, number: Numbered, bare_above: bool) -> bool:
        """Whether a new series begins within the last member of `series`."""
        if RANK[series.scheme] < RANK[number.scheme]:
            return (series.scheme, number.scheme) not in self.inside
        if (number.scheme, series.scheme) in self.inside:
            return True
        if number.value != 1:
            return False
        following = self._next[series.members[-1]]
        nested = following > at and self._chain_end[at] < following
        opening = bare_above and series.members == [at - 1]
        if nested or opening:
            self.inside.add((number.scheme, series.scheme))
        return nested or opening


def _chains(numbers: Sequence[Numbered | None]) -> tuple[list[int], list[int]]:
    """For each line: the line of the next number of its scheme that goes on with it, -1 for none;
    and the last line of the chain of such numbers."""
    following = [-1] * len(numbers)
    last: dict[tuple[str, int], int] = {}
    for at, number in enumerate(numbers):
        if number is None:
            continue
        key = (number.scheme, number.outer)
        before = last.get(key)
        if before is not None:
            previous = numbers[before]
            if previous is not None and previous.value + 1 == number.value:
                following[before] = at
        last[key] = at
    end = list(range(len(numbers)))
    for at in range(len(numbers) - 1, -1, -1):
        if following[at] >= 0:
            end[at] = end[following[at]]
    return following, end
