"""Who may see what: the county office everything, a school its own papers and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from archive.models import Arrival, Cover, Profile, Record


@dataclass(frozen=True, slots=True)
class Scope:
    """`unit_id` is the id of the school's unit; "" for the county office."""

    role: str
    unit_id: str = ""

    @classmethod
    def of(cls, user: Any) -> Scope:
        """The scope of a signed-in user; one without a profile sees nothing."""
        profile = Profile.objects.filter(user_id=user.pk).first()
        if profile is None:
            return cls("none")
        return cls(profile.role, profile.unit_id)

    @property
    def may_manage(self) -> bool:
        return self.role == Profile.COUNTY

    @property
    def access(self) -> list[str] | None:
        """For `indexer.engines.Search.access`: None sees all, [] nothing."""
        if self.may_manage:
            return None
        return [self.unit_id] if self.role == Profile.SCHOOL and self.unit_id else []

    def records(self) -> QuerySet[Record]:
        rows = Record.objects.all()
        if self.may_manage:
            return rows
        if not self.access:
            return rows.none()
        # The same three grounds as Entry.access (archive.entries): school, sender, covered.
        own = Q(school_id=self.unit_id) | Q(sender_id=self.unit_id)
        covering = Cover.objects.filter(unit_id=self.unit_id).values("record_id")
        return rows.filter(own | Q(id__in=covering))

    def arrivals(self) -> QuerySet[Arrival]:
        rows = Arrival.objects.all()
        if self.may_manage:
            return rows
        return rows.filter(sender_id=self.unit_id) if self.access else rows.none()
