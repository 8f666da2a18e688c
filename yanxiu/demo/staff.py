"""Who teaches where in the sample county, so that a paper is signed by someone of the register."""

from __future__ import annotations

import zlib

from archive.register import Register, Unit

SURNAMES = "雷屈党权樊惠韩杜仵原井贺郗段蔺曹庞严祁温"
GIVEN = (
    "建峰",
    "晓燕",
    "文博",
    "丽萍",
    "志刚",
    "亚宁",
    "春霞",
    "永强",
    "小娟",
    "海涛",
    "淑芳",
    "敏",
)


class Staff:
    """Teachers of a register by school and subject.

    A register may name a school's heads only, or nobody (a county that has not entered them yet);
    the others are made up, always the same ones for the same school and place.
    """

    def __init__(self, register: Register) -> None:
        schools = {unit.name: unit.id for unit in register.schools()}
        self._by_school = {name: register.teachers(id_) for name, id_ in schools.items()}

    def of(self, school: str, subject: str | None) -> list[str]:
        """Teachers of that subject, the head of the group first; those of all without one. The
        school's leaders are not among them, though they may teach."""
        here = [t for t in self._by_school.get(school, ()) if not _leads(t)]
        own = [t for t in here if subject is None or subject in t.subjects]
        return [t.name for t in sorted(own, key=lambda t: "教研组长" not in t.roles)]

    def with_role(self, school: str, role: str) -> str:
        for teacher in self._by_school.get(school, ()):
            if role in teacher.roles:
                return teacher.name
        return _made_up(school, role)

    def nth(self, school: str, subject: str | None, place: int) -> str:
        """The place counts from 0; beyond those of the register the names are made up."""
        names = self.of(school, subject)
        return names[place] if place < len(names) else _made_up(f"{school}{subject}", str(place))


def _leads(teacher: Unit) -> bool:
    return bool({"校长", "副校长", "教导主任"} & set(teacher.roles))


def _made_up(where: str, what: str) -> str:
    number = zlib.crc32(f"{where}/{what}".encode())
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number // 97 % len(GIVEN)]
