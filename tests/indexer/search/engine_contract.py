"""What the tests of the engines' contract share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indexer.engines import Engine, Entry, Hit, Search, installed_engines

Open = Callable[..., Engine]
INSTALLED = installed_engines()


def entry(entry_id: str, body: str = "", title: str = "", headings: str = "") -> Entry:
    return Entry(entry_id, title, headings, body)


def found(engine: Engine, text: str, **more: Any) -> list[str]:
    return [hit.id for hit in engine.search(Search(text, **more)).hits]


def marked(hit: Hit) -> list[str]:
    return [s.text[a:b] for s in hit.snippets for a, b in s.marks]
