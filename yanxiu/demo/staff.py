"""Who teaches where in the sample county, so that a paper is signed by someone of the register."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

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
    """Teachers of a register (the mapping of its JSON form) by school and subject.

    A register may name no teachers at all (a county that has not entered them yet); then names
    are made up, always the same ones for the same school and place.
    """

    def __init__(self, register: Mapping[str, Any]) -> None:
        self._by_school: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for teacher in register.get("teachers", []):
            self._by_school[teacher.get("school", "")].append(teacher)

    def of(self, school: str, subject: str | None) -> list[str]:
        """Teachers of that subject, the head of the group first; then the school's others."""
        here = self._by_school.get(school, [])
        own = [t for t in here if subject and subject in t.get("subjects", [])]
        heads = [t for t in own if "教研组长" in t.get("roles", [])]
        ordered = heads + own + here
        return list(dict.fromkeys(str(t["name"]) for t in ordered))

    def with_role(self, school: str, role: str) -> str:
        for teacher in self._by_school.get(school, []):
            if role in teacher.get("roles", []):
                return str(teacher["name"])
        return _made_up(school, role)

    def nth(self, school: str, subject: str | None, place: int) -> str:
        names = self.of(school, subject)
        return names[place] if place < len(names) else _made_up(f"{school}{subject}", str(place))


def _made_up(where: str, what: str) -> str:
    number = zlib.crc32(f"{where}/{what}".encode())
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number // 97 % len(GIVEN)]
