"""How a document's body looks, and what stands out from it: bold, centred or larger lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.reading import Block

#: Longer paragraphs are running text; headings and titles are shorter.
RUNNING = 40
#: From this many points above the body on a line is larger. Chinese sizes next to each other are
#: 1.5 to 2 points apart where headings are set (小四 12, 四号 14, 小三 15, 三号 16).
LARGER = 1.5


@dataclass(frozen=True, slots=True)
class Looks:
    """`size`: points of the body, 0 unknown. `bold`, `centred`: whether most of the text is, so
    that being so says nothing of a line."""

    size: float = 0.0
    bold: bool = False
    centred: bool = False

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> Looks:
        """The looks of most characters of the running text."""
        sizes: Counter[float] = Counter()
        bold = centred = characters = 0
        for block in blocks:
            if block.kind not in ("paragraph", "heading"):
                continue
            length = len(block.text)
            sizes[block.size] += length
            if length > RUNNING:
                characters += length
                bold += length * block.bold
                centred += length * block.centred
        sizes.pop(0.0, None)
        size = sizes.most_common(1)[0][0] if sizes else 0.0
        return cls(size, bold * 2 > characters, centred * 2 > characters)

    def is_large(self, block: Block) -> bool:
        return bool(self.size) and block.size >= self.size + LARGER
