"""Long answers take turns: each holds one of the server's few threads until it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator


class Turns:
    """So many at a time."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    def take(self) -> Turn | None:
        """A turn, or None while all are taken."""
        return Turn(self._free) if self._free.acquire(blocking=False) else None


class Turn:
    """Given back once, by whoever ends first: the pieces, or the server that closes them."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        self._free: threading.BoundedSemaphore | None = free

    def give_back(self) -> None:
        free, self._free = self._free, None
        if free is not None:
            free.release()


class Taking(Iterator[bytes]):
    """Pieces that hold a turn. A generator would not do: closed before its first piece, it never
    comes to its `finally`."""

    def __init__(self, pieces: Iterator[bytes], turn: Turn) -> None:
        self._pieces, self._turn = pieces, turn

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self._turn.give_back()
            raise

    def close(self) -> None:
        """The server has sent all, or the browser has gone."""
        self._turn.give_back()
