"""From a register file to a `Register`: every fault is reported at once, nothing half imported.

A unit of an earlier register keeps its id when its short name, its official name or an alias is
found again. What is no longer there is closed the day before the new `valid_from`, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from archive.ids import uuid7
from archive.register import Membership, Register, Unit
from archive.register_check import check_register
from archive.register_entries import ClusterEntry, Entries, Fault, RegisterError
from archive.register_files import RegisterFileError, read_register_file

__all__ = ["Fault", "RegisterError", "build_register", "changes", "load_register"]

#: Closes a unit that, by a corrected register, never was.
NEVER = "1900-01-01"


def load_register(path: Path | str, previous: Register | None = None) -> Register:
    """Read a register file. RegisterError with every fault when it cannot be taken."""
    try:
        data = read_register_file(Path(path))
    except RegisterFileError as error:
        raise RegisterError([Fault(error.place, error.message)]) from error
    return build_register(data, previous)


def build_register(data: dict[str, Any], previous: Register | None = None) -> Register:
    """The same from the keys and values of a register file."""
    entries = check_register(data)
    units = _Units(previous, entries.valid_from)
    county = _add_county(units, entries)
    schools = _add_schools(units, entries, county)
    clusters = _add_clusters(units, entries, county)
    _add_people(units, entries, {entries.county: county, **schools})
    counted = tuple(schools[name] for name in entries.schools)
    memberships = [
        Membership(cluster, schools[name], role, entries.valid_from)
        for entry, cluster in zip(entries.clusters, clusters, strict=True)
        for name, role in _roles(entry)
    ]
    return Register(
        county=units.new[county],
        units=units.new | units.closed(),
        counted=counted + _closed_schools(previous, counted),
        memberships=_dated(memberships, previous, entries.valid_from),
        calendar=entries.calendar,
        source=entries.source,
        note=entries.note,
        warnings=entries.warnings,
    )


@dataclass(slots=True)
class _Old:
    unit: Unit
    taken: bool = False


class _Units:
    """Makes units, giving each the id that it had in the register before."""

    def __init__(self, previous: Register | None, valid_from: str) -> None:
        self.valid_from = valid_from
        self.previous = previous
        self.new: dict[str, Unit] = {}
        self.old = [_Old(unit) for unit in previous.units.values()] if previous else []
        self.by_name: dict[str, list[_Old]] = {}
        for old in self.old:
            for name in {old.unit.name, old.unit.official, *old.unit.aliases} - {""}:
                self.by_name.setdefault(name, []).append(old)

    def add(self, unit: Unit, levels: tuple[str, ...] = ()) -> str:
        """Take `unit` (its `id` still empty) in; its id."""
        old = self._match(unit, levels or (unit.level,))
        if old is None:
            start = self.valid_from if self.previous else ""
            unit = replace(unit, id=uuid7(), valid_from=start)
        else:
            unit = replace(unit, id=old.id, valid_from=old.valid_from, aliases=_aliases(unit, old))
        self.new[unit.id] = unit
        return unit.id

    def _match(self, unit: Unit, levels: tuple[str, ...]) -> Unit | None:
        """By short name first, then by official name and aliases, each old unit once."""
        for wanted in (("name",), ("name", "official", "aliases")):
            for name in (unit.name, unit.official, *unit.aliases):
                for old in self.by_name.get(name, ()) if name else ():
                    if not old.taken and _same(old.unit, unit, name, levels, wanted):
                        old.taken = True
                        return old.unit
        return None

    def closed(self) -> dict[str, Unit]:
        """Units that are in the new register no longer, closed where they still were open."""
        gone = (old.unit for old in self.old if not old.taken)
        return {unit.id: _close(unit, self.valid_from) for unit in gone}


def _same(
    old: Unit, new: Unit, name: str, levels: tuple[str, ...], wanted: tuple[str, ...]
) -> bool:
    if old.level not in levels or (old.level in ("group", "teacher") and old.parent != new.parent):
        return False
    if wanted == ("name",):
        return old.name == name == new.name
    return True


def _aliases(new: Unit, old: Unit) -> tuple[str, ...]:
    """Names that the unit had before stay known as aliases."""
    before = [name for name in (old.name, old.official) if name not in ("", new.name, new.official)]
    if old.level in ("county", "group", "teacher"):
        before = []
    return tuple(dict.fromkeys([*new.aliases, *before]))


def _close(unit: Unit, valid_from: str) -> Unit:
    return unit if unit.valid_to else replace(unit, valid_to=_day_before(valid_from))


def _day_before(valid_from: str) -> str:
    if not valid_from:
        return NEVER
    return (date.fromisoformat(valid_from) - timedelta(days=1)).isoformat()


def _add_county(units: _Units, entries: Entries) -> str:
    unit = Unit("", "county", entries.county, entries.county)
    if units.previous and units.previous.county.name != entries.county:
        unit = replace(unit, aliases=(units.previous.county.name,))
    return units.add(unit)


def _add_schools(units: _Units, entries: Entries, county: str) -> dict[str, str]:
    """Ids of schools and departments by short name; parents of departments come first."""
    ids: dict[str, str] = {}
    departments = [name for name in entries.schools if name in entries.departments]
    for name in entries.schools:
        if name not in entries.departments:
            ids[name] = units.add(_school(entries, name, county), ("school", "department"))
    for host in dict.fromkeys(entries.departments[name] for name in departments):
        if host not in ids:
            ids[host] = units.add(_host(entries, host, county), ("school",))
    for name in departments:
        unit = _school(entries, name, ids[entries.departments[name]], "department")
        ids[name] = units.add(unit, ("department", "school"))
    _keep_order(units, entries, ids)
    return ids


def _keep_order(units: _Units, entries: Entries, ids: dict[str, str]) -> None:
    """Units stand in register order, whatever order they were made in."""
    for name in entries.schools:
        units.new[ids[name]] = units.new.pop(ids[name])


def _school(entries: Entries, name: str, parent: str, level: str = "school") -> Unit:
    return Unit(
        "",
        level,
        name,
        entries.official[name],
        parent,
        entries.stages[name],
        entries.aliases.get(name, ()),
        entries.subjects[name],
    )


def _host(entries: Entries, name: str, county: str) -> Unit:
    official = name if name.startswith(entries.county) else entries.county + name
    return Unit("", "school", name, official, county)


def _add_clusters(units: _Units, entries: Entries, county: str) -> list[str]:
    """A cluster is known again by its name; it is named after its centre where it has none."""
    return [
        units.add(Unit("", "cluster", entry.name, entry.name, county, aliases=entry.aliases))
        for entry in entries.clusters
    ]


def _add_people(units: _Units, entries: Entries, schools: dict[str, str]) -> None:
    for group in entries.groups:
        units.add(Unit("", "group", group.name, "", schools[group.school], "", (), group.subjects))
    for teacher in entries.teachers:
        parent, subjects = schools[teacher.school], teacher.subjects
        units.add(Unit("", "teacher", teacher.name, "", parent, "", (), subjects, teacher.roles))


def _roles(entry: ClusterEntry) -> list[tuple[str, str]]:
    return [(entry.centre, "centre"), *((name, "member") for name in entry.members)]


def _closed_schools(previous: Register | None, counted: tuple[str, ...]) -> tuple[str, ...]:
    """Schools that are counted no more keep their place in the reckoning of their time."""
    return tuple(uid for uid in previous.counted if uid not in counted) if previous else ()


def _dated(
    new: list[Membership], previous: Register | None, valid_from: str
) -> tuple[Membership, ...]:
    """Memberships of the new register: unchanged ones keep their beginning, changed ones end."""
    if previous is None:
        return tuple(new)
    wanted = {(m.cluster, m.school, m.role): m for m in new}
    kept: list[Membership] = []
    for old in previous.memberships:
        key = (old.cluster, old.school, old.role)
        if not old.valid_to and key in wanted:
            wanted[key] = old
        elif old.valid_to:
            kept.append(old)
        elif valid_from > old.valid_from:
            kept.append(replace(old, valid_to=_day_before(valid_from)))
    return (*kept, *wanted.values())


# -- what an import would change


def changes(old: Register, new: Register) -> list[str]:
    """Chinese sentences: what differs in `new`, for showing before it is taken."""
    return [
        *_unit_changes(old, new),
        *_membership_changes(old, new),
        *_calendar_changes(old, new),
    ]


_LEVELS = {
    "county": "县区",
    "cluster": "片区",
    "school": "学校",
    "department": "学校",
    "group": "教研组",
    "teacher": "教师",
}


def _unit_changes(old: Register, new: Register) -> list[str]:
    found = []
    for unit in new.units.values():
        before = old.units.get(unit.id)
        if unit.holds(None) and (before is None or not before.holds(None)):
            found.append(f"新增{_LEVELS[unit.level]}：{_called(new, unit)}")
        elif before is not None and before.holds(None):
            found += _differences(new, before, unit)
    return found


def _differences(new: Register, before: Unit, after: Unit) -> list[str]:
    label = f"{_LEVELS[after.level]}{_called(new, after)}"
    if not after.holds(None):
        # Closed before it began: the new register says that it never was.
        gone = after.valid_to == NEVER or after.valid_to < after.valid_from
        return [f"撤销{label}（更正）" if gone else f"停用{label}（至 {after.valid_to}）"]
    found = []
    if before.name != after.name:
        found.append(f"{_LEVELS[after.level]}改名：{before.name} → {after.name}")
    rows = (
        ("全称", before.official, after.official),
        ("学段", before.stage, after.stage),
        ("别名", "、".join(before.aliases), "、".join(after.aliases)),
        ("学科", "、".join(before.subjects), "、".join(after.subjects)),
        ("职务", "、".join(before.roles), "、".join(after.roles)),
    )
    for what, was, now in rows:
        if was != now:
            found.append(f"{label}的{what}：{was or '无'} → {now or '无'}")
    return found


def _called(register: Register, unit: Unit) -> str:
    if unit.level in ("group", "teacher"):
        return f"{register.units[unit.parent].name}{unit.name}"
    return unit.name


def _membership_changes(old: Register, new: Register) -> list[str]:
    found = []
    for school in new.schools():
        was, now = old.cluster_of(school.id) if school.id in old.units else None, None
        now = new.cluster_of(school.id)
        if (was.id if was else "") != (now.id if now else ""):
            names = (was.name if was else "无片区", now.name if now else "无片区")
            found.append(f"{school.name}改属片区：{names[0]} → {names[1]}")
    for cluster in new.clusters():
        centres = (old.centre(cluster.id), new.centre(cluster.id))
        if centres[0] and centres[1] and centres[0].id != centres[1].id:
            found.append(f"{cluster.name}的中心校：{centres[0].name} → {centres[1].name}")
    return found


def _calendar_changes(old: Register, new: Register) -> list[str]:
    found = []
    for term in new.calendar.terms:
        before = old.calendar.registered(term.school_year, term.number)
        label = new.calendar.term(term.school_year, term.number).label
        if before is None:
            found.append(f"新增校历：{label}（{term.start} 至 {term.end}）")
        elif before != term:
            found.append(f"校历有变动：{label}（{term.start} 至 {term.end}）")
    return found
