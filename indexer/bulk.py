"""Many texts folded and cut at once: what `indexer.tokens` makes of each, by arrays of all.

A text of a few hundred characters costs numpy about as much as a thousand of them together; so
the texts of a batch are laid end to end, and the results cut apart again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.folding import Folded, fold, is_mark, use_arrays
from indexer.tokens import BORDER, LONGEST_WORD, SPACE, WORD_MARK, in_word, normal

Codes: TypeAlias = NDArray[np.uint32]
Places: TypeAlias = NDArray[np.intp]

_BLANK = 0x20
#: A text's number stands above the code point in a key of 64 bits.
_CODE_BITS = np.uint64(21)
_CODE = np.uint64((1 << 21) - 1)

#: What `_Characters.folded` says instead of a code point: not met yet, a mark that composes with
#: what stands before it, a character that folds to none or to several.
_UNKNOWN, _MARK, _LONGER = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
#: Kinds of folded characters; 0 is not met yet.
_WHITE, _WORD, _OTHER = 1, 2, 3


class _Characters:
    """What becomes of each code point, learnt when it is first met. `folded`: to what it folds;
    `longer`: to what those fold that are marked so; `kind`: of a folded one."""

    def __init__(self) -> None:
        self.folded = np.full(0x110000, _UNKNOWN, np.uint32)
        self.kind = np.zeros(0x110000, np.uint8)
        self.width = np.ones(0x110000, np.uint8)
        self.longer: dict[int, Codes] = {}

    def folds(self, codes: Codes) -> Codes:
        found = self.folded[codes]
        unknown = codes[found == _UNKNOWN]
        if not unknown.size:
            return found
        for code in np.unique(unknown).tolist():
            self.folded[code] = self._fold(code)
        return self.folded[codes]

    def kinds(self, codes: Codes) -> NDArray[np.uint8]:
        found = self.kind[codes]
        unknown = codes[found == 0]
        if not unknown.size:
            return found
        for code in np.unique(unknown).tolist():
            self.kind[code] = _kind(chr(code))
        return self.kind[codes]

    def _fold(self, code: int) -> int:
        if is_mark(chr(code)):
            return _MARK
        folded = fold(chr(code))
        if len(folded) == 1:
            return ord(folded)
        self.longer[code] = _codes(folded)
        self.width[code] = len(folded)
        return _LONGER


@lru_cache(maxsize=1)
def _characters() -> _Characters:
    return _Characters()


def _kind(folded: str) -> int:
    if folded.isspace() and folded != BORDER:
        return _WHITE
    return _WORD if in_word(folded) else _OTHER


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le")


def _bounds(texts: Sequence[str], between: int = 0) -> Places:
    """Where each text begins, and where the one after the last would."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    return np.concatenate(([0], np.cumsum(lengths + between)))


# --- normal forms ----------------------------------------------------------------


def normal_all(texts: Sequence[str]) -> list[str]:
    """`normal` of each."""
    codes, bounds = _codes("".join(texts)), _bounds(texts)
    folded = _characters().folds(codes)
    odd = np.flatnonzero(folded >= _LONGER)
    marks = odd[folded[odd] == _MARK]
    if marks.size:
        return _composed(texts, set((np.searchsorted(bounds, marks, "right") - 1).tolist()))
    if odd.size:
        folded, bounds = _lengthened(codes, folded, odd, bounds)
    squeezed, bounds = _squeezed(folded, bounds)
    whole = _text(squeezed)
    return [whole[start:end] for start, end in pairwise(bounds.tolist())]


def _composed(texts: Sequence[str], alone: set[int]) -> list[str]:
    """Marks compose with what stands before them: those texts are folded one by one."""
    rest = normal_all(["" if i in alone else text for i, text in enumerate(texts)])
    return [normal(texts[i]) if i in alone else done for i, done in enumerate(rest)]


def _lengthened(
    codes: Codes, folded: Codes, longer: Places, bounds: Places
) -> tuple[Codes, Places]:
    """With the characters at `longer` replaced by all that they fold to."""
    characters = _characters()
    widths = characters.width[codes].astype(np.intp)
    starts = np.concatenate(([0], np.cumsum(widths)))
    out = np.repeat(folded, widths)
    which, firsts = codes[longer], starts[longer]
    for code in np.unique(which).tolist():
        at = firsts[which == code]
        for i, one in enumerate(characters.longer[code]):
            out[at + i] = one
    return out, starts[bounds]


def _squeezed(folded: Codes, bounds: Places) -> tuple[Codes, Places]:
    """As `squeeze`: without white space, but for one SPACE between two characters of words."""
    kinds = _characters().kinds(folded)
    kept = kinds != _WHITE
    places = np.flatnonzero(kept)
    gaps = np.flatnonzero(np.diff(places) > 1)
    before, after = places[gaps], places[gaps + 1]
    between = (kinds[before] == _WORD) & (kinds[after] == _WORD)
    before, after = before[between], after[between]
    within = np.searchsorted(bounds, before, "right") == np.searchsorted(bounds, after, "right")
    spaces = before[within] + 1
    folded[spaces] = ord(SPACE)
    kept[spaces] = True
    return folded[kept], np.concatenate(([0], np.cumsum(kept)))[bounds]


def folded_with_map(text: str) -> Folded | None:
    """`fold_with_map` of a text without marks that compose; None of others."""
    codes = _codes(text)
    folded = _characters().folds(codes)
    odd = np.flatnonzero(folded >= _LONGER)
    if not odd.size:
        return Folded(_text(folded))
    if (folded[odd] == _MARK).any():
        return None
    widths = _characters().width[codes]
    starts = np.repeat(np.arange(len(codes)), widths)
    longer, _ = _lengthened(codes, folded, odd, np.zeros(1, np.intp))
    return Folded(_text(longer), starts.tolist(), (starts + 1).tolist())


use_arrays(folded_with_map)


# --- streams ---------------------------------------------------------------------


def streams(squeezed: Sequence[str]) -> list[tuple[str, str]]:
    """`pair_stream` and `unit_stream` of each normal form."""
    whole = BORDER.join(squeezed)
    codes, bounds = _codes(whole), _bounds(squeezed, len(BORDER))
    pairs, units = _pairs(codes), _units(codes, bounds)
    found = _words(whole, codes, bounds)
    made = []
    for number, (start, after) in enumerate(pairwise(bounds.tolist())):
        end = after - len(BORDER)
        words = found.get(number)
        unit = f"{units[number]} {' '.join(words)}" if words else units[number]
        made.append((pairs[3 * start : max(3 * end - 4, 3 * start)], unit))
    return made


def _pairs(codes: Codes) -> str:
    """Each character with the next one and a blank; a text's own pairs are a piece of it."""
    stream = np.full(3 * len(codes), _BLANK, np.uint32)
    stream[0::3] = codes
    stream[1:-3:3] = codes[1:]
    return _text(stream)


def _units(codes: Codes, bounds: Places) -> list[str]:
    """The distinct characters of each text, joined by blanks, BORDER left out."""
    count = len(bounds) - 1
    numbers = np.repeat(np.arange(count, dtype=np.uint64), np.diff(bounds))[: len(codes)]
    keys = (numbers << _CODE_BITS) | codes
    keys = keys[codes != ord(BORDER)]
    keys.sort()
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    keys = keys[first]
    stream = np.full(2 * len(keys), _BLANK, np.uint32)
    stream[0::2] = keys & _CODE
    whole = _text(stream)
    ends = np.searchsorted(keys, np.arange(count + 1, dtype=np.uint64) << _CODE_BITS).tolist()
    return [whole[2 * start : max(2 * end - 1, 2 * start)] for start, end in pairwise(ends)]


def _words(whole: str, codes: Codes, bounds: Places) -> dict[int, list[str]]:
    """Text's number -> its words, marked, in order."""
    inside = np.zeros(len(codes) + 2, np.int8)
    inside[1:-1] = _characters().kinds(codes) == _WORD
    edges = np.flatnonzero(np.diff(inside))
    starts, ends = edges[0::2], edges[1::2]
    short = ends - starts <= LONGEST_WORD
    starts, ends = starts[short], ends[short]
    numbers = np.searchsorted(bounds, starts, "right") - 1
    found: dict[int, list[str]] = {}
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends.tolist(), strict=True):
        found.setdefault(number, []).append(WORD_MARK + whole[start:end])
    return found
