"""How alike two texts are: a bottom-k sketch of hashed 4-character shingles.

Broder (1997), "On the resemblance and containment of documents": the share of equal values among
the k smallest of the union estimates the Jaccard resemblance of the shingle sets.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from indexer.folding import fold

SHINGLE = 4
SIZE = 64
#: Salts of the minima by which near copies are looked up, three to each of four bands. Of 300
#: reports written alike (shared phrases) .6 % of the pairs then share a band, and 97 % of the
#: pairs of resemblance .8 and more; with one minimum a band 12-23 %, too many to look at.
SALTS = (
    0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646C,
    0xFD7046C5, 0xB55A4F09, 0x7FEB352D, 0x846CA68B, 0x68E31DA4, 0x1B873593,
)  # fmt: skip
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
    least = [min(h ^ salt for h in hashes) for salt in SALTS]
    bands = [zlib.crc32(struct.pack("<3I", *least[i : i + 3])) for i in range(0, len(least), 3)]
    return sorted(hashes)[:SIZE], bands


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard resemblance 0..1 of two sketches; 0 where either is empty."""
    if not one or not other:
        return 0.0
    union = sorted(set(one) | set(other))[:SIZE]
    both = set(one) & set(other)
    return sum(1 for value in union if value in both) / len(union)
