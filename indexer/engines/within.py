"""Words inside one section: the index gives the papers that hold both, and whether they stand
together is read in the stored text.

Exact whatever the nesting of sections, and no posting is kept twice; the price is paid by these
questions alone: some 0.1 ms a candidate (measured on 7,000 of 100,000 reports).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from indexer.engines import QueryError
from indexer.engines.records import Stored
from indexer.folding import fold
from indexer.query import And, Ids, Node, Not, Or, Phrase, Section, Wildcard, Words
from indexer.snippets import Pattern, pattern, wildcard

#: Candidates that are read for one question.
MOST = 20_000

#: What is stored of every entry that a tree matches, MOST + 1 at most.
Fetch = Callable[[Node], Iterable[Stored]]
Test = Callable[[str], bool]


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
    heading = lru_cache(maxsize=1024)(_test(section.heading))
    inner = _test(section.inner) if section.inner is not None else None
    for count, stored in enumerate(fetch(section), 1):
        if count > MOST:
            raise QueryError(
                f"有这个章节和这些字词的材料超过 {MOST} 份，不能逐份核对",
                0,
                "请再限定学校、学科或学年",
            )
        for part in stored.sections():
            if not heading(part.title):
                continue
            if inner is None or inner(stored.body[part.start : part.end]):
                yield stored.id
                break


def _test(node: Node) -> Test:
    """Whether a text holds what the tree asks for."""
    holds = _holds(node)
    return lambda text: holds(fold(text))


def _holds(node: Node) -> Test:
    """The same of a folded text."""
    match node:
        case Phrase(text):
            return _holding(pattern(text))
        case Wildcard(text):
            return _holding(wildcard(text))
        case Words():
            asked = [[pattern(f, whole_words=True) for f in forms] for forms in node.choices()]
            return lambda text: all(any(p.spans(text, 1) for p in forms) for forms in asked)
        case And(parts):
            tests = [_holds(part) for part in parts]
            return lambda text: all(test(text) for test in tests)
        case Or(parts):
            tests = [_holds(part) for part in parts]
            return lambda text: any(test(text) for test in tests)
        case _:
            raise AssertionError(f"{node!r} does not stand in a section")


def _holding(asked: Pattern) -> Test:
    return lambda text: bool(asked.spans(text, 1))
