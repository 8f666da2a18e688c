"""Everything is accounted for: what became of every file of every folder, in counts that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from archive.models import Arrival


@dataclass(frozen=True, slots=True)
class FolderAccount:
    """Leaves only: a bundle counts through its members. `ignored` and `waiting` of an inbox's
    folder are counted by the door's scan; arrivals under way are `pending` with them."""

    name: str
    filed: int = 0
    review: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ignored: int = 0
    pending: int = 0

    @property
    def seen(self) -> int:
        return (
            self.filed
            + self.review
            + self.duplicate
            + self.quarantined
            + self.ignored
            + self.pending
        )


ADDED, UPLOADED = "命令行收件", "网页上传"


def by_folder(scanned: Mapping[str, tuple[int, int]] | None = None) -> list[FolderAccount]:
    """One account an inbox, then those of `add` and of uploads.

    `scanned`: inbox name -> (ignored by a name rule, seen but not yet claimed), as the door's
    scan counts them.
    """
    counts: dict[str, dict[str, int]] = {name: {} for name in scanned or {}}
    rows = (
        Arrival.objects.exclude(outcome="unpacked")
        .values("source", "inbox", "outcome")
        .annotate(n=Count("*"))
        .order_by("inbox", "source")
    )
    for row in rows:
        name = row["inbox"] or (ADDED if row["source"] == "add" else UPLOADED)
        account = counts.setdefault(name, {})
        outcome = row["outcome"] or "pending"
        account[outcome] = account.get(outcome, 0) + row["n"]
    for name, (ignored, waiting) in (scanned or {}).items():
        counts[name]["ignored"] = counts[name].get("ignored", 0) + ignored
        counts[name]["pending"] = counts[name].get("pending", 0) + waiting
    return [FolderAccount(name, **found) for name, found in counts.items()]
