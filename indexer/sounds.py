"""How characters sound: pinyin without tones, for what is typed by sound and slips by sound."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

#: Sounds that many do not tell apart, each with what stands for all of them.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"),
          ("n", "l"))  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = re.compile("[a-z']+")


def syllables(character: str) -> tuple[str, ...]:
    """The toneless readings of a character, commonest first (还: huan, hai); () for what has
    none."""
    return _table().get(character, ())


def alike(character: str) -> frozenset[str]:
    """All characters that sound like this one or nearly so, itself aside."""
    by_sound = _by_sound()
    found = (by_sound.get(_loose(syllable), ()) for syllable in syllables(character))
    return frozenset(other for others in found for other in others) - {character}


def is_typed_sound(text: str) -> bool:
    """Whether a folded text is nothing but letters, as pinyin is typed."""
    return len(text) > 1 and _LETTERS.fullmatch(text) is not None


def sounds_like(name: str, typed: str) -> bool:
    """Whether `typed` (letters) begins the name's pinyin, or its first letters (zj, zhijian, zhij
    for 质检)."""
    return _follows([syllables(c) for c in name], typed.replace("'", ""))


def heard_in(name: str, typed: str) -> str:
    """The part of a name whose pinyin is `typed`, "" where there is none: zhijian is 质检 in
    质检分析报告."""
    readings, typed = [syllables(c) for c in name], typed.replace("'", "")
    for start in range(len(name)):
        for length in _lengths(readings[start:], typed):
            return name[start : start + length]
    return ""


def _lengths(readings: Sequence[tuple[str, ...]], typed: str) -> Iterator[int]:
    """With how many syllables from the first `typed` is used up."""
    if not typed:
        yield 0
    for syllable in readings[0] if readings else ():
        if typed.startswith(syllable):
            yield from (1 + more for more in _lengths(readings[1:], typed[len(syllable) :]))


def _follows(readings: Sequence[tuple[str, ...]], typed: str) -> bool:
    """Each syllable may be typed whole or by its first letter, the last by some of its letters."""
    if not typed:
        return True
    for syllable in readings[0] if readings else ():
        if syllable.startswith(typed):
            return True
        if typed.startswith(syllable) and _follows(readings[1:], typed[len(syllable) :]):
            return True
        if typed[0] == syllable[0] and _follows(readings[1:], typed[1:]):
            return True
    return False


def _loose(syllable: str) -> str:
    for told, meant in _ALIKE:
        if told in ("zh", "ch", "sh", "n"):
            syllable = meant + syllable[len(told) :] if syllable.startswith(told) else syllable
        elif syllable.endswith(told):
            syllable = syllable[: -len(told)] + meant
    return syllable


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    # Its 47,000 phrases cost 40 MB and are not asked: every reading of a character counts here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return {
        chr(code): tuple(dict.fromkeys(filter(None, _toneless(readings).split(","))))
        for code, readings in pinyin_dict.items()
    }


def _toneless(readings: str) -> str:
    marked = unicodedata.normalize("NFD", readings).replace("u\u0308", "v")
    return _MARKS.sub("", marked)


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for character, readings in _table().items():
        for sound in {_loose(reading) for reading in readings}:
            found.setdefault(sound, []).append(character)
    return found
