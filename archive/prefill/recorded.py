"""What the catalogue holds that a new form may begin from: activities, papers, earlier sections.

Every answer is fetched for all schools of the batch with one query, and kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from archive.calendar import Calendar
from archive.house import House
from archive.issue import Issue
from archive.kinds import Kind
from archive.models import Record, Version
from archive.periods import Period
from archive.prefill.people import Row
from archive.prefill.reference import BEFORE, reference, section_text

#: Kinds whose records are activities of a month, and what a report calls such an activity.
ACTIVITIES = {
    "activity_record": "教研活动",
    "prep_record": "集体备课",
    "observe_record": "听课",
    "review_record": "评课",
    "send_teach": "送教下乡",
}
#: More schools than these are not named in a query (SQLite's limit is 32,766 variables).
FEW = 500

Rows = dict[tuple[str, str], list[Record]]


class Recorded:
    """The catalogue for the schools of one batch (`schools`: their ids)."""

    def __init__(self, house: House, calendar: Calendar, schools: Collection[str]) -> None:
        self.house, self.calendar, self.schools = house, calendar, schools
        self._activities: dict[Period, Rows] = {}
        self._papers: dict[Period, Rows] = {}
        self._plans: dict[tuple[str, Period], dict[tuple[str, str, str], str]] = {}
        self._sections: dict[tuple[str, str], str] = {}

    def of_schools(self, rows: QuerySet[Record]) -> QuerySet[Record]:
        few = len(self.schools) <= FEW
        return rows.filter(school_id__in=self.schools) if few else rows

    # -- activities and papers of the period

    def activities(self, issue: Issue, school: str) -> list[Row]:
        """What was recorded of activities in the period, by school and subject (all subjects for
        a copy that is not by subject), the earliest first."""
        if issue.period is None:
            return []
        if issue.period not in self._activities:
            kinds = Q(kind__in=list(ACTIVITIES))
            self._activities[issue.period] = self._within(issue.period, kinds)
        found = _own(self._activities[issue.period], school, issue.subjects)
        return [
            {"时间": _day(r.date), "日期": _day(r.date), "形式": ACTIVITIES[r.kind or ""],
             "活动形式": ACTIVITIES[r.kind or ""], "主题": r.title, "活动主题": r.title,
             "内容": r.title, "主讲人": r.author, "件号": r.id}
            for r in found
        ]  # fmt: skip

    def papers(self, issue: Issue, school: str) -> list[Row]:
        """Every paper filed for the period: the contents of a folder. Of a teacher, their own."""
        if issue.period is None:
            return []
        if issue.period not in self._papers:
            self._papers[issue.period] = self._within(issue.period, ~Q(kind="unrelated"))
        found = _own(self._papers[issue.period], school, issue.subjects)
        if issue.unit.level == "teacher":
            found = [r for r in found if r.author == issue.unit.name]
        return [
            {"题名": r.title, "材料名称": r.title, "名称": r.title, "文种": self._name(r),
             "类别": self._name(r), "学科": "、".join(r.subjects), "作者": r.author,
             "日期": _day(r.date), "时间": _day(r.date), "件号": r.id}
            for r in found
        ]  # fmt: skip

    def _name(self, row: Record) -> str:
        kind = self.house.kinds.get(row.kind or "")
        return kind.name if kind else ""

    def _within(self, period: Period, kinds: Q) -> Rows:
        rows = Record.objects.filter(
            kinds, status=Record.FILED, blank=False, period_start__lte=period.end,
            period_end__gte=period.start,
        )  # fmt: skip
        found: Rows = defaultdict(list)
        for row in self.of_schools(rows).order_by("date", "id"):
            # A paper about a longer period than the one asked for is none of its activities.
            if row.period_start and _reaches(row, period):
                for subject in row.subjects or [""]:
                    found[row.school_id, subject].append(row)
        return found

    # -- sections of the paper before

    def before(self, issue: Issue, school: str, section: str) -> str:
        """The section of the last period's paper of the same kind, school and subjects, as one
        line for reference; "" where none was filed."""
        kind, period = issue.paper.kind, issue.period
        if period is None or period.type not in BEFORE:
            return ""
        last = period_before(self.calendar, period)
        key = (kind.id, last)
        if key not in self._plans:
            self._plans[key] = self._newest(kind, last)
        known, subjects = self._plans[key], issue.subjects or ("",)
        author = issue.unit.name if issue.unit.level == "teacher" else ""
        if kind.unit == "teacher" and not author:
            return ""  # whose paper it was nobody could say
        sha256 = next((known[k] for s in subjects if (k := (school, s, author)) in known), "")
        return reference(f"{BEFORE[period.type]}{section}", self._section(sha256, kind, section))

    def _newest(self, kind: Kind, period: Period) -> dict[tuple[str, str, str], str]:
        """(school, subject, author) -> sha256 of the newest content of the kind's paper; the
        author only where teachers write it."""
        rows = Record.objects.filter(
            kind=kind.id, status=Record.FILED, blank=False, period_start__lte=period.end,
            period_end__gte=period.start,
        )  # fmt: skip
        heads = Version.objects.filter(record__in=self.of_schools(rows), n=F("record__head"))
        found: dict[tuple[str, str, str], str] = {}
        for version in heads.select_related("record").order_by("received", "id"):
            record = version.record
            if _reaches(record, period):
                for subject in record.subjects or [""]:
                    author = record.author if kind.unit == "teacher" else ""
                    found[record.school_id, subject, author] = version.sha256
        return found

    def _section(self, sha256: str, kind: Kind, section: str) -> str:
        if not sha256:
            return ""
        key = (sha256, section)
        if key not in self._sections:
            reading = self.house.reading(sha256)
            self._sections[key] = section_text(reading, kind, section) if reading else ""
        return self._sections[key]


def period_before(calendar: Calendar, period: Period) -> Period:
    """The month, term or year before a month, term or year."""
    day = period.start - timedelta(days=1)
    if period.type == "month":
        return calendar.month_of(day)
    if period.type == "term":
        return calendar.term(*calendar.term_of(day))
    if period.type == "school_year":
        return calendar.school_year(calendar.school_year_of(day))
    return calendar.calendar_year(day.year)


def _own(found: Rows, school: str, subjects: Iterable[str]) -> list[Record]:
    """Those of the school and these subjects, of all subjects where none is named; each once."""
    if wanted := tuple(subjects):
        rows = [row for subject in wanted for row in found.get((school, subject), ())]
    else:
        rows = [row for (at, _), some in found.items() if at == school for row in some]
    return sorted({row.id: row for row in rows}.values(), key=lambda row: (row.date, row.id))


def _reaches(row: Record, period: Period) -> bool:
    """Whether the middle of the paper's own period lies in the one asked for."""
    if row.period_start is None or row.period_end is None:
        return False
    middle = row.period_start + (row.period_end - row.period_start) / 2
    return period.start <= middle <= period.end


def _day(text: str) -> str:
    """10月9日 of 2014-10-09; anything else as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.month}月{day.day}日"
