"""One archive for the page tests, opened once a process; each test's rows are rolled back."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

# The helpers beside this file, whatever way pytest imports test modules.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def home() -> Path:
    return Path(tempfile.mkdtemp(prefix="yanxiu-web-"))


@pytest.fixture(scope="session")
def filled(home: Path) -> County:
    from yanxiu.opening import open_archive

    before = dict(os.environ)
    house = open_archive(home, create=True)
    # Other tests start processes of their own, which must not find our archive in the environment.
    os.environ.clear()
    os.environ.update(before)
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from django.conf import settings

    # Argon2 is slow on purpose, and no test here is about it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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


@pytest.fixture
def put(county: County) -> Callable[..., str]:
    """put(school, title, text, …): one more paper in the archive; its id."""
    from functools import partial

    from filled_house import put

    return partial(put, county.house)
