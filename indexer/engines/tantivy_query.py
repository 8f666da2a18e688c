"""The primitives of `indexer.engines.plan` in tantivy's queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tantivy import FieldType, Occur, Query, Schema, Searcher

from indexer.engines.plan import WHOLE, Plan

#: Milliseconds since 1970, beyond every date that Python has.
_END_OF_TIME = 1 << 50
#: Up to so many values a union of their terms is found sooner than a set of them (half the time).
FEW = 32
_REGEX_SPECIAL = set("\\.+*?()|[]{}^$#&-~")


@dataclass(frozen=True, slots=True)
class TantivyPlan(Plan[Query]):
    schema: Schema
    searcher: Searcher
    scored: bool = True
    whole: float = WHOLE
    loose: bool = False

    def everything(self) -> Query:
        return Query.const_score_query(Query.all_query(), 0.0)

    def term(self, field: str, term: str) -> Query:
        option = "position" if field.endswith("_pair") else "freq"
        return Query.term_query(self.schema, field, term, index_option=option)

    def documents(self) -> int:
        return self.searcher.num_docs

    def frequency(self, field: str, term: str) -> int:
        return self.searcher.doc_freq(field, term)

    def sequence(self, field: str, squeezed: str) -> Query:
        """Every second pair and the last: the others follow from them."""
        last = len(squeezed) - 2
        offsets = [*range(0, last, 2), last]
        words: list[str | tuple[int, str]] = [(i, squeezed[i : i + 2]) for i in offsets]
        return Query.phrase_query(self.schema, field, words)

    def matching(self, field: str, parts: Sequence[str], *, begins: bool, ends: bool) -> Query:
        inner = ".*".join(_escaped(part) for part in parts)
        regex = ("" if begins else ".*") + inner + ("" if ends else ".*")
        return Query.regex_query(self.schema, field, regex)

    def one_of(self, field: str, values: Sequence[str]) -> Query:
        if not values:
            return Query.empty_query()
        if len(values) <= FEW:
            terms = [Query.term_query(self.schema, field, v, index_option="basic") for v in values]
            return self.constant(self.any_of(terms), 0.0)
        return self.constant(Query.term_set_query(self.schema, field, list(values)), 0.0)

    def dates(self, first: int, last: int) -> Query:
        found = Query.range_query(self.schema, "date", FieldType.Unsigned, first, last)
        return self.constant(found, 0.0)

    def received_after(self, milliseconds: int) -> Query:
        found = Query.range_query(
            self.schema, "received", FieldType.Unsigned, milliseconds + 1, _END_OF_TIME
        )
        return self.constant(found, 0.0)

    def both(self, wanted: Sequence[Query], unwanted: Sequence[Query] = ()) -> Query:
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        clauses = [(Occur.Must, query) for query in wanted]
        clauses += [(Occur.MustNot, query) for query in unwanted]
        return Query.boolean_query(clauses)

    def any_of(self, queries: Sequence[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def boosted(self, query: Query, boost: float) -> Query:
        return Query.boost_query(query, boost)

    def lifted(self, match: Query, lifts: Sequence[tuple[Query, float]]) -> Query:
        raised = [(Occur.Should, self.boosted(query, boost)) for query, boost in lifts]
        return Query.boolean_query([(Occur.Must, match), *raised])

    def constant(self, query: Query, score: float) -> Query:
        return Query.const_score_query(query, score)


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in _REGEX_SPECIAL else c for c in text)
