"""`yanxiu serve`: watcher, ingest, index writer and pages in one process."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Literal

from django.db import close_old_connections
from django.utils import timezone

from archive import recognition
from archive.house import House
from archive.ingest import Ingest, Progress
from archive.models import Amendment, Arrival
from archive.outbox import Indexer
from archive.settling import finish
from archive.staging import as_text
from watch.ahead import issue_ahead
from watch.folders import Inbox, Seen, scan
from watch.names import ignored_by_name
from watch.placing import open_inboxes
from watch.reception import OPEN, Reception
from watch.watcher import Watcher
from yanxiu.config import Config, InboxConfig
from yanxiu.errors import CannotError

log = logging.getLogger("yanxiu.serving")

#: Between two looks for work that nobody announced (uploads, orders of other processes). Seconds.
PAUSE = 0.1
#: A form without scripts sends several files at once; `upload_mb` bounds each of them.
FILES_A_REQUEST = 10
#: Arrivals settled before the originals are cleared away and answered, also while more come.
ROUND = 128
#: Between two looks for scans that wait to be recognised, and for receipts out of date. Seconds.
LOOK = 0.5
#: Between two looks whether forms fall due. Seconds.
HOUR = 3600.0
#: After a round that failed (disk full, database away): a longer breath. Seconds.
BREATH = 5.0
#: After the start, until what makes answers sooner is loaded. Seconds.
LATER = 10.0


def inboxes_of(house: House, config: Config) -> dict[str, Inbox]:
    """The configured inboxes, made where they lie inside the home. Raises CannotError for a
    unit that the register does not know."""
    return {box.name: _inbox(house, box) for box in config.inbox}


def _inbox(house: House, box: InboxConfig) -> Inbox:
    path = Path(box.path)
    if not path.is_absolute():
        path = house.home / path
        path.mkdir(parents=True, exist_ok=True)
    unit = house.register.school_named(box.unit) if box.unit else None
    if box.unit and unit is None:
        raise CannotError(
            "school_unknown",
            f"收件箱「{box.name}」的单位「{box.unit}」不在名册里",
            "请在 yanxiu.toml 中改为名册里的学校简称",
        )
    mode: Literal["events", "polling"] = "polling" if box.mode == "polling" else "events"
    unit_id = unit.id if unit else ""
    return Inbox(path, box.name, unit_id, mode, box.interval, box.settle, forms=True)


class Service:
    """The parts that work in the background, each in a thread of its own; a context manager."""

    def __init__(self, house: House, config: Config, progress: Progress | None = None) -> None:
        self.house, self.config = house, config
        self.inboxes = inboxes_of(house, config)
        self.stop = threading.Event()
        self._progress = progress
        self._refreshed = 0.0
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Service:
        self._serving = self.house.locks.serving()
        open_inboxes(self.inboxes)
        self._pool = self.house.pool()
        options = {"progress": self._progress} if self._progress else {}
        self.ingest = Ingest(self.house, self._pool, ignored=ignored_by_name, **options)
        self.reception = Reception(self.house, self.ingest, self.inboxes)
        self.watcher = Watcher(self.inboxes.values(), self.reception)
        self.reception.again = self.watcher.offer_again
        self.ingest.recover()
        self._start("watch", lambda: self.watcher.run(self.stop))
        self._start("ingest", lambda: self._repeat(self.work))
        self._start("index", self._write_index)
        self._start("arrays", self._load_arrays)
        if self.config.forms.ahead:
            self._start("forms", lambda: self._repeat(self._issue_ahead, HOUR))
        if self.house.settings.recognise:
            self._start("recognise", lambda: self._repeat(self._recognise, LOOK))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop.set()
        self._pool.give_up_recognising()
        for thread in self._threads:
            thread.join(timeout=30)
        self.ingest.__exit__(None, None, None)
        self._pool.close()
        self._serving.release()

    def work(self) -> None:
        """One round: take over what waits, bring it through, clear up behind it. Most rounds find
        nothing, and then ask no more than that."""
        if Arrival.objects.filter(state__in=OPEN).exists() or Amendment.objects.exists():
            finish(self.house)
            self.ingest.adopt()
            self.ingest.run(ROUND)
            self.reception.close_all()
        else:
            self.ingest.rest()
        self.reception.emptied.remove()
        if time.monotonic() >= self._refreshed + LOOK:
            self._refreshed = time.monotonic()
            self.reception.refresh()

    def _write_index(self) -> None:
        indexer: Indexer | None = None
        while not self.stop.is_set() and indexer is None:
            try:
                indexer = Indexer.claim(self.house)
            except Exception:
                log.exception("the index cannot be opened; trying again in %s s", BREATH)
                self.stop.wait(BREATH)
            self.stop.wait(PAUSE)
        if indexer is not None:
            try:
                self._repeat(indexer.apply)
            finally:
                indexer.close()

    def _load_arrays(self) -> None:
        """Hits are quoted by arrays once they are there; the first page does not wait for them."""
        if not self.stop.wait(LATER):
            import_module("indexer.bulk")

    def _recognise(self) -> None:
        """Scans, one after the other, for as long as there are any."""
        try:
            recognition.work(self.house, self._pool, self.stop.is_set)
        except RuntimeError:
            if not self.stop.is_set():  # the pool is closed while we stop
                raise

    def _issue_ahead(self) -> None:
        """Forms of what falls due soon, into the schools' folders."""
        today = timezone.localdate()
        count = issue_ahead(self.house, self.inboxes, self.config.forms.ahead, today)
        if count:
            log.info("%d forms put into 待填", count)

    def _repeat(self, work: Callable[[], object], pause: float = PAUSE) -> None:
        while not self.stop.is_set():
            try:
                work()
            except Exception:
                # Nothing is lost: the rows say what is still to do. Say it and try again.
                log.exception("a round failed; trying again in %s s", BREATH)
                close_old_connections()  # a broken one is not mended by waiting
                self.stop.wait(BREATH)
            self.stop.wait(pause)

    def _start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)


def free_port(host: str, port: int) -> None:
    """Raises CannotError('port_in_use') when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there it would let two programs have the same port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotError(
                "port_in_use",
                f"端口 {port} 不能使用（已被别的程序占用，或没有权限）",
                "请用 --port 换一个端口，或先停止占用它的程序",
            ) from error


def serve_pages(config: Config, port: int) -> None:
    """The pages, until interrupted."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    waitress.serve(
        get_wsgi_application(),
        host=config.web.host,
        port=port,
        **proxy_options(config),
        threads=config.web.threads,
        max_request_body_size=(config.web.upload_mb << 20) * FILES_A_REQUEST,
        ident="yanxiu",
        clear_untrusted_proxy_headers=True,
    )


def proxy_options(config: Config) -> dict[str, object]:
    """Of waitress. Forwarded headers are believed only when `web.origins` tells of a proxy, and
    only from this machine; from elsewhere anybody could send them."""
    if not config.web.origins:
        return {}
    return {
        "trusted_proxy": "127.0.0.1",
        "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
    }


def scanned(inboxes: dict[str, Inbox]) -> dict[str, tuple[int, int]]:
    """Inbox name -> (files ignored by name, files waiting that were not taken over yet)."""
    found = {}
    for name, inbox in inboxes.items():
        seen = [item for item in scan(inbox) if isinstance(item, Seen)]
        ignored = sum(bool(item.ignored) for item in seen)
        taken = set(
            Arrival.objects.filter(inbox=name, member="", state__in=OPEN).values_list(
                "path", flat=True
            )
        )
        waiting = sum(not item.ignored and as_text(item.relpath) not in taken for item in seen)
        found[name] = (ignored, waiting)
    return found
