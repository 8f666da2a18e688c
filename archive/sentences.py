"""Sections told in sentences, where a paper has no headings for them.

Precision first: only text that no other section's heading has claimed is read, and a sentence
answers a section only by a cue that its kind lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive.headings import Candidate
from archive.kinds import SectionSpec
from archive.signing import unsigned
from indexer.folding import fold
from indexer.reading import Reading

_END = re.compile("(?<=[。！？；!?;])")
#: A shorter sentence is a label or a slogan, not an account of anything.
SHORTEST = 8
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Sentences:
    """(folded sentence, place) of the text that belongs to no claimed heading. `opening` is the
    text before the first of them: where headings follow, it can only tell of the first section."""

    items: tuple[tuple[str, str], ...]
    opening: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls, reading: Reading, found: list[Candidate], claims: dict[str, list[Candidate]]
    ) -> Sentences:
        claimed = sorted({c.block for claimed in claims.values() for c in claimed if c.depth < 9})
        free = len(claimed) < 2
        items: list[tuple[str, str]] = []
        opening: list[tuple[str, str]] = []
        for at, place, text in _paragraphs(reading):
            sentences = [(s, place) for line in unsigned(text.split("\n")) for s in _split(line)]
            if free or _unclaimed(at, found, claimed):
                items += sentences
            elif at < claimed[0]:
                opening += sentences
        return cls(tuple(items), tuple(opening))

    def answering(self, spec: SectionSpec, first: bool) -> tuple[str, str] | None:
        """(words, place) of the first sentence with one of the section's cues. `first`: it is the
        first section of its kind."""
        for sentence, place in (*self.items, *(self.opening if first else ())):
            for pattern in _compiled(spec.cues):
                match = pattern.search(sentence)
                if match:
                    return match.group()[:20], place
        return None


def _paragraphs(reading: Reading) -> Iterator[tuple[int, str, str]]:
    """(block, place, text) of the running text, up to MOST_TEXT characters."""
    number = size = 0
    for at, block in enumerate(reading.blocks):
        if block.kind not in ("paragraph", "heading"):
            continue
        number += 1
        size += len(block.text)
        is_title = block.kind == "heading" and block.level == 0
        if not is_title and size <= MOST_TEXT:
            yield at, f"第 {number} 段", block.text


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
