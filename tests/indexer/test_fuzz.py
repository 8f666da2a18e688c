"""Wrong files of every format end in a reading or a code, and never in a surprise.

The long run is `make fuzz`; what it finds becomes a test of its own beside the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.pool import ReaderPool
from indexer.readers import MODULES
from tools.fuzz_readers import form_of, judged
from tools.made_files import made_files
from tools.mutations import mutated

_MADE = {
    f"{form_of(name, data)} {name}": (name, data)
    for name, data in made_files()
    if form_of(name, data) in MODULES and len(data) < 20_000
}
#: A small real one of those formats whose made ones are plain.
_REAL = (
    "apache+poi/Bug33519.doc", "apache+poi/Bug51834.doc", "apache+poi/SimpleMacro.ppt",
    "apache+tika/testComment.ppt", "apache+tika/testComment.xls", "ofdrw+ofdrw/keyword2.ofd",
    "apache+tika/testRTFTableCellSeparation.rtf",
)  # fmt: skip


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    with ReaderPool(1, tmp_path_factory.mktemp("scratch"), Limits(seconds=10)) as made:
        yield made


def outcome(pool: ReaderPool, path: Path, name: str) -> tuple[str, str] | None:
    """What should not be, and where; None for a reading or a code."""
    try:
        pool.read(path, name)
    except ReadError as error:
        return judged(error)
    return None


def check(pool: ReaderPool, folder: Path, name: str, data: bytes, seed: int) -> None:
    path = folder / "wrong"
    path.write_bytes(mutated(data, Random(seed)))
    assert outcome(pool, path, name) is None


_few = settings(
    max_examples=5, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.mark.parametrize("which", sorted(_MADE))
@_few
@given(seed=st.integers(0, 2**32))
def test_a_wrong_file_has_a_reading_or_a_code(
    pool: ReaderPool, tmp_path: Path, which: str, seed: int
) -> None:
    check(pool, tmp_path, *_MADE[which], seed)


@pytest.mark.samples
@pytest.mark.parametrize("name", _REAL)
@_few
@given(seed=st.integers(0, 2**32))
def test_a_real_file_gone_wrong_has_a_reading_or_a_code(
    pool: ReaderPool, samples: Path, tmp_path: Path, name: str, seed: int
) -> None:
    check(pool, tmp_path, name, (samples / "files" / name).read_bytes(), seed)


def test_the_same_seed_makes_the_same_file() -> None:
    for _, data in _MADE.values():
        assert mutated(data, Random(7)) == mutated(data, Random(7))


def test_most_changes_change_something() -> None:
    for _, data in _MADE.values():
        made = {mutated(data, Random(seed)) for seed in range(20)}
        assert len(made) > 10


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (ReadError("corrupt", "KeyError at readers/docx/body.py:1: 'x'"), "bug"),
        (ReadError("too_large", "nested too deeply at readers/html.py:7"), "bug"),
        (ReadError("timeout", "no answer within 20 s"), "hang"),
        (ReadError("too_large", "out of memory at readers/csv.py:3"), "memory"),
        (ReadError("corrupt", "reader process ended with -11: "), "death"),
        (ReadError("corrupt", "KeyError at x/y.py:1 under readers/pdf/tables.py:9: 1"), None),
        (ReadError("corrupt", "no main part"), None),
    ],
)  # fmt: skip
def test_what_counts_as_found(error: ReadError, what: str | None) -> None:
    found = judged(error)
    assert (found and found[0]) == what
