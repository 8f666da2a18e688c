from __future__ import annotations

from pathlib import Path

import pytest

from archive.register import Register
from yanxiu.demo import county
from yanxiu.demo.submissions import Submission, write


@pytest.fixture(scope="session")
def register() -> Register:
    return county()


@pytest.fixture(scope="session")
def inbox(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("inbox")
    write(target, register=register)
    return target


@pytest.fixture(scope="session")
def truth(register: Register, tmp_path_factory: pytest.TempPathFactory) -> list[Submission]:
    return write(tmp_path_factory.mktemp("again"), register=register)
