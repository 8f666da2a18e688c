"""Tokens: how a folded text is cut for the index, so that a quoted phrase is exact by construction.

Every character has a position: Chinese, Latin, digits and punctuation alike. White space (line
breaks too) has none, save between two Latin letters or digits, where any amount of it counts as
one: 校本 研修 is 校本研修, but "ab c" is not "abc". The index holds the pair of characters at each
position (bigrams), the single characters, and the whole Latin words and numbers.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from itertools import pairwise

from indexer.folding import fold

#: Stands for white space that counts. `fold` lets no text contain it.
SPACE = "\u2423"
#: Stands between the parts of a record (title, headings, body); no question can contain it.
BORDER = "\x1f"
#: Marks a whole word among the single characters.
WORD_MARK = "="
#: A Latin word or number longer than this is found by its characters only.
LONGEST_WORD = 64

#: Ideographs, radicals, kana and bopomofo, as the inside of a regular expression's set.
CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
#: One character of a Latin (or other alphabetic) word or number.
WORD_CHARACTER = f"[^\\W_{CJK}]"
_WORD = re.compile(f"{WORD_CHARACTER}+")
_CJK_RUN = re.compile(f"[{CJK}]+")
#: From this many characters on numpy sorts out the distinct ones faster than a set does; shorter
#: texts (questions, titles) do without it, and a search never loads it.
_LONG = 100


def squeeze(folded: str) -> str:
    """Folded text without the white space that does not count; what does becomes SPACE."""
    parts = folded.split()
    kept = parts[:1]
    for before, after in pairwise(parts):
        if in_word(before[-1]) and in_word(after[0]):
            kept.append(SPACE)
        kept.append(after)
    return "".join(kept)


@lru_cache(maxsize=1024)
def in_word(character: str) -> bool:
    """Whether it is one of a Latin (or other alphabetic) word or number."""
    return _WORD.match(character) is not None


def normal(text: str) -> str:
    """Folded and squeezed: a phrase is in a document if its normal form is in the document's."""
    return squeeze(fold(text))


def pairs(squeezed: str) -> list[str]:
    """The bigrams, one for each position but the last."""
    return [a + b for a, b in pairwise(squeezed)]


def pair_stream(squeezed: str) -> str:
    """The bigrams joined by blanks, for an engine that splits there and counts positions.

    Strided copies of arrays instead of a join of Python strings.
    """
    count = len(squeezed) - 1
    if count < 1:
        return ""
    codes = array("I", squeezed.encode("utf-32-le"))
    stream = array("I", [0x20]) * (3 * count)
    stream[0::3] = codes[:-1]
    stream[1::3] = codes[1:]
    return stream.tobytes().decode("utf-32-le")


def words(squeezed: str) -> list[str]:
    """Latin words and numbers, whole, in order: 2014年度k12 -> 2014, k12."""
    return [w for w in _WORD.findall(squeezed) if len(w) <= LONGEST_WORD]


def unit_stream(squeezed: str) -> str:
    """The distinct characters and all whole words (marked), joined by blanks; no positions."""
    return " ".join([*_distinct(squeezed), *(WORD_MARK + w for w in words(squeezed))])


def _distinct(squeezed: str) -> list[str]:
    """Each character once, in any order, BORDER left out; those of a long text joined by blanks."""
    if len(squeezed) < _LONG:
        return list(set(squeezed) - {BORDER})
    import numpy as np

    codes = np.frombuffer(squeezed.encode("utf-32-le"), np.uint32).copy()
    codes.sort()
    first = np.empty(len(codes), np.bool_)
    first[0] = True
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    codes = codes[first]
    stream = np.full(2 * len(codes), 0x20, np.uint32)
    stream[0::2] = codes
    return [stream.tobytes().decode("utf-32-le").replace(BORDER + " ", "").rstrip(" ")]


def is_word(squeezed: str) -> bool:
    """A single Latin word or number."""
    return len(squeezed) <= LONGEST_WORD and _WORD.fullmatch(squeezed) is not None


def near_units(squeezed: str) -> list[str]:
    """What a near match may hold of a run: its Chinese bigrams (a lone character as it is) and
    its words (marked). Pairs with punctuation or across scripts say little and are left out."""
    return list(dict.fromkeys(units_of(squeezed)))


def units_of(squeezed: str) -> list[str]:
    """As `near_units`, each as often as it stands there."""
    units = [WORD_MARK + w for w in words(squeezed)]
    for run in _CJK_RUN.findall(squeezed):
        units += pairs(run) if len(run) > 1 else [run]
    return units
