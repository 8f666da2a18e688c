"""Is a document complete? Each section its kind asks for is present, empty or missing, with place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SectionFinding:
    """`state`: present | empty | missing. `heading` is the heading that answered it, `place`
    where it stands (第 3 段, 表 1 第 2 行), "" where missing."""

    name: str
    required: bool
    state: str
    heading: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    sections: tuple[SectionFinding, ...] = ()
    missing_fields: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        return [s.name for s in self.sections if s.required and s.state == "missing"]

    @property
    def empty(self) -> list[str]:
        return [s.name for s in self.sections if s.required and s.state == "empty"]

    @property
    def missing_recommended(self) -> list[str]:
        return [s.name for s in self.sections if not s.required and s.state != "present"]

    @property
    def complete(self) -> bool:
        return not (self.missing or self.empty or self.missing_fields)
