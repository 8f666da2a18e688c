"""The sources by name, and the values of a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from archive.due_days import falling_due
from archive.forms import Paper
from archive.house import House
from archive.issue import Issue
from archive.models import IssuedForm
from archive.prefill.evaluation import Evaluating
from archive.prefill.marks import Marks, test_of
from archive.prefill.owed import Owing
from archive.prefill.people import People, Row, long_day, month_rows, test_rows, week_rows
from archive.prefill.recorded import Recorded
from archive.register import Register

#: `previous.目标与任务`: the section of that name in the paper of the period before.
BEFORE = "previous."
#: `evaluation.12`: the mark of that item.
ITEM = "evaluation."


class Facts:
    """Values for a batch of copies; the catalogue is asked once for all of them."""

    def __init__(self, house: House, register: Register, batch: Iterable[Issue] = ()) -> None:
        self.house, self.register = house, register
        self.people = People(register)
        self._batch = tuple(batch)
        self._sources: dict[str, tuple[tuple[str, str], ...]] = {}

    @cached_property
    def _schools(self) -> frozenset[str]:
        return frozenset(filter(None, map(self.school, self._batch)))

    @cached_property
    def recorded(self) -> Recorded:
        return Recorded(self.house, self.register.calendar, self._schools)

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.house, self.register.calendar, self._schools)

    @cached_property
    def owing(self) -> Owing:
        return Owing(self.house, self.register)

    @cached_property
    def evaluating(self) -> Evaluating:
        return Evaluating(self.house, self.register)

    def school(self, issue: Issue) -> str:
        """The id of the school that the copy is for or belongs to, "" for none."""
        school = self.people.school(issue)
        return school.id if school else ""

    def values(self, issue: Issue) -> dict[str, Any]:
        """The values of one copy by name, without those that are not known."""
        values: dict[str, Any] = self.people.heading(issue)
        for name, source in self._asked(issue.paper):
            values[name] = self._of(source, issue)
        return {k: v for k, v in values.items() if v not in (None, "", [])}

    def _asked(self, paper: Paper) -> tuple[tuple[str, str], ...]:
        if paper.id not in self._sources:
            self._sources[paper.id] = tuple(_sources(paper))
        return self._sources[paper.id]

    def _of(self, source: str, issue: Issue) -> Any:
        if source.startswith(BEFORE):
            return self.recorded.before(issue, self.school(issue), source.removeprefix(BEFORE))
        if source.startswith(ITEM) and source.removeprefix(ITEM).isdecimal():
            return self.evaluating.mark(issue, self.school(issue), source.removeprefix(ITEM))
        found = SINGLES.get(source) or TEXTS.get(source) or LISTS.get(source)
        return found(self, issue) if found else None

    # -- days

    def office_day(self, issue: Issue) -> str:
        """The day on which the office issues its own paper: that of the first time, so that
        issuing again gives the same bytes. "" for papers that others date."""
        if issue.paper.kind.unit != "county":
            return ""
        return long_day(self._issued_on.get(issue.stamp.form_no) or timezone.localdate())

    @cached_property
    def _issued_on(self) -> dict[str, date]:
        """Number -> the county's day on which it was first issued."""
        numbers = [issue.stamp.form_no for issue in self._batch]
        found: dict[str, datetime] = {}
        for start in range(0, len(numbers), 500):
            rows = IssuedForm.objects.filter(number__in=numbers[start : start + 500])
            found.update(rows.values_list("number", "at"))
        return {number: timezone.localtime(at.astimezone(UTC)).date()
                for number, at in found.items()}  # fmt: skip

    def due_day(self, issue: Issue) -> str:
        """When the paper is to be handed in."""
        calendar = self.register.calendar
        days = falling_due(issue.paper.kind, issue.period, calendar) if issue.period else []
        own = [day.due for day in days if day.period == issue.period]
        return long_day(own[0]) if own else ""

    # -- tests

    def test_name(self, issue: Issue) -> str:
        test = test_of(self.register.calendar, issue)
        return self.register.calendar.test(test).label if test else issue.test

    def test_day(self, issue: Issue) -> str:
        test = test_of(self.register.calendar, issue)
        return long_day(test.day) if test else ""

    def term(self, issue: Issue) -> str:
        if issue.period is None:
            return ""
        calendar = self.register.calendar
        return calendar.term(*calendar.term_of(issue.period.start)).label

    def term_starts(self, issue: Issue) -> str:
        if issue.period is None:
            return ""
        calendar = self.register.calendar
        return long_day(calendar.teaching_start(*calendar.term_of(issue.period.start)))

    def term_ends(self, issue: Issue) -> str:
        if issue.period is None:
            return ""
        calendar = self.register.calendar
        return long_day(calendar.teaching_end(*calendar.term_of(issue.period.end)))


def _sources(paper: Paper) -> Iterator[tuple[str, str]]:
    """(name on the form, source) of everything the paper asks for and may be known."""
    kind, text = paper.kind, paper.text
    for field in (*kind.fields, *text.fields):
        if field.source and field.key not in text.without:
            yield field.key, field.source
    for section in kind.sections:
        if section.name in text.without:
            continue
        if section.source:
            yield section.name, section.source
        if section.rows and section.rows.source:
            yield section.rows.name, section.rows.source
    for rows in text.rows:
        if rows.source:
            yield rows.name, rows.source


Single = Callable[[Facts, Issue], Any]

#: Of a field: one value.
SINGLES: dict[str, Single] = {
    "unit.name": lambda f, i: f.people.writer(i),
    "unit.leader": lambda f, i: f.people.leader(i),
    "addressee": lambda f, i: f.people.addressee(i),
    "county.office": lambda f, i: f.people.office,
    "group.name": lambda f, i: f.people.group_name(i),
    "group.leader": lambda f, i: f.people.group_leader(i),
    "group.members": lambda f, i: "、".join(t.name for t in f.people.teachers(i) if i.subjects),
    "teacher.name": lambda f, i: f.people.author(i),
    "subject": lambda f, i: "、".join(i.subjects),
    "grade": lambda f, i: f.marks.grade(i, f.school(i)),
    "period.label": lambda f, i: i.period.label if i.period else "",
    "period.start": lambda f, i: long_day(i.period.start) if i.period else "",
    "period.end": lambda f, i: long_day(i.period.end) if i.period else "",
    "term.label": Facts.term,
    "term.start": Facts.term_starts,
    "term.end": Facts.term_ends,
    "due.date": Facts.due_day,
    "today": Facts.office_day,
    "test.name": Facts.test_name,
    "test.date": Facts.test_day,
    "activities.count": lambda f, i: len(f.recorded.activities(i, f.school(i))) or "",
    "evaluation.total": lambda f, i: f.evaluating.total(i, f.school(i)),
}
#: Of a section: a line for reference (besides `previous.SECTION`).
TEXTS: dict[str, Single] = {
    "findings": lambda f, i: f.owing.findings_line(i),
    "evaluation.notes": lambda f, i: f.evaluating.notes(i, f.school(i)),
}
#: Of a list: rows; columns go by their names.
LISTS: dict[str, Callable[[Facts, Issue], list[Row]]] = {
    "teachers": lambda f, i: f.people.teacher_rows(i),
    "schools": lambda f, i: f.people.school_rows(i),
    "clusters": lambda f, i: f.people.cluster_rows(i),
    "calendar": lambda f, i: month_rows(f.register.calendar, i.period),
    "weeks": lambda f, i: week_rows(f.register.calendar, i.period),
    "tests": lambda f, i: test_rows(f.register.calendar, i.period),
    "activities": lambda f, i: f.recorded.activities(i, f.school(i)),
    "papers": lambda f, i: f.recorded.papers(i, f.school(i)),
    "findings": lambda f, i: f.owing.findings(i),
    "scores": lambda f, i: f.marks.rows(i, f.school(i)),
    "evaluation.items": lambda f, i: f.evaluating.rows(i, f.school(i)),
    "owed": lambda f, i: f.owing.rows(i),
    "due.counts": lambda f, i: f.owing.counts(i),
}


def known_source(name: str, where: str) -> bool:
    """Whether the house has a source of that name for a "field", a "section" or a "rows"."""
    if where == "rows":
        return name in LISTS
    taken_over = name.startswith(BEFORE) and len(name) > len(BEFORE)
    item = name.startswith(ITEM) and name.removeprefix(ITEM).isdecimal()
    return name in SINGLES or name in TEXTS or item or (where == "section" and taken_over)
