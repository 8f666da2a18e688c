"""Indices on the OpenSearch server: their fields, their birth, which one is in service, their end.

An index directory names one concrete index (`NAME.PLACE.DIRECTORY.RANDOM`, PLACE standing for the
folder around the directory) in a small file; a rebuild beside the serving one is a directory and an
index of its own. The alias NAME stands for the one in service and moves in one request, when a
writer takes up a finished index. An index whose directory is gone is dropped then too.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from opensearchpy import NotFoundError, OpenSearch

from indexer.engines import FACETS, IndexMissing, StampError
from indexer.engines.opensearch_server import Server, errors_told
from indexer.engines.records import MAX_REACH, PLACES
from indexer.engines.stamps import REBUILD, has_index, stamp_text, write_stamp

#: Raise with every change of the fields or of what goes into them; part of the index's stamp.
SCHEMA_VERSION = 5
STAMP = ("opensearch", "opensearch-py", SCHEMA_VERSION)
NAME_FILE = "opensearch-index"
#: Lucene takes no term above 32,766 bytes; a longer exact value is kept but not found by.
LONGEST_VALUE = 32_766 // 4

_KEYWORD = {"type": "keyword", "ignore_above": LONGEST_VALUE}


def template(name: str) -> dict[str, Any]:
    """What every index of this name is made of."""
    return {
        "index_patterns": [f"{name}.*"],
        "priority": 200,
        "template": {"settings": _settings(), "mappings": _mappings()},
    }


def _settings() -> dict[str, Any]:
    return {
        # One shard: counts of facets are exact, and term statistics those of all records.
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        # `apply` refreshes when it is done, so that nobody sees half of one.
        "refresh_interval": "-1",
        "max_result_window": MAX_REACH,
        "analysis": {"analyzer": {"blank": {"type": "custom", "tokenizer": "whitespace"}}},
    }


def _mappings() -> dict[str, Any]:
    """Kept for answers are `shown` and `body` only; the rest is for searching."""
    fields: dict[str, Any] = {"id": _KEYWORD, "access": _KEYWORD, "ask": _KEYWORD}
    fields["by_school"] = _KEYWORD
    for place in PLACES:
        fields[f"{place}_pair"] = {
            "type": "text", "analyzer": "blank", "index_options": "positions",
        }  # fmt: skip
        fields[f"{place}_unit"] = {"type": "text", "analyzer": "blank", "index_options": "freqs"}
    for facet in FACETS:
        fields[facet] = _KEYWORD
    fields |= {"date": {"type": "integer"}, "oldest": {"type": "integer"}}
    fields |= {"received": {"type": "long"}}
    fields |= {"shown": {"type": "binary"}, "body": {"type": "binary"}}
    kept = {"includes": ["shown", "body"]}
    return {"dynamic": "strict", "_source": kept, "properties": fields}


def index_of(client: OpenSearch, server: Server, directory: Path, writable: bool) -> str:
    """The name of the directory's index. A writer makes it where there is none, else puts it in
    service. Raises StampError, IndexMissing, EngineError."""
    if not has_index(directory, writable, STAMP, NAME_FILE):
        return _make(client, server, directory)
    index = _named(directory)
    if not index:
        raise StampError("检索库没有名称", REBUILD)
    with errors_told():
        about = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
        if about.get("stamp") != stamp_text(*STAMP):
            raise StampError("检索库由另一版本建立，不能继续使用", REBUILD, f"found {about}")
        if writable:
            _serve(client, server, index)
            _drop_left_over(client, server, directory)
    return index


def _make(client: OpenSearch, server: Server, directory: Path) -> str:
    """The name is written first: an index that nobody names is dropped (`_drop_left_over`)."""
    own = re.sub(r"[^a-z0-9-]", "", directory.name.lower()) or "index"
    index = f"{_family(server, directory)}.{own}.{uuid4().hex[:12]}"
    (directory / NAME_FILE).write_text(index, "ascii")
    about = {"stamp": stamp_text(*STAMP), "directory": str(directory.resolve())}
    try:
        with errors_told():
            client.indices.put_index_template(name=server.name, body=template(server.name))
            client.indices.create(index=index, body={"mappings": {"_meta": about}})
    except BaseException:
        (directory / NAME_FILE).unlink()
        raise
    write_stamp(directory, *STAMP)
    return index


def _family(server: Server, directory: Path) -> str:
    """How the names begin of all indices whose directories stand in the same folder."""
    place = str(directory.resolve().parent).encode("utf-8", "surrogateescape")
    return f"{server.name}.{sha256(place).hexdigest()[:12]}"


def _named(directory: Path) -> str:
    """The index that a directory names, "" where none. What cannot be read raises OSError: it
    may name one."""
    try:
        return (directory / NAME_FILE).read_text("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _serve(client: OpenSearch, server: Server, index: str) -> None:
    """Let the alias stand for this index from now on, in one step."""
    holders = _holders(client, server.name)
    if holders == [index]:
        return
    actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": server.name}}]
    actions += [{"remove": {"index": i, "alias": server.name}} for i in holders if i != index]
    client.indices.update_aliases(body={"actions": actions})


def _holders(client: OpenSearch, alias: str) -> list[str]:
    try:
        return list(client.indices.get_alias(name=alias))
    except NotFoundError:
        return []


def _drop_left_over(client: OpenSearch, server: Server, directory: Path) -> None:
    """Drop the indices made for folders beside this one that are gone or name another by now:
    after a swap the folder of the former index is removed, and nothing else tells the server."""
    found = client.indices.get_mapping(index=f"{_family(server, directory)}.*")
    for index, about in found.items():
        made_for = about["mappings"].get("_meta", {}).get("directory")
        if made_for and _is_left(Path(made_for), index):
            client.indices.delete(index=index, ignore_unavailable=True)


def _is_left(directory: Path, index: str) -> bool:
    """The directory names this index no more; one that cannot be read may still do."""
    try:
        return _named(directory) != index
    except OSError:
        return False


def refuse_missing(client: OpenSearch, index: str) -> None:
    """Raises IndexMissing where the index went away. Bulk writing would make it anew, without
    its stamp."""
    with errors_told():
        if not client.indices.exists(index=index):
            raise IndexMissing("检索库在服务器上不在了", REBUILD, index)
