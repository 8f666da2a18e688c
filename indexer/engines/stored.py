"""What an engine keeps of an entry, and a hit made of it: its marks, its quotes, and which of its
sections hold what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from indexer.engines import Hit, Part, Search, Snippet
from indexer.folding import fold
from indexer.query import And, Node, Or, Phrase, Section, Wildcard, Words
from indexer.snippets import COUNT, Pattern, headed, headline, marks, pattern, snippets, wildcard

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Stored:
    """What an engine keeps of an entry, to be shown."""

    id: str
    title: str
    headings: str
    parts: tuple[Part, ...]
    pages: tuple[tuple[int, int], ...]
    values: dict[str, list[str]]
    date: str
    extra: dict[str, Any]
    body: str

    @classmethod
    def of(cls, shown: bytes, body: bytes) -> Stored:
        entry_id, title, headings, parts, pages, values, date, extra = json.loads(
            shown.decode("utf-8", "surrogatepass")
        )
        return cls(
            entry_id, title, headings, tuple(Part(*part) for part in parts),
            tuple((start, number) for start, number in pages), values, date, extra,
            body.decode("utf-8", "surrogatepass"),
        )  # fmt: skip

    def sections(self) -> Sequence[Part]:
        """The sections as they were given, else those that headings standing as lines begin."""
        if self.parts or not self.headings:
            return self.parts
        starts = headed(self.body, self.headings, len(self.body))
        ends = [*(start for start, _ in starts[1:]), len(self.body)]
        return [Part(title, at, end) for (at, title), end in zip(starts, ends, strict=False)]

    def holding(self, section: Section) -> Iterator[Part]:
        """Its sections that are so called and hold what is asked for."""
        heading, inner = _tests(section)
        for part in self.sections():
            if heading(part.title) and inner(self.body[part.start : part.end]):
                yield part


def hit(stored: Stored, score: float, tree: Node, question: Search) -> Hit:
    shown = marks(stored.title, tree)
    parts = _quotes(stored, tree, bool(shown)) if question.snippets else ()
    return Hit(
        stored.id, score, stored.title, shown, parts, stored.values, stored.date, stored.extra
    )


def _quotes(stored: Stored, tree: Node, shown: bool) -> tuple[Snippet, ...]:
    """What to quote; `shown`: the title shows why it was found already."""
    found = [quote for one in sections_of(tree) for quote in _quotes_within(stored, one)]
    if found:
        return tuple(found[:COUNT])
    titles = [(part.start, part.title) for part in stored.parts]
    parts = snippets(stored.body, titles or stored.headings, tree, stored.pages, stored.title)
    if shown or any(part.marks for part in parts):
        return parts
    first = headline([t for _, t in titles] or stored.headings.splitlines(), tree)
    return (first, *parts) if first else parts


def _quotes_within(stored: Stored, section: Section) -> Iterator[Snippet]:
    """Quotes from the sections that hold what was asked for."""
    for part in stored.holding(section):
        text = stored.body[part.start : part.end]
        pages = [(at - part.start, number) for at, number in stored.pages if at < part.end]
        asked = section.inner or section.heading
        for quote in snippets(text, "", asked, pages):
            yield replace(quote, heading=part.title)


def sections_of(node: Node) -> Iterator[Section]:
    """The sections that are asked for, none that is excluded."""
    if isinstance(node, Section):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from sections_of(part)


@lru_cache(maxsize=64)
def _tests(section: Section) -> tuple[Test, Test]:
    """Whether a title, and whether a section's text, is what was asked for."""
    heading = lru_cache(maxsize=1024)(_test(section.heading))
    return heading, _test(section.inner) if section.inner is not None else _anything


def _anything(text: str) -> bool:
    return True


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
