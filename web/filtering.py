"""Filter values of an address that nothing here is called: told, with the nearest known name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive import house
from archive.entries import COMPLETE, INCOMPLETE, STATUS_NAMES
from archive.subjects import SUBJECTS
from indexer.engines import Answer
from web import words

#: Facets whose values are written in a fixed way.
PATTERNS = {
    "school_year": r"(19|20)\d\d-(19|20)\d\d",
    "term": r"(19|20)\d\d-(19|20)\d\d-[12]",
    "month": r"(19|20)\d\d-(0[1-9]|1[0-2])",
}
#: What such a value looks like.
EXAMPLES = {"school_year": "2014-2015", "term": "2014-2015-1", "month": "2014-10"}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no paper can have: the facet, the value, the known name most like it or "",
    and what to do about it."""

    facet: str
    value: str
    nearest: str
    remedy: str

    @property
    def message(self) -> str:
        return f"没有「{self.value}」这个{words.FACET[self.facet]}"


def unknown_values(filters: Mapping[str, Sequence[str]], answer: Answer) -> list[Unknown]:
    """Those values of `filters` (facet -> values) that are no value of their facet, and that no
    paper of the answer has. Authors and grades are free words."""
    found = []
    for facet, values in filters.items():
        known, counted = _known(facet), dict(answer.facets.get(facet, ()))
        for value in values:
            if value in counted:
                continue
            if facet in PATTERNS and not re.fullmatch(PATTERNS[facet], value):
                found.append(Unknown(facet, value, "", f"请写作 {EXAMPLES[facet]}"))
            elif known and value not in known:
                found.append(_missed(facet, value, known))
    return found


def _missed(facet: str, value: str, known: Iterable[str]) -> Unknown:
    near = difflib.get_close_matches(value, list(known), 1, 0.5)
    remedy = f"最接近的是「{near[0]}」" if near else "请从右侧的筛选项中选择，或去掉这个条件"
    return Unknown(facet, value, near[0] if near else "", remedy)


def _known(facet: str) -> set[str]:
    """The names that papers are filed under (archive.entries); empty where words are free."""
    register = words.register()
    if facet == "kind":
        return {kind.name for kind in house.current().kinds.values()}
    if facet == "school":
        return {unit.name for unit in register.units.values()}
    if facet == "cluster":
        return {cluster.name for cluster in register.clusters()}
    if facet == "subject":
        return {*SUBJECTS, *(s for school in register.schools() for s in school.subjects)}
    if facet == "completeness":
        return {COMPLETE, INCOMPLETE}
    return set(STATUS_NAMES.values()) if facet == "status" else set()
