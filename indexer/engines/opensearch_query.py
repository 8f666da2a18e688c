"""The primitives of `indexer.engines.plan` in OpenSearch's query language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from opensearchpy import OpenSearch
from opensearchpy.exceptions import HTTP_EXCEPTIONS, TransportError

from indexer.engines.plan import MOST_WEIGHED, WHOLE, Plan
from indexer.tokens import BORDER, pairs, units_of

#: Terms counted by one request.
TERMS = 500

Query: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class OpenSearchPlan(Plan[Query]):
    """`counted`: (field, term) -> records, as far as this question has asked for it."""

    client: OpenSearch
    index: str
    scored: bool = True
    whole: float = WHOLE
    loose: bool = False
    counted: dict[tuple[str, str], int] = field(default_factory=dict)

    def everything(self) -> Query:
        return self.constant({"match_all": {}}, 0.0)

    def term(self, field: str, term: str) -> Query:
        return {"term": {field: {"value": term}}}

    def documents(self) -> int:
        return int(self.client.count(index=self.index)["count"])

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """In how many records each (field, term) stands."""
        self._count(list(dict.fromkeys(term for term in terms if term not in self.counted)))
        return [self.counted[term] for term in terms]

    def alike(self, title: str, body: str) -> Query:
        common = Counter(units_of(title + BORDER + body)).most_common(MOST_WEIGHED)
        self.frequencies([self._near_term(unit) for unit, _ in common])
        return super().alike(title, body)

    def frequency(self, field: str, term: str) -> int:
        if (field, term) not in self.counted:
            self._count([(field, term)])
        return self.counted[field, term]

    def _rarest(self, units: Iterable[str]) -> list[str]:
        units = list(units)
        self._count([self._near_term(unit) for unit in units])
        return super()._rarest(units)

    def _near_term(self, unit: str) -> tuple[str, str]:
        ((name, asked),) = self._near("all", unit)["term"].items()
        return name, asked["value"]

    def _count(self, terms: Sequence[tuple[str, str]]) -> None:
        """The frequencies of many terms by few requests: a question has dozens of units."""
        for start in range(0, len(terms), TERMS):
            self._count_few(terms[start : start + TERMS])

    def _count_few(self, terms: Sequence[tuple[str, str]]) -> None:
        body: list[Query] = []
        for name, term in terms:
            body += [{}, {"size": 0, "track_total_hits": True, "query": self.term(name, term)}]
        answers = self.client.msearch(body=body, index=self.index)["responses"]
        for asked, answer in zip(terms, answers, strict=True):
            if "error" in answer:
                refused = HTTP_EXCEPTIONS.get(answer["status"], TransportError)
                raise refused(answer["status"], answer["error"]["type"], answer)
            self.counted[asked] = int(answer["hits"]["total"]["value"])

    def sequence(self, field: str, squeezed: str) -> Query:
        return {"match_phrase": {field: {"query": " ".join(pairs(squeezed))}}}

    def matching(self, field: str, parts: Sequence[str], *, begins: bool, ends: bool) -> Query:
        inner = "*".join(_escaped(part) for part in parts if part)
        pattern = ("" if begins else "*") + inner + ("" if ends else "*")
        return {"wildcard": {field: {"value": pattern}}}

    def one_of(self, field: str, values: Sequence[str]) -> Query:
        return self.constant({"terms": {field: list(values)}}, 0.0)

    def dates(self, first: int, last: int) -> Query:
        return self.constant({"range": {"date": {"gte": first, "lte": last}}}, 0.0)

    def received_after(self, milliseconds: int) -> Query:
        return self.constant({"range": {"received": {"gt": milliseconds}}}, 0.0)

    def both(self, wanted: Sequence[Query], unwanted: Sequence[Query] = ()) -> Query:
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        return {"bool": {"must": list(wanted), "must_not": list(unwanted)}}

    def any_of(self, queries: Sequence[Query]) -> Query:
        if not queries:
            return {"match_none": {}}
        return {"bool": {"should": list(queries), "minimum_should_match": 1}}

    def boosted(self, query: Query, boost: float) -> Query:
        return {"bool": {"must": [query], "boost": boost}}

    def lifted(self, match: Query, lifts: Sequence[tuple[Query, float]]) -> Query:
        raised = [self.boosted(lift, boost) for lift, boost in lifts]
        return {"bool": {"must": [match], "should": raised}}

    def constant(self, query: Query, score: float) -> Query:
        return {"constant_score": {"filter": query, "boost": score}}


def _escaped(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)
