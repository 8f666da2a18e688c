"""The stamp of an index: what its answers depend on, in a file beside it.

An index with another stamp would answer wrongly or not at all; it is refused and rebuilt.
"""

from __future__ import annotations

import json
import os
import unicodedata
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from indexer.engines import IndexMissing, StampError
from indexer.folding import load_table

STAMP_FILE = "yanxiu-index.json"
#: Raise with every change of how tokens are made (`indexer.tokens`, `indexer.folding`).
TOKENS_VERSION = 1
REBUILD = "请运行 yanxiu rebuild 重建检索库"


def damaged(error: BaseException) -> StampError:
    return StampError("检索库已损坏", REBUILD, f"{type(error).__name__}: {error}")


@lru_cache(maxsize=8)
def stamp_text(engine: str, package: str, schema_version: int) -> str:
    table = "".join(f"{old}{new}" for old, new in sorted(load_table().items()))
    content: dict[str, Any] = {
        "engine": engine,
        "engine_version": version(package),
        "schema": schema_version,
        "tokens": TOKENS_VERSION,
        "characters": sha256(table.encode()).hexdigest()[:16],
        "unicode": unicodedata.unidata_version,
    }
    return json.dumps(content, indent=1)


def write_stamp(directory: Path, engine: str, package: str, schema_version: int) -> None:
    """Written last and whole: a reader sees no index or a finished one."""
    unfinished = directory / (STAMP_FILE + ".new")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(stamp_text(engine, package, schema_version))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(directory / STAMP_FILE)


def has_index(directory: Path, writable: bool, stamp: tuple[str, str, int], marker: str) -> bool:
    """True for an index of ours, False where a writer may make one. `marker` is a pattern of the
    engine's own files. Raises StampError, IndexMissing (a reader where there is nothing)."""
    file = directory / STAMP_FILE
    if not file.exists():
        if any(directory.glob(marker)):
            raise StampError("检索库没有版本标记", REBUILD)
        if not writable:
            raise IndexMissing("还没有检索库", "请先收入文件，或运行 yanxiu rebuild")
        directory.mkdir(parents=True, exist_ok=True)
        return False
    found = file.read_bytes().decode("utf-8", "replace")
    needed = stamp_text(*stamp)
    if found != needed:
        raise _other(found, needed, stamp[0])
    return True


def _other(found: str, needed: str, engine: str) -> StampError:
    """Another engine's index, or one of this engine that another version made."""
    detail = f"found {found}, need {needed}"
    try:
        made_by = str(json.loads(found)["engine"])
    except (ValueError, KeyError, TypeError):
        made_by = engine
    if made_by == engine:
        return StampError("检索库由另一版本建立，不能继续使用", REBUILD, detail)
    return StampError(
        f"检索库由检索引擎 {made_by} 建立，现在设定的是 {engine}，不能继续使用",
        f"{REBUILD}，或把引擎改回 {made_by}",
        detail,
    )
