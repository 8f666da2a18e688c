"""Where the OpenSearch server is, and how it is spoken with: settings, errors told in words, and
bulk writing that gives way when the server is busy.

The port opens an engine by a directory; the address stands in `opensearch.toml` there or in one of
the two folders above (an archive keeps it in its home, beside yanxiu.toml), or in the environment.
"""

from __future__ import annotations

import logging
import os
import re
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)

from indexer.engines import EngineError, IndexMissing
from indexer.engines.stamps import REBUILD

SETTINGS_FILE = "opensearch.toml"
#: Seconds until a request that brings no answer is given up.
TIMEOUT = 60
#: One bulk request: OpenSearch's guide on indexing speed says to start at 5 to 15 MB.
CHUNK_BYTES, CHUNK_ACTIONS = 5_000_000, 500
#: Seconds between the attempts at a chunk that the server had no room for (status 429).
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class ServerError(EngineError):
    """The server cannot be reached, lets us not in, or does not do what is asked."""

    code = "index_server"


@dataclass(frozen=True, slots=True)
class Server:
    """`name` is the alias in service and the beginning of every index's name; archives that share
    a server need different ones. `ca`: a file of certificates to trust, "" the system's."""

    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    name: str = "yanxiu"


def server_of(directory: Path, environ: Mapping[str, str] = os.environ) -> Server:
    """The settings in force for an index directory: OPENSEARCH_URL, _USER, _PASSWORD, _CA and
    _NAME of the environment before the nearest file. Raises ServerError."""
    server = replace(Server(), **_in_file(directory.absolute()))
    for setting in fields(Server):
        if given := environ.get(f"OPENSEARCH_{setting.name.upper()}"):
            server = replace(server, **{setting.name: given})
    if not re.fullmatch(r"https?://[^\s/]+/?", server.url):
        raise ServerError(
            "没有写明 OpenSearch 服务器的地址" if not server.url else "OpenSearch 的地址写得不对",
            f'请在档案库文件夹的 {SETTINGS_FILE} 里写 url = "https://主机:9200"',
        )
    # No dot: it ends the name, so that `a.*` never takes the indices of `a-b`.
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", server.name):
        raise ServerError(
            f"OpenSearch 的索引名 {server.name!r} 不能用",
            f"请在 {SETTINGS_FILE} 里把 name 改为小写字母、数字和短横",
        )
    return server


def _in_file(directory: Path) -> dict[str, str]:
    for folder in (directory, *directory.parents[:2]):
        file = folder / SETTINGS_FILE
        if file.is_file():
            return _read(file)
    return {}


def _read(file: Path) -> dict[str, str]:
    try:
        data = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ServerError(f"设置文件 {file} 读不出来", "请改正后重试", str(error)) from error
    known = [setting.name for setting in fields(Server)]
    for key, value in data.items():
        if key not in known or not isinstance(value, str):
            raise ServerError(
                f"设置文件 {file} 里的 {key} 不对", f"可用的设置：{'、'.join(known)}，值都是文字"
            )
    return data


def connect(server: Server) -> OpenSearch:
    """A client of a server that answered. Raises ServerError."""
    # The client logs each failure with its traces; here they come as errors, or are expected.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    options: dict[str, Any] = {"http_auth": (server.user, server.password)} if server.user else {}
    if server.ca:
        if not Path(server.ca).is_file():
            raise _untrusted(f"no file {server.ca}")
        options["ca_certs"] = server.ca
    with errors_told():
        client = OpenSearch(hosts=[server.url], timeout=TIMEOUT, **options)
        client.info()
    return client


@contextmanager
def errors_told() -> Iterator[None]:
    """What the client raises, as EngineErrors with a sentence and a remedy."""
    try:
        yield
    except (OpenSearchException, ImproperlyConfigured) as error:
        raise _told(error) from error


def _told(error: Exception) -> EngineError:
    detail = f"{type(error).__name__}: {error}"
    match error:
        case AuthenticationException():
            return ServerError(
                "检索服务器不认用户名或密码",
                f"请核对 {SETTINGS_FILE} 里的 user 和 password",
                detail,
            )
        case AuthorizationException():
            return _not_writable(detail)
        case NotFoundError():
            return IndexMissing("检索库在服务器上不在了", REBUILD, detail)
        case SSLError():
            return _untrusted(detail)
        case ConnectionError() | ImproperlyConfigured():
            return ServerError(
                "连不上检索服务器", f"请检查服务器是否开着、{SETTINGS_FILE} 里的 url 对不对", detail
            )
        case _ if "cluster_block_exception" in detail:
            return _not_writable(detail)
        case _:
            return ServerError("检索服务器没有照办", "请查看服务器的日志，或稍后重试", detail)


def _untrusted(detail: str) -> ServerError:
    return ServerError(
        "检索服务器的证书不可信", f"请在 {SETTINGS_FILE} 里用 ca 写明证书文件", detail
    )


def _not_writable(detail: str) -> ServerError:
    return ServerError(
        "检索服务器不让这样做", "请检查服务器的磁盘空间和这个用户的权限（见运维手册）", detail
    )


def write(client: OpenSearch, index: str, actions: Iterable[bytes]) -> None:
    """Send bulk actions (each its lines, with line ends) in bounded chunks, in order. Each may be
    sent again. Raises EngineError."""
    for chunk in _chunks(actions):
        _send(client, index, chunk)


def _chunks(actions: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for action in actions:
        if chunk and (size + len(action) > CHUNK_BYTES or len(chunk) >= CHUNK_ACTIONS):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += len(action)
    if chunk:
        yield chunk


def _send(client: OpenSearch, index: str, chunk: Sequence[bytes]) -> None:
    for pause in (0.0, *PAUSES):
        if pause:
            time.sleep(pause)
        # From the first refused one on, all again: the last action on an id must stay the last.
        chunk = chunk[_taken(client, index, chunk) :]
        if not chunk:
            return
    raise ServerError(
        "检索服务器一直太忙，没有写完", "稍后会再试；经常这样请给服务器加内存", f"{len(chunk)} left"
    )


def _taken(client: OpenSearch, index: str, chunk: Sequence[bytes]) -> int:
    """How many actions, from the first on, were done before one for which there was no room."""
    try:
        answer = client.bulk(body=b"".join(chunk), index=index)
    except TransportError as error:
        if error.status_code == 429 and "cluster_block_exception" not in str(error):
            return 0
        raise _told(error) from error
    except OpenSearchException as error:
        raise _told(error) from error
    taken = len(chunk)
    for place, item in reversed(list(enumerate(answer["items"]))):
        ((kind, result),) = item.items()
        if result["status"] == 429 and result["error"]["type"] != "cluster_block_exception":
            taken = place
        elif result["status"] >= 300 and not (kind == "delete" and result["status"] == 404):
            raise _refused(result)
    return taken


def _refused(result: Mapping[str, Any]) -> EngineError:
    detail = f"{result.get('_id')}: {result.get('error')}"
    match result.get("error", {}).get("type"):
        case "cluster_block_exception" | "security_exception":
            return _not_writable(detail)
        case "index_not_found_exception":
            return IndexMissing("检索库在服务器上不在了", REBUILD, detail)
        case _:
            return ServerError("检索服务器不收这份内容", "请查看服务器的日志", detail)
