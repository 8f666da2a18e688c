"""Words inside one section: the index gives the papers that hold both, and whether they stand
together is read in the stored text.

Exact whatever the nesting of sections, and no posting is kept twice; the price is paid by these
questions alone: some 0.1 ms a candidate (measured on 7,000 of 100,000 reports).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from indexer.engines import QueryError
from indexer.engines.stored import Stored
from indexer.query import And, Ids, Node, Not, Or, Section

#: Candidates that are read for one question.
MOST = 20_000

#: What is stored of every entry that a tree matches, MOST + 1 at most.
Fetch = Callable[[Node], Iterable[Stored]]


def resolved(tree: Node, fetch: Fetch) -> Node:
    """The tree with each section replaced by the entries that have it. Raises QueryError."""
    match tree:
        case Section():
            ids = Ids(tuple(_ids(tree, fetch)))
            return ids if tree.inner is None else And((tree.inner, ids))
        case And(parts) | Or(parts):
            return replace(tree, parts=tuple(resolved(part, fetch) for part in parts))
        case Not(part):
            return Not(resolved(part, fetch))
        case _:
            return tree


def _ids(section: Section, fetch: Fetch) -> Iterator[str]:
    for count, stored in enumerate(fetch(section), 1):
        if count > MOST:
            raise QueryError(
                f"有这个章节和这些字词的材料超过 {MOST} 份，不能逐份核对",
                0,
                "请再限定学校、学科或学年",
            )
        if any(True for _ in stored.holding(section)):
            yield stored.id
