"""The search port. An engine is one file in this folder; all pass one contract suite.

Texts go in as they were read; an engine folds them itself (`indexer.folding`), so that both
scripts, widths and cases find each other, and gives back the original text with marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

#: Filter and facet fields, each exact values; a record may have several of subject and unit.
FACETS = (
    "kind", "school", "cluster", "subject", "school_year", "term", "month", "author",
    "completeness", "status", "grade", "section",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a text: body[start:end] is its heading and all that belongs to it."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the index sees it.

    `headings` and `body` are the text of the current version; `values` maps each name of FACETS
    to its exact values; `date` is an ISO date or "" (sorting, ranges); `access` lists the ids of
    the units whose members may see the record; `extra` comes back with a hit as it was given.
    `labels`: further names of a facet's values by which a question may ask for them (文种:月报,
    学校:official name or alias); neither counted nor shown. `parts` are the sections of the body
    (without them they begin where headings stand as lines), `pages` the (offset in body, number)
    at which its pages begin, in order. `received`: the ISO instant, with its zone, at which the
    current version came, or "".
    """

    id: str
    title: str
    headings: str
    body: str
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    date: str = ""
    access: Sequence[str] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parts: Sequence[Part] = ()
    pages: Sequence[tuple[int, int]] = ()
    received: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A question. `text` is in the query language of `indexer.query`; "" asks for everything.

    `filters`: facet -> accepted values (any of them); several facets must all hold. `access`:
    None for the county office, else only entries sharing one of these unit ids are seen, counted
    or quoted. `sort`: "relevance", "date" (newest first), "-date", "school", "received" (the last
    to come first). `offset` and `limit` count hits. `received_after`: an ISO instant; only what
    came later. `synonyms`: groups of words each of which may stand for the others; none: only
    what is written. `today`: an ISO date from which 本学期 is reckoned, default the machine's.
    `only_whole`: near hits are left out.
    """

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    date_from: str = ""
    date_to: str = ""
    access: Sequence[str] | None = None
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: Sequence[str] = ()
    snippets: bool = True
    received_after: str = ""
    synonyms: Sequence[Sequence[str]] = ()
    today: str = ""
    only_whole: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of the original text; `marks` are (start, end) offsets of hits in `text`.
    `heading` is the section it stands in, "" where unknown; `page` its page, 0 where unknown."""

    text: str
    marks: tuple[tuple[int, int], ...]
    heading: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    score: float
    title: str
    title_marks: tuple[tuple[int, int], ...] = ()
    snippets: tuple[Snippet, ...] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    date: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` counts all that match, `whole` those of them that hold every word of the question
    whole: by relevance they stand before the rest. `facets`: facet -> ((value, count), …) most
    frequent first. `added`: (word of the question, synonyms that were looked for too)."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    ms: float = 0.0
    whole: int = 0
    added: tuple[tuple[str, tuple[str, ...]], ...] = ()


class QueryError(Exception):
    """The question cannot be understood; `position` is an offset into its text."""

    code = "query"

    def __init__(self, message: str, position: int = 0, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.remedy = remedy or "请检查引号、括号和连接词是否成对、完整"


class DatesError(QueryError):
    """The dates beside the text are none, or turned round."""

    code = "dates"


class Engine(Protocol):
    """One index in one directory. One writer at a time; any number of readers, in any process."""

    def apply(self, put: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        """Add or replace entries by id and drop ids, then commit: visible to every reader
        opened or refreshed after this returns. Idempotent."""

    def search(self, question: Search) -> Answer:
        """Answer from the newest commit. Raises QueryError."""

    def similar(self, entry_id: str, question: Search) -> tuple[Hit, ...]:
        """The entries most like this one, best first: of `question` its filters, access, limit and
        snippets count. Empty where the index does not know it."""

    def frequencies(self, texts: Sequence[str]) -> list[int]:
        """In how many entries each text of one or two characters stands, whoever may see them:
        for guesses that a search then proves."""

    def ids(self) -> set[str]:
        """The ids of all entries, for comparing with the catalogue."""

    def highlight(self, text: str, question: str) -> tuple[tuple[int, int], ...]:
        """Where the words of `question` stand in any original `text` (the document page)."""

    def close(self) -> None:
        """Finish merges and give the writer's lock back. Nothing may be asked afterwards."""


class EngineError(Exception):
    """The index cannot be used as asked: a stable code, a sentence, a remedy."""

    code = "index"

    def __init__(self, message: str, remedy: str, detail: str = "") -> None:
        super().__init__(f"{message} {detail}" if detail else message)
        self.message = message
        self.remedy = remedy
        self.detail = detail


class StampError(EngineError):
    """Made by another schema, analyser or engine version, or damaged: rebuild it elsewhere."""

    code = "index_stamp"


class IndexMissing(StampError):
    """There is no index in the directory yet (a reader may take it for an empty one)."""

    code = "index_missing"


class IndexBusy(EngineError):
    """Another process or engine object writes here."""

    code = "index_busy"


#: Engines by the name that the setting gives: our module with `open(directory, writable)`, and
#: the package that it needs.
ENGINES = {
    "tantivy": ("indexer.engines.tantivy", "tantivy"),
    "whoosh": ("indexer.engines.whoosh", "whoosh"),
    "opensearch": ("indexer.engines.opensearch", "opensearchpy"),
}


def installed_engines() -> list[str]:
    """The names of the engines whose package is there."""
    return [name for name, (_, package) in ENGINES.items() if find_spec(package) is not None]


def open_engine(name: str, directory: Path, *, writable: bool = False) -> Engine:
    """Open the index in `directory`; `writable` makes it where there is none and takes the lock.

    Raises StampError (IndexMissing), IndexBusy, EngineError where the engine's package is not
    installed, or ValueError for an unknown name.
    """
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}; known: {', '.join(sorted(ENGINES))}")
    module, package = ENGINES[name]
    if find_spec(package) is None:
        raise EngineError(f"没有安装检索引擎 {name}", "请安装它，或把引擎设为 tantivy")
    engine: Engine = import_module(module).open(directory, writable=writable)
    return engine
