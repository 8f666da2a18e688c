"""The house's own press: forms of its kinds, filled in as far as register and catalogue know."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.calendar import Calendar, middle
from archive.errors import ArchiveError
from archive.forms import Paper, compiled, paper_named, papers
from archive.house import House
from archive.journal import note_issued
from archive.kinds import Kind
from archive.named_filters import kind_named, subject_named
from archive.named_period import name_of, named_period
from archive.periods import Period
from archive.prefill import Facts, Issue
from archive.register import Register, Unit
from generator import Stamp


def forms(house: House) -> list[Paper]:
    """Every form there is a template for, by name."""
    return papers(house.kinds, own_kinds(house))


def form_named(house: House, name: str) -> Paper:
    """The form with that id or name, or that of the kind so called. Raises ArchiveError
    kind_unknown (with the nearest name), no_form."""
    found = paper_named(forms(house), name)
    if found:
        return found
    kind = kind_named(house.kinds, name)
    remedy = "请在文种文件夹里放一份 form.docx"
    raise ArchiveError("no_form", f"「{kind.name}」还没有表单", remedy)


def own_kinds(house: House) -> Path:
    """The county's own kinds and templates."""
    return house.home / "kinds"


def blank(house: House, name: str) -> tuple[str, bytes]:
    """(file name, bytes) of the empty form."""
    paper = form_named(house, name)
    stamp = Stamp.issue(paper.id, paper.version, "", "", "")
    county = house.register.county.name
    data = compiled(paper).render({"县名": county}, "blank", stamp)
    return f"{paper.name}（空白表）.docx", data


def make(
    house: House,
    name: str,
    period_name: str,
    *,
    schools: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
    actor: str = "",
) -> Iterator[tuple[str, bytes]]:
    """Prefilled forms for schools (unit ids; None for all), one a school and due subject, as
    (relative path, bytes); the path begins with the cluster's folder. Issued numbers are kept
    when the last one was taken. Raises ArchiveError at once for an unknown form, period or
    subject, and 'no_forms' where nobody owes such a paper then."""
    paper = form_named(house, name)
    register = house.register
    known = [subject_named(register, subject) for subject in subjects or ()]
    wanted = list(issues(register, paper.kind, period_name, schools, known))
    if not wanted:
        raise _nothing_due(paper.kind, named_period(register.calendar, period_name), known)
    return _printed(house, paper, wanted, actor)


def _printed(
    house: House, paper: Paper, wanted: Sequence[Issue], actor: str
) -> Iterator[tuple[str, bytes]]:
    facts, form = Facts(house, house.register), compiled(paper)
    issued: dict[str, list[dict[str, Any]]] = {}
    for issue in wanted:
        stamp = Stamp.issue(
            paper.id, paper.version, issue.unit.id, issue.subject, issue.period_name
        )
        values = facts.values(paper, issue)
        yield file_name(house.register, paper, issue), form.render(values, "prefilled", stamp)
        row = {"number": stamp.form_no, "unit": issue.unit.id, "subject": issue.subject,
               "mode": "prefilled"}  # fmt: skip
        issued.setdefault(issue.period_name, []).append(row)
    for period_name, rows in issued.items():
        note_issued(house, paper.id, period_name, rows, actor=actor)


def _nothing_due(kind: Kind, period: Period, subjects: Sequence[str]) -> ArchiveError:
    about = f"{period.label}{'、'.join(subjects)}"
    why = {
        "month": "放假的月份不报；请换一个月份，或核对校历",
        "test": "登记的校历里这段时间没有考试；请换一个时段，或补登考试",
    }.get(kind.period, "请换一个时段，或在名册里补上学校的学科")
    return ArchiveError("no_forms", f"{about}没有学校要填「{kind.name}」", why)


def make_zip(house: House, kind_id: str, period_name: str, **options: Any) -> bytes:
    """All forms of `make` in one zip, a folder a cluster, with UTF-8 names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, data in make(house, kind_id, period_name, **options):
            packed.writestr(name, data)
    return out.getvalue()


def issues(
    register: Register,
    kind: Kind,
    period_name: str,
    schools: Sequence[str] | None,
    subjects: Sequence[str] | None,
) -> Iterator[Issue]:
    """Which forms a batch consists of: period by period, school by school, subject by subject."""
    calendar = register.calendar
    for period in periods_of(calendar, kind, named_period(calendar, period_name)):
        units = (
            [register.units[s] for s in schools]
            if schools is not None
            else register.schools(period.start)
        )
        name = name_of(calendar, period)
        for unit in units:
            for subject in _subjects(register, kind, unit):
                if not subjects or subject in subjects:
                    yield Issue(unit, subject, period, name)


def _subjects(register: Register, kind: Kind, unit: Unit) -> tuple[str, ...]:
    by_subject = kind.id == "qa_report" or (kind.due and "subject" in kind.due.per)
    return register.subjects_due(unit.id) if by_subject else ("",)


def periods_of(calendar: Calendar, kind: Kind, asked: Period) -> list[Period]:
    """The kind's own periods for the one asked: of a monthly kind the months with school, of a
    kind by term the terms (a month's own), of a yearly one the school year."""
    if kind.period == "month":
        return [month for month in calendar.months_in(asked) if calendar.is_due_month(month)]
    year, number = calendar.term_of(middle(asked))
    if kind.period == "term":
        terms = calendar.terms_in(asked) if asked.type == "school_year" else []
        return list(terms) or [calendar.term(year, number)]
    if kind.period == "school_year":
        return [calendar.school_year(year)]
    if kind.period == "test" and not _may_be_tested(calendar, asked):
        return []
    return [asked]


def _may_be_tested(calendar: Calendar, asked: Period) -> bool:
    """Whether a test falls into the period; who registered none in these terms has them unsaid."""
    terms = {calendar.term_of(day) for day in (asked.start, asked.end)}
    told = [test for test in calendar.tests if (test.school_year, test.term) in terms]
    return not told or any(asked.start <= test.day <= asked.end for test in told)


def file_name(register: Register, paper: Paper, issue: Issue) -> str:
    """`片区/片区-学校-文种-学科-期次.docx` (DOMAIN 1.3)."""
    on = issue.period.start if issue.period else None
    cluster = register.cluster_of(issue.unit.id, on)
    folder = cluster.name if cluster else "直属"
    parts = [folder, issue.unit.name, paper.name, issue.subject, issue.period_name]
    return f"{folder}/{'-'.join(p for p in parts if p)}.docx"
