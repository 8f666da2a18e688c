"""Which copies a batch of forms consists of: period by period, unit by unit, subject by subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.calendar import Calendar, middle
from archive.errors import ArchiveError
from archive.forms import Paper
from archive.issue import Issue
from archive.kinds import Kind
from archive.named_period import name_of, named_period
from archive.periods import Period
from archive.register import Register, Unit


def issues(
    register: Register,
    paper: Paper,
    period_name: str,
    schools: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
) -> list[Issue]:
    """The copies for schools (unit ids; None: all units there are) and subjects (none: all). A
    cluster's papers belong to its centre, the county's to nobody who names schools.

    Raises ArchiveError period_unknown, and no_forms where nobody owes such a paper then.
    """
    calendar = register.calendar
    asked = named_period(calendar, period_name)
    found = [
        Issue(paper, unit, subject, period, name_of(calendar, period), _test(calendar, period))
        for period in periods_of(calendar, paper.kind, asked)
        for unit, subject in _copies(register, paper, period, schools, tuple(subjects or ()))
    ]
    if not found:
        raise _nothing_due(register, paper.kind, asked, schools, subjects or ())
    return found


def _test(calendar: Calendar, period: Period) -> str:
    held = (t.name for t in calendar.tests if period.type == "test" and calendar.test(t) == period)
    return next(held, "")


def _copies(
    register: Register,
    paper: Paper,
    period: Period,
    schools: Sequence[str] | None,
    subjects: Sequence[str],
) -> Iterator[tuple[Unit, str]]:
    each = paper.each
    if each == "county":
        if schools is None or register.county.id in schools:
            yield register.county, ""
    elif each == "cluster":
        for cluster in register.clusters(period.start):
            centre = register.centre(cluster.id, period.start)
            owners = {cluster.id, centre.id if centre else ""}
            if schools is None or owners & set(schools):
                yield cluster, ""
    else:
        for school in _schools(register, period, schools):
            yield from _of_school(register, paper.kind, each, school, subjects)


def _schools(register: Register, period: Period, schools: Sequence[str] | None) -> tuple[Unit, ...]:
    if schools is None:
        return register.schools(period.start)
    return tuple(register.units[school] for school in schools)


def _of_school(
    register: Register, kind: Kind, each: str, school: Unit, subjects: Sequence[str]
) -> Iterator[tuple[Unit, str]]:
    """A teacher's papers go to each registered teacher, or where none is to the school."""
    if each == "group":
        yield from _groups(register, school, subjects)
        return
    if each == "teacher" and (found := register.teachers(school.id)):
        for teacher in found:
            if not subjects or set(subjects) & set(teacher.subjects):
                yield teacher, ""
        return
    due = register.subjects_due(school.id) if by_subject(kind) else ("",)
    yield from ((school, subject) for subject in due if not subjects or subject in subjects)


def by_subject(kind: Kind) -> bool:
    """Whether a school's papers of the kind are one for each subject."""
    return "subject" in kind.identity or bool(kind.due and "subject" in kind.due.per)


def _groups(
    register: Register, school: Unit, subjects: Sequence[str]
) -> Iterator[tuple[Unit, str]]:
    """One for each 教研组. That of a single subject goes by school and subject, as 报送一览 does;
    理化组 by its own id."""
    taken: set[str] = set()
    for group in register.groups(school.id):
        if subjects and not set(subjects) & set(group.subjects):
            continue
        taken |= set(group.subjects)
        if len(group.subjects) == 1:
            yield school, group.subjects[0]
        else:
            yield group, ""
    due = (s for s in register.subjects_due(school.id) if not subjects or s in subjects)
    yield from ((school, subject) for subject in due if subject not in taken)


def periods_of(calendar: Calendar, kind: Kind, asked: Period) -> list[Period]:
    """The kind's own periods for the one asked: of a monthly kind the months with school, of a
    kind by term the terms (a month's own), of a yearly one the year, of one by test the registered
    tests (none where others are registered; the period itself where none is)."""
    if kind.period == "month":
        return [month for month in calendar.months_in(asked) if calendar.is_due_month(month)]
    year, number = calendar.term_of(middle(asked))
    if kind.period == "term":
        terms = calendar.terms_in(asked) if asked.type in ("school_year", "calendar_year") else []
        return list(terms) or [calendar.term(year, number)]
    if kind.period == "school_year":
        return [calendar.school_year(year)]
    if kind.period == "calendar_year":
        return [calendar.calendar_year(middle(asked).year)]
    return _tests(calendar, asked) if kind.period == "test" else [asked]


def _tests(calendar: Calendar, asked: Period) -> list[Period]:
    terms = {calendar.term_of(day) for day in (asked.start, asked.end)}
    told = [test for test in calendar.tests if (test.school_year, test.term) in terms]
    if not told:
        return [asked]
    held = (test for test in calendar.tests if asked.start <= test.day <= asked.end)
    return [calendar.test(test) for test in held]


def _nothing_due(
    register: Register,
    kind: Kind,
    period: Period,
    schools: Sequence[str] | None,
    subjects: Sequence[str],
) -> ArchiveError:
    """Why there is nothing: first the subjects, which no other period would help."""
    asked = register.units if schools is None else _within(register, schools)
    taught = dict.fromkeys(s for unit in asked for s in register.units[unit].subjects)
    if subjects and not taught.keys() & set(subjects):
        who = "没有学校" if schools is None else "所选学校不"
        said = f"名册里{who}报「{'、'.join(subjects)}」"
        other = f"请换一个学科（有{'、'.join(taught)}），或" if taught else "请"
        return ArchiveError("no_forms", said, f"{other}在名册里补上学校的学科")
    about = f"{period.label}{'、'.join(subjects)}"
    why = {
        "month": "放假的月份不报；请换一个月份，或核对校历",
        "test": "登记的校历里这段时间没有考试；请换一个时段，或补登考试",
    }.get(kind.period, "请换一个时段，或在名册里补上学校的学科")
    return ArchiveError("no_forms", f"{about}没有单位要填「{kind.name}」", why)


def _within(register: Register, schools: Sequence[str]) -> list[str]:
    found = set().union(*(register.within(school) for school in schools))
    return [unit for unit in register.units if unit in found]
