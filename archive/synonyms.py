"""Words that mean the same, for searches that are to find them all (`indexer.synonyms`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from archive.kinds import Kind

#: A word of fewer characters stands in too many others.
_SHORTEST = 2


@lru_cache(maxsize=1)
def _trade() -> tuple[tuple[str, ...], ...]:
    text = Path(__file__).with_name("synonyms.toml").read_text("utf-8")
    return tuple(tuple(group) for group in tomllib.loads(text)["groups"])


def groups(kinds: Iterable[Kind]) -> tuple[tuple[str, ...], ...]:
    """The groups of the trade, and of each kind its names."""
    named = (tuple(n for n in (kind.name, *kind.also) if len(n) >= _SHORTEST) for kind in kinds)
    return (*_trade(), *(group for group in named if len(group) > 1))
