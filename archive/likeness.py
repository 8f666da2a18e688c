"""How alike two texts are: a bottom-k sketch of hashed 4-character shingles.

Broder (1997), "On the resemblance and containment of documents": the share of equal values among
the k smallest of the union estimates the Jaccard resemblance of the shingle sets.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from indexer.folding import fold

SHINGLE = 4
SIZE = 64
#: Salts of the four independent minima by which near copies are looked up; of two texts with
#: resemblance .8 all four differ in .2 ** 4 = .2 % of the cases.
SALTS = (0, 0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35)
#: Texts shorter than this say too little to be compared.
SHORTEST = 40
LONGEST = 60_000

#: At or above: shown as a near copy. Below `STRANGE`: two papers of one identity have so little
#: in common that a person must look.
NEAR = 0.8
STRANGE = 0.15


def sketch(text: str) -> tuple[list[int], list[int]]:
    """(the SIZE smallest shingle hashes, ascending; the four band minima); ([], []) when short."""
    folded = "".join(fold(text[:LONGEST]).split())
    if len(folded) < SHORTEST:
        return [], []
    raw = folded.encode("utf-32-le")
    hashes = {zlib.crc32(raw[i : i + 4 * SHINGLE]) for i in range(0, len(raw) - 4 * SHINGLE, 4)}
    return sorted(hashes)[:SIZE], [min(h ^ salt for h in hashes) for salt in SALTS]


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard resemblance 0..1 of two sketches; 0 where either is empty."""
    if not one or not other:
        return 0.0
    union = sorted(set(one) | set(other))[:SIZE]
    both = set(one) & set(other)
    return sum(1 for value in union if value in both) / len(union)
