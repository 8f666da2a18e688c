"""How much of a known text came through: its Chinese characters, none twice, in their order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.readers.expected import squeezed

#: Unified ideographs with extension A, and the compatibility block (Unicode 15, 18.1).
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
#: By so many characters a paragraph's start is known.
START = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one paper: Chinese characters that `stood` in it, that were `given`, and that were both;
    of its paragraphs with a start of their own how many were `found`, and how many of these at
    most follow one another as in the paper; merged cells, and how many came more than once."""

    stood: int
    given: int
    both: int
    found: int
    ordered: int
    merged: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """In per cent, over many papers: characters kept, characters given that stood there (what
    comes twice is given once too often), paragraphs in order, merged cells given once."""

    kept: float
    true: float
    order: float
    once: float


def compare(texts: Sequence[str], given: str, merged: Sequence[str] = ()) -> Kept:
    """`texts`: paragraphs and cells of the paper in their order; `merged`: texts of merged cells
    that stand nowhere else."""
    stood, there = chinese("".join(texts)), chinese(given)
    whole = squeezed(given)
    places = [at for start in starts(texts) if (at := whole.find(start)) >= 0]
    return Kept(
        stood.total(),
        there.total(),
        (stood & there).total(),
        len(places),
        longest_rise(places),
        len(merged),
        sum(whole.count(squeezed(cell)) > 1 for cell in merged),
    )


def chinese(text: str) -> Counter[str]:
    """How often each Chinese character stands in a text."""
    return Counter(_CHINESE.findall(text))


def starts(texts: Sequence[str]) -> list[str]:
    """The starts of those paragraphs that are long enough and begin as nothing else goes on."""
    paragraphs = [squeezed(text) for text in texts]
    whole = "\n".join(paragraphs)
    found = [text[:START] for text in paragraphs if len(text) >= START]
    return [start for start in found if whole.count(start) == 1]


def longest_rise(places: Iterable[int]) -> int:
    """The length of the longest rising run of places, others left out between (the longest common
    subsequence with the order they should have)."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def shares(papers: Iterable[Kept]) -> Shares:
    """Over all papers together; 0 where there is nothing to divide by."""
    some = list(papers)
    return Shares(
        _percent(sum(p.both for p in some), sum(p.stood for p in some)),
        _percent(sum(p.both for p in some), sum(p.given for p in some)),
        _percent(sum(p.ordered for p in some), sum(p.found for p in some)),
        _percent(sum(p.merged - p.repeated for p in some), sum(p.merged for p in some)),
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
