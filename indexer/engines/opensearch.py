"""OpenSearch, for an office that runs such a server already: the index lives there, the directory
holds its name, its stamp and the writer's lock.

Fields as in `indexer.engines.tantivy`, the same tokens joined by blanks and split by OpenSearch's
white space tokenizer, so that questions are compiled by the same rules and phrases stay exact.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout
from opensearchpy import RequestError

from indexer import query as language
from indexer.engines import FACETS, Answer, Entry, Hit, IndexBusy, QueryError, Search
from indexer.engines.opensearch_index import index_of, refuse_missing
from indexer.engines.opensearch_query import OpenSearchPlan, Query
from indexer.engines.opensearch_server import connect, errors_told, server_of, write
from indexer.engines.plan import whole_of
from indexer.engines.records import (
    LAST_DAY,
    asked,
    conditions,
    known_facet,
    page,
    ranked,
    record,
    sort_of,
)
from indexer.engines.stored import Stored, hit
from indexer.engines.within import MOST, resolved
from indexer.query import Everything
from indexer.snippets import marks
from indexer.tokens import normal, pair_stream, unit_stream

LOCK_FILE = "writer.lock"
#: Values of one facet that are counted.
FACET_VALUES = 1_000
#: Ids fetched by one request.
IDS = 10_000
#: Papers read by one request, where sections are asked for.
FETCHED = 500
#: An apply larger than this waits on disk, not in memory, until it is sent.
SPOOL_BYTES = 32_000_000


def open(directory: Path, *, writable: bool = False) -> OpenSearchEngine:
    """Open the index of `directory`. Raises StampError, IndexMissing, IndexBusy, EngineError."""
    return OpenSearchEngine(directory, writable=writable)


class OpenSearchEngine:
    """One index on a server; safe to use from many threads."""

    def __init__(self, directory: Path, *, writable: bool) -> None:
        server = server_of(directory)
        self._client = connect(server)
        self._write_lock = threading.Lock()
        self._writable = writable
        self._lock = _locked(directory) if writable else None
        try:
            self.index = index_of(self._client, server, directory, writable)
        except BaseException:
            self._unlock()
            raise

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def apply(self, put: Iterable[Entry], drop: Iterable[str] = ()) -> None:
        """Add or replace, drop, refresh. Entries that cannot be had leave the index untouched; if
        the server gives up half way, the same call again ends it."""
        with self._write_lock:
            if not self._writable:
                raise IndexBusy("检索库以只读方式打开，不能写入", "请由写入程序处理")
            with _spooled(put, drop) as actions:
                refuse_missing(self._client, self.index)
                write(self._client, self.index, actions)
            with errors_told():
                self._client.indices.refresh(index=self.index)

    def search(self, question: Search) -> Answer:
        started = time.perf_counter()
        tree, added = asked(question)
        sort = sort_of(question, tree)
        with errors_told():
            plain = resolved(tree, lambda part: self._fetch(part, question))
            found = self._ask(self._request(plain, question, sort))
        total, counts = int(found["hits"]["total"]["value"]), found.get("aggregations", {})
        return Answer(
            total,
            tuple(_hit(row, tree, question) for row in found["hits"]["hits"]),
            {name: ranked(_buckets(counts[f"facet_{name}"])) for name in question.facets},
            (time.perf_counter() - started) * 1000,
            int(counts["whole"]["doc_count"]) if "whole" in counts else total,
            added,
        )

    def similar(self, entry_id: str, question: Search) -> tuple[Hit, ...]:
        plan = OpenSearchPlan(self._client, self.index)
        itself = plan.one_of("id", [entry_id])
        offset, limit = page(question)
        kept: Query = {"_source": ["shown", "body"]}
        with errors_told():
            known = self._ask({"query": itself, "size": 1, **kept})["hits"]["hits"]
            if not known:
                return ()
            stored = _stored(known[0])
            alike = plan.alike(normal(stored.title), normal(stored.body))
            wanted = plan.both([alike, *conditions(plan, question)], [itself])
            found = self._ask({"query": wanted, "from": offset, "size": limit, **kept})
        return tuple(_hit(row, Everything(), question) for row in found["hits"]["hits"])

    def frequencies(self, texts: Sequence[str]) -> list[int]:
        plan = OpenSearchPlan(self._client, self.index)
        with errors_told():
            return plan.frequencies(
                [("all_unit" if len(text) == 1 else "all_pair", text) for text in texts]
            )

    def ids(self) -> set[str]:
        known: set[str] = set()
        request: dict[str, Any] = {
            "query": {"match_all": {}}, "_source": False, "size": IDS, "sort": [{"id": "asc"}],
        }  # fmt: skip
        with errors_told():
            while rows := self._ask(request)["hits"]["hits"]:
                known.update(row["_id"] for row in rows)
                request["search_after"] = rows[-1]["sort"]
        return known

    def highlight(self, text: str, question: str) -> tuple[tuple[int, int], ...]:
        return marks(text, language.parse(question))

    def close(self) -> None:
        """Give the lock back."""
        with self._write_lock:
            self._writable = False
            self._unlock()
            self._client.close()

    def _fetch(self, tree: language.Node, question: Search) -> Iterator[Stored]:
        """What is stored of those that match, `within.MOST` + 1 at most."""
        plan = OpenSearchPlan(self._client, self.index)
        request: dict[str, Any] = {
            "query": plan.both([plan.compile(tree), *conditions(plan, question)]),
            "_source": ["shown", "body"], "size": FETCHED, "sort": [{"id": "asc"}],
        }  # fmt: skip
        for _ in range(MOST // FETCHED + 1):
            rows = self._ask(request)["hits"]["hits"]
            if not rows:
                return
            yield from map(_stored, rows)
            request["search_after"] = rows[-1]["sort"]

    def _request(self, tree: language.Node, question: Search, sort: str) -> dict[str, Any]:
        """Hits, facets and the whole matches by one request, so that they tell of one state."""
        plan = OpenSearchPlan(self._client, self.index)
        limits = conditions(plan, question)
        offset, limit = page(question)
        counts: Query = {
            f"facet_{name}": {"terms": {"field": known_facet(name), "size": FACET_VALUES}}
            for name in question.facets
        }
        strict = whole_of(tree)
        if strict != tree:
            counting = OpenSearchPlan(self._client, self.index, scored=False)
            counts["whole"] = {"filter": counting.compile(strict)}
        return {
            "query": plan.both([plan.compile(tree), *limits]),
            "from": offset if limit else 0,
            "size": limit,
            # By id last, so that pages do not overlap where hits are equal.
            "sort": [_SORTS[sort], {"id": "asc"}],
            "track_total_hits": True,
            "_source": ["shown", "body"],
            **({"aggs": counts} if counts else {}),
        }

    def _ask(self, request: dict[str, Any]) -> Any:
        try:
            return self._client.search(body=request, index=self.index)
        except RequestError as error:
            raise QueryError("检索词无法执行，请换一种写法") from error


_SORTS = {
    "relevance": {"_score": "desc"},
    "date": {"date": "desc"},
    "-date": {"oldest": "asc"},
    "school": {"by_school": "asc"},
    "received": {"received": "desc"},
}


def _locked(directory: Path) -> FileLock:
    """The server knows no single writer; the directory, on one machine, does."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy("检索库正由另一个程序写入", "请等它结束，或先停止另一个程序") from error
    return lock


@contextmanager
def _spooled(put: Iterable[Entry], drop: Iterable[str]) -> Iterator[Iterator[bytes]]:
    """The bulk actions, all made before the first is sent."""
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as spool:
        for entry_id in drop:
            spool.write(_line({"delete": {"_id": entry_id}}))
        for entry in put:
            spool.write(_line({"index": {"_id": entry.id}}) + _line(_document(entry)))
        spool.seek(0)
        yield _actions(spool)


def _actions(spool: IO[bytes]) -> Iterator[bytes]:
    for line in spool:
        yield line if line.startswith(b'{"delete"') else line + next(spool)


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8") + b"\n"


def _document(entry: Entry) -> dict[str, Any]:
    made = record(entry)
    document: dict[str, Any] = {"id": entry.id, "access": list(entry.access)}
    for place, text in made.texts.items():
        document[f"{place}_pair"] = pair_stream(text)
        document[f"{place}_unit"] = unit_stream(text)
    for facet in FACETS:
        document[facet] = made.values[facet]
    document["ask"] = made.asked
    document["date"] = made.day
    document["oldest"] = made.day or LAST_DAY
    document["received"] = made.received
    document["by_school"] = made.by_school
    document["shown"] = _packed(made.shown)
    document["body"] = _packed(made.body)
    return document


def _packed(stored: bytes) -> str:
    """As a binary field takes it."""
    return b64encode(zlib.compress(stored)).decode("ascii")


def _unpacked(stored: str) -> bytes:
    return zlib.decompress(b64decode(stored))


def _stored(row: Mapping[str, Any]) -> Stored:
    kept = row["_source"]
    return Stored.of(_unpacked(kept["shown"]), _unpacked(kept["body"]))


def _hit(row: Mapping[str, Any], tree: language.Node, question: Search) -> Hit:
    return hit(_stored(row), float(row["_score"] or 0.0), tree, question)


def _buckets(counted: Query) -> Iterator[tuple[str, int]]:
    return ((bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"])
