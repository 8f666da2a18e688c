"""The engines under test, each in turn; and one OpenSearch server for all the tests of a session,
in memory, on this machine.

With OPENSEARCH_URL in the environment the same tests ask that server instead: osmem-server proves
what the engines promise, not a cluster.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from engine_contract import INSTALLED, Open

from indexer.engines import Engine, open_engine

#: Begins the names of all that the tests make on the server.
NAME = "yanxiu-test"
HAS_SERVER = "OPENSEARCH_URL" in os.environ or find_spec("osmem_server") is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not HAS_SERVER and "opensearch" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason="osmem-server has no wheel for this machine"))


@pytest.fixture(scope="session", autouse=True)
def opensearch_url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENSEARCH_NAME", NAME)
        if given := os.environ.get("OPENSEARCH_URL"):
            yield given
            _tidy(given)
        elif HAS_SERVER:
            from osmem_server import OsmemServer

            with OsmemServer.start(japanese=False) as server:
                patch.setenv("OPENSEARCH_URL", server.url)
                yield server.url
        else:
            yield ""


def _tidy(url: str) -> None:
    """Leave nothing of the tests on a server that was there before them."""
    from opensearchpy import OpenSearch

    client = OpenSearch(hosts=[url])
    for index in client.indices.get_mapping(index=f"{NAME}*"):
        client.indices.delete(index=index)
    client.indices.delete_index_template(name=f"{NAME}*", ignore=404)


@pytest.fixture(params=INSTALLED)
def open_at(request: pytest.FixtureRequest) -> Iterator[Open]:
    opened: list[Engine] = []

    def opening(directory: Path, *, writable: bool = False) -> Engine:
        engine = open_engine(request.param, directory, writable=writable)
        opened.append(engine)
        return engine

    yield opening
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_at: Open, tmp_path: Path) -> Engine:
    return open_at(tmp_path / "index", writable=True)
