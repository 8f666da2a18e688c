"""One copy to print: of which form, for whom, about what, when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from archive.forms import Paper
from archive.periods import Period
from archive.register import Unit
from generator import Stamp


@dataclass(frozen=True)
class Issue:
    """`unit` may be of any level (a group's only where it covers several subjects, else it is the
    school with the subject); `subject` "" where it is not by subject; `period_name` is the name by
    which `archive.named_period` gives the period; `test` names the examination it is about."""

    paper: Paper
    unit: Unit
    subject: str
    period: Period | None
    period_name: str
    test: str = ""

    @cached_property
    def stamp(self) -> Stamp:
        paper = self.paper
        return Stamp.issue(paper.id, paper.version, self.unit.id, self.subject, self.period_name)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Its own, or those of the group or teacher it is for."""
        if self.subject:
            return (self.subject,)
        return self.unit.subjects if self.unit.level in ("group", "teacher") else ()
