"""The forms as the page lays them out: shelf by shelf, each with when it is due next and how many
were issued and came in for the period chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from archive import house, press
from archive.batch import issues, periods_of
from archive.calendar import Calendar
from archive.due_days import falling_due
from archive.errors import ArchiveError
from archive.forms import Paper
from archive.kind_schema import FAMILIES
from archive.kinds import Kind
from archive.models import IssuedForm, Record
from archive.named_period import name_of, named_period
from archive.periods import Period
from archive.scope import Scope
from archive.words import OFTEN, WHO
from web import words
from web.links import link

#: Levels whose copies a school may have printed for itself.
SCHOOLS_OWN = ("school", "group", "teacher")


@dataclass(frozen=True, slots=True)
class Line:
    """A form. `due` is the next day by which its paper is to be handed in, None where none is set
    (`undue` says why); `page` the address of the form's own page."""

    id: str
    name: str
    kind: str
    who: str
    often: str
    standing: str
    due: date | None
    undue: str
    issued: int
    came: int
    makeable: bool
    places: bool
    page: str


def shelves(
    papers: Iterable[Paper],
    scope: Scope,
    period_name: str,
    schools: Sequence[str] | None = None,
    asked: str = "",
) -> list[tuple[str, str, list[Line]]]:
    """(id, name, forms) of each shelf with anything on it, what is due soonest first. Counted are
    the copies and papers of `schools` (None: all that the user may see); `asked` narrows the forms
    to those in whose names, ids or synonyms these words stand."""
    found = [paper for paper in papers if _is_meant(paper, asked)]
    lines = _lines(found, scope, period_name, schools)
    on: dict[str, list[Line]] = {family: [] for family in FAMILIES}
    for paper, line in zip(found, lines, strict=True):
        on[paper.kind.family].append(line)
    return [
        (family, FAMILIES[family], sorted(some, key=lambda line: line.due or date.max))
        for family, some in on.items()
        if some
    ]


def _is_meant(paper: Paper, asked: str) -> bool:
    kind = paper.kind
    names = " ".join((paper.id, paper.name, kind.name, *kind.also, WHO[paper.each])).lower()
    return all(word in names for word in asked.lower().split())


def _lines(
    papers: Sequence[Paper], scope: Scope, period_name: str, schools: Sequence[str] | None
) -> list[Line]:
    calendar = words.register().calendar
    asked = named_period(calendar, period_name)
    spans = {p.kind.id: periods_of(calendar, p.kind, asked) for p in papers}
    issued = _issued(schools, calendar, spans)
    came = _came(scope, schools, spans)
    today = timezone.localdate()
    return [
        Line(
            id=paper.id,
            name=paper.name,
            kind=paper.kind.name if paper.kind.name != paper.name else "",
            who=WHO[paper.each],
            often=OFTEN[paper.kind.period],
            standing=paper.standing,
            due=next_due(paper.kind, calendar, today),
            undue="考试未登记" if paper.kind.due and paper.kind.period == "test" else "不催交",
            issued=issued.get(paper.id, 0),
            came=came.get(paper.kind.id, 0),
            makeable=scope.may_manage or paper.each in SCHOOLS_OWN,
            places=scope.may_manage and paper.kind.unit != "county",
            page=link("form", paper.id),
        )
        for paper in papers
    ]


def next_due(kind: Kind, calendar: Calendar, today: date) -> date | None:
    """The next day on which a paper of the kind is due, today included."""
    year = calendar.school_year_of(today)
    first = int(year[:4])
    for name in (year, f"{first + 1}-{first + 2}"):
        days = [day.due for day in falling_due(kind, calendar.school_year(name), calendar)]
        if ahead := [day for day in days if day >= today]:
            return min(ahead)
    return None


def _issued(
    schools: Sequence[str] | None, calendar: Calendar, spans: dict[str, list[Period]]
) -> dict[str, int]:
    """Form id -> copies issued for its periods, to these schools alone where some are named."""
    names = {kind: {name_of(calendar, p) for p in periods} for kind, periods in spans.items()}
    rows = IssuedForm.objects.filter(period__label__in=sorted(set().union(*names.values())))
    if schools is not None:
        rows = rows.filter(unit_id__in=_owners(schools))
    found: dict[str, int] = {}
    counted = rows.values_list("kind", "period__label").annotate(n=Count("*")).order_by()
    for form, label, n in counted:
        if label in names.get(form.partition(".")[0], ()):
            found[form] = found.get(form, 0) + n
    return found


def _owners(schools: Sequence[str]) -> set[str]:
    """The units whose copies go to these schools: a cluster's go to its centre."""
    register = words.register()
    found = set().union(*(register.within(school) for school in schools))
    for cluster in register.clusters():
        centre = register.centre(cluster.id)
        if centre is not None and centre.id in schools:
            found.add(cluster.id)
    return found


def _came(
    scope: Scope, schools: Sequence[str] | None, spans: dict[str, list[Period]]
) -> dict[str, int]:
    """Kind id -> its papers about the period, filed or in review, of these schools alone where
    some are chosen; one statement a length of period."""
    by_span: dict[tuple[date, date], list[str]] = {}
    for kind, periods in spans.items():
        if periods:
            span = min(p.start for p in periods), max(p.end for p in periods)
            by_span.setdefault(span, []).append(kind)
    found: dict[str, int] = {}
    for (start, end), some in by_span.items():
        rows = scope.records().filter(
            kind__in=some, blank=False, status__in=(Record.FILED, Record.REVIEW),
            period_start__lte=end, period_end__gte=start,
        )  # fmt: skip
        if schools is not None and scope.may_manage:
            rows = rows.filter(school_id__in=schools)
        found.update(rows.values_list("kind").annotate(n=Count("*")).order_by())
    return found


def batch_sizes(
    papers: Iterable[Paper], scope: Scope, period_name: str, schools: Sequence[str] | None
) -> dict[str, int]:
    """Form id -> copies that a batch of it consists of. Left out: a form that nobody owes then, and
    one of which only those are printed that have something to say (reminders)."""
    found: dict[str, int] = {}
    for paper in papers:
        if any(rows.source == "owed" for rows in paper.text.rows):
            continue
        if not (scope.may_manage or paper.each in SCHOOLS_OWN):
            continue
        with suppress(ArchiveError):
            found[paper.id] = len(issues(words.register(), paper, period_name, schools))
    return found


def all_forms() -> list[Paper]:
    return press.forms(house.current())
