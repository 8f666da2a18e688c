"""The matrix of due items (archive.due) as a table for a page: units down, kinds and subjects
across, each cell with its sign and link."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from archive import due
from archive.due import STATES, Column, Counts, Matrix
from web import terms, words
from web.links import link

#: state -> class of the stylesheet.
STYLES = {
    "on_time": "ok",
    "late": "late",
    "incomplete": "part",
    "missing": "bad",
    "review": "wait",
    "not_yet": "none",
    "exempt": "none",
}


@dataclass(frozen=True, slots=True)
class Square:
    """One cell. `state` "" where nothing is owed; `href` leads to the paper, or where none came
    to the prefilled form; `title` says when it is due, or why it is exempt."""

    state: str = ""
    sign: str = ""
    name: str = ""
    style: str = ""
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of `due` items `handed` came in, `partial` of these not complete."""

    handed: int
    partial: int
    due: int


@dataclass(frozen=True, slots=True)
class Line:
    unit_id: str
    name: str
    href: str
    cluster: str
    squares: tuple[Square, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Grid:
    """`heads` are kinds with the number of their columns, `columns` the words below them;
    `totals` is (state, sign, name, style, how many). `hidden` columns have no paper and are left
    out; sums and totals count them."""

    heads: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    feet: tuple[Sums, ...]
    totals: tuple[tuple[str, str, str, str, int], ...]
    due: int
    hidden: int = 0

    @property
    def clusters(self) -> bool:
        """Whether there are several clusters to tell apart."""
        return len({line.cluster for line in self.lines if line.cluster}) > 1


def narrowed(matrix: Matrix, units: set[str]) -> Matrix:
    """The matrix of some units alone: columns that none of them owes are left out."""
    rows = tuple(unit for unit in matrix.rows if unit in units)
    cells = {key: cell for key, cell in matrix.cells.items() if key[0] in units}
    owed = {column for _, column in cells}
    return replace(
        matrix,
        rows=rows,
        columns=tuple(column for column in matrix.columns if column in owed),
        cells=cells,
        total=_counts(cell.state for cell in cells.values()),
    )


def grid_of(
    matrix: Matrix, forms: Collection[str] = (), state: str = "", filled: bool = False
) -> Grid:
    """`forms` are the kinds that have a form to lead to where a paper is missing. `state` only
    hides the lines that have no item in that state, `filled` the columns in which no paper came;
    sums stay those of all."""
    shown = _filled(matrix) if filled else matrix.columns
    units = [unit for unit in matrix.rows if not state or _has(matrix, unit, state)]
    kinds = groupby(shown, key=lambda column: column.kind_id)
    return Grid(
        heads=tuple((words.kind(kind), len(list(columns))) for kind, columns in kinds),
        columns=tuple(_column_words(shown)),
        lines=tuple(_line(matrix, unit, shown, forms) for unit in units),
        feet=tuple(_sums(_state(matrix, unit, column) for unit in matrix.rows) for column in shown),
        totals=totals(matrix.total),
        due=matrix.total.due,
        hidden=len(matrix.columns) - len(shown),
    )


def _filled(matrix: Matrix) -> tuple[Column, ...]:
    """The columns in which some paper came."""
    came = {column for (_, column), cell in matrix.cells.items() if cell.records or cell.in_review}
    return tuple(column for column in matrix.columns if column in came)


def _has(matrix: Matrix, unit: str, state: str) -> bool:
    return any(_state(matrix, unit, column) == state for column in matrix.columns)


def _state(matrix: Matrix, unit: str, column: Column) -> str:
    cell = matrix.cell(unit, column)
    return cell.state if cell else ""


def totals(counts: Counts) -> tuple[tuple[str, str, str, str, int], ...]:
    """(state, sign, name, style, number) of the states that occur."""
    return tuple(
        (state, sign, name, STYLES[state], getattr(counts, state))
        for state, (sign, name) in STATES.items()
        if getattr(counts, state)
    )


def _counts(states: Iterable[str]) -> Counts:
    found = dict.fromkeys(STATES, 0)
    for state in states:
        found[state] += 1
    return Counts(**found)


def _sums(states: Iterable[str]) -> Sums:
    counts = _counts(state for state in states if state)
    return Sums(counts.handed, counts.incomplete, counts.due)


def _line(matrix: Matrix, unit: str, shown: Iterable[Column], forms: Collection[str]) -> Line:
    squares = tuple(_square(matrix.cell(unit, column), forms) for column in shown)
    sums = _sums(_state(matrix, unit, column) for column in matrix.columns)
    cluster = words.register().cluster_of(unit, matrix.period.start)
    name = cluster.name if cluster else ""
    return Line(unit, words.unit(unit), _papers_of(unit), name, squares, sums)


def _papers_of(unit_id: str) -> str:
    """All papers of a school, or of a cluster's schools."""
    unit = words.register().units.get(unit_id)
    facet = "cluster" if unit and unit.level == "cluster" else "school"
    return link("search", **{facet: words.unit(unit_id)})


def _square(cell: due.Cell | None, forms: Collection[str]) -> Square:
    if cell is None:
        return Square()
    return Square(
        cell.state, cell.mark, cell.name, STYLES[cell.state], _href(cell, forms), _title(cell)
    )


def _href(cell: due.Cell, forms: Collection[str]) -> str:
    answers = cell.records or cell.in_review
    if len(answers) == 1:
        return link("document", answers[0])
    item = cell.item
    if answers:
        return link("search", kind=words.kind(item.kind_id), school=words.unit(item.unit_id),
                    subject=item.subject, month=item.period.start.strftime("%Y-%m")
                    if item.period.type == "month" else "")  # fmt: skip
    if cell.state == "exempt" or item.kind_id not in forms:
        return ""
    return link(
        "form-prefilled",
        item.kind_id,
        period=terms.label(item.period),
        school=item.unit_id,
        subject=item.subject,
    )


def _title(cell: due.Cell) -> str:
    if cell.reason:
        return f"免报：{cell.reason}"
    if cell.records or cell.in_review:
        return f"共 {len(cell.records)} 份" if len(cell.records) > 1 else ""
    return f"应于 {words.long_day(cell.item.due)}前报送"


def _column_words(shown: Iterable[Column]) -> Iterator[str]:
    """The subject; with the period before it where a kind is due for several."""
    for kind, group in groupby(shown, key=lambda c: c.kind_id):
        columns = list(group)
        several = len({column.period for column in columns}) > 1
        yield from (_words_of(column, several, kind) for column in columns)


def _words_of(column: Column, several: bool, kind: str) -> str:
    period = column.period
    when = f"{period.start.month}月" if period.type == "month" else _short(period.label)
    parts = [when if several or (period.type == "test") else "", column.subject or ""]
    return " ".join(part for part in parts if part) or "不分学科"


def _short(label: str) -> str:
    """期中 of 2014-2015学年第一学期期中: the page's title names the year and term."""
    return re.sub(r"^\d{4}-\d{4}学年(第[一二]学期)?(?=.)", "", label)
