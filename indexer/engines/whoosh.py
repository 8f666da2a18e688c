"""The pure-Python engine: Whoosh, for machines where tantivy's wheel does not run.

The same tokens and rules as the default engine, many times slower; one writer, kept open so that
the lock is held, and committed at each `apply`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer
from whoosh.filedb.filestore import FileStorage

from indexer import query as language
from indexer.engines import FACETS, Answer, EngineError, Entry, Hit, IndexBusy, Search
from indexer.engines.plan import whole_of
from indexer.engines.records import (
    LAST_DAY,
    PLACES,
    asked,
    conditions,
    known_facet,
    page,
    ranked,
    record,
    sort_of,
)
from indexer.engines.stamps import damaged, has_index, write_stamp
from indexer.engines.stored import Stored, hit
from indexer.engines.whoosh_query import WhooshPlan
from indexer.engines.within import MOST, resolved
from indexer.query import Everything
from indexer.snippets import marks
from indexer.tokens import normal, pair_stream, unit_stream

SCHEMA_VERSION = 5
STAMP = ("whoosh", "whoosh3", SCHEMA_VERSION)
#: Joins the values of one facet; no text holds it after folding, and no name before.
_BETWEEN = "\x1e"


class Splitter(Tokenizer):  # type: ignore[misc]
    """Splits at one character; a token's number is its position."""

    def __init__(self, sign: str) -> None:
        self.sign = sign

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Splitter) and other.sign == self.sign

    def __hash__(self) -> int:
        return hash(self.sign)

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[Token]:
        token = Token(positions, removestops=False, mode=options.get("mode", ""))
        token.stopped = False
        token.boost = 1.0
        for place, text in enumerate(filter(None, value.split(self.sign))):
            token.text = token.original = text
            token.pos = place
            yield token


def schema() -> fields.Schema:
    made = fields.Schema(id=fields.ID(stored=True, unique=True))
    blank, between = Splitter(" "), Splitter(_BETWEEN)
    for place in PLACES:
        made.add(f"{place}_pair", fields.TEXT(blank, phrase=True))
        made.add(f"{place}_unit", fields.TEXT(blank, phrase=False))
    for facet in FACETS:
        made.add(facet, fields.TEXT(between, phrase=False))
    made.add("ask", fields.TEXT(between, phrase=False))
    made.add("access", fields.TEXT(between, phrase=False))
    made.add("date", fields.NUMERIC(int, bits=32, signed=True))
    made.add("newest", fields.NUMERIC(int, bits=32, signed=True, sortable=True))
    made.add("oldest", fields.NUMERIC(int, bits=32, signed=True, sortable=True))
    made.add("received", fields.NUMERIC(int, bits=64, signed=True))
    made.add("latest", fields.NUMERIC(int, bits=64, signed=True, sortable=True))
    made.add("by_school", fields.ID(sortable=True))
    made.add("shown", fields.STORED)
    made.add("body", fields.STORED)
    return made


def open(directory: Path, *, writable: bool = False) -> WhooshEngine:
    """Open the index in `directory`. Raises StampError, IndexMissing, IndexBusy."""
    return WhooshEngine(directory, writable=writable)


class WhooshEngine:
    """One index in one directory; safe to use from many threads."""

    def __init__(self, directory: Path, *, writable: bool) -> None:
        self._lock = threading.Lock()
        self._index = _open_index(directory, writable)
        self._writable = writable
        self._writer = self._open_writer() if writable else None
        self._searcher: Any = None
        self._generation = -1

    def _open_writer(self) -> Any:
        try:
            return self._index.writer(limitmb=64)
        except index.LockError as error:
            raise IndexBusy("检索库正由另一个程序写入", "请等它结束，或先停止另一个程序") from error

    def apply(self, put: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        """Add or replace, drop, commit. On an error nothing of the call stays."""
        with self._lock:
            if not self._writable:
                raise IndexBusy("检索库以只读方式打开，不能写入", "请由写入程序处理")
            writer = self._writer or self._open_writer()
            self._writer = None
            try:
                for entry_id in drop:
                    writer.delete_by_term("id", entry_id)
                # Whoosh cannot replace what the same writer has just added.
                for entry in {entry.id: entry for entry in put}.values():
                    writer.update_document(**_document(entry))
            except BaseException:
                writer.cancel()
                self._writer = self._open_writer()
                raise
            _commit(writer)
            self._writer = self._open_writer()

    def search(self, question: Search) -> Answer:
        started = time.perf_counter()
        tree, added = asked(question)
        sort = sort_of(question, tree)
        with self._lock:
            searcher = self._newest()
            plain = resolved(tree, lambda part: self._fetch(part, question, searcher))
            compiled = self._compile(plain, question, searcher)
            total, found = _find(searcher, compiled, question, sort)
            whole = self._count_whole(plain, question, searcher, total)
            facets = _count_facets(searcher, compiled, question.facets)
            hits = tuple(hit(_stored(fields), score, tree, question) for score, fields in found)
        spent = (time.perf_counter() - started) * 1000
        return Answer(total, hits, facets, spent, whole, added)

    def similar(self, entry_id: str, question: Search) -> tuple[Hit, ...]:
        with self._lock:
            searcher = self._newest()
            plan = WhooshPlan(searcher)
            known = searcher.document(id=entry_id)
            if known is None:
                return ()
            stored = _stored(known)
            alike = plan.alike(normal(stored.title), normal(stored.body))
            itself = plan.one_of("id", [entry_id])
            query = plan.both([alike, *conditions(plan, question)], [itself])
            _, found = _find(searcher, query, question, "relevance")
            return tuple(hit(_stored(f), score, Everything(), question) for score, f in found)

    def frequencies(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            reader = self._newest().reader()
            units = ("all_unit" if len(text) == 1 else "all_pair" for text in texts)
            return [
                int(reader.doc_frequency(field, t)) for field, t in zip(units, texts, strict=True)
            ]

    def ids(self) -> set[str]:
        with self._lock:
            return {stored["id"] for stored in self._newest().reader().all_stored_fields()}

    def highlight(self, text: str, question: str) -> tuple[tuple[int, int], ...]:
        return marks(text, language.parse(question))

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.cancel()
            if self._searcher is not None:
                self._searcher.close()
            self._writer, self._searcher, self._writable = None, None, False

    def _newest(self) -> Any:
        """The searcher of the newest commit. Not `Searcher.refresh`: it keeps replaced segments."""
        try:
            generation = self._index.latest_generation()
            if self._searcher is None or generation != self._generation:
                if self._searcher is not None:
                    self._searcher.close()
                self._searcher = self._index.searcher()
                self._generation = generation
        except (OSError, ValueError, index.IndexError) as error:
            raise damaged(error) from error
        return self._searcher

    def _count_whole(self, tree: language.Node, question: Search, searcher: Any, total: int) -> int:
        strict = whole_of(tree)
        if strict == tree or not total:
            return total
        plan = WhooshPlan(searcher, scored=False)
        query = plan.both([plan.compile(strict), *conditions(plan, question)])
        return sum(1 for _ in searcher.docs_for_query(query))

    def _fetch(self, tree: language.Node, question: Search, searcher: Any) -> Iterator[Stored]:
        """What is stored of those that match, `within.MOST` + 1 at most."""
        for number in islice(
            searcher.docs_for_query(self._compile(tree, question, searcher)), MOST + 1
        ):
            yield _stored(searcher.stored_fields(number))

    def _compile(self, tree: language.Node, question: Search, searcher: Any) -> Any:
        plan = WhooshPlan(searcher)
        return plan.both([plan.compile(tree), *conditions(plan, question)])


def _open_index(directory: Path, writable: bool) -> Any:
    known = has_index(directory, writable, STAMP, "_*.toc")
    storage = FileStorage(str(directory), supports_mmap=False)
    try:
        if known:
            return storage.open_index()
        made = storage.create_index(schema())
    except (OSError, ValueError, EOFError, index.IndexError) as error:
        raise damaged(error) from error
    write_stamp(directory, *STAMP)
    return made


def _commit(writer: Any) -> None:
    try:
        writer.commit()
    except OSError as error:
        raise EngineError(
            "检索库写入失败", "请检查数据目录的磁盘空间和写入权限", str(error)
        ) from error


def _document(entry: Entry) -> dict[str, Any]:
    made = record(entry)
    document: dict[str, Any] = {"id": entry.id, "access": _BETWEEN.join(entry.access)}
    for place, text in made.texts.items():
        document[f"{place}_pair"] = pair_stream(text)
        document[f"{place}_unit"] = unit_stream(text)
    for facet in FACETS:
        document[facet] = _BETWEEN.join(made.values[facet])
    document["ask"] = _BETWEEN.join(made.asked)
    document["date"] = made.day
    document["newest"] = LAST_DAY - made.day
    document["oldest"] = made.day or LAST_DAY
    document["received"] = made.received
    document["latest"] = -made.received
    document["by_school"] = made.by_school
    document["shown"] = made.shown
    document["body"] = made.body
    return document


def _stored(fields: Mapping[str, Any]) -> Stored:
    return Stored.of(fields["shown"], fields["body"])


_SORTS = {"date": "newest", "-date": "oldest", "school": "by_school", "received": "latest"}


def _find(
    searcher: Any, compiled: Any, question: Search, sort: str
) -> tuple[int, list[tuple[float, dict[str, Any]]]]:
    """(total, [(score, stored fields)]) of the page asked for."""
    offset, limit = page(question)
    # With a limit Whoosh skips blocks of low scores and loses hits (recall@10 .975, not .998).
    options = {"sortedby": _SORTS[sort]} if sort in _SORTS else {}
    results = searcher.search(compiled, limit=None, **options)
    rows = range(offset, min(offset + limit, results.scored_length()))
    scored = sort == "relevance"
    found = [(float(results.score(n)) if scored else 0.0, results.fields(n)) for n in rows]
    return len(results), found


def _count_facets(
    searcher: Any, compiled: Any, names: Sequence[str]
) -> Mapping[str, Sequence[tuple[str, int]]]:
    if not names:
        return {}
    matched = set(searcher.docs_for_query(compiled))
    reader = searcher.reader()
    return {name: ranked(_counts(reader, known_facet(name), matched)) for name in names}


def _counts(reader: Any, facet: str, matched: set[int]) -> Iterator[tuple[str, int]]:
    for term in reader.lexicon(facet):
        count = sum(number in matched for number in reader.postings(facet, term).all_ids())
        if count:
            yield reader.schema[facet].from_bytes(term), count
