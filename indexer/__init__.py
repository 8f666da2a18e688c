"""The reader: foreign bytes in, a `Reading` out; and the search engines over what was read.

A library of its own: no Django and no other room of the house.
"""

from __future__ import annotations

from pathlib import Path

from indexer.errors import READ_ERRORS, ReadError
from indexer.limits import Limits
from indexer.reading import Block, OutlineItem, Reading

__all__ = ["READ_ERRORS", "Block", "Limits", "OutlineItem", "ReadError", "Reading", "read"]


def read(
    path: Path | str,
    name: str | None = None,
    limits: Limits | None = None,
    *,
    picture: bool = False,
) -> Reading:
    """Read one file in this process: sniffed by content, bounded in size, not in time.

    `name` is the file's own name where `path` is a spool file; `picture` asks for the first page
    as `Reading.picture`, where the format can be drawn without another program. Raises ReadError.
    For files from outside use `indexer.pool.ReaderPool`, which also bounds time and memory.
    """
    from indexer import readers

    bounds = limits or Limits()
    reading = readers.read(Path(path), name, bounds)
    return readers.pictured(reading, Path(path), bounds) if picture else reading
