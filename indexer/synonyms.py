"""Other words for the same thing: 校本研修, 校本教研, 校本研训. Only unquoted words are widened,
and whoever asks is told by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.query import And, Node, Or, Section, Words
from indexer.tokens import normal

#: Forms that may stand for one run of a question, itself aside.
MOST = 8

Added = tuple[tuple[str, tuple[str, ...]], ...]


def widened(tree: Node, groups: Sequence[Sequence[str]]) -> tuple[Node, Added]:
    """The tree with the other words of each group beside its words, and what was added to which
    run. What is excluded stays as it is written."""
    if not groups:
        return tree, ()
    known = [tuple(dict.fromkeys(filter(None, map(normal, group)))) for group in groups]
    added: dict[str, tuple[str, ...]] = {}
    return _widened(tree, known, added), tuple(added.items())


def _widened(
    node: Node, groups: Sequence[Sequence[str]], added: dict[str, tuple[str, ...]]
) -> Node:
    match node:
        case Words(runs):
            also = tuple(_others(run, groups) for run in runs)
            if not any(also):
                return node
            added.update({run: forms for run, forms in zip(runs, also, strict=True) if forms})
            return replace(node, also=also)
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_widened(part, groups, added) for part in parts))
        case Section(_, inner) if inner is not None:
            return replace(node, inner=_widened(inner, groups, added))
        case _:
            return node


def _others(run: str, groups: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The run with a word of it replaced by its synonyms. The longest word of a group counts:
    质检分析报告 is not 质检报告 with 分析 in it."""
    found: list[str] = []
    for group in groups:
        word = max((word for word in group if word in run), key=len, default=None)
        if word is not None:
            found += [run.replace(word, other) for other in group if other != word]
    return tuple(dict.fromkeys(form for form in found if form != run))[:MOST]
