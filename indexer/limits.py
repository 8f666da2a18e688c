"""How much one file may cost. The same figures hold in a child process and in `indexer.read`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file; reaching one ends in `too_large`, `timeout` or a partial reading.

    `seconds`: wall clock of one reading in a `ReaderPool`; `page_seconds`: of recognising the text
    of one scanned page; `bundle_seconds`: of opening a bundle of any size. `memory`: address space
    of a worker in bytes (Linux). `part`: expanded bytes of one XML part that is parsed; its tree
    costs about ten times as much. `expanded`: declared expanded bytes of a whole package.
    `ratio`: expanded to packed, looked at from 16 MB on. `members`: entries of a package.
    `characters`, `blocks`, `rows`, `cells`, `pages`: what is kept of one file before the reading
    is called partial; together they keep what reaches the caller below 100 MB (measured: 92 MB
    for the worst of sixteen made-up files). `pixels`: of one picture that is decoded; 240 MB as
    RGB.
    """

    seconds: float = 20.0
    page_seconds: float = 120.0
    bundle_seconds: float = 120.0
    memory: int = 1536 * 1024 * 1024
    file: int = 512 * 1024 * 1024
    part: int = 48 * 1024 * 1024
    expanded: int = 1024 * 1024 * 1024
    ratio: int = 200
    members: int = 10_000
    characters: int = 2_000_000
    blocks: int = 50_000
    rows: int = 100_000
    cells: int = 400_000
    pages: int = 2_000
    pixels: int = 80_000_000

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Limits:
        return cls(**data)


DEFAULT = Limits()
