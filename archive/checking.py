"""The clerk's look at files without taking them in: read, filed and checked, nothing stored."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.facts import facts_of
from archive.filing import Clues
from archive.judging import QUARANTINED, judge
from archive.kinds import Kind
from archive.register import Register
from indexer import sniff
from indexer.bundles import DEEPEST, is_bundle
from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Reading


def files_of(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """(label, file) of every file of the given files and folders, by path. Links inside a folder
    are left out: they may lead anywhere."""
    for path in paths:
        if path.is_file():
            yield str(path), path
        elif path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
                yield file.relative_to(path).as_posix(), file
        else:
            raise ArchiveError("path_missing", f"找不到：{path}", "请检查路径是否写对")


def check_paths(
    paths: Iterable[Path],
    kinds: Mapping[str, Kind],
    register: Register,
    ignored: Callable[[str], object] = lambda name: False,
    quick: bool = False,
) -> Iterator[dict[str, Any]]:
    """One line a file, as `yanxiu add` would say it, with no id and nothing kept. `ignored` is
    the name rule; `quick`: scans are judged by their names and codes alone."""
    with ReaderPool(workers=1) as pool, tempfile.TemporaryDirectory() as scratch:
        clerk = _Clerk(pool, dict(kinds), register, Path(scratch), ignored, quick)
        for label, file in files_of(paths):
            yield from clerk.lines(label, file, file.name, tuple(Path(label).parts[:-1][-1:]), "")


class _Clerk:
    def __init__(
        self,
        pool: ReaderPool,
        kinds: dict[str, Kind],
        register: Register,
        scratch: Path,
        ignored: Callable[[str], object],
        quick: bool,
    ) -> None:
        self.pool, self.kinds, self.register, self.scratch = pool, kinds, register, scratch
        self.ignored = ignored
        self.quick = quick

    def lines(
        self,
        label: str,
        file: Path,
        name: str,
        folders: tuple[str, ...],
        member: str,
        depth: int = 1,
    ) -> Iterator[dict[str, Any]]:
        if self.ignored(name):
            yield _line(label, member, "ignored", facts_of(None, self.kinds, self.register))
            return
        try:
            form = sniff.detect(file, name)
            if is_bundle(file, form):
                yield from self._members(label, file, form, name, folders, member, depth)
                return
            reading = self.pool.read(file, name)
            if reading.scanned and not self.quick:
                reading = self.pool.recognise(file, reading)
        except ReadError as error:
            yield self._failed(label, member, error)
            return
        yield self._line(label, file, name, folders, member, reading)

    def _failed(self, label: str, member: str, error: ReadError) -> dict[str, Any]:
        facts = {**facts_of(None, self.kinds, self.register), "error": error.to_json()}
        status = "quarantined" if error.code in QUARANTINED else "review"
        return _line(label, member, status, facts)

    def _members(
        self,
        label: str,
        file: Path,
        form: str,
        name: str,
        folders: tuple[str, ...],
        within: str,
        depth: int,
    ) -> Iterator[dict[str, Any]]:
        if depth > DEEPEST:
            raise ReadError("too_deep", f"bundles nested deeper than {DEEPEST}")
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            found = self.pool.unpack(file, form, Path(folder), name)
            yield _line(label, within, "unpacked", facts_of(None, self.kinds, self.register))
            for taken in found:
                place = f"{within}/{taken.name}" if within else taken.name
                parts = taken.name.split("/")
                if taken.error is not None and not self.ignored(parts[-1]):
                    yield self._failed(label, place, taken.error)
                    continue
                inner = (*folders, name, *parts[:-1])
                member = Path(folder) / taken.file
                yield from self.lines(label, member, parts[-1], inner, place, depth + 1)

    def _line(
        self,
        label: str,
        file: Path,
        name: str,
        folders: tuple[str, ...],
        member: str,
        reading: Reading,
    ) -> dict[str, Any]:
        modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        clues = Clues(name, folders, "", datetime.now(UTC), modified)
        thought = judge(reading, clues, self.kinds, self.register)
        filing, found = thought.filing, thought.findings
        facts = {
            **facts_of(filing.to_json(), self.kinds, self.register),
            "missing": found.missing,
            "empty": found.empty,
            "missing_fields": list(found.missing_fields),
            "missing_recommended": found.missing_recommended,
        }
        return _line(label, member, filing.status, facts)


def _line(label: str, member: str, status: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": label, "member": member or None, "status": status, "id": None, **facts,
        "duplicate_of": None, "new_version_of": None,
    }  # fmt: skip
