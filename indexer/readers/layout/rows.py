"""The lines of text that characters make by their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter

from indexer.readers.layout.signs import Sign
from indexer.readers.lines import Glyph, Line, line_text, with_centring

_along, _across = attrgetter("along"), attrgetter("across")
#: Points to the millimetre; the sizes of characters are told in points.
_POINTS = 72 / 25.4
#: The same character so close again (in units of its size) is drawn twice to look bold.
_TWICE = 0.2
#: Neighbours that differ in size by this factor and stand this far apart are no one line.
_UNLIKE, _APART = 1.8, 0.6


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of a line from left to right."""

    signs: tuple[Sign, ...]

    @property
    def left(self) -> float:
        return self.signs[0].along

    @property
    def right(self) -> float:
        return max(sign.along + sign.width for sign in self.signs)

    @property
    def y(self) -> float:
        return self.signs[0].y

    @property
    def bold(self) -> bool:
        return self.signs[0].bold and self.signs[-1].bold

    @property
    def points(self) -> float:
        sizes = Counter(round(sign.size * _POINTS * 2) / 2 for sign in self.signs)
        return sizes.most_common(1)[0][0]


def rows(signs: Iterable[Sign]) -> list[Row]:
    """The lines from top to bottom, told by the base lines of their characters."""
    found: list[list[Sign]] = []
    across = size = near = 0.0
    for sign in sorted(signs, key=_across):
        if sign.size != size:
            # Raised and lowered characters are small; the next line is a full size away.
            near = min(0.4 * max(sign.size, size), 0.8 * min(sign.size, size))
        if found and sign.across - across <= near:
            found[-1].append(sign)
            if sign.size > size:
                across, size, near = sign.across, sign.size, 0.4 * sign.size
        else:
            found.append([sign])
            across, size, near = sign.across, sign.size, 0.4 * sign.size
    return [part for row in found if (kept := _once(row)) for part in _parted(kept)]


def _parted(signs: Sequence[Sign]) -> Iterator[Row]:
    """A line cut where a title and a small note beside it are set on the same height."""
    start = 0
    for at, (before, after) in enumerate(pairwise(signs), 1):
        if before.size == after.size:
            continue
        large, small = max(before.size, after.size), min(before.size, after.size)
        gap = after.along - before.along - before.width
        if large >= _UNLIKE * small and gap >= _APART * large:
            yield Row(tuple(signs[start:at]))
            start = at
    yield Row(tuple(signs[start:]))


def _once(signs: list[Sign]) -> list[Sign]:
    """The characters from left to right, without those drawn again in their own place; of a space
    only its mark at the next character stays."""
    kept: list[Sign] = []
    spaced = False
    for sign in sorted(signs, key=_along):
        if sign.sign == " ":
            spaced = bool(kept)
            continue
        near = sign.along - _TWICE * sign.size
        if kept and kept[-1].along > near and _drawn(sign, kept[-3:], near):
            continue
        kept.append(sign._replace(spaced=True) if spaced else sign)
        spaced = False
    return kept


def _drawn(sign: Sign, before: Sequence[Sign], near: float) -> bool:
    return any(sign.sign == other.sign and other.along > near for other in before)


def lines(
    found: Sequence[Row], number: int, extent: tuple[float, float] | None = None
) -> list[Line]:
    """The rows as lines of page `number`; `extent` is what stands on the page from its left to
    its right edge, where that is more than these rows."""
    given = [(_text(row), row.left, row.right, row.bold) for row in found]
    centred = with_centring(given, number, extent)
    return [replace(line, size=row.points) for line, row in zip(centred, found, strict=True)]


def _text(row: Row) -> str:
    return line_text([Glyph(s.sign, s.along, s.along + s.width, s.spaced) for s in row.signs])
