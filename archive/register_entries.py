"""What a register file says once it is checked, and the faults that keep it from being taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` names the key and the entry in it, `message` says in Chinese what is wrong."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


class RegisterError(Exception):
    """A register that cannot be taken; `faults` are all that was found, in order."""

    code = "register"
    remedy = "请按所列位置改正登记表后重新导入"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("；".join(map(str, faults)))
        self.faults = faults

    @property
    def message(self) -> str:
        return f"登记表有 {len(self.faults)} 处错误：{self}"


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    name: str
    centre: str
    members: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupEntry:
    school: str
    name: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeacherEntry:
    name: str
    school: str
    subjects: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(slots=True)
class Entries:
    """A checked register: schools by short name in register order, the rest by these names."""

    county: str = ""
    valid_from: str = ""
    schools: tuple[str, ...] = ()
    clusters: tuple[ClusterEntry, ...] = ()
    official: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[GroupEntry, ...] = ()
    teachers: tuple[TeacherEntry, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    source: str = ""
    note: str = ""
    warnings: tuple[str, ...] = ()
