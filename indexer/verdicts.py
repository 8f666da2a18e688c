"""Which members of a series are headings, told by all of them together.

1. 2. 3. are headings where most of them carry a title and a text of their own; where most are
sentences, they are the points of a list, and only what stands out among them heads anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer import numbering
from indexer.headings import OUTER, SENTENCE_END, Form, Heading
from indexer.labels import is_trade_word
from indexer.lines import Line
from indexer.numbering import RANK
from indexer.plain import plain
from indexer.series import Series

#: The first lines under a heading tell whether it has a text of its own.
_LOOK = 3
#: Longest sentence that alone, without brothers, opens a section; by an outer or inner number.
_CLOSED = {True: 26, False: 16}
#: Longest title before a colon that heads its own list among sentences.
_LEADING = 20
#: What stands behind the colon of a phrase is no longer.
_PHRASE = 30
_SURE = frozenset({Form.ALONE, Form.COLON, Form.APART})


@dataclass(frozen=True, slots=True)
class _Case:
    """A member: its line, what it may be, and how many characters of its own stand below it."""

    line: int
    heading: Heading
    own: int

    @property
    def marked(self) -> bool:
        """A style or bold type says what it is."""
        return self.heading.by == "style" or (
            self.heading.form is Form.APART and self.heading.scheme not in OUTER
        )

    @property
    def is_phrase(self) -> bool:
        """A few words, with a colon among them or not: 看图猜人物：商鞅立木（4分钟）"""
        heading = self.heading
        if heading.form is Form.COLON:
            return len(heading.rest) <= _PHRASE and not SENTENCE_END.search(plain(heading.rest))
        return heading.form is Form.ALONE and not self.marked

    @property
    def vote(self) -> float:
        """1 for a title with its text, 0.5 for what may be one, 0 for a point of a list."""
        heading, outer = self.heading, self.heading.scheme in OUTER
        if self.marked:
            return 1.0
        if heading.announces and not (outer and heading.form is Form.ALONE):
            return 0.0
        match heading.form:
            case Form.ALONE:
                return 1.0 if self.own or outer else 0.5
            case Form.COLON | Form.STOP | Form.APART:
                return 1.0
            case Form.CLOSED:
                return float(self.own >= len(heading.title))
            case _:
                return 0.5 if self._may_be_brother else 0.0

    @property
    def _may_be_brother(self) -> bool:
        brother = self.heading.brother
        return brother is not None and (bool(brother[1]) or self.own >= len(brother[0]))

    @property
    def leads(self) -> bool:
        """It heads a list or a text of its own, whatever its brothers are: 4、有关要求：（1）…"""
        heading = self.heading
        if heading.announces or not heading.title:
            return False
        if heading.form is Form.COLON:
            return numbering.parse(heading.rest) is not None
        return heading.form is Form.ALONE and bool(self.own)

    def as_brother(self) -> Heading | None:
        """The heading that it is among headings; None for a point that is none there either."""
        vote, heading = self.vote, self.heading
        if vote == 0.5 and heading.form is Form.SENTENCE and heading.brother is not None:
            title, rest = heading.brother
            return replace(heading, title=title, rest=rest)
        return heading if vote else None


def accepted(
    series: Series, lines: Sequence[Line], proposed: Mapping[int, Heading]
) -> dict[int, Heading]:
    """The headings among the members of a series, by line."""
    cases = [
        _Case(at, proposed[at], _own(at, series.end_of(place), lines, proposed))
        for place, at in enumerate(series.members)
    ]
    if _is_list_of_phrases(series, cases, proposed):
        return {case.line: case.heading for case in cases if case.marked}
    if sum(case.vote for case in cases) * 2 > len(cases) and not _is_closed_alone(cases):
        brothers = {case.line: case.as_brother() for case in cases}
        return {at: heading for at, heading in brothers.items() if heading is not None}
    return {case.line: case.heading for case in cases if _stands_out(case, series, cases)}


def _own(at: int, end: int, lines: Sequence[Line], proposed: Mapping[int, Heading]) -> int:
    following = proposed.get(at + 1)
    if following is not None and following.number is None and _begins_anew(following):
        return 0
    return sum(1 + len(line.raw) for line in lines[at + 1 : min(end, at + 1 + _LOOK)])


def _begins_anew(heading: Heading) -> bool:
    return heading.by == "style" or heading.scheme == "attachment"


def _is_closed_alone(cases: Sequence[_Case]) -> bool:
    """A single sentence opens a section only where it is short."""
    heading = cases[0].heading
    if len(cases) > 1 or heading.form is not Form.CLOSED:
        return False
    longest = _CLOSED[heading.scheme in OUTER]
    return len(heading.title) > longest or "，" in heading.title or "," in heading.title


def _is_list_of_phrases(
    series: Series, cases: Sequence[_Case], proposed: Mapping[int, Heading]
) -> bool:
    """图片4张, 听课记录6份: inner numbers under some heading, none with a text of its own. What
    stands below the last may go on with what stood above the first."""
    if len(cases) < 2 or series.scheme in OUTER or any(case.own for case in cases[:-1]):
        return False
    if not all(case.is_phrase for case in cases):
        return False
    under = series.parent is not None or next(iter(proposed)) < cases[0].line
    return under and sum(is_trade_word(case.heading.title) for case in cases) * 2 <= len(cases)


def _stands_out(case: _Case, series: Series, cases: Sequence[_Case]) -> bool:
    """Whether a member of a list is a heading although most of its brothers are none."""
    if case.marked:
        return True
    if case.vote == 1.0 and RANK[series.scheme] <= RANK["cn"]:
        return not _is_closed_alone([case])
    if case.vote == 1.0 and series.parent is None and case.heading.form in _SURE:
        return True
    if not case.leads:
        return False
    colon = case.heading.form is Form.COLON or len(case.heading.title) <= _LEADING
    titled = sum(other.vote for other in cases) * 3 >= len(cases)
    return colon and (case.heading.form is Form.COLON or titled)
