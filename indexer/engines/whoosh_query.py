"""The primitives of `indexer.engines.plan` in Whoosh's queries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import query

from indexer.engines.plan import WHOLE, Plan
from indexer.tokens import pairs


@dataclass(frozen=True, slots=True)
class WhooshPlan(Plan[Any]):
    searcher: Any
    scored: bool = True
    whole: float = WHOLE
    loose: bool = False

    def everything(self) -> Any:
        return self.constant(query.Every(), 0.0)

    def term(self, field: str, term: str) -> Any:
        return query.Term(field, term)

    def documents(self) -> int:
        return int(self.searcher.doc_count())

    def frequency(self, field: str, term: str) -> int:
        return int(self.searcher.reader().doc_frequency(field, term))

    def sequence(self, field: str, squeezed: str) -> Any:
        return query.Phrase(field, pairs(squeezed))

    def matching(self, field: str, parts: Sequence[str], *, begins: bool, ends: bool) -> Any:
        inner = ".*".join(re.escape(part) for part in parts)
        regex = ("" if begins else ".*") + inner + ("" if ends else ".*") + r"\Z"
        return query.Regex(field, regex)

    def one_of(self, field: str, values: Sequence[str]) -> Any:
        return self.constant(self.any_of([query.Term(field, v) for v in values]), 0.0)

    def dates(self, first: int, last: int) -> Any:
        return self.constant(query.NumericRange("date", first, last), 0.0)

    def received_after(self, milliseconds: int) -> Any:
        found = query.NumericRange("received", milliseconds, None, startexcl=True)
        return self.constant(found, 0.0)

    def both(self, wanted: Sequence[Any], unwanted: Sequence[Any] = ()) -> Any:
        found = wanted[0] if len(wanted) == 1 else query.And(list(wanted))
        return query.AndNot(found, self.any_of(unwanted)) if unwanted else found

    def any_of(self, queries: Sequence[Any]) -> Any:
        if not queries:
            return query.NullQuery
        return queries[0] if len(queries) == 1 else query.Or(list(queries))

    def boosted(self, found: Any, boost: float) -> Any:
        return found.with_boost(boost)

    def lifted(self, match: Any, lifts: Sequence[tuple[Any, float]]) -> Any:
        for lift, boost in lifts:
            match = query.AndMaybe(match, self.boosted(lift, boost))
        return match

    def constant(self, found: Any, score: float) -> Any:
        return query.ConstantScoreQuery(found, score)
