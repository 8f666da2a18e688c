"""检查评估表: the items of which the archive itself can say how a school did (DOMAIN.md 2.3).

- `on_time`: months in which all papers of the kind came in time and whole, of the months due;
- `present`, `each`: the paper is there (`each`: in equal parts for several kinds);
- `by_subject`: subjects whose group handed its paper in, of the subjects due;
- `by_test`: tests after which the paper came, of the tests held.

What only a person can judge stays blank, and so does what may lie at the school without having
been handed in: of `present`, `each`, `by_subject` and `by_test` only what came is reckoned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from archive import due
from archive.due import Cell
from archive.house import House
from archive.issue import Issue
from archive.kinds import Item, Kind
from archive.matrix import handed
from archive.models import Record
from archive.periods import Period
from archive.prefill.people import Row
from archive.prefill.reference import reference
from archive.register import Register

#: What is said of all that the archive cannot reckon, and so much of a note is printed.
LEFT, LONGEST = "其余各项由检查组评定", 120


@dataclass(frozen=True, slots=True)
class Share:
    """`got` of `whole`, with the words that say so."""

    got: int
    whole: int
    words: str


class Evaluating:
    """A school year's papers, looked up once for all schools."""

    def __init__(self, house: House, register: Register) -> None:
        self.house, self.register = house, register
        self._cells: dict[Period, dict[tuple[str, str], list[Cell]]] = {}
        self._rows: dict[tuple[str, str, str], list[Row]] = {}
        self._filed: dict[Period, dict[tuple[str, str], list[Record]]] = {}

    def rows(self, issue: Issue, school: str) -> list[Row]:
        """All items of the kind, each with its mark where the archive can reckon it."""
        key = (issue.paper.id, issue.period_name, school)
        if key not in self._rows:
            self._rows[key] = self._reckoned(issue, school)
        return self._rows[key]

    def _reckoned(self, issue: Issue, school: str) -> list[Row]:
        group = ""
        rows: list[Row] = []
        for number, item in enumerate(issue.paper.kind.items, 1):
            share = self._share(item, issue, school)
            rows.append(
                {"序号": str(number), "项目": item.group if item.group != group else "",
                 "督查内容": item.text, "督查方式": item.way, "权重": str(item.weight),
                 "实评分": _mark(item, share), "依据": share.words if share else ""}
            )  # fmt: skip
            group = item.group
        return rows

    def marks(self, issue: Issue, school: str) -> list[str]:
        """The marks alone, "" where a person has to judge."""
        return [row["实评分"] for row in self.rows(issue, school)]

    def mark(self, issue: Issue, school: str, number: str) -> str:
        """The mark of one item by its number, "" where there is none."""
        marks = self.marks(issue, school)
        return (
            marks[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(marks) else ""
        )

    def notes(self, issue: Issue, school: str) -> str:
        """What was reckoned and from what, item by item; and that the rest is not."""
        shares = [(n, self._share(item, issue, school))
                  for n, item in enumerate(issue.paper.kind.items, 1)]  # fmt: skip
        said = [f"第{n}项{share.words}" for n, share in shares if share]
        return reference("上报统计", "；".join([*said, LEFT]), LONGEST) if said else ""

    def total(self, issue: Issue, school: str) -> str:
        """The sum, only where no item is left to a person."""
        marks = self.marks(issue, school)
        return _number(sum(map(float, marks))) if marks and all(marks) else ""

    def _share(self, item: Item, issue: Issue, school: str) -> Share | None:
        period = issue.period
        kinds = [self.house.kinds[k] for k in item.kinds if k in self.house.kinds]
        if period is None or period.type != "school_year" or not kinds or not school:
            return None
        match item.by:
            case "on_time":
                return _in_time(self._due(period), school, kinds)
            case "present" | "each":
                return self._present(period, school, kinds)
            case "by_subject":
                return self._by_subject(period, school, kinds)
            case "by_test":
                return self._by_test(period, school, kinds)
        return None

    def _present(self, period: Period, school: str, kinds: Sequence[Kind]) -> Share | None:
        came = [k.name for k in kinds if self._papers(period).get((school, k.id))]
        return Share(len(came), len(kinds), f"{len(came)}／{len(kinds)}份") if came else None

    def _by_subject(self, period: Period, school: str, kinds: Sequence[Kind]) -> Share | None:
        due_subjects = set(self.register.subjects_due(school))
        papers = [p for k in kinds for p in self._papers(period).get((school, k.id), ())]
        came = due_subjects & {s for paper in papers for s in _subjects(paper, self.register)}
        if not came:
            return None
        return Share(len(came), len(due_subjects), f"{len(came)}／{len(due_subjects)}个学科")

    def _by_test(self, period: Period, school: str, kinds: Sequence[Kind]) -> Share | None:
        today, calendar = timezone.localdate(), self.register.calendar
        held = [t for t in calendar.tests if period.start <= t.day <= min(period.end, today)]
        papers = [p for k in kinds for p in self._papers(period).get((school, k.id), ())]
        came = sum(any(_of_test(p, t.name, calendar.term(t.school_year, t.term)) for p in papers)
                   for t in held)  # fmt: skip
        return Share(came, len(held), f"{came}／{len(held)}次质检") if came else None

    def _due(self, period: Period) -> dict[tuple[str, str], list[Cell]]:
        """(unit, kind) -> the cells of the year's matrix for the kinds that come by month."""
        if period not in self._cells:
            kinds = [k for k in self.house.kinds.values() if k.due and k.period == "month"]
            papers = handed(period.start, period.end, {k.id for k in kinds})
            today = timezone.localdate()
            table = due.matrix(kinds, self.register, period, papers, today=today)
            found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
            for cell in table.cells.values():
                found[cell.item.unit_id, cell.item.kind_id].append(cell)
            self._cells[period] = found
        return self._cells[period]

    def _papers(self, period: Period) -> dict[tuple[str, str], list[Record]]:
        """(school, kind) -> what was filed for the year, of the kinds that items look for."""
        if period not in self._filed:
            items = (i for kind in self.house.kinds.values() for i in kind.items)
            kinds = {k for item in items if item.by != "on_time" for k in item.kinds}
            rows = Record.objects.filter(
                kind__in=kinds, status=Record.FILED, blank=False, period_start__lte=period.end,
                period_end__gte=period.start,
            )  # fmt: skip
            found: dict[tuple[str, str], list[Record]] = defaultdict(list)
            for row in rows:
                for school in {row.school_id, *row.covers}:
                    found[school, row.kind or ""].append(row)
            self._filed[period] = found
        return self._filed[period]


def _in_time(
    cells: dict[tuple[str, str], list[Cell]], school: str, kinds: Sequence[Kind]
) -> Share | None:
    """Of the months whose grace is over or for which something came, those all in time."""
    months: dict[Period, list[str]] = defaultdict(list)
    for kind in kinds:
        for cell in cells.get((school, kind.id), ()):
            if cell.state not in ("not_yet", "exempt"):
                months[cell.item.period].append(cell.state)
    if not months:
        return None
    good = sum(all(state == "on_time" for state in states) for states in months.values())
    return Share(good, len(months), f"按时{good}／{len(months)}个月")


def _of_test(paper: Record, test: str, term: Period) -> bool:
    if not paper.test:
        return False
    start = paper.period_start
    return (paper.test in test or test in paper.test) and bool(
        start and term.start <= start <= term.end
    )


def _subjects(paper: Record, register: Register) -> Iterable[str]:
    unit = register.units.get(paper.unit_id)
    return paper.subjects or (unit.subjects if unit and unit.level == "group" else ())


def _mark(item: Item, share: Share | None) -> str:
    if share is None or not share.whole:
        return ""
    return _number(item.weight * share.got / share.whole)


def _number(value: float) -> str:
    """One decimal, none where it is 0."""
    return f"{value:.1f}".removesuffix(".0")
