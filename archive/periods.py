"""Periods of the school calendar: months, terms, school years, tests; read from Chinese text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Period:
    """`type`: month | term | school_year | calendar_year | test | activity | none.
    `start` and `end` are both inclusive. `label` is Chinese, for people."""

    type: str
    start: date
    end: date
    label: str

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "label": self.label,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Period:
        return cls(
            data["type"],
            date.fromisoformat(data["start"]),
            date.fromisoformat(data["end"]),
            data["label"],
        )
