"""Filter values as people write them, brought to the words the index knows; none fails silently."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from archive.calendar import Calendar
from archive.errors import ArchiveError
from archive.kinds import Kind
from archive.named_period import named_period
from archive.register import Register, Unit
from archive.subjects import SUBJECTS, canonical

STATUS = {"filed": "已归档", "review": "待核", "已归档": "已归档", "待核": "待核"}
COMPLETENESS = {"齐全": "齐全", "不全": "不全", "complete": "齐全", "incomplete": "不全"}


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
        return [way(value) for value in values] if way else list(values)

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
