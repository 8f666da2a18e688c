"""One TOML file (`yanxiu.toml` in the archive's home) and the environment; nothing else.

`YANXIU_<SECTION>_<KEY>` overrides a key, e.g. YANXIU_WEB_PORT=8100. A key that is not known is
an error naming the nearest known one, so that a slip never silently leaves a default in force.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexer.engines import ENGINES
from yanxiu.errors import UsageError

#: Variables that are no configuration keys.
RESERVED = {
    "YANXIU_HOME",
    "YANXIU_SAMPLES",
    "YANXIU_REQUIRE",
    "YANXIU_FAULT",
    "YANXIU_FAULT_ERROR",
}


@dataclass(frozen=True)
class County:
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Web:
    """`origins`: https addresses at which a TLS proxy on this machine offers the pages."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    origins: tuple[str, ...] = ()
    upload_mb: int = 200


@dataclass(frozen=True)
class Database:
    """Empty `url`: SQLite in the home. Else postgresql://user:password@host:port/name."""

    url: str = ""


@dataclass(frozen=True)
class SearchIndex:
    engine: str = "tantivy"


@dataclass(frozen=True)
class Reader:
    workers: int = 2
    seconds: int = 20
    memory_mb: int = 1024
    expanded_mb: int = 512
    recognise: bool = True


@dataclass(frozen=True)
class Forms:
    """`ahead`: so long before they are due ("7d", "5wd") forms are put into the schools' folders
    待填 by `serve` itself; empty: never."""

    ahead: str = ""


@dataclass(frozen=True)
class InboxConfig:
    """A watched folder. A relative `path` stands below the home; `unit` is a school's short name
    when the folder is that school's own."""

    path: str = "收件箱"
    name: str = "收件箱"
    unit: str = ""
    mode: str = "events"
    interval: float = 2.0
    settle: float = 2.0


@dataclass(frozen=True)
class Config:
    county: County = field(default_factory=County)
    web: Web = field(default_factory=Web)
    database: Database = field(default_factory=Database)
    search: SearchIndex = field(default_factory=SearchIndex)
    reader: Reader = field(default_factory=Reader)
    forms: Forms = field(default_factory=Forms)
    inbox: tuple[InboxConfig, ...] = (InboxConfig(),)


def load(home: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration of the archive at `home`, for None that of the environment alone.
    Raises UsageError('config') with all faults."""
    faults: list[str] = []
    data = _read_file(home / "yanxiu.toml") if home else {}
    _overlay(data, environ, faults)
    config = _build(Config, data, "", faults)
    if not faults:
        _check(config, faults)
    if faults:
        raise UsageError(
            "config",
            "设置有误：" + "；".join(faults),
            f"请修改 {home / 'yanxiu.toml'} 或环境变量" if home else "请修改环境变量",
        )
    return typing.cast(Config, config)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "config", f"设置文件 {path} 不是有效的 TOML：{error}", "请改正后重试"
        ) from error


def _overlay(data: dict[str, Any], environ: Mapping[str, str], faults: list[str]) -> None:
    sections = {f.name: f for f in fields(Config)}
    for name, value in environ.items():
        if not name.startswith("YANXIU_") or name in RESERVED:
            continue
        section, _, key = name.removeprefix("YANXIU_").lower().partition("_")
        if section not in sections or not key or section == "inbox":
            faults.append(f"不认识的环境变量 {name}{_nearest(section, sections)}")
            continue
        data.setdefault(section, {})[key] = value


def _build(shape: type, data: Any, place: str, faults: list[str]) -> Any:
    if not isinstance(data, dict):
        faults.append(f"「{place}」应当是一节（表），而不是单个值")
        return shape()
    hints = typing.get_type_hints(shape)
    values: dict[str, Any] = {}
    for key, value in data.items():
        where = f"{place}.{key}" if place else key
        if key not in hints:
            faults.append(f"不认识的设置「{where}」{_nearest(key, hints)}")
            continue
        values[key] = _convert(hints[key], value, where, faults)
    return shape(**values)


def _convert(hint: Any, value: Any, where: str, faults: list[str]) -> Any:
    if is_dataclass(hint):
        return _build(typing.cast(type, hint), value, where, faults)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list):
            return tuple(_convert(inner, v, f"{where}[{i}]", faults) for i, v in enumerate(value))
    elif isinstance(value, hint) and not isinstance(value, bool):
        return value
    elif isinstance(value, str | int) and hint in (int, float):
        try:
            return hint(value)
        except ValueError:
            pass
    expected = "列表" if isinstance(hint, types.GenericAlias) else _TYPE_NAMES.get(hint, "值")
    faults.append(f"「{where}」应当是{expected}，现为 {value!r}")
    return hint() if isinstance(hint, type) else ()


_TYPE_NAMES: dict[Any, str] = {int: "整数", float: "数字", str: "文字"}


def _check(config: Config, faults: list[str]) -> None:
    if not 0 <= config.web.port <= 65535:
        faults.append(f"「web.port」应在 0 到 65535 之间，现为 {config.web.port}")
    positive = {
        "reader.workers": config.reader.workers,
        "reader.seconds": config.reader.seconds,
        "web.threads": config.web.threads,
        "web.upload_mb": config.web.upload_mb,
    }
    faults.extend(f"「{key}」至少为 1，现为 {n}" for key, n in positive.items() if n < 1)
    _check_addresses(config.web, faults)
    if config.search.engine not in ENGINES:
        faults.append(
            f"没有检索引擎「{config.search.engine}」{_nearest(config.search.engine, ENGINES)}"
        )
    if not _is_zone(config.county.timezone):
        faults.append(f"「county.timezone」不是时区名，现为 {config.county.timezone!r}")
    if config.forms.ahead and not re.fullmatch(r"[0-9]{1,3}(d|wd)", config.forms.ahead):
        faults.append(
            f"「forms.ahead」应写作 7d（天）或 5wd（工作日），现为 {config.forms.ahead!r}"
        )
    names = [box.name for box in config.inbox]
    faults.extend(
        f"收件箱名称「{n}」重复" for n in sorted({n for n in names if names.count(n) > 1})
    )
    for box in config.inbox:
        if box.mode not in ("events", "polling"):
            faults.append(f"收件箱「{box.name}」的 mode 应为 events 或 polling，现为 {box.mode!r}")
        if box.interval < 0.1 or box.settle < 0:
            faults.append(f"收件箱「{box.name}」的 interval 至少为 0.1 秒，settle 不能为负")
    _check_places(config.inbox, faults)


def _check_addresses(web: Web, faults: list[str]) -> None:
    if not [host for host in web.hosts if host]:
        faults.append("「web.hosts」至少要有一个名称，否则谁也打不开网页")
    for origin in web.origins:
        try:
            good = re.fullmatch(r"https://[^/?#@\s*]+", origin) and urlsplit(origin).port != 0
        except ValueError:
            good = False
        if not good:
            faults.append(
                f"「web.origins」应写作 https://名称 或 https://名称:端口，现为 {origin!r}"
            )


def _check_places(boxes: tuple[InboxConfig, ...], faults: list[str]) -> None:
    """One folder watched twice would take every file twice."""
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            one, two = (Path(os.path.normpath(b.path)) for b in (box, other))
            if one == two or one in two.parents or two in one.parents:
                faults.append(
                    f"收件箱「{box.name}」和「{other.name}」的文件夹相同或一个在另一个里面"
                )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def _nearest(word: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.4)
    return f"，是否想写「{close[0]}」？" if close else ""
