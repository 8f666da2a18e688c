"""The cache of readings, by the sha256 of the bytes read: derived, disposable, quick to load."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from indexer.reading import Reading


class Readings:
    """One JSON file a reading below `folder`. Written whole and renamed; never fsynced, since
    every reading can be made again from the store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.json"

    def load(self, sha256: str) -> Reading | None:
        try:
            return Reading.from_json(json.loads(self._path(sha256).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, sha256: str, reading: Reading) -> Reading:
        """Keep a reading; what was kept. Lone surrogates (half characters of a damaged file),
        which neither catalogue nor store can hold, become question marks."""
        text = json.dumps(reading.to_json(), ensure_ascii=False)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = text.encode("utf-8", "replace")
            reading = Reading.from_json(json.loads(data))
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        partial.write_bytes(data)
        with contextlib.suppress(PermissionError):  # Windows: just being read as it stands
            partial.replace(path)
        return reading
