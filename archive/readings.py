"""The cache of readings, by the sha256 of the bytes read: derived, disposable, quick to load."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from archive.ids import uuid7
from indexer.reading import Reading


class Readings:
    """One JSON file a reading below `folder`, and one picture of its first page where somebody
    looked. Written whole and renamed; never fsynced, since all of it can be made again from the
    store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.json"

    def picture(self, sha256: str) -> bytes | None:
        """The first page as PNG, b"" where there is none to be had, None where nobody looked."""
        try:
            return self._picture_path(sha256).read_bytes()
        except OSError:
            return None

    def save_picture(self, sha256: str, png: bytes) -> None:
        _write(self._picture_path(sha256), png)

    def _picture_path(self, sha256: str) -> Path:
        return self._path(sha256).with_suffix(".png")

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
        _write(self._path(sha256), data)
        return reading


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{uuid7()}.tmp")  # two threads may write the same
    partial.write_bytes(data)
    with contextlib.suppress(PermissionError):  # Windows: just being read as it stands
        partial.replace(path)
