"""The organisation register: county, clusters, schools, groups, teachers, terms; all dated.

Read from JSON, TOML or XLSX by `archive.register_files` (see docs/REGISTER.md). A `Register` is a
value: it never changes, a new import makes a new one in which units keep their ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from archive.calendar import Calendar
from archive.names import NameForms


@dataclass(frozen=True, slots=True)
class Unit:
    """`level`: county | cluster | school | department | group | teacher. `id` is opaque and never
    changes; `name` is the short name, `official` the full one. `subjects`: due from a school,
    covered by a group, taught by a teacher. Dates are ISO, "" for open."""

    id: str
    level: str
    name: str
    official: str = ""
    parent: str = ""
    stage: str = ""
    aliases: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""

    def holds(self, on: date | None) -> bool:
        """Whether the unit exists on a day; None asks whether it has not been closed."""
        return _holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class Membership:
    """A school in a cluster for a time; the centre is a member with role "centre"."""

    cluster: str
    school: str
    role: str = "member"
    valid_from: str = ""
    valid_to: str = ""

    def holds(self, on: date | None) -> bool:
        return _holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, eq=False)
class Register:
    """`units` by id, in register order. `counted` are the ids of the units that count as schools
    (departments such as 初中部 among them, their parents not), in register order. `warnings` are
    Chinese sentences about what was left out of the file it was read from."""

    county: Unit
    units: Mapping[str, Unit]
    counted: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    source: str = ""
    note: str = ""
    warnings: tuple[str, ...] = ()

    # -- units

    def unit(self, unit_id: str) -> Unit:
        """KeyError when the register never held such a unit."""
        return self.units[unit_id]

    def schools(self, on: date | None = None) -> tuple[Unit, ...]:
        """Units that count as schools, in register order: those of a day, or those not closed."""
        units = (self.units[unit_id] for unit_id in self.counted)
        return tuple(unit for unit in units if unit.holds(on))

    def is_school(self, unit_id: str) -> bool:
        return unit_id in self._counted

    def school_of(self, unit_id: str) -> Unit | None:
        """The counted school that the unit is or belongs to (a group's, a teacher's school)."""
        for unit in (self.units[unit_id], *self.ancestors(unit_id)):
            if self.is_school(unit.id):
                return unit
        return None

    def groups(self, school_id: str) -> tuple[Unit, ...]:
        """教研组 of a school as registered; one for each subject due where none are."""
        return tuple(u for u in self._children(school_id) if u.level == "group" and u.holds(None))

    def teachers(self, school_id: str | None = None) -> tuple[Unit, ...]:
        units = self.units.values() if school_id is None else self._children(school_id)
        return tuple(unit for unit in units if unit.level == "teacher" and unit.holds(None))

    def teacher_named(self, name: str, school_id: str | None = None) -> Unit | None:
        """The one teacher of that name (in that school), None where there are none or several."""
        name = "".join(name.split())
        found = [unit for unit in self.teachers(school_id) if unit.name == name]
        return found[0] if len(found) == 1 else None

    def subjects_due(self, school_id: str) -> tuple[str, ...]:
        return self.units[school_id].subjects

    # -- names

    def school_named(self, text: str, on: date | None = None) -> Unit | None:
        """The school that `text` is a name of: any form that fits only one (see archive.names)."""
        unit_id = self.name_forms.unit_named(text, self, on)
        return self.units[unit_id] if unit_id else None

    @cached_property
    def name_forms(self) -> NameForms:
        """Every form of every name, made once for a register."""
        return NameForms.of(self)

    # -- clusters

    def clusters(self, on: date | None = None) -> tuple[Unit, ...]:
        return tuple(u for u in self.units.values() if u.level == "cluster" and u.holds(on))

    def cluster_of(self, school_id: str, on: date | None = None) -> Unit | None:
        for membership in self.memberships:
            if membership.school == school_id and membership.holds(on):
                return self.units[membership.cluster]
        return None

    def members(self, cluster_id: str, on: date | None = None) -> tuple[Unit, ...]:
        """The schools of a cluster, the centre first."""
        found = [m for m in self.memberships if m.cluster == cluster_id and m.holds(on)]
        found.sort(key=lambda membership: membership.role != "centre")
        return tuple(self.units[membership.school] for membership in found)

    def centre(self, cluster_id: str, on: date | None = None) -> Unit | None:
        for membership in self.memberships:
            wanted = membership.cluster == cluster_id and membership.role == "centre"
            if wanted and membership.holds(on):
                return self.units[membership.school]
        return None

    # -- the tree

    def ancestors(self, unit_id: str) -> tuple[Unit, ...]:
        """From the parent up to the county. Clusters are no ancestors: membership is dated."""
        found = []
        parent = self.units[unit_id].parent
        while parent:
            found.append(self.units[parent])
            parent = self.units[parent].parent
        return tuple(found)

    def within(self, unit_id: str, on: date | None = None) -> set[str]:
        """Ids of the unit and all below it; below a cluster stand its members of that day."""
        waiting, found = [unit_id], set()
        while waiting:
            current = waiting.pop()
            if current in found:
                continue
            found.add(current)
            waiting += [child.id for child in self._children(current)]
            if self.units[current].level == "cluster":
                waiting += [member.id for member in self.members(current, on)]
        return found

    def _children(self, unit_id: str) -> tuple[Unit, ...]:
        return self._by_parent.get(unit_id, ())

    @cached_property
    def _by_parent(self) -> dict[str, tuple[Unit, ...]]:
        children: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            children.setdefault(unit.parent, []).append(unit)
        return {parent: tuple(units) for parent, units in children.items()}

    @cached_property
    def _counted(self) -> frozenset[str]:
        return frozenset(self.counted)

    # -- the stored snapshot

    def to_json(self) -> dict[str, Any]:
        """The whole register with its ids, as stored; `from_json` gives it back."""
        return {
            "version": 1,
            "county": self.county.id,
            "units": [_compact(asdict(unit)) for unit in self.units.values()],
            "counted": list(self.counted),
            "memberships": [_compact(asdict(item)) for item in self.memberships],
            "terms": self.calendar.to_json(),
            "source": self.source,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Register:
        """ValueError when the snapshot is of a later version of the program."""
        if data.get("version") != 1:
            raise ValueError(f"unknown version of the register: {data.get('version')!r}")
        units = {item["id"]: _unit(item) for item in data["units"]}
        return cls(
            county=units[data["county"]],
            units=units,
            counted=tuple(data["counted"]),
            memberships=tuple(Membership(**item) for item in data["memberships"]),
            calendar=Calendar.from_json(data["terms"]),
            source=data["source"],
            note=data["note"],
        )


def _unit(data: dict[str, Any]) -> Unit:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Unit(**values)


def _compact(data: dict[str, Any]) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in data.items() if v}


def _holds(valid_from: str, valid_to: str, on: date | None) -> bool:
    if on is None:
        return not valid_to
    day = on.isoformat()
    return (not valid_from or valid_from <= day) and (not valid_to or day <= valid_to)
