"""The default engine: tantivy, one long-lived writer, batched commits.

Tokens are made in `indexer.tokens`, joined by blanks, and split again by tantivy's own white
space tokenizer: about ten times faster than handing over token objects, and a token's number is
its position. Fields: `PLACE_pair` the bigrams with positions, `PLACE_unit` single characters and
whole words; `ask` folded values for the query language, FACET the exact ones for filters
and counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Order, Query, Schema, SchemaBuilder, Searcher

from indexer import query as language
from indexer.engines import (
    FACETS,
    Answer,
    EngineError,
    Entry,
    Hit,
    IndexBusy,
    IndexMissing,
    QueryError,
    Search,
)
from indexer.engines.plan import whole_of
from indexer.engines.records import (
    PLACES,
    asked,
    conditions,
    known_facet,
    page,
    ranked,
    sort_of,
)
from indexer.engines.stamps import REBUILD, damaged, has_index, write_stamp
from indexer.engines.stored import Stored, hit
from indexer.engines.tantivy_documents import documents
from indexer.engines.tantivy_query import TantivyPlan
from indexer.engines.within import MOST, resolved
from indexer.query import Everything
from indexer.snippets import marks
from indexer.tokens import normal

#: Raise with every change of the fields; with STAMP they make the index's stamp.
SCHEMA_VERSION = 4
STAMP = ("tantivy", "tantivy", SCHEMA_VERSION)
#: Bytes the writer gathers before it writes a segment, and its threads: one, since each thread
#: leaves a segment of its own at each commit.
HEAP, THREADS = 64_000_000, 1
#: Values of one facet that are counted.
FACET_VALUES = 1_000


def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", fast=True, tokenizer_name="raw", index_option="basic")
    for place in PLACES:
        builder.add_text_field(f"{place}_pair", tokenizer_name="blank", index_option="position")
        builder.add_text_field(f"{place}_unit", tokenizer_name="blank", index_option="freq")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("ask", tokenizer_name="raw", index_option="freq")
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("date", indexed=True, fast=True)
    builder.add_unsigned_field("oldest", fast=True)
    builder.add_unsigned_field("received", indexed=True, fast=True)
    builder.add_text_field("by_school", fast=True, tokenizer_name="raw", index_option="basic")
    # Stored only: never searched, but the binding has no unindexed text field.
    builder.add_bytes_field("shown", stored=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()


def open(directory: Path, *, writable: bool = False) -> TantivyEngine:
    """Open the index in `directory`. Raises StampError, IndexMissing, IndexBusy."""
    return TantivyEngine(directory, writable=writable)


class TantivyEngine:
    """One index in one directory; safe to use from many threads."""

    def __init__(self, directory: Path, *, writable: bool) -> None:
        self.directory = directory
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._searcher: Searcher | None = None
        self._index = _open_index(directory, writable)
        self.schema = self._index.schema
        self._writable = writable
        self._writer = self._open_writer() if writable else None

    def _open_writer(self) -> tantivy.IndexWriter:
        try:
            return self._index.writer(HEAP, THREADS)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise _not_written(error) from error
            raise IndexBusy(
                "检索库正由另一个程序写入", "请等它结束，或先停止另一个程序", str(error)
            ) from error

    def apply(self, put: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        """Add or replace, drop, commit. On an error nothing of the call stays."""
        with self._write_lock:
            if not self._writable:
                raise IndexBusy("检索库以只读方式打开，不能写入", "请由写入程序处理")
            writer = self._writer = self._writer or self._open_writer()
            try:
                for entry_id in drop:
                    writer.delete_documents_by_term("id", entry_id)
                for entry_id, document in documents(put):
                    writer.delete_documents_by_term("id", entry_id)
                    writer.add_document(document)
                _commit(writer)
            except BaseException:
                self._undo(writer)
                raise

    def _undo(self, writer: tantivy.IndexWriter) -> None:
        """Back to the last commit; a writer that cannot is given up; the next call opens one."""
        try:
            writer.rollback()
        except (ValueError, OSError):
            self._writer = None

    def search(self, question: Search) -> Answer:
        started = time.perf_counter()
        tree, added = asked(question)
        sort = sort_of(question, tree)
        searcher = self._newest()
        try:
            plain = resolved(tree, lambda part: self._fetch(part, question, searcher))
            compiled = self._compile(plain, question, searcher)
        except ValueError as error:
            raise QueryError("检索词无法执行，请换一种写法") from error
        with _damage_told():
            total, whole, found = self._find(plain, compiled, question, sort, searcher)
            facets = _count_facets(searcher, compiled, question.facets)
            hits = tuple(
                hit(_stored(searcher, address), score, tree, question) for score, address in found
            )
        spent = (time.perf_counter() - started) * 1000
        return Answer(total, hits, facets, spent, whole, added)

    def similar(self, entry_id: str, question: Search) -> tuple[Hit, ...]:
        searcher = self._newest()
        plan = TantivyPlan(self.schema, searcher)
        itself = plan.one_of("id", [entry_id])
        with _damage_told():
            known = searcher.search(itself, limit=1).hits
            if not known:
                return ()
            stored = _stored(searcher, known[0][1])
            alike = plan.alike(normal(stored.title), normal(stored.body))
            query = plan.both([alike, *conditions(plan, question)], [itself])
            _, found = _find(searcher, query, question, "relevance")
            return tuple(
                hit(_stored(searcher, address), score, Everything(), question)
                for score, address in found
            )

    def frequencies(self, texts: Sequence[str]) -> list[int]:
        searcher = self._newest()
        units = ("all_unit" if len(text) == 1 else "all_pair" for text in texts)
        return [searcher.doc_freq(field, t) for field, t in zip(units, texts, strict=True)]

    def ids(self) -> set[str]:
        searcher = self._newest()
        if searcher.num_docs == 0:
            return set()
        everything = Query.all_query()
        return {term for term, _ in searcher.terms_with_prefix("id", "", everything)}

    def highlight(self, text: str, question: str) -> tuple[tuple[int, int], ...]:
        return marks(text, language.parse(question))

    def segments(self) -> int:
        """How many segments the newest commit has (each costs every search a little)."""
        return self._newest().num_segments

    def close(self) -> None:
        with self._write_lock:
            if self._writer is not None:
                self._writer.wait_merging_threads()
            self._writer, self._writable = None, False

    def _newest(self) -> Searcher:
        """The searcher of the newest commit; reloaded when another meta.json stands there."""
        with self._lock, _damage_told():
            try:
                status = (self.directory / "meta.json").stat()
            except FileNotFoundError as error:
                raise IndexMissing("检索库不在了", REBUILD, str(error)) from error
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._searcher is None or seen != self._seen:
                self._index.reload()
                self._searcher = self._index.searcher()
                self._seen = seen
            return self._searcher

    def _find(
        self,
        tree: language.Node,
        compiled: Query,
        question: Search,
        sort: str,
        searcher: Searcher,
    ) -> tuple[int, int, list[tuple[float, tantivy.DocAddress]]]:
        """(all, those whole, the page). By relevance the whole ones come first, and the near ones,
        which are many, are then only counted."""
        strict = whole_of(tree)
        if strict == tree:
            total, found = _find(searcher, compiled, question, sort)
            return total, total, found
        if sort == "relevance":
            whole, found = _find(
                searcher, self._compile(strict, question, searcher), question, sort
            )
            offset, limit = page(question)
            if offset + limit <= whole:
                return self._count(tree, question, searcher), whole, found
            total, found = _find(searcher, compiled, question, sort)
            return total, whole, found
        total, found = _find(searcher, compiled, question, sort)
        return total, self._count(strict, question, searcher) if total else 0, found

    def _count(self, tree: language.Node, question: Search, searcher: Searcher) -> int:
        plan = TantivyPlan(self.schema, searcher, scored=False)
        query = plan.both([plan.compile(tree), *conditions(plan, question)])
        result: Any = searcher.search(plan.constant(query, 0.0), limit=1)
        return int(result.count)

    def _fetch(self, tree: language.Node, question: Search, searcher: Searcher) -> Iterator[Stored]:
        """What is stored of those that match, `within.MOST` + 1 at most."""
        with _damage_told():
            found = searcher.search(self._compile(tree, question, searcher), limit=MOST + 1).hits
            for _, address in found:
                yield _stored(searcher, address)

    def _compile(self, tree: language.Node, question: Search, searcher: Searcher) -> Query:
        plan = TantivyPlan(self.schema, searcher)
        return plan.both([plan.compile(tree), *conditions(plan, question)])


def _open_index(directory: Path, writable: bool) -> tantivy.Index:
    if has_index(directory, writable, STAMP, "meta.json"):
        with _damage_told():
            return _configured(tantivy.Index.open(str(directory)))
    index = _configured(tantivy.Index(schema(), path=str(directory)))
    write_stamp(directory, *STAMP)
    return index


@contextmanager
def _damage_told() -> Iterator[None]:
    """What tantivy raises over damaged files, a panic of its Rust code too, as a StampError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise damaged(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(error) from error


def _configured(index: tantivy.Index) -> tantivy.Index:
    blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("blank", blank)
    index.config_reader("manual")
    return index


def _commit(writer: tantivy.IndexWriter) -> None:
    try:
        writer.commit()
    except (ValueError, OSError) as error:
        raise _not_written(error) from error


def _not_written(error: Exception) -> EngineError:
    return EngineError("检索库写入失败", "请检查数据目录的磁盘空间和写入权限", str(error))


#: sort -> (fast field, order)
_SORTS = {
    "date": ("date", Order.Desc),
    "-date": ("oldest", Order.Asc),
    "school": ("by_school", Order.Asc),
    "received": ("received", Order.Desc),
}


def _find(
    searcher: Searcher, query: Query, question: Search, sort: str
) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
    """(total, [(score, address)]) of the page asked for."""
    offset, limit = page(question)
    result: Any  # the stub leaves out SearchResult.count
    if limit == 0:
        result = searcher.search(query, limit=1)
        return result.count, []
    if sort == "relevance":
        result = searcher.search(query, limit=limit, offset=offset)
        return result.count, [(float(score), address) for score, address in result.hits]
    field, order = _SORTS[sort]
    result = searcher.search(query, limit=limit, offset=offset, order_by_field=field, order=order)
    return result.count, [(0.0, address) for _, address in result.hits]


def _count_facets(
    searcher: Searcher, query: Query, names: Sequence[str]
) -> Mapping[str, Sequence[tuple[str, int]]]:
    if not names:
        return {}
    wanted = {name: {"terms": {"field": known_facet(name), "size": FACET_VALUES}} for name in names}
    counted = searcher.aggregate(query, wanted)
    buckets = {name: counted[name]["buckets"] for name in names}
    return {name: ranked((b["key"], b["doc_count"]) for b in buckets[name]) for name in names}


def _stored(searcher: Searcher, address: tantivy.DocAddress) -> Stored:
    document = searcher.doc(address)
    return Stored.of(bytes(document["shown"][0]), bytes(document["body"][0]))
