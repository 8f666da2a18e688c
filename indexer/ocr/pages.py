"""One page recognised, as plain values; and how sure one may be of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.reading import Block, Reading


@dataclass(frozen=True, slots=True)
class Page:
    """What was recognised on one page. `codes`: texts of QR codes. `confidence`: 0 to 1, 0 where
    nothing was recognised. `seconds` it took. `engine`: the name of what recognised it."""

    blocks: tuple[Block, ...]
    codes: tuple[str, ...] = ()
    confidence: float = 0.0
    seconds: float = 0.0
    engine: str = ""

    @property
    def length(self) -> int:
        """How many characters were recognised, without white space."""
        return sum(len("".join(block.text.split())) for block in self.blocks)

    def to_json(self) -> dict[str, Any]:
        return {
            "blocks": Reading("", "complete", self.blocks).to_json()["blocks"],
            "codes": list(self.codes),
            "confidence": self.confidence,
            "seconds": self.seconds,
            "engine": self.engine,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Page:
        kept = Reading.from_json({"format": "", "status": "complete", "blocks": data["blocks"]})
        return cls(
            kept.blocks, tuple(data["codes"]), data["confidence"], data["seconds"], data["engine"]
        )
