"""What is particular to OpenSearch: where the server is, its errors in words, the alias and the
swap, left-over indices, bulk writing under back-pressure."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch

from indexer.engines import Entry, IndexMissing, Search, StampError, open_engine
from indexer.engines import opensearch as engine_module
from indexer.engines import opensearch_server as server_module
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch import open as open_opensearch
from indexer.engines.opensearch_index import NAME_FILE
from indexer.engines.opensearch_server import CHUNK_ACTIONS, PAUSES, ServerError, server_of, write
from indexer.engines.stamps import STAMP_FILE


@pytest.fixture(autouse=True)
def name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Each test has an alias of its own."""
    name = "yanxiu-test-" + "".join(c for c in tmp_path.name.lower() if c.isalnum())[-40:]
    monkeypatch.setenv("OPENSEARCH_NAME", name)
    return name


@pytest.fixture
def client(opensearch_url: str) -> Iterator[OpenSearch]:
    client = OpenSearch(hosts=[opensearch_url])
    yield client
    client.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[OpenSearchEngine]:
    opened = open_opensearch(tmp_path / "index", writable=True)
    yield opened
    opened.close()


def entry(number: int, body: str = "校本研修", **more: Any) -> Entry:
    return Entry(f"r{number:05}", "", "", f"{body} {number}", **more)


def filled(directory: Path, count: int) -> str:
    """A finished index in `directory`, closed; its name on the server."""
    engine = open_opensearch(directory, writable=True)
    engine.apply([entry(n) for n in range(count)])
    engine.close()
    return engine.index


def indices(client: OpenSearch, name: str) -> set[str]:
    return set(client.indices.get_mapping(index=f"{name}.*"))


# The swap


def test_the_alias_moves_when_a_rebuilt_index_is_taken_up(
    client: OpenSearch, tmp_path: Path, name: str
) -> None:
    old = filled(tmp_path / "main", 1)
    open_opensearch(tmp_path / "main", writable=True).close()
    assert set(client.indices.get_alias(name=name)) == {old}
    new = filled(tmp_path / "i-2", 2)
    assert set(client.indices.get_alias(name=name)) == {old}, "a rebuild is not served unfinished"
    assert client.count(index=name)["count"] == 1
    open_opensearch(tmp_path / "i-2", writable=True).close()
    assert set(client.indices.get_alias(name=name)) == {new}
    assert client.count(index=name)["count"] == 2


def test_the_index_of_a_removed_folder_is_dropped_and_no_other(
    client: OpenSearch, tmp_path: Path, name: str
) -> None:
    elsewhere = filled(tmp_path / "other" / "main", 1)
    shutil.rmtree(tmp_path / "other")
    removed, beside = filled(tmp_path / "main", 1), filled(tmp_path / "i-1", 1)
    kept = filled(tmp_path / "i-2", 1)
    shutil.rmtree(tmp_path / "main")
    assert indices(client, name) == {elsewhere, removed, beside, kept}
    open_opensearch(tmp_path / "i-2", writable=True).close()
    assert indices(client, name) == {elsewhere, beside, kept}


def test_the_index_of_a_folder_that_cannot_be_read_is_kept(
    client: OpenSearch, tmp_path: Path, name: str
) -> None:
    unread, own = filled(tmp_path / "main", 1), filled(tmp_path / "i-1", 1)
    (tmp_path / "main" / NAME_FILE).unlink()
    (tmp_path / "main" / NAME_FILE).mkdir()  # stands for a disk that gives an error
    open_opensearch(tmp_path / "i-1", writable=True).close()
    assert indices(client, name) == {unread, own}


def test_a_reader_neither_moves_the_alias_nor_drops(
    client: OpenSearch, tmp_path: Path, name: str
) -> None:
    removed, kept = filled(tmp_path / "main", 1), filled(tmp_path / "i-1", 1)
    shutil.rmtree(tmp_path / "main")
    open_opensearch(tmp_path / "i-1").close()
    assert indices(client, name) == {removed, kept}
    assert not client.indices.exists_alias(name=name)


# The stamp


def test_an_index_with_another_stamp_is_refused(client: OpenSearch, tmp_path: Path) -> None:
    index = filled(tmp_path / "index", 1)
    client.indices.put_mapping(index=index, body={"_meta": {"stamp": "older"}})
    for writable in (False, True):
        with pytest.raises(StampError) as caught:
            open_opensearch(tmp_path / "index", writable=writable)
        assert caught.value.code == "index_stamp"
        assert "rebuild" in caught.value.remedy


@pytest.mark.parametrize("former", ["tantivy", "whoosh"])
def test_a_folder_of_another_engine_is_refused(tmp_path: Path, former: str) -> None:
    open_engine(former, tmp_path / "index", writable=True).close()
    with pytest.raises(StampError):
        open_opensearch(tmp_path / "index", writable=True)
    filled(tmp_path / "ours", 1)
    with pytest.raises(StampError):
        open_engine(former, tmp_path / "ours", writable=True)


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "a", 1)
    (tmp_path / "a" / STAMP_FILE).unlink()
    filled(tmp_path / "b", 1)
    (tmp_path / "b" / NAME_FILE).unlink()
    for folder in "ab":
        with pytest.raises(StampError):
            open_opensearch(tmp_path / folder, writable=True)


def test_an_index_that_went_away_is_missed_and_not_made_anew(
    client: OpenSearch, engine: OpenSearchEngine, tmp_path: Path
) -> None:
    reader = open_opensearch(tmp_path / "index")
    client.indices.delete(index=engine.index)
    questions: list[Callable[[], object]] = [
        lambda: reader.search(Search("校本")),
        lambda: reader.search(Search("校本研修计划")),
        reader.ids,
        lambda: engine.apply([entry(1)]),
        lambda: open_opensearch(tmp_path / "index"),
    ]
    for asking in questions:
        with pytest.raises(IndexMissing) as caught:
            asking()
        assert "rebuild" in caught.value.remedy
    assert not client.indices.exists(index=engine.index)
    reader.close()


# Pages and counts


def test_pages_reach_100_000_hits_down(engine: OpenSearchEngine) -> None:
    engine.apply([entry(n) for n in range(3)])
    for sort in ("relevance", "date"):
        deepest = engine.search(Search("校本", sort=sort, offset=99_990, limit=10))
        beyond = engine.search(Search("校本", sort=sort, offset=99_990, limit=11))
        assert (deepest.total, deepest.hits) == (beyond.total, beyond.hits) == (3, ())


def test_all_values_of_a_facet_are_counted(engine: OpenSearchEngine) -> None:
    engine.apply([entry(n, values={"school": [f"第{n % 40}小学"]}) for n in range(100)])
    counted = dict(engine.search(Search("", facets=("school",))).facets["school"])
    assert counted == {f"第{n}小学": 3 if n < 20 else 2 for n in range(40)}


def test_ids_are_fetched_page_by_page(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "IDS", 7)
    engine.apply([entry(n) for n in range(30)])
    assert engine.ids() == {f"r{n:05}" for n in range(30)}


def test_a_very_long_value_is_kept_and_does_no_harm(engine: OpenSearchEngine) -> None:
    engine.apply([entry(1, values={"author": ["长" * 20_000, "王老师"]})])
    hit = engine.search(Search("作者:王老师")).hits[0]
    assert [len(author) for author in hit.values["author"]] == [20_000, 3]


# Writing


def test_a_large_apply_goes_in_several_chunks(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    bulk = OpenSearch.bulk

    def counting(client: OpenSearch, **request: Any) -> Any:
        sizes.append(len(request["body"]))
        return bulk(client, **request)

    monkeypatch.setattr(OpenSearch, "bulk", counting)
    monkeypatch.setattr(server_module, "CHUNK_BYTES", 20_000)
    monkeypatch.setattr(engine_module, "SPOOL_BYTES", 30_000)
    engine.apply([entry(n) for n in range(100)], drop=["nobody"])
    assert len(sizes) > 2
    assert max(sizes) <= 20_000
    assert engine.search(Search("校本研修")).total == 100


class Busy:
    """Stands for a client whose server has room for so many actions at each request, None for a
    request that it turns away as a whole."""

    def __init__(self, *room: int | None) -> None:
        self.room = list(room)
        self.asked: list[list[str]] = []
        self.done: list[str] = []

    def bulk(self, body: bytes, index: str) -> dict[str, Any]:
        ids = [json.loads(line)["delete"]["_id"] for line in body.splitlines()]
        self.asked.append(ids)
        room = self.room.pop(0) if self.room else 0
        if room is None:
            raise server_module.TransportError(429, "circuit_breaking_exception", {})
        self.done += ids[:room]
        return {"items": [self._item(i, n < room) for n, i in enumerate(ids)]}

    def _item(self, entry_id: str, taken: bool) -> dict[str, Any]:
        if taken:
            return {"delete": {"_id": entry_id, "status": 200}}
        error = {"type": "rejected_execution_exception"}
        return {"delete": {"_id": entry_id, "status": 429, "error": error}}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(server_module.time, "sleep", slept.append)
    return slept


def deletions(count: int) -> Iterator[bytes]:
    return (b'{"delete": {"_id": "%d"}}\n' % n for n in range(count))


def test_what_a_busy_server_refused_is_sent_again_in_order(pauses: list[float]) -> None:
    client: Any = Busy(2, None, 0, 9)
    write(client, "index", deletions(5))
    assert client.done == ["0", "1", "2", "3", "4"]
    assert client.asked == [["0", "1", "2", "3", "4"], *[["2", "3", "4"]] * 3]
    assert pauses == list(PAUSES[:3]) == sorted(pauses)


def test_a_server_that_stays_busy_is_told_as_such(pauses: list[float]) -> None:
    client: Any = Busy()
    with pytest.raises(ServerError) as caught:
        write(client, "index", deletions(1))
    assert "忙" in caught.value.message
    assert caught.value.remedy
    assert pauses == list(PAUSES)


def test_no_chunk_holds_more_actions_than_allowed(pauses: list[float]) -> None:
    client: Any = Busy(*[CHUNK_ACTIONS] * 3)
    write(client, "index", deletions(2 * CHUNK_ACTIONS + 1))
    assert [len(ids) for ids in client.asked] == [CHUNK_ACTIONS, CHUNK_ACTIONS, 1]
    assert pauses == []


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
def test_a_full_or_blocked_server_is_told_at_once(
    client: OpenSearch, engine: OpenSearchEngine, pauses: list[float], block: str
) -> None:
    setting = f"index.blocks.{block}"
    client.indices.put_settings(index=engine.index, body={setting: True})
    with pytest.raises(ServerError) as caught:
        engine.apply([entry(1)])
    client.indices.put_settings(index=engine.index, body={setting: None})
    assert "磁盘" in caught.value.remedy
    assert pauses == []


def test_an_entry_that_the_server_refuses_is_named(engine: OpenSearchEngine) -> None:
    with pytest.raises(ServerError, match="x" * 600):
        engine.apply([Entry("x" * 600, "", "", "")])


# Where the server is


def test_the_nearest_file_tells_where_and_the_environment_overrules_it(tmp_path: Path) -> None:
    folder = tmp_path / "index" / "main"
    (tmp_path / "opensearch.toml").write_text(
        'url = "https://far:9200"\nuser = "clerk"\npassword = "secret"', "utf-8"
    )
    server = server_of(folder, {})
    assert (server.url, server.user, server.name) == ("https://far:9200", "clerk", "yanxiu")
    assert "secret" not in repr(server)
    folder.mkdir(parents=True)
    (tmp_path / "index" / "opensearch.toml").write_text('url = "http://near:9200"', "utf-8")
    assert server_of(folder, {}).url == "http://near:9200"
    assert server_of(folder, {"OPENSEARCH_URL": "http://set:1"}).url == "http://set:1"


@pytest.mark.parametrize(
    "content",
    [
        "", 'url = "far:9200"', 'url = "ftp://far"', "url = 9200", 'adress = "http://far"', "url =",
        'url = "http://far"\nname = "Yan.Xiu"', 'url = "http://far"\nname = "*"',
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "opensearch.toml").write_text(content, "utf-8")
    with pytest.raises(ServerError) as caught:
        server_of(tmp_path, {})
    assert caught.value.code == "index_server"
    assert caught.value.remedy


def test_a_server_that_is_not_there_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as held:  # bound and not listening: nobody else can be there
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPENSEARCH_URL", f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(ServerError, match="连不上"):
            open_opensearch(tmp_path / "index", writable=True)
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSEARCH_CA", str(tmp_path / "root.pem"))
    with pytest.raises(ServerError, match="证书"):
        open_opensearch(tmp_path / "index")


@pytest.mark.parametrize(("status", "word"), [(401, "password"), (403, "权限"), (500, "日志")])
def test_a_server_that_lets_us_not_in_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, word: str
) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"error": "no", "status": %d}' % status)

        def log_message(self, *about: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("OPENSEARCH_URL", f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(ServerError) as caught:
            open_opensearch(tmp_path / "index")
        server.shutdown()
        thread.join()
    assert word in caught.value.remedy
