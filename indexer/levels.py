"""The level of each heading: by order of first appearance, 1 for the outermost.

A style gives its own order; numbers nest by their rank, or as the document shows that it nests
them; a bold line or a label is a part of the section in which it stands.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from indexer.headings import RANK, Heading
from indexer.labels import is_label, word_of

#: Numbers that section a paper.
_NUMBERED = ("part", "chapter", "section", "cn", "cnparen")
#: Schemes of headings without a number.
_LABELS = ("block", "lead")
#: A bare label of this meaning stands beside the next label of the trade, not above it; 教学反思：
#: and 评议： may hold 得：, 失：, 优点：.
_LEAF = re.compile(
    "(?:问题|不足|困惑|原因|措施|对策|打算|安排|设想|建议|意见|方向|收获|成效|成果|成绩|亮点|目标|重点|难点)$"
)


@dataclass(frozen=True, slots=True)
class _Open:
    """An open heading. `style` is the level that its style gives, None for none; `size` the points
    of a line that stands out."""

    scheme: str
    level: int
    style: int | None = None
    size: float = 0.0
    by: str = ""


@dataclass(slots=True)
class Levels:
    """The headings open at a point of the document, outermost first.

    `inside`: (inner, outer) schemes that the document nests against their rank. `styled`: the
    style's level of a scheme's headings where some of them have one.
    """

    inside: frozenset[tuple[str, str]] = frozenset()
    styled: dict[str, int] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    #: How many were open when a bare label that holds no others (存在问题：) opened the last.
    leaf: int = 0

    @property
    def depth(self) -> int:
        return self.open[-1].level if self.open else 0

    def place(self, heading: Heading) -> int:
        """Open a heading; its level."""
        style = heading.level
        if style is None and heading.number is not None:
            style = self.styled.get(heading.scheme)
        if style is not None:
            self._pop_styled(heading, style)
            return self._push(heading, heading.scheme, style)
        scheme = self._scheme(heading)
        if scheme != "bold" and scheme in [e.scheme for e in self.open[self._styled() :]]:
            self.close(scheme)
        else:
            self._pop_below(scheme, heading.size)
            if 0 < len(self.open) == self.leaf and scheme in _LABELS and is_label(heading.title):
                self.open.pop()
        level = self._push(heading, scheme, None)
        if scheme == "block" and _LEAF.search(word_of(heading.title)):
            self.leaf = len(self.open)
        elif self.leaf >= len(self.open):
            self.leaf = 0
        return level

    def close(self, scheme: str) -> None:
        """Close the innermost heading of a scheme and all within it, where there is one."""
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at].scheme == scheme:
                del self.open[at:]
                return

    def _push(self, heading: Heading, scheme: str, style: int | None) -> int:
        level = self.depth + 1
        self.open.append(_Open(scheme, level, style, heading.size, heading.by))
        return level

    def _pop_styled(self, heading: Heading, style: int) -> None:
        if heading.number is not None:
            self.close(heading.scheme)
        while self.open:
            top = self.open[-1]
            if top.style is not None:
                inner = top.style < style
            elif heading.number is not None and top.scheme in RANK:
                inner = not self._closes(heading.scheme, top.scheme)
            else:
                inner = top.level < style
            if inner:
                return
            self.open.pop()

    def _styled(self) -> int:
        """How many open headings, from the outermost, lie at or outside the last styled one."""
        styled = (at + 1 for at, entry in enumerate(self.open) if entry.scheme == "style")
        return max(styled, default=0)

    def _pop_below(self, scheme: str, size: float) -> None:
        while self.open and self.open[-1].scheme != "style":
            top = self.open[-1]
            larger = top.scheme == scheme == "bold" and top.size > size > 0
            if larger or not self._closes(scheme, top.scheme):
                break
            self.open.pop()

    def _closes(self, scheme: str, other: str) -> bool:
        """Whether a heading of `scheme` closes an open one of the scheme `other`."""
        if (scheme, other) in self.inside:
            return False
        if (other, scheme) in self.inside:
            return True
        # A label opens a part of whatever section it stands in; only numbers close sections.
        return RANK[other] >= RANK["lead" if scheme in _LABELS else scheme]

    def _scheme(self, heading: Heading) -> str:
        """A bold line inside a numbered section is a part of it, not its neighbour, unless the
        section lies in one that looks the same."""
        if heading.scheme != "bold":
            return heading.scheme
        typed = [entry for entry in self.open if entry.scheme != "style"]
        look = ("bold", heading.size, heading.by)
        if any((entry.scheme, entry.size, entry.by) == look for entry in typed):
            return "bold"
        inside = any(RANK[entry.scheme] > RANK["bold"] for entry in typed)
        numbered = any(entry.scheme in _NUMBERED for entry in typed)
        return "block" if numbered and inside else "bold"


def styled_schemes(headings: Iterable[Heading]) -> dict[str, int]:
    """The style's level that numbered headings of a scheme have most often: where half of the
    一、 have a style and half were only typed, they are of one level."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for heading in headings:
        if heading.level is not None and heading.number is not None:
            counts[heading.scheme][heading.level] += 1
    return {scheme: levels.most_common(1)[0][0] for scheme, levels in counts.items()}


def nesting(pairs: Set[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """(inner, outer) pairs with all that follow from them, without those that contradict."""
    known = set(pairs)
    while more := {(a, d) for a, b in known for c, d in known if b == c} - known:
        known |= more
    return frozenset(pair for pair in known if pair[::-1] not in known)
