"""The checks of a register file: plain data in, checked entries out, every fault at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from archive.calendar import TERM_NAMES, Calendar, Term, Test, first_year
from archive.register_entries import (
    ClusterEntry,
    Entries,
    Fault,
    GroupEntry,
    RegisterError,
    TeacherEntry,
)
from archive.subjects import canonical, subjects_of
from indexer.folding import fold

KNOWN_KEYS = (
    *("county", "valid_from", "stage", "clusters", "schools", "official_names", "aliases"),
    *("stages", "departments", "subjects", "subjects_by_stage", "subjects_by_school"),
    *("groups", "teachers", "terms", "source", "note"),
)
KNOWN_IN = {
    "clusters": ("no", "name", "type", "centre", "members"),
    "groups": ("name", "subjects"),
    "teachers": ("name", "school", "subjects", "roles"),
    "terms": ("school_year", "term", "start", "end", "holidays", "workdays", "tests"),
    "tests": ("name", "date"),
}
DEFAULT_CLUSTER_TYPE = "联片研修区"

#: A holiday written as a range may last no longer than the long vacations do.
MAX_RANGE_DAYS = 120


def check_register(data: Mapping[str, Any]) -> Entries:
    """The entries of a register. RegisterError with every fault found."""
    check = _Check(data)
    entries = check.entries()
    if check.faults:
        raise RegisterError(check.faults)
    return entries


class _Check:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[Fault] = []
        self.warnings: list[str] = []

    def entries(self) -> Entries:
        self.known_keys("", self.data, KNOWN_KEYS)
        found = Entries(county=self.text("county"), source=self.text("source", ""))
        found.note = self.text("note", "")
        found.valid_from = self.valid_from()
        clusters = self.clusters()
        found.clusters = tuple(entry for _, entry in clusters)
        found.schools = self.schools(clusters)
        self.school_details(found)
        found.groups = tuple(self.groups(found))
        found.teachers = tuple(self.teachers(found))
        found.calendar = self.calendar()
        found.warnings = tuple(self.warnings)
        return found

    # -- plain values

    def fault(self, place: str, message: str) -> None:
        self.faults.append(Fault(place, message))

    def known_keys(self, place: str, data: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in data:
            if key not in known:
                where = f"{place}的" if place else ""
                self.warnings.append(f"{where}键 {key} 不认识{_hint(str(key), known)}；已略去")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            self.fault(key, "缺少这一项")
            return ""
        return self.as_text(key, value)

    def as_text(self, place: str, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fault(place, "应当是文字")
            return ""
        return tidy(str(value))

    def as_names(self, place: str, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(place, "应当是列表")
            return ()
        names = (self.as_text(f"{place} 第 {n} 项", item) for n, item in enumerate(value, 1))
        return tuple(name for name in names if name)

    def as_dict(self, place: str, value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(place, "应当是“键: 值”")
            return {}
        return {tidy(str(key)): item for key, item in value.items()}

    def as_records(self, place: str, value: Any, known: str) -> list[tuple[str, dict[str, Any]]]:
        """Entries of a list with their places, their unknown keys reported."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(place, "应当是列表")
            return []
        found = []
        for number, item in enumerate(value, 1):
            where = f"{place} 第 {number} 项"
            if isinstance(item, dict):
                self.known_keys(where, item, KNOWN_IN[known])
                found.append((where, item))
            else:
                self.fault(where, "应当是“键: 值”")
        return found

    def as_day(self, place: str, value: Any) -> date | None:
        found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", str(value).strip())
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        self.fault(place, f"“{value}”不是日期，应当写成 2014-09-01")
        return None

    def as_subjects(self, place: str, value: Any) -> tuple[str, ...]:
        names = []
        for name in self.as_names(place, value):
            subject = canonical(name)
            if not subject:
                self.warnings.append(f"{place}：“{name}”不在学科名称表中，按原样保留")
            names.append(subject or name)
        return tuple(dict.fromkeys(names))

    def valid_from(self) -> str:
        value = self.data.get("valid_from", "")
        if re.fullmatch(r"\d{4}", str(value).strip()):
            return f"{str(value).strip()}-01-01"
        day = self.as_day("valid_from", value) if value else None
        return day.isoformat() if day else ""

    # -- clusters and schools

    def clusters(self) -> list[tuple[str, ClusterEntry]]:
        found, numbers, names = [], set(), set()
        for place, item in self.as_records("clusters", self.data.get("clusters"), "clusters"):
            number = str(item.get("no", ""))
            if number and number in numbers:
                self.fault(place, f"片区序号 {number} 重复")
            numbers.add(number)
            entry = self.cluster(place, item, number)
            if entry.name and entry.name in names:
                self.fault(place, f"片区名称“{entry.name}”重复")
            names.add(entry.name)
            found.append((place, entry))
        return found

    def cluster(self, place: str, item: dict[str, Any], number: str) -> ClusterEntry:
        centre = self.as_text(f"{place} centre", item.get("centre", ""))
        if not centre:
            self.fault(place, "没有中心校（centre）")
        kind = self.as_text(f"{place} type", item.get("type", DEFAULT_CLUSTER_TYPE))
        name = self.as_text(f"{place} name", item.get("name", "")) or f"{centre}{kind}"
        members = self.as_names(f"{place} members", item.get("members"))
        aliases = (f"{centre}片区", f"{centre}联片研修区", f"{centre}{kind}")
        others = tuple(alias for alias in dict.fromkeys(aliases) if alias != name)
        return ClusterEntry(name, centre, members, others if centre else ())

    def schools(self, clusters: list[tuple[str, ClusterEntry]]) -> tuple[str, ...]:
        if "clusters" not in self.data and "schools" not in self.data:
            self.fault("clusters", "片区（clusters）和学校（schools）至少要有一项")
        first: dict[str, str] = {}
        for place, entry in clusters:
            for name in (entry.centre, *entry.members):
                self.one_place(first, name, place)
        for name in self.as_names("schools", self.data.get("schools")):
            self.one_place(first, name, "schools")
        return tuple(first)

    def one_place(self, first: dict[str, str], name: str, place: str) -> None:
        if name in first:
            self.fault(place, f"学校“{name}”已经列在 {first[name]}")
        elif name:
            first[name] = place

    def known_school(self, place: str, name: str, found: Entries) -> bool:
        if name in found.schools:
            return True
        near = difflib.get_close_matches(name, found.schools, 1, 0.6)
        hint = f"，最接近的是“{near[0]}”" if near else ""
        self.fault(place, f"没有“{name}”这所学校{hint}")
        return False

    def by_school(self, key: str, found: Entries) -> dict[str, Any]:
        values = self.as_dict(key, self.data.get(key))
        return {k: v for k, v in values.items() if self.known_school(key, k, found)}

    def school_details(self, found: Entries) -> None:
        given = self.by_school("official_names", found)
        found.official = {
            name: self.as_text(f"official_names {name}", given[name])
            if name in given
            else official_name(found.county, name)
            for name in found.schools
        }
        self.no_name_twice(found)
        stage = self.text("stage", "")
        stages = self.by_school("stages", found)
        found.stages = {
            name: self.as_text(f"stages {name}", stages.get(name, stage)) for name in found.schools
        }
        found.aliases = {
            name: self.as_names(f"aliases {name}", names)
            for name, names in self.by_school("aliases", found).items()
        }
        found.departments = {
            name: self.as_text(f"departments {name}", parent)
            for name, parent in self.by_school("departments", found).items()
        }
        self.no_circle(found)
        found.subjects = self.subjects(found)

    def no_name_twice(self, found: Entries) -> None:
        owners: dict[str, str] = {}
        for name, official in found.official.items():
            if official in owners:
                self.fault(
                    "official_names", f"“{owners[official]}”和“{name}”的全称都是“{official}”"
                )
            owners[official] = name

    def no_circle(self, found: Entries) -> None:
        for name, parent in found.departments.items():
            if parent == name or parent in found.departments:
                self.fault(f"departments {name}", f"所属学校“{parent}”自己也是一个部")

    def subjects(self, found: Entries) -> dict[str, tuple[str, ...]]:
        everywhere = self.as_subjects("subjects", self.data.get("subjects"))
        stages = self.as_dict("subjects_by_stage", self.data.get("subjects_by_stage"))
        by_stage = {k: self.as_subjects(f"subjects_by_stage {k}", v) for k, v in stages.items()}
        for stage in by_stage.keys() - set(found.stages.values()):
            self.warnings.append(f"subjects_by_stage：没有学校的学段是“{stage}”")
        schools = self.by_school("subjects_by_school", found)
        own = {k: self.as_subjects(f"subjects_by_school {k}", v) for k, v in schools.items()}
        return {
            name: own.get(name, by_stage.get(found.stages[name], everywhere))
            for name in found.schools
        }

    # -- groups and teachers

    def groups(self, found: Entries) -> list[GroupEntry]:
        given = self.by_school("groups", found)
        entries: list[GroupEntry] = []
        for name in found.schools:
            own = self.groups_of(name, given.get(name))
            covered = {subject for group in own for subject in group.subjects}
            entries += own
            entries += [
                GroupEntry(name, f"{subject}教研组", (subject,))
                for subject in found.subjects[name]
                if subject not in covered
            ]
        return entries

    def groups_of(self, school: str, value: Any) -> list[GroupEntry]:
        found: list[GroupEntry] = []
        for place, item in self.as_records(f"groups {school}", value, "groups"):
            name = self.as_text(f"{place} name", item.get("name", ""))
            if not name:
                self.fault(place, "教研组没有名称（name）")
            elif any(group.name == name for group in found):
                self.fault(place, f"教研组“{name}”重复")
            subjects = self.as_subjects(f"{place} subjects", item.get("subjects"))
            found.append(GroupEntry(school, name, subjects or subjects_of(fold(name))))
        return found

    def teachers(self, found: Entries) -> list[TeacherEntry]:
        entries, seen = [], set()
        names = {official: name for name, official in found.official.items()}
        for place, item in self.as_records("teachers", self.data.get("teachers"), "teachers"):
            name = "".join(self.as_text(f"{place} name", item.get("name", "")).split())
            if not name:
                self.fault(place, "教师没有姓名（name）")
            school = self.as_text(f"{place} school", item.get("school", ""))
            school = names.get(school, school)
            if school != found.county and not self.known_school(place, school, found):
                continue
            if (school, name) in seen:
                self.warnings.append(f"{place}：{school}有两位“{name}”，只按姓名无法区分")
            seen.add((school, name))
            subjects = self.as_subjects(f"{place} subjects", item.get("subjects"))
            roles = self.as_names(f"{place} roles", item.get("roles"))
            entries.append(TeacherEntry(name, school, subjects, roles))
        return entries

    # -- terms

    def calendar(self) -> Calendar:
        found: list[Term] = []
        for place, item in self.as_records("terms", self.data.get("terms"), "terms"):
            term = self.term(place, item)
            if term is None:
                continue
            for other in found:
                self.no_overlap(place, term, other)
            found.append(term)
        return Calendar(tuple(sorted(found, key=lambda term: term.start)))

    def no_overlap(self, place: str, term: Term, other: Term) -> None:
        label = f"{other.school_year} {TERM_NAMES[other.number]}"
        if (term.school_year, term.number) == (other.school_year, other.number):
            self.fault(place, f"{label}重复")
        elif term.start <= other.end and other.start <= term.end:
            self.fault(place, f"与{label}的日期重叠")

    def term(self, place: str, item: dict[str, Any]) -> Term | None:
        year = re.sub("[—–~至/]+", "-", self.as_text(place, item.get("school_year", "")))
        year = year.removesuffix("学年度").removesuffix("学年")
        number = {"1": 1, "2": 2, "第一学期": 1, "第二学期": 2, "上": 1, "下": 2}.get(
            str(item.get("term", "")).strip()
        )
        if not _is_school_year(year):
            self.fault(f"{place} school_year", f"“{year}”不是学年，应当写成 2014-2015")
        if number is None:
            self.fault(f"{place} term", "学期应当是 1 或 2")
        start = self.as_day(f"{place} start", item.get("start", ""))
        end = self.as_day(f"{place} end", item.get("end", ""))
        if not (_is_school_year(year) and number and start and end):
            return None
        self.right_span(place, year, start, end)
        return Term(
            year,
            number,
            start,
            end,
            self.days(f"{place} holidays", item.get("holidays")),
            self.days(f"{place} workdays", item.get("workdays")),
            tuple(self.tests(place, item, year, number)),
        )

    def right_span(self, place: str, year: str, start: date, end: date) -> None:
        first = first_year(year)
        if start > end:
            self.fault(place, "开始日期在结束日期之后")
        elif not date(first, 7, 1) <= start <= end <= date(first + 1, 9, 30):
            self.fault(place, f"日期不在 {year} 学年之内")

    def days(self, place: str, value: Any) -> tuple[date, ...]:
        """Days and ranges of days: 2014-10-01, 2014-10-01~2014-10-07."""
        found: list[date] = []
        for item in self.as_names(place, value):
            ends = [
                self.as_day(place, part) for part in re.split("[~～至]|\\.\\.|/(?=\\d{4})", item)
            ]
            first, last = ends[0], ends[-1]
            if first is None or last is None:
                continue
            count = (last - first).days
            if len(ends) > 2 or not 0 <= count <= MAX_RANGE_DAYS:
                self.fault(place, f"“{item}”不是一段日期")
                continue
            found += [first + timedelta(days=n) for n in range(count + 1)]
        return tuple(sorted(set(found)))

    def tests(self, place: str, item: dict[str, Any], year: str, number: int) -> list[Test]:
        found = []
        for where, test in self.as_records(f"{place} tests", item.get("tests"), "tests"):
            name = self.as_text(f"{where} name", test.get("name", ""))
            day = self.as_day(f"{where} date", test.get("date", ""))
            if not name:
                self.fault(where, "考试没有名称（name）")
            elif day:
                found.append(Test(name, day, year, number))
        return found


def _hint(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), 1, 0.5)
    if near:
        return f"，最接近的是 {near[0]}"
    # In TOML a key below [[clusters]] belongs to that table.
    outer = difflib.get_close_matches(key, list(KNOWN_KEYS), 1, 0.7)
    return f"，是否应写在文件开头的 {outer[0]}" if outer else ""


def _is_school_year(text: str) -> bool:
    try:
        return 1990 <= first_year(text) <= 2099
    except ValueError:
        return False


def tidy(text: str) -> str:
    """Names are kept without white space: 孙镇 初中 is 孙镇初中."""
    return "".join(text.split())


def official_name(county: str, short: str) -> str:
    """By rule: the county's name before the short one, 初级中学 for 初中 at the end."""
    name = short.removesuffix("初中") + "初级中学" if short.endswith("初中") else short
    return name if name.startswith(county) else county + name
