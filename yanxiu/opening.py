"""Opening an archive: its configuration, Django, the database's schema, the house."""

from __future__ import annotations

import gc
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from yanxiu.errors import CannotError

if TYPE_CHECKING:
    from archive.house import House, Settings
    from yanxiu.config import Config


def home_of(given: str | None) -> Path:
    """The archive's home: --home, else YANXIU_HOME. Raises CannotError('no_home')."""
    chosen = given or os.environ.get("YANXIU_HOME")
    if not chosen:
        raise CannotError(
            "no_home", "没有指明档案库的位置", "请加上 --home 文件夹，或设置环境变量 YANXIU_HOME"
        )
    return Path(chosen).expanduser().absolute()


def is_archive(home: Path) -> bool:
    return (home / "store" / "0=ocfl_1.1").exists()


def open_archive(home: Path, *, create: bool = False) -> House:
    """Set Django up on `home` and open it; with `create`, make what is missing.

    Raises CannotError('not_an_archive'), UsageError('config').
    """
    if not create and not is_archive(home):
        raise CannotError(
            "not_an_archive", f"{home} 还不是档案库", "请先执行 yanxiu --home … init --org 名册文件"
        )
    prepare(home)
    _set_up_django(home)
    from archive.house import House, open_house
    from archive.registering import found
    from yanxiu.settings import CONFIG

    _migrate(home)
    house = House(home, _house_settings(CONFIG))
    found(house)
    _calm_collector()
    return open_house(house)


def _calm_collector() -> None:
    """Readings and papers are trees of small values without cycles; by default the collector looks
    through them all every few hundred allocations. What is loaded by now stays for good."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def prepare(home: Path) -> None:
    """The folder, its owner's alone where we make it, and the signing key."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotError(
            "home_unwritable", f"不能建立 {home}：{error}", "请换一个有写权限的位置"
        ) from error
    key = home / "secret.key"
    if not key.exists():
        # Never readable by others, and never half there after a kill.
        fresh = home / f"secret.{os.getpid()}.tmp"
        fresh.touch(0o600)
        fresh.write_text(secrets.token_urlsafe(50), "ascii")
        fresh.replace(key)


def _set_up_django(home: Path) -> None:
    import django

    os.environ["YANXIU_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "yanxiu.settings"
    django.setup()


def _house_settings(config: Config) -> Settings:
    from archive.house import Settings
    from indexer.limits import Limits

    reader = config.reader
    limits = Limits(
        seconds=reader.seconds,
        memory=reader.memory_mb << 20,
        expanded=reader.expanded_mb << 20,
    )
    return Settings(
        engine=config.search.engine,
        workers=reader.workers,
        recognise=reader.recognise,
        limits=limits,
    )


def schema_stamp() -> str:
    """The newest migration of our own app and Django's version: what the schema depends on."""
    import django

    folder = Path(__file__).resolve().parent.parent / "archive" / "migrations"
    newest = max(p.stem for p in folder.glob("[0-9]*.py"))
    return f"{django.get_version()} {newest} {_database()}"


def _database() -> str:
    """Which database the stamp speaks of: another one, or a lost file, has no schema yet."""
    from django.conf import settings

    chosen = settings.DATABASES["default"]
    if chosen["ENGINE"].endswith("sqlite3"):
        return "sqlite" if Path(chosen["NAME"]).exists() else "none"
    return f"{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


def _migrate(home: Path) -> None:
    """Bring the schema up to date. Asking Django takes 200 ms, so a stamp file remembers."""
    stamp = home / "schema"
    if stamp.exists() and stamp.read_text("ascii") == schema_stamp():
        return
    from django.conf import settings
    from django.core.management import call_command

    chosen = settings.DATABASES["default"]
    if chosen["ENGINE"].endswith("sqlite3"):
        # Made here and not by SQLite, whose own would be readable by all; its side files
        # (-wal, -shm) take over these permissions.
        Path(chosen["NAME"]).touch(0o600)
    call_command("migrate", interactive=False, verbosity=0)
    stamp.write_text(schema_stamp(), "ascii")
