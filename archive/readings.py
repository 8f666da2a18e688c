"""The cache of readings, by the sha256 of the bytes read: derived, disposable, quick to load."""

from __future__ import annotations

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

    def save(self, sha256: str, reading: Reading) -> None:
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps(reading.to_json(), ensure_ascii=False), "utf-8")
        partial.replace(path)
