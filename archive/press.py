"""The house's own press: forms of its kinds, filled in as far as register and catalogue know."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.calendar import Calendar, middle
from archive.errors import ArchiveError
from archive.house import House
from archive.journal import note_issued
from archive.kinds import Kind
from archive.models import Record
from archive.named_filters import subject_named
from archive.named_period import name_of, named_period
from archive.periods import Period
from archive.register import Register, Unit
from generator import Form, FormSpec, Stamp, compile_form

#: The version of a form's text; part of its number.
VERSION = "1"
#: Kinds whose records are activities of a month: they prefill the list of a report.
ACTIVITIES = ("activity_record", "prep_record", "observe_record", "review_record", "send_teach")


@dataclass(frozen=True, slots=True)
class FormInfo:
    kind_id: str
    name: str
    #: Parts of it are our proposal until the county confirms them (shown as 建议).
    proposed: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """One form to print: for whom, what, when."""

    unit: Unit
    subject: str
    period: Period | None
    period_name: str


def forms(house: House) -> list[FormInfo]:
    """The kinds that have a form, by name."""
    return [
        FormInfo(kind.id, kind.name, any(s.proposed for s in kind.sections))
        for kind in sorted(house.kinds.values(), key=lambda k: k.name)
        if _template(kind).is_file()
    ]


def blank(house: House, kind_id: str) -> tuple[str, bytes]:
    """(file name, bytes) of the empty form."""
    kind = _kind(house, kind_id)
    stamp = Stamp.issue(kind.id, VERSION, "", "", "")
    county = house.register.county.name
    return f"{kind.name}（空白表）.docx", form_of(kind).render({"县名": county}, "blank", stamp)


def make(
    house: House,
    kind_id: str,
    period_name: str,
    *,
    schools: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
    actor: str = "",
) -> Iterator[tuple[str, bytes]]:
    """Prefilled forms for schools (unit ids; None for all), one a school and due subject, as
    (relative path, bytes); the path begins with the cluster's folder. Issued numbers are kept
    when the last one was taken. Raises ArchiveError at once for an unknown kind, period or
    subject, and 'no_forms' where nobody owes such a paper then."""
    kind = _kind(house, kind_id)
    register = house.register
    form = form_of(kind)
    known = [subject_named(register, name) for name in subjects or ()]
    wanted = list(issues(register, kind, period_name, schools, known))
    if not wanted:
        raise _nothing_due(kind, named_period(register.calendar, period_name), known)
    return _printed(house, kind, form, wanted, actor)


def _printed(
    house: House, kind: Kind, form: Form, wanted: Sequence[Issue], actor: str
) -> Iterator[tuple[str, bytes]]:
    facts = _Facts(house, house.register)
    issued: dict[str, list[dict[str, Any]]] = {}
    for issue in wanted:
        stamp = Stamp.issue(kind.id, VERSION, issue.unit.id, issue.subject, issue.period_name)
        values = facts.values(kind, issue)
        yield file_name(house.register, kind, issue), form.render(values, "prefilled", stamp)
        row = {"number": stamp.form_no, "unit": issue.unit.id, "subject": issue.subject,
               "mode": "prefilled"}  # fmt: skip
        issued.setdefault(issue.period_name, []).append(row)
    for period_name, rows in issued.items():
        note_issued(house, kind.id, period_name, rows, actor=actor)


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


def file_name(register: Register, kind: Kind, issue: Issue) -> str:
    """`片区/片区-学校-文种-学科-期次.docx` (DOMAIN 1.3)."""
    on = issue.period.start if issue.period else None
    cluster = register.cluster_of(issue.unit.id, on)
    folder = cluster.name if cluster else "直属"
    parts = [folder, issue.unit.name, kind.name, issue.subject, issue.period_name]
    return f"{folder}/{'-'.join(p for p in parts if p)}.docx"


def form_of(kind: Kind) -> Form:
    """The compiled form of a kind. Raises ArchiveError('no_form'), FormError."""
    path = _template(kind)
    if not path.is_file():
        raise ArchiveError(
            "no_form", f"「{kind.name}」还没有表单", "请在文种文件夹里放一份 form.docx"
        )
    return _compiled(path, path.stat().st_mtime_ns, kind)


@lru_cache(maxsize=64)
def _compiled(path: Path, mtime_ns: int, kind: Kind) -> Form:
    extra = ("县名", "学年", "学期", "片区", "中心校")
    spec = FormSpec.of(kind.id, kind.name, VERSION, kind.fields, kind.sections, extra)
    return compile_form(path, spec)


def _template(kind: Kind) -> Path:
    return Path(kind.folder or ".") / "form.docx"


def _kind(house: House, kind_id: str) -> Kind:
    kind = house.kinds.get(kind_id)
    if kind is None:
        raise ArchiveError("kind_unknown", f"没有「{kind_id}」这个文种", "请从有表单的文种中选择")
    return kind


# --- what the house knows ---------------------------------------------------


class _Facts:
    """Values for the sources that fields and lists of a kind name; unknown ones stay blank."""

    def __init__(self, house: House, register: Register) -> None:
        self.house, self.register = house, register
        self.today = datetime.now(UTC).date()
        self._recorded: dict[str, dict[tuple[str, str], list[Record]]] = {}

    def values(self, kind: Kind, issue: Issue) -> dict[str, Any]:
        values: dict[str, Any] = self._heading(issue)
        for field in kind.fields:
            source = _SOURCES.get(field.source)
            if source:
                values[field.key] = source(self, issue)
        for section in kind.sections:
            if section.rows and section.rows.source in _LISTS:
                values[section.rows.name] = _LISTS[section.rows.source](self, issue)
        return {k: v for k, v in values.items() if v not in (None, "", [])}

    def _heading(self, issue: Issue) -> dict[str, Any]:
        period = issue.period
        cluster = self.register.cluster_of(issue.unit.id, period.start if period else None)
        centre = self.register.centre(cluster.id) if cluster else None
        year, term = self.register.calendar.term_of(period.start) if period else ("", 0)
        return {
            "县名": self.register.county.name,
            "学年": year,
            "学期": {1: "第一学期", 2: "第二学期"}.get(term, ""),
            "片区": cluster.name if cluster else "",
            "中心校": centre.name if centre else "",
        }

    def unit_name(self, issue: Issue) -> str:
        return issue.unit.official or issue.unit.name

    def leader(self, issue: Issue) -> str:
        return next((t.name for t in self._teachers(issue, "") if "校长" in t.roles), "")

    def group_leader(self, issue: Issue) -> str:
        teachers = self._teachers(issue, issue.subject)
        return next((t.name for t in teachers if "教研组长" in t.roles), "")

    def teachers(self, issue: Issue) -> list[dict[str, str]]:
        return [
            {"姓名": t.name, "学科": "、".join(t.subjects), "职务": "、".join(t.roles)}
            for t in self._teachers(issue, issue.subject)
        ]

    def _teachers(self, issue: Issue, subject: str) -> list[Unit]:
        found = self.register.teachers(issue.unit.id)
        return [t for t in found if not subject or subject in t.subjects]

    def months(self, issue: Issue) -> list[dict[str, str]]:
        if issue.period is None:
            return []
        months = self.register.calendar.months_in(issue.period)
        return [{"月份": f"{m.start.month}月"} for m in months]

    def activities(self, issue: Issue) -> list[dict[str, str]]:
        """What the archive holds of the month's activities of this school and subject."""
        if issue.period is None:
            return []
        known = self._recorded.get(issue.period_name)
        if known is None:
            known = self._recorded[issue.period_name] = self._activities_of(issue.period)
        return [
            {"时间": r.date, "形式": self.house.kinds[r.kind or ""].name, "主题": r.title,
             "主讲人": r.author, "人数": ""}
            for r in known.get((issue.unit.id, issue.subject), [])
        ]  # fmt: skip

    def _activities_of(self, period: Period) -> dict[tuple[str, str], list[Record]]:
        rows = Record.objects.filter(
            kind__in=ACTIVITIES, status=Record.FILED, period_start__lte=period.end,
            period_end__gte=period.start,
        ).order_by("date", "id")  # fmt: skip
        found: dict[tuple[str, str], list[Record]] = {}
        for row in rows:
            for subject in row.subjects or [""]:
                found.setdefault((row.school_id, subject), []).append(row)
        return found


_SOURCES: dict[str, Callable[[_Facts, Issue], Any]] = {
    "unit.name": _Facts.unit_name,
    "unit.leader": _Facts.leader,
    "group.leader": _Facts.group_leader,
    "subject": lambda facts, issue: issue.subject,
    "period.label": lambda facts, issue: issue.period.label if issue.period else "",
}
_LISTS: dict[str, Callable[[_Facts, Issue], list[dict[str, str]]]] = {
    "teachers": _Facts.teachers,
    "calendar": _Facts.months,
    "activities": _Facts.activities,
}
