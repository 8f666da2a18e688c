"""The sample county: its register, and what its schools hand in. All people and texts invented."""

from __future__ import annotations

from pathlib import Path

from archive.register import Register
from archive.register_import import load_register

#: The sample county's register, a file as `yanxiu init --org` takes it.
COUNTY = Path(__file__).with_name("county.json")


def county() -> Register:
    """The sample county's register, read."""
    return load_register(COUNTY)
