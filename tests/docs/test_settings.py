"""Every key of the configuration is told with its default, and what is told is true."""

from __future__ import annotations

import tomllib
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from manuals import manual

from watch.names import RESERVED
from yanxiu import config

PAGES = ("docs/OPERATIONS.md", "## Settings"), ("docs/OPERATIONS.zh-CN.md", "## 设置")
pages = pytest.mark.parametrize(("name", "heading"), PAGES)


def defaults() -> dict[str, Any]:
    """ "section.key" -> default, of every key there is."""
    return dict(_keys(config.Config()))


def _keys(whole: config.Config) -> Iterator[tuple[str, Any]]:
    for section in fields(whole):
        value = getattr(whole, section.name)
        one = value[0] if isinstance(value, tuple) else value
        assert is_dataclass(one)
        yield from ((f"{section.name}.{f.name}", getattr(one, f.name)) for f in fields(one))


def told(name: str, heading: str) -> dict[str, Any]:
    """ "section.key" -> the default that the page tells."""
    rows = manual(name).rows(heading)
    return {row[0].strip("`"): _value(row[1].strip("`")) for row in rows}


def _value(text: str) -> Any:
    value = tomllib.loads(f"value = {text}")["value"]
    return tuple(value) if isinstance(value, list) else value


@pages
def test_every_key_is_told_with_its_default(name: str, heading: str) -> None:
    assert told(name, heading) == defaults()


@pages
def test_the_example_is_a_good_configuration(name: str, heading: str, tmp_path: Path) -> None:
    examples = [body for kind, body in manual(name).blocks if kind == "toml"]
    assert examples
    for example in examples:
        (tmp_path / "yanxiu.toml").write_text(example, "utf-8")
        loaded = config.load(tmp_path, {})
        assert loaded != config.Config()


@pages
def test_reserved_folders_are_told(name: str, heading: str) -> None:
    spans = set(manual(name).spans)
    assert {f"{folder}/" for folder in RESERVED} <= spans


def test_hints_of_the_configuration_are_the_sections_told() -> None:
    sections = set(typing.get_type_hints(config.Config))
    assert {key.partition(".")[0] for key in defaults()} == sections
