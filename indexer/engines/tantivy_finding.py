"""One question asked of one tantivy index: the page of hits, how many there are, the facets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tantivy import DocAddress, Order, Query, Schema, Searcher

from indexer import query as language
from indexer.engines import Search
from indexer.engines.plan import MANY, keeps_order, whole_of
from indexer.engines.records import conditions, known_facet, page, ranked
from indexer.engines.stored import Stored
from indexer.engines.tantivy_query import TantivyPlan

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

#: Values of one facet that are counted.
FACET_VALUES = 1_000
#: How far down a page is looked for before all are counted.
SOON = 100
#: Threads that count while pages are quoted; tantivy lets go of the interpreter meanwhile.
COUNTERS = 2
#: sort -> (fast field, order)
_SORTS = {
    "date": ("date", Order.Desc),
    "-date": ("oldest", Order.Asc),
    "school": ("by_school", Order.Asc),
    "received": ("received", Order.Desc),
}

Hits = list[tuple[float, Stored]]


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page, with their scores; `counts` waits for (all, those whole)."""

    hits: Hits
    counts: Callable[[], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question and the commit that answers it."""

    schema: Schema
    searcher: Searcher
    question: Search

    def compile(self, tree: language.Node, *, placed: bool = True) -> Query:
        """The tree with the question's conditions. Raises QueryError, ValueError."""
        plan = TantivyPlan(self.schema, self.searcher, placed=placed)
        return plan.both([plan.compile(tree), *conditions(plan, self.question)])

    def page(self, tree: language.Node, compiled: Query, sort: str) -> Page:
        """By relevance the whole ones come first, and the near ones, which are many, are then only
        counted."""
        strict = whole_of(tree)
        if strict == tree:
            total, hits = self.hits(compiled, sort)
            return Page(hits, lambda: (total, total))
        if sort == "relevance":
            return self._soon(tree) or self._whole_first(tree, compiled)
        total, hits = self.hits(compiled, sort)
        whole = self.count(strict) if total else 0
        return Page(hits, lambda: (total, whole))

    def _whole_first(self, tree: language.Node, compiled: Query) -> Page:
        whole, hits = self.hits(self.compile(whole_of(tree)), "relevance")
        offset, limit = page(self.question)
        if offset + limit <= whole:
            total = self.count(tree)
        else:
            total, hits = self.hits(compiled, "relevance")
        return Page(hits, lambda: (total, whole))

    def _soon(self, tree: language.Node) -> Page | None:
        """Where very many may hold the words whole: the best of those that hold their pairs
        anywhere. If each of these proves whole, they are the page, and how many others are is
        counted while it is quoted. None where that does not help."""
        offset, limit = page(self.question)
        plan = TantivyPlan(self.schema, self.searcher)
        if not 0 < limit <= SOON - offset or not keeps_order(tree) or plan.looked_at(tree) < MANY:
            return None
        counts = _counters().submit(self._counts, tree)
        strict = whole_of(tree)
        loose = self.compile(strict, placed=False)
        best = self.searcher.search(loose, limit=offset + limit, count=False).hits
        hits = self._read((float(score), address) for score, address in best)
        ids = [stored.id for _, stored in hits]
        if len(hits) == offset + limit == self.count(strict, ids):
            return Page(hits[offset:], counts.result)
        counts.cancel()
        return None

    def _counts(self, tree: language.Node) -> tuple[int, int]:
        """(all, those whole)"""
        whole = self.count(whole_of(tree))
        return whole if whole == self.searcher.num_docs else self.count(tree), whole

    def count(self, tree: language.Node, among: Sequence[str] = ()) -> int:
        """How many match; `among`: of these ids."""
        plan = TantivyPlan(self.schema, self.searcher, scored=False)
        wanted = [plan.compile(tree), *conditions(plan, self.question)]
        if among:
            wanted.append(plan.any_of([plan.term("id", one) for one in among]))
        result: Any = self.searcher.search(plan.constant(plan.both(wanted), 0.0), limit=1)
        return int(result.count)

    def hits(self, query: Query, sort: str) -> tuple[int, Hits]:
        """How many match, and the page asked for."""
        offset, limit = page(self.question)
        result: Any  # the stub leaves out SearchResult.count
        if limit == 0:
            result = self.searcher.search(query, limit=1)
            return result.count, []
        if sort == "relevance":
            result = self.searcher.search(query, limit=limit, offset=offset)
            return result.count, self._read((float(s), address) for s, address in result.hits)
        field, order = _SORTS[sort]
        result = self.searcher.search(
            query, limit=limit, offset=offset, order_by_field=field, order=order
        )
        return result.count, self._read((0.0, address) for _, address in result.hits)

    def first(self, query: Query, limit: int) -> Iterator[Stored]:
        """What is stored of those that match, `limit` at most."""
        for _, address in self.searcher.search(query, limit=limit).hits:
            yield _stored(self.searcher, address)

    def facets(self, query: Query) -> Mapping[str, Sequence[tuple[str, int]]]:
        names = self.question.facets
        if not names:
            return {}
        wanted = {n: {"terms": {"field": known_facet(n), "size": FACET_VALUES}} for n in names}
        counted = self.searcher.aggregate(query, wanted)
        buckets = {name: counted[name]["buckets"] for name in names}
        return {name: ranked((b["key"], b["doc_count"]) for b in buckets[name]) for name in names}

    def _read(self, found: Iterator[tuple[float, DocAddress]]) -> Hits:
        return [(score, _stored(self.searcher, address)) for score, address in found]


def _stored(searcher: Searcher, address: DocAddress) -> Stored:
    document = searcher.doc(address)
    return Stored.of(bytes(document["shown"][0]), bytes(document["body"][0]))


@lru_cache(maxsize=1)
def _counters() -> ThreadPoolExecutor:
    """Made when first needed: its import takes part of a command's start (10 ms)."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(COUNTERS, "count")
