"""An archive in this very process, for what need not be seen from outside: quick to make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import COUNTY

from watch.folders import Inbox

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from watch.reception import Reception


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Django in this process, on a database of its own (or on that of other tests before)."""
    from yanxiu.opening import open_archive

    before = dict(os.environ)
    open_archive(tmp_path_factory.mktemp("in-process") / "home", create=True)
    # Processes started by other tests must not find our archive in the environment.
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def house(database: None, tmp_path: Path) -> Iterator[House]:
    """An archive of the sample county in this process; its rows are rolled back."""
    from django.db import transaction

    from archive.house import House, opened
    from archive.registering import found, import_register

    inside = House(tmp_path / "home")
    found(inside)
    with opened(inside), transaction.atomic():
        _empty()
        import_register(inside, COUNTY, actor="测试")
        yield inside
        transaction.set_rollback(True)


def _empty() -> None:
    from archive import models

    for model in (models.Order, models.Amendment, models.Arrival, models.Version, models.Event,
                  models.Record, models.IssuedForm, models.RegisterSnapshot):  # fmt: skip
        model.objects.all().delete()


@pytest.fixture
def ingest(house: House) -> Iterator[Ingest]:
    """A worker of that archive."""
    from archive.ingest import Ingest
    from watch.names import ignored_by_name

    with house.pool() as pool, Ingest(house, pool, ignored=ignored_by_name) as worker:
        yield worker


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """With the folder of one school."""
    folder = tmp_path / "收件箱"
    (folder / "孙镇初中").mkdir(parents=True)
    return Inbox(folder, "收件箱", settle=0.0, forms=True)


@pytest.fixture
def reception(house: House, ingest: Ingest, inbox: Inbox) -> Reception:
    """The door of that inbox."""
    from watch.reception import Reception

    return Reception(house, ingest, {inbox.name: inbox})
