"""Ears for an inbox: the operating system's change events, used only to look sooner."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from watch.folders import Inbox
from watch.names import RESERVED

log = logging.getLogger(__name__)

#: Events of reading: a scan that woke the watcher would never let it sleep.
_QUIET = frozenset({"opened", "closed_no_write"})


class Ears:
    """Calls `heard` and sets `wake` when something changes below an inbox."""

    def __init__(self, inbox: Inbox, heard: Callable[[], None], wake: threading.Event) -> None:
        self._inbox, self._heard, self._wake = inbox, heard, wake
        self._observer: BaseObserver | None = None

    def start(self) -> str:
        """Begin to listen; returns why not, as a Chinese sentence for the page ("" = listening,
        or only polling was asked for). The inbox is polled in any case."""
        if self._inbox.mode != "events":
            return ""
        observer = Observer()
        try:
            observer.schedule(_Handler(self), str(self._inbox.path), recursive=True)
            observer.start()
        except Exception as error:
            # OSError from the kernel's watch limit, but also what backends raise of their own.
            log.warning("inbox %s: no events, polling instead: %s", self._inbox.name, error)
            return f"收不到变动通知，改为每 {self._inbox.interval:g} 秒查看一次"
        self._observer = observer
        return ""

    def stop(self) -> None:
        if self._observer:
            self._observer.stop()
            self._observer.join(timeout=5)
            self._observer = None

    def notice(self, event: FileSystemEvent) -> None:
        if event.event_type not in _QUIET and not self._is_ours(str(event.src_path)):
            self._heard()
            self._wake.set()

    def _is_ours(self, path: str) -> bool:
        """Whether it happened in a reserved folder: mostly our own doing."""
        inside = path[len(str(self._inbox.path)) :].replace("\\", "/").lstrip("/")
        return inside.partition("/")[0] in RESERVED


class _Handler(FileSystemEventHandler):
    def __init__(self, ears: Ears) -> None:
        self._ears = ears

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._ears.notice(event)
