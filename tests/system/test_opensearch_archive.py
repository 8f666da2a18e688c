"""A whole archive whose index lives on an OpenSearch server (in memory here)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import Archive, report
from opensearchpy import OpenSearch

from indexer.engines import Search

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest

osmem_server = pytest.importorskip("osmem_server", reason="no wheel for this machine")


@pytest.fixture
def client(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSearch]:
    """A server, and an archive that is told by its files to keep its index there."""
    from archive.house import Settings

    for setting in ("URL", "NAME"):
        monkeypatch.delenv(f"OPENSEARCH_{setting}", raising=False)
    house.settings = Settings(engine="opensearch")
    with osmem_server.OsmemServer.start(japanese=False) as server:
        (house.home / "opensearch.toml").write_text(f'url = "{server.url}"\nname = "county"')
        with OpenSearch(hosts=[server.url]) as client:
            yield client


def take(ingest: Ingest, file: Path) -> None:
    """The paper is filed and searchable."""
    from archive.models import Record
    from archive.outbox import wait
    from archive.staging import Offer

    ingest.offer([Offer("folder", file.name, file, "收件箱", "", "", datetime.now(UTC))])
    ingest.run()
    assert wait(ingest.house, list(Record.objects.values_list("id", flat=True)))


def test_a_rebuild_swaps_the_index_and_the_former_one_goes(
    house: House, ingest: Ingest, client: OpenSearch, tmp_path: Path
) -> None:
    from archive.rebuild import reindex

    take(ingest, report(tmp_path / "1.docx", "孙镇初中", "语文", 10))
    assert house.engine().search(Search('"集体备课10次"')).total == 1
    before = set(client.indices.get_mapping(index="county.*"))
    reindex(house)
    assert house.engine().search(Search('"集体备课10次"')).total == 1
    take(ingest, report(tmp_path / "2.docx", "椿林初中", "数学", 11))
    assert house.engine().search(Search("集体备课")).total == 2
    after = set(client.indices.get_mapping(index="county.*"))
    assert len(before) == len(after) == 1
    assert not before & after
    assert set(client.indices.get_alias(name="county")) == after


def test_a_server_that_is_gone_is_told_by_code_and_remedy(archive: Archive) -> None:
    (archive.home / "yanxiu.toml").write_text('[search]\nengine = "opensearch"\n', "utf-8")
    archive.env |= {"OPENSEARCH_URL": "http://127.0.0.1:1"}
    done = archive.run("search", "集体备课", "--json")
    assert done.code == 3
    assert done.err.startswith("错误 [index_server]"), "and no log of the client before it"
    assert "Traceback" not in done.err
    assert done.line["error"]["code"] == "index_server"
    assert "opensearch.toml" in done.line["error"]["remedy"]
