"""What the register and the calendar say: names, roles, members, months and weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from archive.calendar import TERM_NAMES, Calendar
from archive.issue import Issue
from archive.periods import Period
from archive.register import Register, Unit

Row = dict[str, str]

HEAD, GROUP_HEAD, OFFICE_HEAD = "校长", "教研组长", "教研室主任"


def long_day(day: date) -> str:
    """2014年10月31日 (GB/T 9704-2012: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


class People:
    """The register, asked as forms ask."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def school(self, issue: Issue) -> Unit | None:
        """The school that a copy is for or belongs to; of a cluster its centre."""
        unit, day = issue.unit, issue.period.start if issue.period else None
        if unit.level == "cluster":
            return self.register.centre(unit.id, day)
        return self.register.school_of(unit.id) if unit.level != "county" else None

    def addressee(self, issue: Issue) -> str:
        """Whom the copy is for."""
        if issue.unit.level == "county":
            return self.office
        school = self.school(issue)
        unit = issue.unit if issue.unit.level == "cluster" or school is None else school
        return unit.official or unit.name

    def writer(self, issue: Issue) -> str:
        """Who writes the paper: the office where the kind is the county's own."""
        return self.office if issue.paper.kind.unit == "county" else self.addressee(issue)

    @property
    def office(self) -> str:
        return f"{self.register.county.name}教研室"

    def leader(self, issue: Issue) -> str:
        """校长 of the school (a cluster's centre: DOMAIN 3.3), 教研室主任 of the county."""
        school = self.school(issue)
        home, role = (school.id, HEAD) if school else (self.register.county.id, OFFICE_HEAD)
        return next((t.name for t in self.register.teachers(home) if role in t.roles), "")

    def teachers(self, issue: Issue) -> list[Unit]:
        """Of the school; those of the copy's subjects where it is by subject."""
        school, subjects = self.school(issue), set(issue.subjects)
        found = self.register.teachers(school.id) if school else ()
        return [t for t in found if not subjects or subjects & set(t.subjects)]

    def group_leader(self, issue: Issue) -> str:
        return next((t.name for t in self.teachers(issue) if GROUP_HEAD in t.roles), "")

    def group_name(self, issue: Issue) -> str:
        if issue.unit.level == "group":
            return issue.unit.name
        school = self.school(issue)
        groups = self.register.groups(school.id) if school and issue.subject else ()
        own = (group.name for group in groups if issue.subject in group.subjects)
        return next(own, f"{issue.subject}组" if issue.subject else "")

    def author(self, issue: Issue) -> str:
        """The teacher that the copy is for, or the only one who teaches its subject there."""
        if issue.unit.level == "teacher":
            return issue.unit.name
        found = self.teachers(issue) if issue.subject else []
        return found[0].name if len(found) == 1 else ""

    def teacher_rows(self, issue: Issue) -> list[Row]:
        return [
            {"姓名": t.name, "学科": "、".join(t.subjects), "职务": "、".join(t.roles),
             "任教学科": "、".join(t.subjects)}
            for t in self.teachers(issue)
        ]  # fmt: skip

    def school_rows(self, issue: Issue) -> list[Row]:
        """The schools of a cluster, of the county, or of the cluster that the school is in."""
        day, register = issue.period.start if issue.period else None, self.register
        if issue.unit.level == "county":
            return [self._school_row(s, "") for s in register.schools(day)]
        cluster = issue.unit if issue.unit.level == "cluster" else self.cluster(issue)
        members = register.members(cluster.id, day) if cluster else ()
        return [self._school_row(s, "成员校" if n else "中心校") for n, s in enumerate(members)]

    def cluster_rows(self, issue: Issue) -> list[Row]:
        """The clusters of the county with their schools, as of the period."""
        day, register = issue.period.start if issue.period else None, self.register
        rows: list[Row] = []
        for number, cluster in enumerate(register.clusters(day), 1):
            centre, *others = [s.name for s in register.members(cluster.id, day)] or [""]
            rows.append({"序号": str(number), "片区": cluster.name, "研修中心校": centre,
                         "联片研修校": "、".join(others), "成员校": "、".join(others)})  # fmt: skip
        return rows

    def _school_row(self, school: Unit, place: str) -> Row:
        heads = (t.name for t in self.register.teachers(school.id) if HEAD in t.roles)
        return {"学校": school.name, "类别": place, "负责人": next(heads, "")}

    def cluster(self, issue: Issue) -> Unit | None:
        if issue.unit.level == "cluster":
            return issue.unit
        school = self.school(issue)
        day = issue.period.start if issue.period else None
        return self.register.cluster_of(school.id, day) if school else None

    def heading(self, issue: Issue) -> dict[str, str]:
        """The names that every form may use besides those of its kind (archive.forms.EXTRA)."""
        period, cluster = issue.period, self.cluster(issue)
        day = period.start if period else None
        centre = self.register.centre(cluster.id, day) if cluster else None
        year, term = self.register.calendar.term_of(period.start) if period else ("", 0)
        return {
            "县名": self.register.county.name,
            "学年": year,
            "学期": TERM_NAMES.get(term, ""),
            "片区": cluster.name if cluster else "",
            "中心校": centre.name if centre else "",
        }


def month_rows(calendar: Calendar, period: Period | None) -> list[Row]:
    """The months with school in them."""
    months: Sequence[Period] = calendar.months_in(period) if period else ()
    return [{"月份": f"{m.start.month}月"} for m in months if calendar.is_due_month(m)]


def week_rows(calendar: Calendar, period: Period | None) -> list[Row]:
    """The teaching weeks of the term in which the period begins, from Monday to Sunday."""
    if period is None:
        return []
    year, term = calendar.term_of(period.start)
    first, last = calendar.teaching_start(year, term), calendar.teaching_end(year, term)
    monday = first - timedelta(days=first.weekday())
    rows: list[Row] = []
    while monday <= last:
        begins, ends = max(monday, first), min(monday + timedelta(days=6), last)
        span = f"{begins.month}月{begins.day}日—{ends.month}月{ends.day}日"
        rows.append({"周次": f"第{len(rows) + 1}周", "日期": span})
        monday += timedelta(days=7)
    return rows


def test_rows(calendar: Calendar, period: Period | None) -> list[Row]:
    held = [t for t in calendar.tests if period and period.start <= t.day <= period.end]
    return [{"考试": t.name, "考试名称": t.name, "日期": long_day(t.day)} for t in held]
