"""Our own readers as the house runs them: children of a `ReaderPool`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench import descendants
from bench.readers.expected import Answer
from indexer import sniff
from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Reading

#: How `indexer.child` puts it where a child died of a file, and what its processes are called.
_DIED = "reader process ended"
_WORKER = b"indexer.worker"


class Ours:
    """All methods may be called from as many threads as there are workers."""

    label = "ours"

    def __init__(self, workers: int) -> None:
        self._pool = ReaderPool(workers)

    def read(self, path: Path) -> Answer:
        """Its text and its comments, or the code of the refusal."""
        try:
            return Answer(text=text_of(self._pool.read(path)))
        except ReadError as error:
            return _refusal(error)

    def recognise(self, path: Path) -> Answer:
        """Like `read`, with the text of its pictures."""
        try:
            reading = self._pool.recognise(path, self._pool.read(path))
        except ReadError as error:
            return _refusal(error)
        return Answer(text=text_of(reading))

    def members(self, path: Path) -> Answer:
        """The names of what a bundle holds."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                taken = self._pool.unpack(path, sniff.detect(path), Path(folder))
        except ReadError as error:
            return _refusal(error)
        return Answer(text="\n".join(one.name for one in taken))

    def pids(self) -> list[int]:
        return [pid for pid in descendants(os.getpid()) if _WORKER in _command(pid)]

    def close(self) -> None:
        self._pool.close()


def text_of(reading: Reading) -> str:
    """All that was read: the text, then the comments, which are no part of it."""
    comments = [block.text for block in reading.blocks if block.kind == "comment"]
    return "\n".join([reading.text, *comments])


def _refusal(error: ReadError) -> Answer:
    if error.detail.startswith(_DIED):
        return Answer(failed="crashed")
    return Answer(refused=error.code)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
