"""Evidence for several values of one thing, weighed against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.filing.values import Evidence

#: Places outside the document: where they contradict its content, the content wins.
OUTSIDE = frozenset({"文件名", "文件夹", "提交人", "文件属性"})
#: What a contradiction takes from the winner's confidence, by where it comes from.
AGAINST_OUTSIDE, AGAINST_CONTENT, AGAINST_TEXT = 0.22, 0.5, 0.15
#: Where the running text merely mentions something.
IN_TEXT = "正文"


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` "" where there is no evidence at all. `conflict`: another value stands in a telling
    place."""

    value: str = ""
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    conflict: bool = False


def combined(weights: Iterable[float]) -> float:
    """Independent weights together: 1 - product(1 - w)."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt


def weigh(evidence: Iterable[Evidence]) -> Choice:
    """The value with the most weight in the document, else outside it; contradictions lower the
    confidence: a file name's little, another place of the document's much."""
    by_value: dict[str, list[Evidence]] = {}
    for piece in evidence:
        if piece.weight > 0:
            by_value.setdefault(piece.value, []).append(piece)
    if not by_value:
        return Choice()
    best = max(by_value, key=lambda value: _rank(by_value[value]))
    against = [piece for value, found in by_value.items() if value != best for piece in found]
    own = by_value[best]
    inside = any(_is_content(piece) for piece in own)
    confidence = combined(p.weight for p in own) - _objection(against, inside)
    shown = sorted(own, key=lambda p: -p.weight) + sorted(against, key=lambda p: -p.weight)[:4]
    conflict = any(p.weight >= 0.3 and p.place != IN_TEXT for p in against)
    return Choice(best, round(max(confidence, 0.05), 3), tuple(shown[:10]), conflict)


def _is_content(piece: Evidence) -> bool:
    return piece.place not in OUTSIDE and piece.place != IN_TEXT


def _rank(found: list[Evidence]) -> tuple[float, float]:
    """Content first: what a file name says counts only as far as the content says nothing."""
    inside = combined(p.weight for p in found if _is_content(p))
    return (inside if inside >= 0.4 else 0.0, combined(p.weight for p in found))


def _objection(against: list[Evidence], inside: bool) -> float:
    """What contradicting evidence takes away; outside evidence has no say over itself only."""
    content = max((p.weight for p in against if _is_content(p)), default=0.0)
    outside = max((p.weight for p in against if p.place in OUTSIDE), default=0.0)
    text = max((p.weight for p in against if p.place == IN_TEXT), default=0.0)
    share = AGAINST_OUTSIDE if inside else AGAINST_CONTENT
    return AGAINST_CONTENT * content + share * outside + AGAINST_TEXT * text
