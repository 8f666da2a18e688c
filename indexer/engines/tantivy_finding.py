"""One question asked of one tantivy index: the page of hits, how many there are, the facets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from tantivy import DocAddress, Order, Query, Schema, Searcher

from indexer import query as language
from indexer.engines import Search
from indexer.engines.plan import MANY, WHOLE, is_strict, keeps_order, whole_of
from indexer.engines.records import conditions, known_facet, page, ranked
from indexer.engines.stored import Stored
from indexer.engines.tantivy_query import TantivyPlan
from indexer.query import And, Not

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

T = TypeVar("T")
Hits = list[tuple[float, Stored]]
Facets = Mapping[str, Sequence[tuple[str, int]]]


class Options(TypedDict, total=False):
    """Those of a plan."""

    scored: bool
    whole: float
    loose: bool


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

    def compile(self, tree: language.Node, **options: Unpack[Options]) -> Query:
        """The tree with the question's conditions. Raises QueryError, ValueError."""
        plan = TantivyPlan(self.schema, self.searcher, **options)
        return plan.both([plan.compile(tree), *conditions(plan, self.question)])

    def matching(self, tree: language.Node) -> Query:
        """The same where scores do not matter."""
        return self.compile(tree, scored=False)

    def page(self, tree: language.Node, sort: str) -> Page:
        if sort == "relevance":
            return self._soon(tree) or self._whole_first(tree)
        strict = whole_of(tree)
        whole = self._later(lambda: self.count(strict)) if strict != tree else None
        total, hits = self.hits(self.matching(tree), sort)
        return Page(hits, lambda: (total, whole() if whole else total))

    def _whole_first(self, tree: language.Node) -> Page:
        """Those that hold the words whole, then the near ones, which are only counted where the
        page has none. Two questions: next to what the whole ones gain in one, a small difference
        of scores is lost in rounding."""
        strict = whole_of(tree)
        if strict == tree:
            total, hits = self.hits(self.compile(tree), "relevance")
            return Page(hits, lambda: (total, total))
        offset, limit = page(self.question)
        gain = _gain(tree)
        first = self.compile(strict, whole=WHOLE if gain is None else 0.0)
        whole, hits = self.hits(first, "relevance")
        hits = [(score + (gain or 0.0), stored) for score, stored in hits]
        if offset + limit <= whole:
            all_of_them = self._later(lambda: self.count(tree))
            return Page(hits, lambda: (all_of_them(), whole))
        near = self.compile(And((tree, Not(strict))))
        others, more = self._part(near, max(offset - whole, 0), limit - len(hits))
        return Page(hits + more, lambda: (whole + others, whole))

    def _soon(self, tree: language.Node) -> Page | None:
        """Where very many may hold the words whole: the best of those that hold any of their
        units. If each of these proves whole, they are the page, and how many others are is
        counted while it is quoted. None where that does not help."""
        offset, limit = page(self.question)
        gain = _gain(tree)
        plan = TantivyPlan(self.schema, self.searcher)
        if gain is None or not 0 < limit <= SOON - offset or plan.looked_at(tree) < MANY:
            return None
        counts = self._later(lambda: self._counts(tree))
        best = self.searcher.search(self.compile(tree, loose=True), offset + limit, count=False)
        hits = self._read((float(score) + gain, address) for score, address in best.hits)
        ids = [stored.id for _, stored in hits]
        if len(hits) < offset + limit or len(hits) > self.count(whole_of(tree), ids):
            return None
        return Page(hits[offset:], counts)

    def _counts(self, tree: language.Node) -> tuple[int, int]:
        """(all, those whole)"""
        whole = self.count(whole_of(tree))
        return whole if whole == self.searcher.num_docs else self.count(tree), whole

    def count(self, tree: language.Node, among: Sequence[str] = ()) -> int:
        """How many match; `among`: of these ids."""
        plan = TantivyPlan(self.schema, self.searcher, scored=False)
        wanted = [plan.compile(tree), *conditions(plan, self.question)]
        if among:
            wanted.append(plan.one_of("id", among))
        result: Any = self.searcher.search(plan.constant(plan.both(wanted), 0.0), limit=1)
        return int(result.count)

    def hits(self, query: Query, sort: str) -> tuple[int, Hits]:
        """How many match, and the page asked for."""
        offset, limit = page(self.question)
        if limit == 0 or sort == "relevance":
            return self._part(query, offset, limit)
        field, order = _SORTS[sort]
        result: Any = self.searcher.search(
            query, limit=limit, offset=offset, order_by_field=field, order=order
        )
        return result.count, self._read((0.0, address) for _, address in result.hits)

    def _part(self, query: Query, offset: int, limit: int) -> tuple[int, Hits]:
        """How many match, and of the best of them so many."""
        # the stub leaves out SearchResult.count
        result: Any = self.searcher.search(query, limit=limit or 1, offset=offset if limit else 0)
        found = result.hits if limit else ()
        return result.count, self._read((float(score), address) for score, address in found)

    def first(self, query: Query, limit: int) -> Iterator[Stored]:
        """What is stored of those that match, `limit` at most."""
        for _, address in self.searcher.search(query, limit=limit).hits:
            yield _stored(self.searcher, address)

    def facets(self, query: Query) -> Callable[[], Facets]:
        """Waits for them."""
        return self._later(lambda: self._facets(query)) if self.question.facets else dict

    def _facets(self, query: Query) -> Facets:
        names = self.question.facets
        wanted = {n: {"terms": {"field": known_facet(n), "size": FACET_VALUES}} for n in names}
        counted = self.searcher.aggregate(query, wanted)
        buckets = {name: counted[name]["buckets"] for name in names}
        return {name: ranked((b["key"], b["doc_count"]) for b in buckets[name]) for name in names}

    def _later(self, call: Callable[[], T]) -> Callable[[], T]:
        """Begun beside what follows; waits for what it gives."""
        return _counters().submit(call).result

    def _read(self, found: Iterator[tuple[float, DocAddress]]) -> Hits:
        return [(score, _stored(self.searcher, address)) for score, address in found]


def _stored(searcher: Searcher, address: DocAddress) -> Stored:
    document = searcher.doc(address)
    return Stored.of(bytes(document["shown"][0]), bytes(document["body"][0]))


def _gain(tree: language.Node) -> float | None:
    """What those that hold all words whole gain by it, where they all gain the same."""
    if not keeps_order(tree):
        return None
    words = (leaf for leaf in language.leaves(tree) if isinstance(leaf, language.Words))
    return WHOLE * sum(not is_strict(leaf) for leaf in words)


@lru_cache(maxsize=1)
def _counters() -> ThreadPoolExecutor:
    """Made when first needed: its import takes part of a command's start (10 ms)."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(COUNTERS, "count")
