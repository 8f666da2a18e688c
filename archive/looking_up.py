"""What the catalogue is asked of a batch at once, before its arrivals are decided one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from archive.filing import Filing, identity_key
from archive.kinds import Kind
from archive.models import Arrival, Record, Version
from archive.thinking import Thought

#: record id, title, sketch and bands of a kept content.
Kept = tuple[str, str, list[int], tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Asked for a whole batch at once, under the deciding lock: which bytes are known, which
    identities no record has, at which places of the inboxes something stood before, and which
    contents share a band with one of the batch."""

    sha256: frozenset[str]
    unheard: frozenset[str]
    places: frozenset[tuple[str, str]]
    kept: tuple[Kept, ...]

    @classmethod
    def of(cls, batch: Sequence[tuple[Arrival, Thought]], kinds: Mapping[str, Kind]) -> LookedUp:
        same = Version.objects.filter(sha256__in=[a.sha256 for a, _ in batch if a.sha256])
        known = frozenset(same.order_by().values_list("sha256", flat=True))
        unheard = _unheard(_identities([thought.judgement.filing for _, thought in batch], kinds))
        stood = {(arrival.inbox, arrival.path) for arrival, _ in batch if has_place(arrival)}
        before = Arrival.objects.filter(
            inbox__in={inbox for inbox, _ in stood}, path__in={path for _, path in stood}, member=""
        ).exclude(record=None)
        places = frozenset(before.order_by().values_list("inbox", "path"))
        kept = tuple(sharing([t.sketch[1] for _, t in batch], 50 * len(batch)))
        return cls(known, unheard, places, kept)


def identity_of(filing: Filing, kinds: Mapping[str, Kind]) -> str | None:
    kind = kinds.get(filing.kind or "")
    return identity_key(filing, kind) if kind else None


def _identities(filings: Iterable[Filing], kinds: Mapping[str, Kind]) -> set[str]:
    found: set[str] = set()
    for filing in filings:
        try:
            found |= {identity_of(filing, kinds) or ""}
        except Exception:
            continue  # it is met again, and told, where that paper alone is decided
    return found - {""}


def has_place(arrival: Arrival) -> bool:
    """Whether what a sender puts in the same place is a version of what stood there."""
    return arrival.source == "folder" and bool(arrival.sender_id) and not arrival.member


def _unheard(identities: set[str]) -> frozenset[str]:
    """Those that no record has or was taken for."""
    either = Q(identity__in=identities) | Q(proposed_identity__in=identities)
    rows = Record.objects.filter(either).order_by().values_list("identity", "proposed_identity")
    return frozenset(identities.difference(*rows))


def sharing(bands: Sequence[Sequence[int]], most: int) -> list[Kept]:
    """Contents that share a band with one of several, `most` at most."""
    any_band = Q()
    for i, found in enumerate(zip(*[b for b in bands if b], strict=True)):
        any_band |= Q(**{f"band{i}__in": found})
    if not any_band:
        return []
    # Unordered: an order would make the database walk all versions.
    rows = Version.objects.filter(any_band).order_by()
    columns = ("record_id", "record__title", "sketch", "band0", "band1", "band2", "band3")
    return [
        (i, title, sketch, tuple(b)) for i, title, sketch, *b in rows.values_list(*columns)[:most]
    ]
