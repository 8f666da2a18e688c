"""What the house knows before anyone writes: values for the sources that kinds name.

`field.source` and `rows.source` of a kind file are the names in SOURCES and LISTS below
(docs/KINDS.md lists them for the county). What is not known stays blank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.forms import Paper
from archive.house import House
from archive.models import Record
from archive.periods import Period
from archive.register import Register, Unit

#: Kinds whose records are activities of a month: they prefill the list of a report.
ACTIVITIES = ("activity_record", "prep_record", "observe_record", "review_record", "send_teach")


@dataclass(frozen=True, slots=True)
class Issue:
    """One form to print: for whom, what, when."""

    unit: Unit
    subject: str
    period: Period | None
    period_name: str


class Facts:
    """Values for the sources that fields and lists of a kind name; unknown ones stay blank."""

    def __init__(self, house: House, register: Register) -> None:
        self.house, self.register = house, register
        self.today = datetime.now(UTC).date()
        self._recorded: dict[str, dict[tuple[str, str], list[Record]]] = {}

    def values(self, paper: Paper, issue: Issue) -> dict[str, Any]:
        """The values of one copy by name, without those that are not known."""
        values: dict[str, Any] = self._heading(issue)
        for field in (*paper.kind.fields, *paper.text.fields):
            source = SOURCES.get(field.source)
            if source:
                values[field.key] = source(self, issue)
        for rows in (*(s.rows for s in paper.kind.sections), *paper.text.rows):
            if rows and rows.source in LISTS:
                values[rows.name] = LISTS[rows.source](self, issue)
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


SOURCES: dict[str, Callable[[Facts, Issue], Any]] = {
    "unit.name": Facts.unit_name,
    "unit.leader": Facts.leader,
    "group.leader": Facts.group_leader,
    "subject": lambda facts, issue: issue.subject,
    "period.label": lambda facts, issue: issue.period.label if issue.period else "",
}
LISTS: dict[str, Callable[[Facts, Issue], list[dict[str, str]]]] = {
    "teachers": Facts.teachers,
    "calendar": Facts.months,
    "activities": Facts.activities,
}
