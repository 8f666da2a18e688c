"""What the tests of all formats ask of a bundle."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from indexer.bundles import open_bundle, unpack_into
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.sniff import detect


def contents(path: Path, limits: Limits | None = None, name: str = "") -> dict[str, bytes | str]:
    """Name -> bytes, or the code of what is wrong, of each member in the bundle's order."""
    with tempfile.TemporaryDirectory() as folder:
        taken = unpack_into(path, detect(path, name), Path(folder), limits or Limits(), name)
        return {
            one.name: one.error.code if one.error else (Path(folder) / one.file).read_bytes()
            for one in taken
        }


def names(path: Path) -> list[str]:
    with open_bundle(path, detect(path)) as bundle:
        return [member.name for member in bundle.members()]


def refusal(path: Path, limits: Limits | None = None, name: str = "") -> str:
    """The code with which the bundle as a whole is refused."""
    with pytest.raises(ReadError) as caught:
        contents(path, limits, name)
    return caught.value.code
