"""The opened archive: its folders, kinds, register, store and engine, in one value.

A process opens one (`open_house`) after Django is set up; `current()` gives it to the pages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive import index_folder, synonyms
from archive.errors import ArchiveError
from archive.kind_files import BUILTIN, load_kinds
from archive.kinds import Kind
from archive.locks import Locks
from archive.models import Record, RegisterSnapshot
from archive.ocfl import Store
from archive.readings import Readings
from archive.register import Register
from indexer.engines import Engine, open_engine
from indexer.limits import Limits
from indexer.reading import Reading

if TYPE_CHECKING:
    from indexer.pool import ReaderPool


@dataclass(frozen=True)
class Settings:
    """What the shell's configuration says to the archive, as plain values. `recognise`: whether
    the text of scans is recognised by itself."""

    engine: str = "tantivy"
    workers: int = 2
    recognise: bool = True
    limits: Limits = field(default_factory=Limits)


class House:
    """Folders stand below `home`: store (OCFL), staging, readings (cache), index, locks,
    quarantine (of files that came by `add` or upload), kinds (the county's own)."""

    def __init__(self, home: Path, settings: Settings | None = None) -> None:
        self.home = home
        self.settings = settings or Settings()
        self.locks = Locks(home / "locks")
        self.readings = Readings(home / "readings")
        self.staging = home / "staging"
        self.quarantine = home / "quarantine"
        self._engine: tuple[Path, Engine] | None = None
        self._guard = threading.Lock()
        self._register: tuple[int, Register] | None = None

    @property
    def own_kinds(self) -> Path:
        """The county's own kinds and templates."""
        return self.home / "kinds"

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        return load_kinds(BUILTIN, self.own_kinds)

    @cached_property
    def store(self) -> Store:
        return Store(self.home / "store", self.home / "workspace")

    @cached_property
    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """Groups of words that mean the same."""
        return synonyms.groups(self.kinds.values())

    @property
    def register(self) -> Register:
        """The register in force. Raises ArchiveError('no_register') before `init`."""
        newest = RegisterSnapshot.objects.order_by("-n").values_list("n", flat=True).first()
        if newest is None:
            raise ArchiveError(
                "no_register", "档案库还没有单位名册", "请先执行 yanxiu init --org 名册文件"
            )
        if self._register is None or self._register[0] != newest:
            data = RegisterSnapshot.objects.get(n=newest).data
            self._register = (newest, Register.from_json(data))
        return self._register[1]

    def reading(self, sha256: str) -> Reading | None:
        return self.readings.load(sha256)

    def content(self, record: Record, n: int | None = None) -> Path:
        """The stored file of the n-th version (default: the newest)."""
        version = record.versions.filter(n=n or record.head).first()
        if version is None:
            raise ArchiveError("version_unknown", f"该件没有第 {n} 版", "请在版本列表中选择")
        return self.store.path(f"urn:yanxiu:record:{record.id}", version.logical)

    # --- index -------------------------------------------------------------

    @property
    def index_folder(self) -> Path:
        return index_folder.serving(self.home)

    def engine(self) -> Engine:
        """The engine for reading, opened once and again after a swap."""
        folder = self.index_folder
        with self._guard:
            if self._engine is None or self._engine[0] != folder:
                if not folder.exists():
                    open_engine(self.settings.engine, folder, writable=True).close()
                self._engine = (folder, open_engine(self.settings.engine, folder))
            return self._engine[1]

    def pool(self) -> ReaderPool:
        """Child processes for reading; lazily started, to be closed by the caller."""
        from indexer.pool import ReaderPool  # most commands read nothing

        return ReaderPool(
            workers=self.settings.workers,
            scratch=self.home / "scratch",
            limits=self.settings.limits,
        )


_current: House | None = None


def current() -> House:
    if _current is None:
        raise RuntimeError("no archive is open in this process")
    return _current


def open_house(house: House) -> House:
    """Make `house` the one this process serves."""
    global _current
    _current = house
    return house


@contextmanager
def opened(house: House) -> Iterator[House]:
    """`house` is the current one inside the block (tests)."""
    global _current
    before, _current = _current, house
    try:
        yield house
    finally:
        _current = before
