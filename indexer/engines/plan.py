"""How a question's tree becomes a query, whatever the engine: the rules of matching and ranking.

A record matches by the field `all` (title, headings, body); title and headings only lift it. An
engine gives the few primitives below over the fields `PLACE_pair` and `PLACE_unit`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import log
from typing import Generic, TypeVar

from indexer.query import (
    And,
    Dates,
    Everything,
    Ids,
    Node,
    Not,
    Or,
    Phrase,
    Section,
    Title,
    Value,
    Wildcard,
    Words,
    leaves,
)
from indexer.tokens import BORDER, WORD_MARK, is_word, near_units, units_of, words

#: Records that hold every run whole stand above all that do not: no BM25 sum comes near this.
WHOLE = 1_000.0
#: And those with the words as they were written above those with synonyms.
WRITTEN = 100.0
#: And what each of several runs adds that a record holds whole which does not hold them all. Tuned:
#: keywords of bench/relevance.py have recall@10 .999 at 0, 1 at 5, .999 at 10 and less beyond.
RUN = 5.0
#: What a whole run in the title or a heading adds, in BM25 of that field; and what a part of one
#: adds. The latter is tuned: MRR@10 of bench/relevance.py is .989 at a title's .3, .990 from .5 to
#: 1; that of bench/domain.py .994 up to .5, .990 from .6 on.
LIFTS = (("title", 3.0), ("head", 1.5))
NEAR_LIFTS = (("title", 0.5), ("head", 0.25))
#: Near matching looks at the rarest of a long question's units.
MAX_UNITS = 32
#: Of a text to which others are alike, so many of its commonest units are weighed; a unit's own
#: count says no more from here on.
MOST_WEIGHED, OFTEN = 2_000, 8

#: From so many records on that may hold a question's words whole, looking at each place in them
#: takes longer than all else (60 to 90 ns a record of 420 characters, measured on 100,000).
MANY = 10_000

#: Between a facet's name and a value of it; no normal form holds it.
FACET_MARK = BORDER

Q = TypeVar("Q")


def asked_term(facet: str, text: str) -> str:
    """A facet's value (normal form) as the field `ask` holds it. One field for all facets: each
    costs every commit a dictionary of its own."""
    return f"{facet}{FACET_MARK}{text}"


def whole_of(node: Node) -> Node:
    """The same question asked for whole words only, which keep their scores: by relevance its
    hits are the first of `node`. Equal to `node` where the question has no near matching. What
    is excluded stays as it is."""
    match node:
        case Words() if not is_strict(node):
            return replace(node, first=True)
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(whole_of(part) for part in parts))
        case _:
            return node


def is_strict(asked: Words) -> bool:
    """Whether it has no near matching: a single unit is there or it is not."""
    return asked.strict or len(_units(asked)) < 2


def _units(asked: Words) -> list[str]:
    """The units of its runs and of their synonyms."""
    forms = (form for choice in asked.choices() for form in choice)
    return list(dict.fromkeys(unit for form in forms for unit in near_units(form)))


def keeps_order(node: Node) -> bool:
    """Whether by relevance the records that hold a question's words whole keep their order
    when the places of its pairs are not looked at: all that it adds for whole words is WHOLE."""
    match node:
        case Words(strict=False, also=()):
            return True
        case And(parts):
            plain = (isinstance(p, Value | Dates | Ids) or keeps_order(p) for p in parts)
            return all(plain) and any(isinstance(p, Words) for p in parts)
        case _:
            return False


class Plan(ABC, Generic[Q]):
    """Compiles trees to an engine's own queries of type Q. `scored`: False where only is to be
    counted what matches, and its scores may be anything. `whole`: what a record's score gains by
    holding words whole. `loose`: True where holding any of their units is enough for that, and
    they gain nothing: more records, found sooner."""

    scored: bool
    whole: float
    loose: bool

    @abstractmethod
    def everything(self) -> Q:
        """All records, score 0."""

    @abstractmethod
    def term(self, field: str, term: str) -> Q: ...

    @abstractmethod
    def documents(self) -> int:
        """How many records there are."""

    @abstractmethod
    def frequency(self, field: str, term: str) -> int:
        """In how many records the term stands."""

    @abstractmethod
    def sequence(self, field: str, squeezed: str) -> Q:
        """The pairs of a text of three characters or more, one after another."""

    @abstractmethod
    def matching(self, field: str, parts: Sequence[str], *, begins: bool, ends: bool) -> Q:
        """Terms that hold these parts in order, anything between them; `begins` and `ends`:
        nothing before the first, nothing after the last. Score not defined."""

    @abstractmethod
    def one_of(self, field: str, values: Sequence[str]) -> Q:
        """Records with any of these exact values, score 0; none where `values` is empty."""

    @abstractmethod
    def dates(self, first: int, last: int) -> Q:
        """Records dated in the range (those without a date in none), score 0."""

    @abstractmethod
    def received_after(self, milliseconds: int) -> Q:
        """Records that came later than this instant (milliseconds since 1970), score 0."""

    @abstractmethod
    def both(self, wanted: Sequence[Q], unwanted: Sequence[Q] = ()) -> Q:
        """All of `wanted` (at least one) and none of `unwanted`; scores add up."""

    @abstractmethod
    def any_of(self, queries: Sequence[Q]) -> Q:
        """Any of them (none given: nothing); scores add up."""

    @abstractmethod
    def boosted(self, query: Q, boost: float) -> Q:
        """The same records, their scores times `boost`."""

    @abstractmethod
    def lifted(self, match: Q, lifts: Sequence[tuple[Q, float]]) -> Q:
        """The records of `match`; each lift that holds adds its score times its boost."""

    @abstractmethod
    def constant(self, query: Q, score: float) -> Q:
        """The same records, all with this score."""

    def looked_at(self, node: Node) -> int:
        """In how many records, at most, the places of a tree's runs must be looked at."""
        runs = [run for leaf in leaves(node) if isinstance(leaf, Words) for run in leaf.runs]
        if all(len(run) < 3 or is_word(run) for run in runs):
            return 0
        units = (unit for run in runs for unit in near_units(run))
        return min((self.frequency(f"all_{_part(unit)}", unit) for unit in units), default=0)

    def compile(self, node: Node) -> Q:
        """The scored query of a tree."""
        match node:
            case Everything():
                return self.everything()
            case Phrase(text) if not self.scored:
                return self._phrase("all", text)
            case Phrase(text):
                lifts = [self.boosted(self._phrase(place, text), boost) for place, boost in LIFTS]
                return self.any_of([self._phrase("all", text), *lifts])
            case Words():
                return self._words(node)
            case Wildcard(pattern):
                return self._wildcard("all", pattern)
            case Value():
                return self.constant(self._value(node), 0.0)
            case Dates(first, last):
                return self.dates(max(first, 1), last)
            case Title(leaf):
                return self._headed("title", leaf)
            case Section(heading, inner):
                # Found by its parts; that they stand together is seen by `within`.
                headed = self._headed("head", heading)
                return self.both([headed, self.compile(inner)] if inner else [headed])
            case Ids(ids):
                return self.one_of("id", ids)
            case Not(part):
                return self.both([self.everything()], [self.compile(part)])
            case And(parts):
                return self._and(parts)
            case Or(parts):
                return self.any_of([self.compile(part) for part in parts])

    def _and(self, parts: Sequence[Node]) -> Q:
        wanted = [self.compile(part) for part in parts if not isinstance(part, Not)]
        unwanted = [self.compile(part.part) for part in parts if isinstance(part, Not)]
        return self.both(wanted or [self.everything()], unwanted)

    def _phrase(self, place: str, text: str) -> Q:
        if len(text) == 1:
            return self.term(f"{place}_unit", text)
        if len(text) == 2:
            return self.term(f"{place}_pair", text)
        return self.sequence(f"{place}_pair", text)

    def _whole(self, place: str, run: str) -> Q:
        """A run as a whole; its Latin words and numbers are words of the text (2月 is not 12月)."""
        if is_word(run):
            return self.term(f"{place}_unit", WORD_MARK + run)
        inside = [self.term(f"{place}_unit", WORD_MARK + word) for word in words(run)]
        return self.both([self._phrase(place, run), *inside])

    def _words(self, asked: Words) -> Q:
        choices = asked.choices()
        if is_strict(asked):
            return self._strict(asked, choices)
        units = self._rarest(_units(asked))
        if self.loose:
            return self._near_anywhere(units)
        if not self.scored:
            return self._all_whole(choices) if asked.first else self._any_near("all", units)
        standing = self.constant(self._all_whole(choices), self.whole)
        raised = self._written(asked)
        if asked.first:
            return self.lifted(standing, [(self._near_anywhere(units), 1.0), *raised])
        near = self._near_anywhere(units)
        some = self._some_whole(choices)
        if asked.also:
            return self.lifted(near, [(standing, 1.0), *raised, *((one, 1.0) for one in some)])
        return self.any_of([near, standing, *some])  # a union is found sooner than a lift

    def _strict(self, asked: Words, choices: Sequence[Sequence[str]]) -> Q:
        forms = [form for choice in choices for form in choice]
        whole = self._all_whole(choices)
        if not self.scored:
            return whole
        lifts = [(self._whole(place, form), boost) for place, boost in LIFTS for form in forms]
        if len(forms) == 1:  # what holds it in the title holds it
            return self.any_of([whole, *(self.boosted(*lift) for lift in lifts)])
        return self.lifted(whole, [*lifts, *self._written(asked)])

    def _some_whole(self, choices: Sequence[Sequence[str]]) -> list[Q]:
        """Of several runs each that a record holds whole lifts it."""
        if len(choices) < 2:
            return []
        return [self.constant(self._one_whole(choice), RUN) for choice in choices]

    def _all_whole(self, choices: Sequence[Sequence[str]]) -> Q:
        return self.both([self._one_whole(choice) for choice in choices])

    def _near_anywhere(self, units: Sequence[str]) -> Q:
        """Term by term: a third sooner than field by field where all hold them (100,000)."""
        lifts = [
            self.boosted(self._near(place, unit), boost)
            for place, boost in NEAR_LIFTS
            for unit in units
        ]
        return self.any_of([*(self._near("all", unit) for unit in units), *lifts])

    def _any_near(self, place: str, units: Sequence[str]) -> Q:
        return self.any_of([self._near(place, unit) for unit in units])

    def _written(self, asked: Words) -> list[tuple[Q, float]]:
        """What lifts the words as they were written above their synonyms."""
        if not asked.also:
            return []
        written = self.both([self._whole("all", run) for run in asked.runs])
        return [(self.constant(written, WRITTEN), 1.0)]

    def _one_whole(self, choice: Sequence[str]) -> Q:
        found = [self._whole("all", form) for form in choice]
        return found[0] if len(found) == 1 else self.any_of(found)

    def alike(self, title: str, body: str) -> Q:
        """What holds most of what a text (normal forms) has and few others have."""
        counted = Counter(unit for unit in units_of(title + BORDER + body))
        total = self.documents()
        weighed: list[tuple[float, str]] = []
        for unit, count in counted.most_common(MOST_WEIGHED):
            known = self.frequency(f"all_{_part(unit)}", unit)
            if known > 1:  # in this one alone: nobody shares it
                weighed.append((min(count, OFTEN) * log(1 + total / known), unit))
        chosen = [unit for _, unit in sorted(weighed, reverse=True)[:MAX_UNITS]]
        return self.any_of([self._near("all", unit) for unit in chosen])

    def _near(self, place: str, unit: str) -> Q:
        return self.term(f"{place}_{_part(unit)}", unit)

    def _rarest(self, units: Iterable[str]) -> list[str]:
        """The units that occur at all, at most MAX_UNITS of them, the rarest first."""
        counted = [(self.frequency(f"all_{_part(unit)}", unit), unit) for unit in units]
        return [unit for frequency, unit in sorted(counted) if frequency][:MAX_UNITS]

    def _wildcard(self, place: str, pattern: str) -> Q:
        parts = (WORD_MARK + pattern).split("*")
        ends = not pattern.endswith("*")
        found = self.matching(f"{place}_unit", parts, begins=True, ends=ends)
        return self.constant(found, 1.0)

    def _headed(self, place: str, leaf: Phrase | Words | Wildcard) -> Q:
        match leaf:
            case Phrase(text):
                return self._phrase(place, text)
            case Words(runs):
                return self.both([self._whole(place, run) for run in runs])
            case Wildcard(pattern):
                return self._wildcard(place, pattern)

    def _value(self, value: Value) -> Q:
        """The exact value where the index knows it, else the values that hold it."""
        whole = asked_term(value.facet, value.text)
        if not value.anchor and self.frequency("ask", whole):
            return self.term("ask", whole)
        parts = [whole] if value.anchor == "prefix" else [asked_term(value.facet, ""), value.text]
        return self.matching("ask", parts, begins=True, ends=value.anchor == "suffix")


def _part(unit: str) -> str:
    return "unit" if len(unit) == 1 or unit.startswith(WORD_MARK) else "pair"
