"""Filing: which kind, school, subject, period and author a document has, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from archive.periods import Period


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value was chosen: the `words` found and the `place` they stand in (文件名, 标题,
    文件夹, 第 3 段, 表 1 第 2 行, 提交人). `weight` is 0..1."""

    value: str
    words: str
    place: str
    weight: float


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a file besides its contents. `name` is the file name (of the member in a
    bundle), `folders` the folder names above it inside the inbox and the bundle (outermost first,
    the bundle's own file name included), `sender` the id of the unit whose folder or account it
    came from, `received` when the settled file was first seen (aware, UTC), `modified` its mtime.
    """

    name: str
    folders: tuple[str, ...] = ()
    sender: str = ""
    received: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A proposal. `kind` is a kind's id or None. `unit` and `school` are unit ids of the register
    ("" where unknown); `subjects` canonical names, `covers` unit ids of the schools a cluster's
    paper speaks for. `confidence` 0..1 is that of the weakest needed value; `status` is "filed"
    or "review", `reasons` are Chinese sentences saying why it needs a person."""

    kind: str | None
    unit: str = ""
    school: str = ""
    subjects: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    school_year: str = ""
    term: int | None = None
    month: str = ""
    period: Period | None = None
    grade: str = ""
    test: str = ""
    author: str = ""
    title: str = ""
    date: str = ""
    confidence: float = 0.0
    status: str = "review"
    reasons: tuple[str, ...] = ()
    evidence: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """Types of form fields whose value the filing gives (`archive.completeness.check`)."""
        values = {
            "unit": self.unit,
            "subject": self.subjects,
            "period": self.period or self.month,
            "date": self.date,
            "person": self.author,
            "grade": self.grade,
            "test": self.test,
        }
        return frozenset(key for key, value in values.items() if value)

    def to_json(self) -> dict[str, Any]:
        # Not asdict: it copies every value.
        data = {name: getattr(self, name) for name in _FIELDS}
        data["period"] = self.period.to_json() if self.period else None
        data["evidence"] = {
            key: [{name: getattr(one, name) for name in _OF_EVIDENCE} for one in found]
            for key, found in self.evidence.items()
        }
        return data


_FIELDS = tuple(f.name for f in fields(Filing))
_OF_EVIDENCE = tuple(f.name for f in fields(Evidence))
