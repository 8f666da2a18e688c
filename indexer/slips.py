"""您是不是要找: a question with one wrong character, or in pinyin, put right.

A wrong character is first looked for among those of the same sound; in a longer word, where the
others tell enough, among all in common use (集休备课 is 集体备课).

Guesses come from how often pairs of characters stand together in the index; a guess is offered
only where the search itself, within what the asker may see, finds something whole by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from indexer.engines import Engine, QueryError, Search
from indexer.query_tokens import Token, scan
from indexer.sounds import alike, heard_in, is_typed_sound
from indexer.tokens import CJK, normal
from indexer.usual import USUAL

#: Words of a question that are looked at, characters of one, and guesses that are searched for.
_WORDS, _LONGEST, _GUESSES = 6, 32, 5
#: From so many characters on any of them may be replaced by any other: of three, as most names
#: have, two tell too little.
_TELLING = 4
_CHINESE = re.compile(f"[{CJK}]")


def corrected(engine: Engine, question: Search, names: Iterable[str] = ()) -> str:
    """The question's text put right, "" where nothing better is known. `names` are those that the
    asker may know (schools, kinds, sections): pinyin is looked up among them."""
    text, known = question.text, list(names)
    try:
        tokens = [token for token in scan(text) if token.kind in ("word", "phrase")][:_WORDS]
        for token in reversed(tokens):  # from the end, so that places before stay true
            better = _better(engine, question, token, known)
            if better:
                text = _replaced(text, token, better)
        if text != question.text and _count(engine, question, text):
            return text
    except QueryError:
        pass  # a question that cannot be asked is answered by its own error
    return ""


def _better(engine: Engine, question: Search, token: Token, names: list[str]) -> str:
    """What the word should be, "" where it stands somewhere or nothing is known."""
    word = normal(token.text)
    if len(word) != len(token.text) or not 1 < len(word) <= _LONGEST or '"' in word:
        return ""
    if _count(engine, question, f'"{token.text}"'):
        return ""
    if is_typed_sound(word):
        heard = dict.fromkeys(filter(None, (heard_in(name, word) for name in names)))
        return _best(engine, question, heard)
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    broken = {at for at, count in enumerate(engine.frequencies(pairs)) if not count}
    better = _best(engine, question, _guesses(engine, word, broken, alike))
    if not better and broken and len(word) >= _TELLING:
        better = _best(engine, question, _guesses(engine, word, broken, lambda _: USUAL))
    return better


def _best(engine: Engine, question: Search, guesses: Iterable[str]) -> str:
    """Of the first guesses the one that most hold, "" where none is held."""
    some = islice(guesses, _GUESSES)
    counted = [(_count(engine, question, f'"{guess}"'), guess) for guess in some]
    return max((pair for pair in counted if pair[0]), default=(0, ""))[1]


def _guesses(
    engine: Engine, word: str, broken: set[int], instead: Callable[[str], Iterable[str]]
) -> Iterator[str]:
    """The word with one character replaced, likeliest first. `broken`: the places of pairs that
    stand nowhere; all of them must be mended by it."""
    weighed: list[tuple[int, str]] = []
    for at in range(len(word)):
        beside = [pair for pair in (at - 1, at) if 0 <= pair < len(word) - 1]
        if not broken.issubset(beside) or not _CHINESE.match(word[at]):
            continue
        others = sorted(instead(word[at]))
        asked = [_pair(word, pair, at, other) for other in others for pair in beside]
        counts = iter(engine.frequencies(asked))
        for other in others:
            weakest = min(next(counts) for _ in beside)
            if weakest:
                weighed.append((weakest, word[:at] + other + word[at + 1 :]))
    return (guess for _, guess in sorted(weighed, reverse=True))


def _pair(word: str, start: int, at: int, other: str) -> str:
    """The pair of the word that begins at `start`, with `other` at place `at`."""
    return "".join(other if place == at else word[place] for place in (start, start + 1))


def _count(engine: Engine, question: Search, text: str) -> int:
    """How many hold the text whole, under the question's filters and access."""
    asked = replace(question, text=text, limit=0, facets=(), snippets=False, synonyms=())
    return engine.search(asked).whole


def _replaced(text: str, token: Token, better: str) -> str:
    start = token.at + (token.kind == "phrase" or text[token.at] != token.text[0])
    return text[:start] + better + text[start + len(token.text) :]
