"""Filter values of an address as people write them: brought to the names the index knows, told
where they mean nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive import house
from archive.errors import ArchiveError
from archive.named_filters import Names
from indexer.engines import Answer
from web import words


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is none of its facet's, and why."""

    facet: str
    value: str
    error: ArchiveError


def settled(
    filters: Mapping[str, Sequence[str]],
) -> tuple[dict[str, list[str]], list[Unknown]]:
    """The filters (facet -> values) in the index's words; what is unknown stays as it is."""
    register = words.register()
    names = Names(house.current().kinds, register)
    # The name of a closed school must go on finding its papers, not those of its successor.
    own = {unit.name for unit in register.units.values()}
    found: dict[str, list[str]] = {}
    unknown = []
    for facet, values in filters.items():
        for value in values:
            try:
                exact = facet == "school" and value in own
                known = [value] if exact else names.resolve(facet, [value])
            except ArchiveError as error:
                unknown.append(Unknown(facet, value, error))
                known = [value]
            found.setdefault(facet, []).extend(known)
    return found, unknown


def meaningless(unknown: Sequence[Unknown], answer: Answer) -> list[Unknown]:
    """Those that no paper of the answer has: papers may bear a name no longer in use."""
    return [one for one in unknown if one.value not in dict(answer.facets.get(one.facet, ()))]
