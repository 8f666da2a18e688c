"""What may be meant while somebody types: names in use (schools, kinds, sections …), titles, and
phrases that several papers have.

All of it comes from the index under the asker's access: a school is offered no word that stands
only in what others have.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.engines import Engine, QueryError, Search
from indexer.folding import fold
from indexer.sounds import is_typed_sound, sounds_like
from indexer.tokens import CJK, normal
from indexer.usual import Followers

#: Facets whose values are offered, most wanted first.
NAMED = ("school", "kind", "subject", "section", "author")
MOST = 8
#: Seconds for which the names in use are believed; askers whose names are kept.
_FRESH, _ASKERS = 30.0, 64
#: Characters typed that are looked at.
_LONGEST = 40
#: Phrases offered, and the most characters of one; ways looked at from each character on.
_PHRASES, _PHRASE, _BRANCHES = 3, 10, 4
#: Steps taken from character to character for all phrases together: some ten milliseconds each
#: where nobody asked before.
_STEPS = 8
#: In so many entries a phrase is frequent; it goes on where this share of them go on alike.
_SEVERAL, _ALIKE = 2, 0.6
_WORDS = re.compile(f"[{CJK}]{{2,8}}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`what`: a facet of NAMED, "phrase" or "title"; `count`: entries that have it; `id`: of a
    title's entry, else ""."""

    text: str
    what: str
    count: int = 1
    id: str = ""


class Suggester:
    """Suggestions from one engine; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[tuple[str, ...] | None, tuple[float, list[Suggestion]]] = {}
        self._followers = Followers()

    def names(self, engine: Engine, access: Sequence[str] | None) -> list[Suggestion]:
        """The names in use in what the asker may see, most frequent first within each facet."""
        key = None if access is None else tuple(sorted(access))
        with self._lock:
            made, found = self._names.get(key, (0.0, []))
            if found and time.monotonic() - made < _FRESH:
                return found
        answer = engine.search(Search(access=access, limit=0, facets=NAMED))
        found = [
            Suggestion(value, facet, count)
            for facet in NAMED
            for value, count in answer.facets.get(facet, ())
        ]
        with self._lock:
            if len(self._names) >= _ASKERS:
                self._names.clear()
            self._names[key] = time.monotonic(), found
        return found

    def suggest(
        self, engine: Engine, typed: str, access: Sequence[str] | None, limit: int = MOST
    ) -> list[Suggestion]:
        """At most `limit`, best first: names that begin so, names that hold it, phrases that begin
        so, titles."""
        typed = typed.strip()[:_LONGEST]
        wanted = normal(typed)
        if not wanted:
            return []
        names = self.names(engine, access)
        begins = [n for n in names if _begins(n.text, wanted)]
        holds = [n for n in names if n not in begins and wanted in normal(n.text)]
        room = max(limit - 3, limit // 2)  # titles too
        found = [*begins, *holds][:room]
        phrases = self._phrases(engine, wanted, access) if limit - len(found) > 1 else []
        named = {normal(one.text) for one in found}
        found += [one for one in phrases if one.text not in named][:_PHRASES]
        found += _titles(engine, typed, access, limit - len(found))
        return found

    def _phrases(
        self, engine: Engine, typed: str, access: Sequence[str] | None
    ) -> list[Suggestion]:
        """What goes on from the words typed in several entries, each as far as most of these go on
        alike: 集体 in nine, 集体备 in nine, 集体备课 in nine, 集体备课活动 in two. Simplified."""
        if _WORDS.fullmatch(typed) is None:
            return []
        found: list[Suggestion] = []
        steps = _STEPS
        for follower in self._followers.of(engine, typed[-1])[:_BRANCHES]:
            phrase = typed + follower
            count = _count(engine, phrase, access)
            while count >= _SEVERAL and len(phrase) < _PHRASE and steps:
                steps -= 1
                ways = [phrase + other for other in self._followers.of(engine, phrase[-1])]
                counted = ((_count(engine, way, access), way) for way in ways[:_BRANCHES])
                longer = max(counted, default=(0, ""))
                if longer[0] < max(_SEVERAL, _ALIKE * count):
                    break
                count, phrase = longer
            if count >= _SEVERAL:
                found.append(Suggestion(phrase, "phrase", count))
        return sorted(found, key=lambda one: -one.count)


def _count(engine: Engine, phrase: str, access: Sequence[str] | None) -> int:
    asked = Search(f'"{phrase}"', access=access, limit=0, facets=(), snippets=False)
    return engine.search(asked).whole


def _begins(name: str, wanted: str) -> bool:
    if normal(name).startswith(wanted):
        return True
    return is_typed_sound(wanted) and sounds_like(fold(name), wanted)


def _titles(
    engine: Engine, typed: str, access: Sequence[str] | None, limit: int
) -> Iterator[Suggestion]:
    text = typed.replace('"', "")
    try:
        question = Search(f'标题:"{text}"', access=access, limit=limit * 2, snippets=False)
        hits = engine.search(question).hits
    except QueryError:
        return
    seen: set[str] = set()
    for hit in hits:
        if hit.title not in seen and len(seen) < limit:
            seen.add(hit.title)
            yield Suggestion(hit.title, "title", 1, hit.id)
