"""What is due from whom and when, and what has been handed in for it: 应报项 and 报送一览.

Plain values in, plain values out: the catalogue's rows come in as `Handed`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from archive.calendar import Calendar
from archive.due_days import falling_due
from archive.kinds import Kind
from archive.periods import Period
from archive.register import Register, Unit

#: What counts for "on time" is the day on which a file came in, as the county reckons days.
ZONE = ZoneInfo("Asia/Shanghai")

#: state -> (mark, Chinese name), in the order in which a summary lists them.
STATES: dict[str, tuple[str, str]] = {
    "on_time": ("✓", "已报"),
    "late": ("●", "迟报"),
    "incomplete": ("▲", "不全"),
    "missing": ("✕", "缺报"),
    "review": ("？", "待核"),
    "not_yet": ("○", "未到期"),
    "exempt": ("–", "免报"),
}

#: Shorter papers that may speak for a longer due period (a plan for the term dated September).
_NARROW = ("month", "activity", "test")


@dataclass(frozen=True, slots=True)
class DueItem:
    """One paper that a unit owes. `subject` is None where it is not owed by subject, `test` the
    name of the examination it is about or "". In time is what came in on `grace_until` or
    before; `due` is the day to be told."""

    kind_id: str
    unit_id: str
    subject: str | None
    period: Period
    due: date
    grace_until: date
    test: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A record of the catalogue. `received` is aware. `covers` are the schools that a cluster's
    paper speaks for. `status`: "filed" counts, "review" is shown as 待核, anything else (a blank
    form, a duplicate) is left out."""

    record_id: str
    kind_id: str
    unit_id: str
    subjects: tuple[str, ...]
    period: Period | None
    received: datetime
    complete: bool = True
    covers: tuple[str, ...] = ()
    status: str = "filed"
    test: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """Nothing is owed by the unit and all below it. "" and None mean any kind, any subject, any
    period; otherwise due periods within `period` are meant."""

    unit_id: str
    kind_id: str = ""
    subject: str | None = None
    period: Period | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    kind_id: str
    subject: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Cell:
    """`records` are the filed records that answer the item, the earliest first; `in_review`
    those that would. `reason` is that of an exemption."""

    item: DueItem
    state: str
    records: tuple[str, ...] = ()
    in_review: tuple[str, ...] = ()
    reason: str = ""

    @property
    def mark(self) -> str:
        return STATES[self.state][0]

    @property
    def name(self) -> str:
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items are in each state. `due` leaves out what is exempt."""

    on_time: int = 0
    late: int = 0
    incomplete: int = 0
    missing: int = 0
    review: int = 0
    not_yet: int = 0
    exempt: int = 0

    @property
    def due(self) -> int:
        return (
            self.on_time + self.late + self.incomplete + self.missing + self.review + self.not_yet
        )

    @property
    def handed(self) -> int:
        return self.on_time + self.late + self.incomplete

    @property
    def on_time_rate(self) -> float | None:
        """Of what has fallen due or was handed in before, the share in time and complete: 0..1.
        None where nothing has."""
        reckoned = self.due - self.not_yet
        return self.on_time / reckoned if reckoned else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of units by columns. `by_unit` and `by_cluster` are keyed by unit id, `by_kind` by
    kind id; a school in no cluster is counted under ""."""

    period: Period
    rows: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[str, Column], Cell]
    total: Counts
    by_unit: Mapping[str, Counts] = field(default_factory=dict)
    by_cluster: Mapping[str, Counts] = field(default_factory=dict)
    by_kind: Mapping[str, Counts] = field(default_factory=dict)

    def cell(self, unit_id: str, column: Column) -> Cell | None:
        """None where the unit does not owe that paper."""
        return self.cells.get((unit_id, column))


# -- what is due


def due_items(
    kinds: Sequence[Kind], register: Register, period: Period, calendar: Calendar | None = None
) -> list[DueItem]:
    """Every paper due for `period`, by kind, then period, then unit in register order, then
    subject. A month asks for what is due by month and for its tests; a longer period for
    whatever ends in it. Kinds in a school's own custody and kinds without [due] are not due."""
    calendar = calendar or register.calendar
    return [item for kind in kinds for item in _items_of(kind, register, period, calendar)]


def _items_of(
    kind: Kind, register: Register, period: Period, calendar: Calendar
) -> Iterator[DueItem]:
    for day in falling_due(kind, period, calendar):
        for unit, subject in _owing(kind, register, day.period.end):
            yield DueItem(kind.id, unit.id, subject, day.period, day.due, day.grace_until, day.test)


def _owing(kind: Kind, register: Register, on: date) -> Iterator[tuple[Unit, str | None]]:
    """Who owes a paper of the kind, and for which subject."""
    by_subject = kind.unit == "group" or "subject" in (kind.due.per if kind.due else ())
    for unit in _units_owing(kind, register, on):
        if by_subject:
            yield from ((unit, subject) for subject in _subjects_of(unit, register, on))
        else:
            yield unit, None


def _units_owing(kind: Kind, register: Register, on: date) -> tuple[Unit, ...]:
    """A group's papers are reckoned to its school, subject by subject (理化组 covers two)."""
    if kind.unit == "county":
        return (register.county,)
    if kind.unit == "cluster":
        return register.clusters(on)
    if kind.unit == "teacher":
        schools = register.schools(on)
        return tuple(teacher for school in schools for teacher in register.teachers(school.id))
    return register.schools(on)


def _subjects_of(unit: Unit, register: Register, on: date) -> tuple[str, ...]:
    if unit.level != "cluster":
        return unit.subjects
    members = register.members(unit.id, on)
    return tuple(dict.fromkeys(subject for member in members for subject in member.subjects))


# -- what was handed in for it


def matrix(
    kinds: Sequence[Kind],
    register: Register,
    period: Period,
    handed: Iterable[Handed],
    *,
    today: date,
    exemptions: Sequence[Exemption] = (),
    calendar: Calendar | None = None,
) -> Matrix:
    """The state of every item due for `period`. `today` is the county's day: what was not handed
    in by then is missing once its grace is over, and not yet due before."""
    calendar = calendar or register.calendar
    items = due_items(kinds, register, period, calendar)
    desk = _Desk(handed, register, calendar)
    freed = [(exemption, register.within(exemption.unit_id)) for exemption in exemptions]
    cells: dict[tuple[str, Column], Cell] = {}
    for item in items:
        reason = _exempt(item, freed)
        column = Column(item.kind_id, item.subject, item.period)
        cells[item.unit_id, column] = _judge(item, desk.answers(item), reason, today)
    return Matrix(
        period,
        _in_order(register, {unit_id for unit_id, _ in cells}),
        tuple(dict.fromkeys(column for _, column in cells)),
        cells,
        _count(cells.values()),
        _grouped(cells.values(), lambda cell: cell.item.unit_id),
        _grouped(cells.values(), lambda cell: _cluster(register, cell.item)),
        _grouped(cells.values(), lambda cell: cell.item.kind_id),
    )


class _Desk:
    """Records by kind, by each unit that they speak for, and by subject (None for any)."""

    def __init__(self, handed: Iterable[Handed], register: Register, calendar: Calendar) -> None:
        self.register = register
        self.calendar = calendar
        self.trays: dict[tuple[str, str, str | None], list[Handed]] = {}
        for record in sorted(handed, key=lambda record: (record.received, record.record_id)):
            if record.status in ("filed", "review"):
                for unit_id in self._speaks_for(record):
                    for subject in {None, *self._subjects(record)}:
                        key = (record.kind_id, unit_id, subject)
                        self.trays.setdefault(key, []).append(record)

    def _speaks_for(self, record: Handed) -> set[str]:
        units = {record.unit_id, *record.covers}
        if record.unit_id in self.register.units:
            school = self.register.school_of(record.unit_id)
            units |= {school.id} if school else set()
        return units

    def _subjects(self, record: Handed) -> tuple[str, ...]:
        """Its own, or those of the group that it comes from."""
        unit = self.register.units.get(record.unit_id)
        if record.subjects or unit is None or unit.level != "group":
            return record.subjects
        return unit.subjects

    def answers(self, item: DueItem) -> list[Handed]:
        """Records that answer an item, the earliest first."""
        tray = self.trays.get((item.kind_id, item.unit_id, item.subject), [])
        return [record for record in tray if self._of_period(record, item)]

    def _of_period(self, record: Handed, item: DueItem) -> bool:
        if record.period is None:
            return False
        if item.test:
            return of_test(record, record.period, item, self.calendar)
        if self.calendar.covers(record.period, item.period):
            return True
        return record.period.type in _NARROW and item.period.contains(record.period)


def of_test(record: Handed, period: Period, item: DueItem, calendar: Calendar) -> bool:
    """Whether a paper is about the item's test: by the test's name within its term; without a
    name, by the day or the month."""
    if record.test:
        wide = period.type == "school_year" and period.contains(item.period)
        held = calendar.term_of(item.period.start)
        same_term = calendar.term_of_month(period) == held
        return (record.test in item.test or item.test in record.test) and (same_term or wide)
    return period.type in _NARROW and period.contains(item.period)


def _judge(item: DueItem, answers: list[Handed], exempt: str | None, today: date) -> Cell:
    filed = [record for record in answers if record.status == "filed"]
    waiting = tuple(record.record_id for record in answers if record.status == "review")
    state = _state(item, filed, bool(waiting), exempt is not None, today)
    records = tuple(dict.fromkeys(record.record_id for record in filed))
    return Cell(item, state, records, waiting, exempt or "")


def _state(item: DueItem, filed: list[Handed], waiting: bool, exempt: bool, today: date) -> str:
    """What was handed in counts before an exemption; one complete record in time is enough."""
    complete = [record for record in filed if record.complete]
    if any(_day(record.received) <= item.grace_until for record in complete):
        return "on_time"
    if filed:
        return "late" if complete else "incomplete"
    if waiting:
        return "review"
    if exempt:
        return "exempt"
    return "missing" if today > item.grace_until else "not_yet"


def _day(received: datetime) -> date:
    if received.tzinfo is None:
        raise ValueError("`received` must be aware")
    return received.astimezone(ZONE).date()


def _exempt(item: DueItem, freed: list[tuple[Exemption, set[str]]]) -> str | None:
    """The reason of an exemption, None where there is none."""
    for exemption, units in freed:
        if (
            item.unit_id in units
            and exemption.kind_id in ("", item.kind_id)
            and exemption.subject in (None, item.subject)
            and (exemption.period is None or exemption.period.contains(item.period))
        ):
            return exemption.reason
    return None


def _in_order(register: Register, unit_ids: set[str]) -> tuple[str, ...]:
    """Schools in register order, then clusters, the county and teachers."""
    ordered = dict.fromkeys((*register.counted, *register.units))
    return tuple(unit_id for unit_id in ordered if unit_id in unit_ids)


def _cluster(register: Register, item: DueItem) -> str:
    """The cluster to which an item is reckoned: by the membership at the item's period."""
    if register.units[item.unit_id].level == "cluster":
        return item.unit_id
    school = register.school_of(item.unit_id)
    cluster = register.cluster_of(school.id, item.period.end) if school else None
    return cluster.id if cluster else ""


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], str]) -> dict[str, Counts]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return {name: _count(group) for name, group in groups.items()}


def _count(cells: Iterable[Cell]) -> Counts:
    return Counts(**Counter(cell.state for cell in cells))
