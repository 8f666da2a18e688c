"""All hits of an answer, for lists and parcels: asked for in pieces, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.engines import Answer, Engine, Hit, Search

#: Hits asked for at once.
PIECE = 500


@dataclass(frozen=True, slots=True)
class Results:
    """`total` hits there are, the first `listed` of which `hits` gives, once."""

    total: int
    listed: int
    hits: Iterator[Hit]


def results(engine: Engine, question: Search, most: int, *, only_whole: bool = False) -> Results:
    """The answer up to `most` hits, whatever page was asked for. `only_whole`: by relevance those
    that hold only part of the words come last and are left out. Raises QueryError."""
    question = replace(question, facets=(), offset=0, limit=min(PIECE, most))
    first = engine.search(question)
    part_left_out = only_whole and question.sort == "relevance"
    total = first.whole if part_left_out else first.total
    listed = min(total, most)
    return Results(total, listed, _hits(engine, question, first, listed))


def _hits(engine: Engine, question: Search, first: Answer, listed: int) -> Iterator[Hit]:
    """The hits, each once, should papers come in while they are listed."""
    given: set[str] = set()
    at, piece = 0, first.hits
    while piece and at < listed:
        for hit in piece[: listed - at]:
            if hit.id not in given:
                given.add(hit.id)
                yield hit
        at += len(piece)
        if at < listed:
            limit = min(PIECE, listed - at)
            piece = engine.search(replace(question, offset=at, limit=limit)).hits
