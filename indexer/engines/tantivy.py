"""The default engine: tantivy, one long-lived writer, batched commits.

Tokens are made in `indexer.tokens`, joined by blanks, and split again by tantivy's own white
space tokenizer: about ten times faster than handing over token objects, and a token's number is
its position. Fields: `PLACE_pair` the bigrams with positions, `PLACE_unit` single characters and
whole words; `ask_FACET` folded values for the query language, FACET the exact ones for filters
and counts.
"""

from __future__ import annotations

import json
import os
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Occur, Order, Query, Schema, SchemaBuilder, Searcher

from indexer import query as language
from indexer.dates import date_range, number
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
    StampError,
)
from indexer.engines.tantivy_query import Compiler
from indexer.folding import load_table
from indexer.snippets import marks, snippets
from indexer.tokens import BORDER, normal, pair_stream, unit_stream

#: Raise with every change of the fields or of how tokens are made.
SCHEMA_VERSION = 1
STAMP_FILE = "yanxiu-index.json"
#: Bytes the writer gathers before it writes a segment, and its threads: one, since each thread
#: leaves a segment of its own at each commit.
HEAP, THREADS = 64_000_000, 1
MAX_LIMIT, MAX_REACH = 1_000, 100_000
#: Values of one facet that are counted.
FACET_VALUES = 1_000
PLACES = ("all", "title", "head")
_REBUILD = "请运行 yanxiu rebuild 重建检索库"
_LAST_DAY = 99_999_999


def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", fast=True, tokenizer_name="raw", index_option="basic")
    for place in PLACES:
        builder.add_text_field(f"{place}_pair", tokenizer_name="blank", index_option="position")
        builder.add_text_field(f"{place}_unit", tokenizer_name="blank", index_option="freq")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field(f"ask_{facet}", tokenizer_name="raw", index_option="freq")
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("date", indexed=True, fast=True)
    builder.add_unsigned_field("oldest", fast=True)
    builder.add_text_field("by_school", fast=True, tokenizer_name="raw", index_option="basic")
    # Stored only: never searched, but the binding has no unindexed text field.
    builder.add_bytes_field("shown", stored=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()


def stamp() -> dict[str, Any]:
    """What the index depends on; an index with another stamp answers wrongly or not at all."""
    table = "".join(f"{old}{new}" for old, new in sorted(load_table().items()))
    return {
        "engine": "tantivy",
        "engine_version": version("tantivy"),
        "schema": SCHEMA_VERSION,
        "characters": sha256(table.encode()).hexdigest()[:16],
        "unicode": unicodedata.unidata_version,
    }


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
                for entry in put:
                    writer.delete_documents_by_term("id", entry.id)
                    writer.add_document(_document(entry))
                _commit(writer)
            except BaseException:
                self._undo(writer)
                raise

    def _undo(self, writer: tantivy.IndexWriter) -> None:
        """Back to the last commit; a writer that cannot is given up, the next call opens another."""
        try:
            writer.rollback()
        except (ValueError, OSError):
            self._writer = None

    def search(self, question: Search) -> Answer:
        started = time.perf_counter()
        tree = language.parse(question.text)
        searcher = self._newest()
        try:
            compiled = self._compile(tree, question, searcher)
        except ValueError as error:
            raise QueryError("检索词无法执行，请换一种写法") from error
        with _damage_told():
            total, found = _find(searcher, compiled, question, ordered=not _scored(tree))
            facets = _count_facets(searcher, compiled, question.facets)
            hits = tuple(_hit(searcher, address, score, tree, question) for score, address in found)
        return Answer(total, hits, facets, (time.perf_counter() - started) * 1000)

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
                raise IndexMissing("检索库不在了", _REBUILD, str(error)) from error
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._searcher is None or seen != self._seen:
                self._index.reload()
                self._searcher = self._index.searcher()
                self._seen = seen
            return self._searcher

    def _compile(self, tree: language.Node, question: Search, searcher: Searcher) -> Query:
        compiler = Compiler(self.schema, searcher)
        parts = [compiler.compile(tree)]
        parts += [
            compiler.one_of(_facet(name), values) for name, values in question.filters.items()
        ]
        if question.date_from or question.date_to:
            found = date_range(f"{question.date_from}..{question.date_to}")
            if found is None:
                raise QueryError("看不懂日期范围", 0, "例如 2014-09-01")
            parts.append(Query.const_score_query(compiler.dates(*found), 0.0))
        if question.access is not None:
            parts.append(compiler.one_of("access", question.access))
        if len(parts) == 1:
            return parts[0]
        return Query.boolean_query([(Occur.Must, part) for part in parts])


def _open_index(directory: Path, writable: bool) -> tantivy.Index:
    if not (directory / STAMP_FILE).exists():
        if (directory / "meta.json").exists():
            raise StampError("检索库没有版本标记", _REBUILD)
        if not writable:
            raise IndexMissing("还没有检索库", "请先运行 yanxiu rebuild 或收入文件")
        return _create(directory)
    _check_stamp(directory)
    with _damage_told():
        return _configured(tantivy.Index.open(str(directory)))


@contextmanager
def _damage_told() -> Iterator[None]:
    """What tantivy raises over damaged files, a panic of its Rust code too, as a StampError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise StampError("检索库已损坏", _REBUILD, str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise StampError("检索库已损坏", _REBUILD, str(error)) from error


def _configured(index: tantivy.Index) -> tantivy.Index:
    blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("blank", blank)
    index.config_reader("manual")
    return index


def _create(directory: Path) -> tantivy.Index:
    """The stamp comes last, and whole: a reader sees no index or a finished one."""
    directory.mkdir(parents=True, exist_ok=True)
    index = _configured(tantivy.Index(schema(), path=str(directory)))
    unfinished = directory / (STAMP_FILE + ".new")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(stamp(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(directory / STAMP_FILE)
    return index


def _check_stamp(directory: Path) -> None:
    try:
        found = json.loads((directory / STAMP_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    if found != stamp():
        raise StampError(
            "检索库由另一版本建立，不能继续使用",
            _REBUILD,
            f"found {found}, need {stamp()}",
        )


def _commit(writer: tantivy.IndexWriter) -> None:
    try:
        writer.commit()
    except (ValueError, OSError) as error:
        raise _not_written(error) from error


def _not_written(error: Exception) -> EngineError:
    return EngineError("检索库写入失败", "请检查数据目录的磁盘空间和写入权限", str(error))


def _document(entry: Entry) -> Document:
    document = Document()
    document.add_text("id", entry.id)
    title, headings, body = normal(entry.title), _heading_lines(entry.headings), normal(entry.body)
    missing = [line for line in headings if line not in body]
    _add_text(document, "title", title)
    _add_text(document, "head", BORDER.join(headings))
    _add_text(document, "all", BORDER.join([title, *missing, body]))
    for facet in FACETS:
        _add_values(document, facet, entry)
    for unit in entry.access:
        document.add_text("access", unit)
    day = number(entry.date)
    document.add_unsigned("date", day)
    document.add_unsigned("oldest", day or _LAST_DAY)
    document.add_text("by_school", _school_key(entry.values.get("school", ()), day))
    document.add_bytes("shown", _encoded(json.dumps(_shown(entry), ensure_ascii=False)))
    document.add_bytes("body", _encoded(entry.body))
    return document


def _shown(entry: Entry) -> list[Any]:
    values = {name: list(entry.values[name]) for name in entry.values}
    return [entry.id, entry.title, entry.headings, values, entry.date, dict(entry.extra)]


def _encoded(text: str) -> bytes:
    """A text as bytes; lone surrogates (odd file names) survive the way there and back."""
    return text.encode("utf-8", "surrogatepass")


def _decoded(stored: Any) -> str:
    return bytes(stored).decode("utf-8", "surrogatepass")


def _heading_lines(headings: str) -> list[str]:
    lines = (normal(line) for line in headings.splitlines())
    return [line for line in lines if line]


def _add_text(document: Document, place: str, squeezed: str) -> None:
    document.add_text(f"{place}_pair", pair_stream(squeezed))
    document.add_text(f"{place}_unit", unit_stream(squeezed))


def _add_values(document: Document, facet: str, entry: Entry) -> None:
    values = [value for value in entry.values.get(facet, ()) if value]
    for value in dict.fromkeys(values):
        document.add_text(facet, value)
    asked = [_normal_value(value) for value in (*values, *entry.labels.get(facet, ()))]
    for value in dict.fromkeys(asked):
        if value:
            document.add_text(f"ask_{facet}", value)


@lru_cache(maxsize=4096)
def _normal_value(value: str) -> str:
    return normal(value)


@lru_cache(maxsize=4096)
def _pinyin_key(name: str) -> str:
    """GB 18030 bytes: its first level (the 3,755 commonest characters) stands in pinyin order."""
    return name.encode("gb18030", "replace").hex()


def _school_key(schools: Sequence[str], day: int) -> str:
    """Sorts by name, then newest first; records without a school come last."""
    name = _pinyin_key(schools[0]) if schools and schools[0] else "~"
    return f"{name}!{_LAST_DAY - day:08}"


def _facet(name: str) -> str:
    if name not in FACETS:
        raise QueryError(f"没有“{name}”这个筛选项", 0, "可用：" + "、".join(FACETS))
    return name


def _scored(tree: language.Node) -> bool:
    return next(language.leaves(tree), None) is not None


#: sort -> (fast field, order)
_SORTS = {
    "date": ("date", Order.Desc),
    "-date": ("oldest", Order.Asc),
    "school": ("by_school", Order.Asc),
}


def _find(
    searcher: Searcher, query: Query, question: Search, *, ordered: bool
) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
    """(total, [(score, address)]) of the page asked for. A question without words has no
    relevance: its newest come first."""
    sort = "date" if question.sort == "relevance" and ordered else question.sort
    if sort != "relevance" and sort not in _SORTS:
        raise QueryError(f"不能按“{sort}”排序", 0, "可用：relevance、date、-date、school")
    result: Any  # the stub leaves out SearchResult.count
    limit = min(max(question.limit, 0), MAX_LIMIT)
    offset = max(question.offset, 0)
    if limit == 0 or offset + limit > MAX_REACH:
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
    wanted = {name: {"terms": {"field": _facet(name), "size": FACET_VALUES}} for name in names}
    counted = searcher.aggregate(query, wanted)
    return {name: _ranked(counted[name]["buckets"]) for name in names}


def _ranked(buckets: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    pairs = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _hit(
    searcher: Searcher,
    address: tantivy.DocAddress,
    score: float,
    tree: language.Node,
    question: Search,
) -> Hit:
    stored = searcher.doc(address)
    entry_id, title, headings, values, date, extra = json.loads(_decoded(stored["shown"][0]))
    shown: tuple[Any, ...] = ()
    if question.snippets:
        body = _decoded(stored["body"][0])
        shown = snippets(body, headings, tree)
    return Hit(entry_id, score, title, marks(title, tree), shown, values, date, extra)
