"""Arrivals as the pages list them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from archive.models import Arrival
from archive.scope import Scope


def leaves(rows: QuerySet[Arrival]) -> QuerySet[Arrival]:
    """Files, not the bundles they came in."""
    return rows.exclude(outcome="unpacked")


def shown_to(scope: Scope, rows: Iterable[Arrival]) -> list[Arrival]:
    """The rows, without the records that this user may not see: what a school sent in may have
    been filed as another unit's. One statement for all rows, none for the county office."""
    found = list(rows)
    if scope.may_manage:
        return found
    ids = {row.record_id for row in found if row.record_id}
    visible = set(scope.records().filter(id__in=ids).values_list("id", flat=True))
    for row in found:
        if row.record_id not in visible:
            row.record = None
    return found
