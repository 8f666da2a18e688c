"""Sections told in sentences, where a paper has no headings for them.

Precision first: only text that no other section's heading has claimed is read, and a sentence
answers a section only by a cue that its kind lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.headings import Candidate
from archive.kinds import Kind, SectionSpec
from archive.signing import unsigned
from indexer.folding import fold
from indexer.reading import Reading

_END = re.compile("(?<=[。！？；!?;])")
#: A shorter sentence is a label or a slogan, not an account of anything.
SHORTEST = 8
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Sentences:
    """(folded sentence, place) of the text that belongs to no claimed heading."""

    items: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls,
        reading: Reading,
        kind: Kind,
        found: list[Candidate],
        claims: dict[str, list[Candidate]],
    ) -> Sentences:
        claimed = sorted({c.block for claimed in claims.values() for c in claimed if c.depth < 9})
        first, last = (claimed[0], claimed[-1]) if claimed else (0, 0)
        items: list[tuple[str, str]] = []
        number = size = 0
        free = not claimed or len(claimed) < 2
        for at, block in enumerate(reading.blocks):
            if block.kind not in ("paragraph", "heading"):
                continue
            number += 1
            size += len(block.text)
            if (block.level == 0 and block.kind == "heading") or size > MOST_TEXT:
                continue
            if free or at < first or _unclaimed(at, found, claimed):
                for line in unsigned(block.text.split("\n")):
                    items += [(s, f"第 {number} 段") for s in _split(line)]
        return cls(tuple(items))

    def answering(self, spec: SectionSpec) -> tuple[str, str] | None:
        """(words, place) of the first sentence with one of the section's cues."""
        for sentence, place in self.items:
            for pattern in _compiled(spec.cues):
                match = pattern.search(sentence)
                if match:
                    return match.group()[:20], place
        return None


def _unclaimed(at: int, found: list[Candidate], claimed: list[int]) -> bool:
    """Whether the nearest heading above a paragraph is one that no section has claimed."""
    above = [c for c in found if c.block <= at and c.depth < 9]
    return bool(above) and above[-1].block not in claimed and not _inside(above[-1], found, claimed)


def _inside(candidate: Candidate, found: list[Candidate], claimed: list[int]) -> bool:
    """Whether a claimed heading of a higher level holds this one."""
    for other in reversed([c for c in found if c.block < candidate.block]):
        if other.depth < candidate.depth:
            return other.block in claimed or _inside(other, found, claimed)
    return False


def _split(line: str) -> list[str]:
    bare = "".join(fold(line).split())
    return [part for part in _END.split(bare) if len(part) >= SHORTEST]


@lru_cache(maxsize=256)
def _compiled(cues: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(cue) for cue in cues)
