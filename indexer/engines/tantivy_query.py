"""A question's tree as a tantivy query over the fields of `indexer.engines.tantivy`.

A record matches by the field `all` (title, headings, body); title and headings only lift it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantivy import FieldType, Occur, Query, Schema, Searcher

from indexer.query import (
    And,
    Dates,
    Everything,
    Node,
    Not,
    Or,
    Phrase,
    Title,
    Value,
    Wildcard,
    Words,
)
from indexer.tokens import WORD_MARK, is_word, near_units, words

#: Records that hold every run whole stand above all that do not: no BM25 sum comes near this.
WHOLE = 1_000.0
#: What a whole run in the title or a heading adds, in BM25 of that field; and what a part of one
#: adds. The latter is tuned: MRR@10 of bench/relevance.py is .985 at 0, .990 at 1, .982 at 3.
LIFTS = (("title", 3.0), ("head", 1.5))
NEAR_LIFTS = (("title", 1.0), ("head", 0.5))
#: Near matching looks at the rarest of a long question's units.
MAX_UNITS = 32
_REGEX_SPECIAL = set("\\.+*?()|[]{}^$#&-~")


@dataclass(frozen=True, slots=True)
class Compiler:
    schema: Schema
    searcher: Searcher

    def compile(self, node: Node) -> Query:
        """The scored query of a tree."""
        match node:
            case Everything():
                return Query.all_query()
            case Phrase(text):
                return self._lifted(text, self._phrase("all", text), whole_words=False)
            case Words(runs, strict):
                return self._words(runs, strict)
            case Wildcard(pattern):
                return self._wildcard("all", pattern)
            case Value():
                return unscored(self._value(node))
            case Dates(first, last):
                return unscored(self.dates(first, last))
            case Title(leaf):
                return self._title(leaf)
            case Not():
                return both([unscored(Query.all_query())], [self.compile(node.part)])
            case And(parts):
                return self._and(parts)
            case Or(parts):
                return any_of(self.compile(part) for part in parts)

    def dates(self, first: int, last: int) -> Query:
        """Records without a date (0) are in no range."""
        return Query.range_query(self.schema, "date", FieldType.Unsigned, max(first, 1), last)

    def one_of(self, field: str, values: Sequence[str]) -> Query:
        """Records with any of these exact values; none where `values` is empty."""
        if not values:
            return Query.empty_query()
        return unscored(Query.term_set_query(self.schema, field, list(values)))

    def _and(self, parts: Sequence[Node]) -> Query:
        wanted = [self.compile(part) for part in parts if not isinstance(part, Not)]
        unwanted = [self.compile(part.part) for part in parts if isinstance(part, Not)]
        return both(wanted or [unscored(Query.all_query())], unwanted)

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self.schema, field, term, index_option="freq")

    def _pair(self, field: str, term: str) -> Query:
        return Query.term_query(self.schema, field, term)

    def _phrase(self, place: str, text: str) -> Query:
        """Exactly `text`: pairs of characters at their places, every second one and the last."""
        if len(text) == 1:
            return self._term(f"{place}_unit", text)
        if len(text) == 2:
            return self._pair(f"{place}_pair", text)
        last = len(text) - 2
        offsets = [*range(0, last, 2), last]
        return Query.phrase_query(
            self.schema, f"{place}_pair", [(i, text[i : i + 2]) for i in offsets]
        )

    def _whole(self, place: str, run: str) -> Query:
        """A run as a whole; its Latin words and numbers are words of the text (2月 is not 12月)."""
        if is_word(run):
            return self._term(f"{place}_unit", WORD_MARK + run)
        inside = [self._term(f"{place}_unit", WORD_MARK + word) for word in words(run)]
        return both([self._phrase(place, run), *inside])

    def _lifted(self, text: str, match: Query, *, whole_words: bool) -> Query:
        """A match anywhere, lifted where the title or a heading holds it."""
        lift = []
        for place, boost in LIFTS:
            query = self._whole(place, text) if whole_words else self._phrase(place, text)
            lift.append((Occur.Should, Query.boost_query(query, boost)))
        return Query.boolean_query([(Occur.Must, match), *lift])

    def _words(self, runs: Sequence[str], strict: bool) -> Query:
        whole = [self._whole("all", run) for run in runs]
        units = list(dict.fromkeys(unit for run in runs for unit in near_units(run)))
        if strict or len(units) < 2:
            return both(
                self._lifted(run, query, whole_words=True)
                for run, query in zip(runs, whole, strict=True)
            )
        units = self._rarest(units)
        if not units:
            return Query.empty_query()
        clauses = [
            (Occur.Must, any_of(self._near("all", unit) for unit in units)),
            (Occur.Should, Query.const_score_query(both(whole), WHOLE)),
        ]
        for place, boost in NEAR_LIFTS:
            lift = any_of(self._near(place, unit) for unit in units)
            clauses.append((Occur.Should, Query.boost_query(lift, boost)))
        return Query.boolean_query(clauses)

    def _near(self, place: str, unit: str) -> Query:
        if len(unit) == 1 or unit.startswith(WORD_MARK):
            return self._term(f"{place}_unit", unit)
        return self._pair(f"{place}_pair", unit)

    def _rarest(self, units: list[str]) -> list[str]:
        """The units that occur at all, at most MAX_UNITS of them, the rarest first."""
        counted = []
        for unit in units:
            single = len(unit) == 1 or unit.startswith(WORD_MARK)
            frequency = self.searcher.doc_freq("all_unit" if single else "all_pair", unit)
            if frequency:
                counted.append((frequency, unit))
        return [unit for _, unit in sorted(counted)[:MAX_UNITS]]

    def _wildcard(self, place: str, pattern: str) -> Query:
        regex = WORD_MARK + ".*".join(escaped(part) for part in pattern.split("*"))
        return Query.regex_query(self.schema, f"{place}_unit", regex)

    def _title(self, leaf: Phrase | Words | Wildcard) -> Query:
        match leaf:
            case Phrase(text):
                return self._phrase("title", text)
            case Words(runs, _):
                return both(self._whole("title", run) for run in runs)
            case Wildcard(pattern):
                return self._wildcard("title", pattern)

    def _value(self, value: Value) -> Query:
        """The exact value where the index knows it, else the values that hold it."""
        field = f"ask_{value.facet}"
        if not value.anchor and self.searcher.doc_freq(field, value.text):
            return self._term(field, value.text)
        before = "" if value.anchor == "prefix" else ".*"
        after = "" if value.anchor == "suffix" else ".*"
        return Query.regex_query(self.schema, field, before + escaped(value.text) + after)


def escaped(text: str) -> str:
    return "".join("\\" + c if c in _REGEX_SPECIAL else c for c in text)


def unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def both(wanted: Iterable[Query], unwanted: Iterable[Query] = ()) -> Query:
    """All of `wanted` and none of `unwanted`."""
    clauses = [(Occur.Must, query) for query in wanted]
    clauses += [(Occur.MustNot, query) for query in unwanted]
    if len(clauses) == 1 and clauses[0][0] == Occur.Must:
        return clauses[0][1]
    return Query.boolean_query(clauses)


def any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
