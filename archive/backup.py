"""A backup of everything an archive is, taken while it serves; and its restoration.

One zip: the store and quarantine as they stand, a consistent copy of the database, settings and
keys. What is derived (index, cache of readings) is left out and made anew by `restore`. Stored,
not deflated: office files are compressed already.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from archive.durable import replace_file, sync_file
from archive.errors import ArchiveError
from archive.house import House
from archive.restore import FORMAT, Progress
from archive.settling import deciding

FOLDERS = ("store", "quarantine", "staging", "kinds")
FILES = ("yanxiu.toml", "secret.key", "setup.token")
DATABASE = "catalogue.sqlite3"


def backup(house: House, target: Path, progress: Progress = lambda done, total: None) -> Path:
    """Write a backup to `target` (a new file). Raises ArchiveError ('exists', 'path_missing'),
    OSError.

    The deciding lock is held, so no paper changes meanwhile; pages and searches go on.
    """
    if target.exists():
        raise ArchiveError("exists", f"{target} 已经存在", "请换一个文件名，或先移走旧的备份")
    if not target.parent.is_dir():
        # Made for somebody, it would fill the system's disk while the backup disk is away.
        raise ArchiveError(
            "path_missing",
            f"找不到文件夹 {target.parent}",
            "请检查路径；备份到移动硬盘或共享文件夹时，请先确认它已经接好",
        )
    partial = target.with_name(target.name + ".part")
    # What is in it is not for everybody: keys, password digests, the papers themselves.
    partial.unlink(missing_ok=True)
    partial.touch(0o600)
    try:
        with deciding(house), _new_zip(partial) as out:
            _write(house, out, progress)
        sync_file(partial)
        replace_file(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _new_zip(path: Path) -> zipfile.ZipFile:
    # A file dated before 1980 is no reason to have no backup.
    return zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, strict_timestamps=False)


def _write(house: House, out: zipfile.ZipFile, progress: Progress) -> None:
    about = {"format": FORMAT, "at": datetime.now(UTC).isoformat()}
    out.writestr("backup.json", json.dumps(about))
    copy = house.home / "workspace" / f"backup-{DATABASE}"
    if connection.vendor == "sqlite":
        _copy_database(Path(settings.DATABASES["default"]["NAME"]), copy)
        out.write(copy, DATABASE)
        copy.unlink()
    files = list(_files(house.home))
    for done, (path, name) in enumerate(files, 1):
        try:
            out.write(path, name)
        except FileNotFoundError:
            # Staged copies come and go meanwhile; what the store holds does not.
            if not name.startswith("staging/"):
                raise
        if done % 200 == 0 or done == len(files):
            progress(done, len(files))


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: consistent beside readers and writers."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    one, other = sqlite3.connect(source), sqlite3.connect(target)
    with one, other:
        one.backup(other)
    one.close()
    other.close()


def _files(home: Path) -> Iterator[tuple[Path, str]]:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file():
                yield path, path.relative_to(home).as_posix()
    for name in FILES:
        if (home / name).is_file():
            yield home / name, name
