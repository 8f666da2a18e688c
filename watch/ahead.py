"""Forms of papers that fall due soon are put into the schools' folders by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from archive import press
from archive.batch import issues
from archive.due import Column, Matrix
from archive.due_days import falling_due, shift
from archive.errors import ArchiveError
from archive.forms import Paper
from archive.house import House
from archive.issue import Issue
from archive.matrix import matrix
from archive.models import IssuedForm
from archive.named_period import name_of
from archive.periods import Period
from watch.folders import Inbox
from watch.placing import place

#: Who issues forms when nobody asked for them.
ACTOR = "系统"
#: An item in one of these states needs no form any more.
SETTLED = ("on_time", "late", "incomplete", "review", "exempt")


def issue_ahead(house: House, inboxes: Mapping[str, Inbox], ahead: str, today: date) -> int:
    """Put the forms of papers that are due within `ahead` ("7d", "5wd") into the schools' folders;
    how many. One that was put there before is not put there again, whatever became of it, nor is
    one whose paper has come in."""
    count = 0
    for paper in press.forms(house):
        for period in _periods(house, paper, ahead, today):
            batch = _open(house, paper, period)
            copies = press.printed(house, paper, batch, "prefilled")
            done = place(house, inboxes, copies, actor=ACTOR)
            count += sum(placed.status in ("put", "replaced") for placed in done)
    return count


def _periods(house: House, paper: Paper, ahead: str, today: date) -> Iterator[Period]:
    calendar = house.register.calendar
    year = calendar.school_year(calendar.school_year_of(today))
    for day in falling_due(paper.kind, year, calendar):
        if shift(day.due, f"-{ahead}", calendar) <= today <= day.due:
            yield day.period


def _open(house: House, paper: Paper, period: Period) -> list[Issue]:
    """The copies that were not put anywhere yet and whose paper has not come in."""
    name = name_of(house.register.calendar, period)
    try:
        batch = issues(house.register, paper, name)
    except ArchiveError:
        return []  # nobody owes such a paper
    placed = _placed(batch)
    table = matrix(house, name, paper.kind.id)
    return [
        issue
        for issue in batch
        if issue.stamp.form_no not in placed and not _settled(house, table, issue)
    ]


def _placed(batch: Sequence[Issue]) -> set[str]:
    numbers, found = [issue.stamp.form_no for issue in batch], set()
    for start in range(0, len(numbers), 500):
        rows = IssuedForm.objects.filter(number__in=numbers[start : start + 500]).exclude(place="")
        found |= set(rows.values_list("number", flat=True))
    return found


def _settled(house: House, table: Matrix, issue: Issue) -> bool:
    unit, register = issue.unit, house.register
    school = register.school_of(unit.id) if unit.level in ("group", "teacher") else unit
    subjects: Sequence[str | None] = issue.subjects or (None,)
    if issue.period is None or school is None:
        return False
    cells = [table.cell(school.id, Column(issue.paper.kind.id, s, issue.period)) for s in subjects]
    return bool(cells) and all(cell is not None and cell.state in SETTLED for cell in cells)
