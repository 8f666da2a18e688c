"""What each line of a document may be, before its brothers have been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.headings import Form, Heading
from indexer.labels import is_label, squeeze
from indexer.lines import Line, contents
from indexer.looks import RUNNING
from indexer.numbered import numbered, styled
from indexer.numbering import Numbered
from indexer.series import Ledger, Series
from indexer.titles import is_byline
from indexer.unnumbered import Habits, unnumbered

_Around = tuple[Line | None, Line | None]


@dataclass(frozen=True, slots=True)
class Proposals:
    """By line: the heading it may be, and the series of its number. `inside` are the (inner,
    outer) schemes that the document nests against their rank."""

    headings: dict[int, Heading]
    series: dict[int, Series]
    ledger: Ledger


def propose(lines: Sequence[Line], numbers: Sequence[Numbered | None]) -> Proposals:
    """What the lines with these numbers may be, entries of a contents page left out."""
    listed = contents(lines)
    numbers = [None if at in listed else number for at, number in enumerate(numbers)]
    found = Proposals({}, {}, Ledger(numbers))
    habits = Habits.of(lines)
    for at, line in enumerate(lines):
        if line.text and at not in listed:
            above = lines[at - 1] if at else None
            below = lines[at + 1] if at + 1 < len(lines) else None
            _propose(found, at, line, numbers[at], (above, below), habits)
    found.ledger.close(len(lines))
    return found


def _propose(
    found: Proposals,
    at: int,
    line: Line,
    number: Numbered | None,
    around: _Around,
    habits: Habits,
) -> None:
    heading = _heading(line, number, around, habits)
    if number is not None and heading is not None:
        running = heading.form is Form.SENTENCE
        bare = _is_bare(found.headings.get(at - 1))
        series = found.ledger.enter(at, number, running, bare)
        if series is not None:
            found.series[at] = series
        else:
            heading = None if running else _heading(line, None, around, habits)
    if heading is not None:
        if heading.scheme == "attachment":
            found.ledger.close(at)
        found.headings[at] = heading


def _heading(
    line: Line, number: Numbered | None, around: _Around, habits: Habits
) -> Heading | None:
    """The heading that a line is, begins with, or may be by its number; None for running text."""
    if line.level is not None:
        claimed = styled(line, number)
        if claimed is not None or number is None:
            return claimed
    if number is not None:
        return numbered(line, number)
    return unnumbered(line, *around, habits)


def _is_bare(above: Heading | None) -> bool:
    return above is not None and above.number is not None and above.form is Form.ALONE


def drop_front(found: Proposals, lines: Sequence[Line], title: str) -> None:
    """Leave out the title where it is said again, and the lines under it that say whose it is."""
    bare = squeeze(title)
    front = bool(title)
    for at, line in enumerate(lines):
        heading = found.headings.get(at)
        front = front and not line.table and len(line.text) <= RUNNING and not _is_numbered(heading)
        if heading is None or heading.number is not None or heading.by == "style":
            continue
        again = bare and squeeze(line.text) == bare
        if again or (front and heading.scheme == "bold" and is_byline(line.text)):
            del found.headings[at]


def _is_numbered(heading: Heading | None) -> bool:
    return heading is not None and heading.number is not None


def drop_unknown(found: Proposals, lines: Sequence[Line]) -> None:
    """Leave out all without a number save words of the trade, as is right within a cell."""
    for at, heading in list(found.headings.items()):
        if heading.number is None and not is_label(lines[at].text):
            del found.headings[at]
