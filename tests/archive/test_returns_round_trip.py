"""Forms filled in at random, saved by LibreOffice in its formats, printed and scanned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.register import Register
from bench.filling import copies
from bench.returns import WAYS, Tally, round_trip, scans, shipped
from yanxiu.demo import county

needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not on this machine"
)


@pytest.fixture(scope="module")
def register() -> Register:
    return county()


def check(tally: Tally) -> None:
    assert tally.wrong == []
    assert tally.recognised == tally.forms


def test_what_was_written_is_read_back(register: Register, tmp_path: Path) -> None:
    made = list(copies(shipped(), register, 60, seed=3))
    check(round_trip(made, register, tmp_path, WAYS[:1])[WAYS[0]])


@needs_soffice
def test_what_libreoffice_saved_is_read_back(register: Register, tmp_path: Path) -> None:
    made = list(copies(shipped(), register, 6, seed=4))
    tallies = round_trip(made, register, tmp_path, WAYS[1:])
    assert set(tallies) == {"docx", "doc", "odt"}
    for tally in tallies.values():
        check(tally)


@needs_soffice
@pytest.mark.sweep
def test_what_was_printed_stamped_and_scanned_is_filed(register: Register, tmp_path: Path) -> None:
    made = list(copies(shipped(), register, 6, seed=6))
    found = scans(made, register, tmp_path)
    assert (found["codes_percent"], found["filed_percent"]) == (100, 100)
