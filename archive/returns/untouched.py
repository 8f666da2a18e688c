"""Whether a form came back as it went out: nothing of what was printed on it counts as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archive.contents import REFERENCE, is_blank
from archive.filing.blank import printed_by_the_house
from archive.forms import Paper
from archive.returns.lines import clean, plain
from archive.returns.values import Answer, Return, Rows
from generator.slots import printed


def is_untouched(read: Return, paper: Paper, issued: Iterable[Mapping[str, Any]] = ()) -> bool:
    """Whether nothing stands in the form but what one of the copies `issued` had printed on it
    (their values by name, lists as rows in the order of columns). False as soon as anything
    cannot be read: a doubt is no blank."""
    copies = [*issued, {}]
    fields = {f.key: f for f in (*paper.kind.fields, *paper.text.fields)}
    own = [
        answer
        for answer in read.answers
        if not (answer.name in fields and printed_by_the_house(fields[answer.name]))
    ]
    if not (own or read.lists):
        return False
    return any(
        all(_same(answer, copy.get(answer.name)) for answer in own)
        and all(_same_rows(rows, copy.get(rows.name, ())) for rows in read.lists)
        for copy in copies
    )


def _same(answer: Answer, given: Any) -> bool:
    """Whether a value is blank or what was printed there."""
    if answer.value is None:
        return False
    value = answer.value
    if not value or (REFERENCE in value and is_blank(value)):
        return True
    return plain(value) == plain(_text(given))


def _same_rows(rows: Rows, given: Any) -> bool:
    """Whether a list is empty or has the rows that were printed there."""
    if rows.doubts or not isinstance(given, Sequence) or isinstance(given, str):
        return False
    before = [_row(line, rows.columns) for line in given]
    now = [[plain(text or "") for text in row] for row in rows.texts]
    return not now or now == [row for row in before if any(row)]


def _row(line: Any, columns: Sequence[str]) -> list[str]:
    if isinstance(line, Mapping):
        return [plain(_text(line.get(column))) for column in columns]
    cells = [plain(_text(value)) for value in line]
    return [*cells, *[""] * (len(columns) - len(cells))]


def _text(value: Any) -> str:
    return clean(printed(value))
