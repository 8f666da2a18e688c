"""Original text with its hits marked, escaped for a page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import count

from markupsafe import Markup, escape

Mark = tuple[int, int]


def marked(text: str, marks: Sequence[Mark], number: count[int] | None = None) -> Markup:
    """`text` with <mark> around each (start, end), which must be ascending and apart. With
    `number` each mark gets an id hit-1, hit-2, … so that it can be linked to."""
    pieces: list[Markup] = []
    at = 0
    for start, end in marks:
        pieces.append(escape(text[at:start]))
        name = Markup(' id="hit-{}"').format(next(number)) if number else Markup("")
        pieces.append(Markup("<mark{}>{}</mark>").format(name, text[start:end]))
        at = end
    pieces.append(escape(text[at:]))
    return Markup("").join(pieces)


def split_marks(pieces: Sequence[str], marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks of the pieces joined by one character, as marks of each piece.

    A mark that runs over a joint is cut there: a phrase may go on in the next line or cell.
    """
    starts: list[int] = []
    at = 0
    for piece in pieces:
        starts.append(at)
        at += len(piece) + 1
    found: list[list[Mark]] = [[] for _ in pieces]
    for start, end in marks:
        index = bisect_right(starts, start) - 1
        while index < len(pieces) and starts[index] < end:
            first = max(0, start - starts[index])
            last = min(len(pieces[index]), end - starts[index])
            if first < last:
                found[index].append((first, last))
            index += 1
    return found
