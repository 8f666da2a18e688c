"""Laying a backup out in an empty home. Knows no catalogue: there is none yet."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from archive.errors import ArchiveError

FORMAT = "yanxiu-backup-1"
#: Files that nobody but their owner may read.
SECRET = frozenset({"secret.key", "setup.token", "catalogue.sqlite3"})

Progress = Callable[[int, int], None]


def unpack_backup(source: Path, home: Path, progress: Progress = lambda done, total: None) -> None:
    """Lay a backup out in an empty home; `rebuild` is to follow for what is derived.

    Raises ArchiveError: 'not_empty', 'backup_unknown', 'backup_damaged'; the home is then as
    before.
    """
    if home.exists() and any(home.iterdir()):
        raise ArchiveError("not_empty", f"{home} 不是空文件夹", "请恢复到一个新的空文件夹")
    if not source.is_file():
        raise ArchiveError("path_missing", f"找不到备份文件 {source}", "请检查路径")
    try:
        with zipfile.ZipFile(source) as packed:
            _check(packed)
            with _all_or_nothing(home):
                home.mkdir(mode=0o700, parents=True, exist_ok=True)
                _lay_out(packed, home, progress)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ArchiveError(
            "backup_damaged", f"备份文件已损坏：{error}", "请换用另一份备份"
        ) from error


def _check(packed: zipfile.ZipFile) -> None:
    try:
        about = json.loads(packed.read("backup.json"))
    except (KeyError, ValueError):
        about = {}
    if about.get("format") != FORMAT:
        raise ArchiveError(
            "backup_unknown", "这不是本程序的备份文件", "请选择 yanxiu backup 生成的文件"
        )
    for name in packed.namelist():
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\\" in name:
            raise ArchiveError("backup_unknown", "备份文件中有不该有的路径", "请换用另一份备份")


@contextmanager
def _all_or_nothing(home: Path) -> Iterator[None]:
    """Empty the home again when something in the block fails."""
    try:
        yield
    except BaseException:
        for path in home.iterdir() if home.exists() else ():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        raise


def _lay_out(packed: zipfile.ZipFile, home: Path, progress: Progress) -> None:
    names = [n for n in packed.namelist() if n != "backup.json" and not n.endswith("/")]
    for done, name in enumerate(names, 1):
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(name) as source, target.open("wb") as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)
        if name in SECRET:
            target.chmod(0o600)
        if done % 200 == 0 or done == len(names):
            progress(done, len(names))
