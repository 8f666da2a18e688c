"""The sample county: its register, and what its schools hand in. All people and texts invented."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def county() -> dict[str, Any]:
    """The sample county's register as `county.json` holds it (keys as in docs/REGISTER.md)."""
    text = files(__package__).joinpath("county.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
