"""Filter values as people write them, brought to the words the index knows; none fails silently."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from archive.calendar import Calendar
from archive.errors import ArchiveError
from archive.kinds import Kind
from archive.named_period import named_period
from archive.register import Register, Unit
from archive.subjects import SUBJECTS, canonical
from indexer.dates import month_value, school_year_value, term_value

STATUS = {"filed": "已归档", "review": "待核", "已归档": "已归档", "待核": "待核"}
COMPLETENESS = {"齐全": "齐全", "不全": "不全", "complete": "齐全", "incomplete": "不全"}
#: Facet -> its field in a question, and what reads such a value there.
_PERIODS: dict[str, tuple[str, Callable[[str, date], tuple[str, str]]]] = {
    "month": ("月份", month_value), "term": ("学期", term_value),
    "school_year": ("学年", school_year_value),
}  # fmt: skip


class Names:
    """What the archive's kinds and register call things. Every method raises ArchiveError with
    the nearest known name for a word that is none; `register` is None before the first one."""

    def __init__(self, kinds: Mapping[str, Kind], register: Register | None) -> None:
        self.kinds, self.register = kinds, register
        self._ways: dict[str, Callable[[str], str]] = {
            "kind": lambda name: kind_named(self.kinds, name).name, "school": self.school,
            "cluster": self.cluster, "subject": self.subject, "school_year": self.school_year,
            "term": self.term, "month": self.month,
            "status": lambda name: _one_of(STATUS, name, "办理状态"),
            "completeness": lambda name: _one_of(COMPLETENESS, name, "齐全情况"),
        }  # fmt: skip

    def resolve(self, facet: str, values: Sequence[str]) -> list[str]:
        """The index's words for `values` of a facet; authors and grades are taken as written."""
        way = self._ways.get(facet)
        return [self._named(facet, way, value) for value in values] if way else list(values)

    def _named(self, facet: str, way: Callable[[str], str], value: str) -> str:
        """A filter is one exact value; what a question may leave open (月份:10月 of any year, 文种
        by a part of its name) is told to be asked for in the question."""
        try:
            return way(value)
        except ArchiveError as error:
            field = self._field(facet, value)
            if not field:
                raise
            remedy = f"{error.remedy}；也可以写进检索词：{field}:{value}"
            raise ArchiveError(error.code, error.message, remedy) from error

    def _field(self, facet: str, value: str) -> str:
        """The field of a question that takes the value, "" where none does."""
        if re.search(r"\s", value):
            return ""
        if facet == "kind":
            names = (name for kind in self.kinds.values() for name in (kind.name, *kind.also))
            return "文种" if any(value in name for name in names) else ""
        if facet not in _PERIODS:
            return ""
        field, reader = _PERIODS[facet]
        return field if reader(value, date.today()) != (value, "") else ""

    def school(self, name: str) -> str:
        return school_named(self.register, name).name if self.register else name

    def cluster(self, name: str) -> str:
        if self.register is None:
            return name
        clusters = [u for u in self.register.units.values() if u.level == "cluster"]
        for unit in clusters:
            if name in (unit.name, unit.official, *unit.aliases):
                return unit.name
        raise _unknown("cluster_unknown", "片区", name, (u.name for u in clusters))

    def subject(self, name: str) -> str:
        return subject_named(self.register, name)

    def month(self, name: str) -> str:
        return self._period(name, "month", "月份写作 2014-10")

    def term(self, name: str) -> str:
        return self._period(name, "term", "学期写作 2014-2015-1（学年-学期）")

    def school_year(self, name: str) -> str:
        return self._period(name, "school_year", "学年写作 2014-2015")

    def _period(self, name: str, sort: str, remedy: str) -> str:
        calendar = self.register.calendar if self.register else Calendar()
        try:
            if named_period(calendar, name).type == sort:
                return name
        except ArchiveError:
            pass
        raise ArchiveError("period_unknown", f"看不懂时段「{name}」", remedy)


def kind_named(kinds: Mapping[str, Kind], name: str) -> Kind:
    """A kind by its id, its name or another of its names. Raises ArchiveError('kind_unknown')."""
    for kind in kinds.values():
        if name in (kind.id, kind.name, *kind.also):
            return kind
    known = (word for kind in kinds.values() for word in (kind.id, kind.name, *kind.also))
    raise _unknown("kind_unknown", "文种", name, known)


def school_named(register: Register, name: str) -> Unit:
    """A school by any form of its name. Raises ArchiveError('school_unknown')."""
    unit = register.school_named(name)
    if unit is None:
        raise _unknown("school_unknown", "学校", name, (u.name for u in register.schools()))
    return unit


def subject_named(register: Register | None, name: str) -> str:
    """A subject as the archive writes it. Raises ArchiveError('subject_unknown')."""
    units = register.units.values() if register else ()
    known = dict.fromkeys([*SUBJECTS, *(s for unit in units for s in unit.subjects)])
    found = name if name in known else canonical(name)
    if not found:
        raise _unknown("subject_unknown", "学科", name, known)
    return found


def _one_of(known: Mapping[str, str], name: str, what: str) -> str:
    if name not in known:
        raise _unknown("value_unknown", what, name, dict.fromkeys(known.values()))
    return known[name]


#: So many known names may be told whole where none is like the word given.
_FEW = 12


def _unknown(code: str, what: str, name: str, known: Iterable[str]) -> ArchiveError:
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    # One character in common is little likeness, but much of a short name.
    near = near or [n for n in names if set(re.sub(r"\W", "", name)) & set(n)][:3]
    if near:
        remedy = "最接近的有：" + "、".join(near)
    else:
        remedy = "有：" + "、".join(names[:_FEW]) + ("等" if len(names) > _FEW else "")
    return ArchiveError(code, f"没有「{name}」这个{what}", remedy)
