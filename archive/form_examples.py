"""The example that stands beside the readable source of each form of ours, to show it filled in."""

from __future__ import annotations

import tomllib
from typing import Any

from archive.forms import Paper
from archive.kind_files import BUILTIN

SOURCES = BUILTIN.parent / "forms_source"


def example(paper: Paper) -> dict[str, Any]:
    """Values for every name of the form; {} for a form that has no example."""
    path = SOURCES / f"{paper.id.replace('.', '-')}.toml"
    if not path.is_file():
        return {}
    source = tomllib.loads(path.read_text("utf-8"))
    return {**source.get("known", {}), **source.get("written", {})}
