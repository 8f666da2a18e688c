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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import Query, Schema, SchemaBuilder, Searcher

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
from indexer.engines.records import PLACES, asked, conditions, sort_of
from indexer.engines.stamps import REBUILD, damaged, has_index, write_stamp
from indexer.engines.stored import Stored, hit
from indexer.engines.tantivy_documents import documents
from indexer.engines.tantivy_finding import Asking
from indexer.engines.tantivy_query import TantivyPlan
from indexer.engines.within import MOST, resolved
from indexer.query import Everything
from indexer.snippets import marks
from indexer.tokens import normal

#: Raise with every change of the fields or of what goes into them; part of the index's stamp.
SCHEMA_VERSION = 6
STAMP = ("tantivy", "tantivy", SCHEMA_VERSION)
#: Bytes the writer's thread gathers before it writes a segment, and how many threads there are. Two
#: were no gain: 3.12 instead of 3.02 MB/s at 100,000 documents on two cores, for 13 % more of the
#: processor, 6 segments instead of 3 and a filter with facets in 17 instead of 11 to 17 ms.
HEAP, THREADS = 64_000_000, 1


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
        asking = Asking(self.schema, self._newest(), question)
        try:
            plain = resolved(tree, lambda part: _fetch(asking, part))
            matching = asking.matching(plain)
        except ValueError as error:
            raise QueryError("检索词无法执行，请换一种写法") from error
        with _damage_told():
            facets = asking.facets(matching)
            found = asking.page(plain, sort)
            hits = tuple(hit(stored, score, tree, question) for score, stored in found.hits)
            total, whole = found.counts()
            counted = facets()
        spent = (time.perf_counter() - started) * 1000
        return Answer(total, hits, counted, spent, whole, added)

    def similar(self, entry_id: str, question: Search) -> tuple[Hit, ...]:
        asking = Asking(self.schema, self._newest(), question)
        plan = TantivyPlan(self.schema, asking.searcher)
        itself = plan.one_of("id", [entry_id])
        with _damage_told():
            stored = next(asking.first(itself, 1), None)
            if stored is None:
                return ()
            alike = plan.alike(normal(stored.title), normal(stored.body))
            query = plan.both([alike, *conditions(plan, question)], [itself])
            _, found = asking.hits(query, "relevance")
            return tuple(hit(one, score, Everything(), question) for score, one in found)

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


def _fetch(asking: Asking, tree: language.Node) -> Iterator[Stored]:
    """What is stored of those that match, `within.MOST` + 1 at most."""
    with _damage_told():
        yield from asking.first(asking.compile(tree), MOST + 1)


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
