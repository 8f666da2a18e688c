"""Folders of an inbox that stand empty after their files were taken are removed, by and by."""

from __future__ import annotations

import time
from pathlib import Path

from watch.folders import Inbox

#: So long a folder stands empty before it goes. Whoever copies a folder of many files into the
#: inbox must not find it gone after the first was taken. Seconds.
STANDS = 300.0


class Emptied:
    """Folders out of which files were taken. Those made since, or with anything in them, stay;
    so does everything after a restart until files are taken out of it again."""

    def __init__(self) -> None:
        self._folders: dict[Path, tuple[Path, float]] = {}

    def note(self, inbox: Inbox, relpath: str, *, keep: bool) -> None:
        """A file was taken. `keep`: its top folder is a school's own and stays."""
        parts = relpath.split("/")[:-1]
        kept = 1 if keep else 0
        if len(parts) > kept:
            folder = inbox.path.joinpath(*parts)
            top = inbox.path.joinpath(*parts[:kept])
            self._folders[folder] = (top, time.monotonic())

    def remove(self) -> None:
        """Remove what stood empty long enough, and the folders above that become empty by it."""
        now = time.monotonic()
        for folder, (top, since) in list(self._folders.items()):
            if now - since >= STANDS:
                del self._folders[folder]
                _remove_up_to(folder, top)


def _remove_up_to(folder: Path, top: Path) -> None:
    while folder != top and not folder.is_symlink():
        try:
            folder.rmdir()
        except OSError:
            return  # something is in it, it is gone, or not ours to remove
        folder = folder.parent
