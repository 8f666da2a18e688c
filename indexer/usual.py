"""Which characters are in common use, and which of them follow another one in the index."""

from __future__ import annotations

import threading
import time

from indexer.engines import Engine

#: The first level of GB 2312: 3,755 characters, nearly all that a Chinese text is written with.
USUAL = bytes(
    byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell)
).decode("gb2312", "ignore")
#: Seconds for which an answer is believed; answers kept.
_FRESH, _KEPT = 30.0, 256
#: Followers of a character that are told.
_MOST = 8


class Followers:
    """Asked while somebody types: a letter more asks nearly the same again. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, str]] = {}

    def of(self, engine: Engine, character: str) -> str:
        """The characters that most often follow this one, the likeliest first."""
        with self._lock:
            made, found = self._known.get(character, (0.0, ""))
        if made and time.monotonic() - made < _FRESH:
            return found
        counts = zip(engine.frequencies([character + other for other in USUAL]), USUAL, strict=True)
        likeliest = sorted((pair for pair in counts if pair[0]), reverse=True)[:_MOST]
        found = "".join(other for _, other in likeliest)
        with self._lock:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[character] = time.monotonic(), found
        return found
