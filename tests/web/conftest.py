"""One archive for the page tests, opened once a process; each test's rows are rolled back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


@pytest.fixture(scope="session")
def home() -> Path:
    return Path(tempfile.mkdtemp(prefix="yanxiu-web-"))


@pytest.fixture(scope="session")
def filled(home: Path) -> County:
    from yanxiu.opening import open_archive

    house = open_archive(home, create=True)
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from filled_house import fill

    return fill(house, home)


@pytest.fixture
def county(filled: County) -> Iterator[County]:
    """The archive, inside a transaction that is rolled back."""
    from django.core.cache import cache
    from django.db import transaction

    from archive.house import opened

    cache.clear()
    with opened(filled.house), transaction.atomic():
        yield filled
        transaction.set_rollback(True)


@pytest.fixture
def office(county: County) -> Client:
    """The county office's browser."""
    from filled_house import account, signed_in

    return signed_in(account("教研室", "county"))


@pytest.fixture
def school(county: County) -> Client:
    """The browser of 东河初中."""
    from filled_house import account, signed_in

    return signed_in(account("东河初中", "school", county.east))


@pytest.fixture
def stranger(county: County) -> Client:
    """A browser that nobody signed in from; an office account exists."""
    from filled_house import account, signed_in

    account("教研室", "county")
    return signed_in()
