"""The durable writes and the errors they come to."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from archive import durable
from archive.durable import STORE_ERRORS, StoreError


def test_a_copy_knows_its_digests(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "a").write_bytes(data)
    found = durable.copy_new(tmp_path / "a", tmp_path / "b")
    assert found.size == len(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.sha512 == hashlib.sha512(data).hexdigest()
    assert found == durable.read_back(tmp_path / "b") == durable.digests_of_bytes(data)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    with pytest.raises(FileExistsError):
        durable.copy_new(tmp_path / "a", tmp_path / "b")
    with pytest.raises(FileExistsError):
        durable.write_new(tmp_path / "b", b"3")
    assert (tmp_path / "b").read_bytes() == b"2"


def test_a_directory_does_not_replace_a_full_one(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_bytes(name.encode())
    with pytest.raises(StoreError) as error:
        durable.install_dir(tmp_path / "a", tmp_path / "b")
    assert error.value.code == "store_conflict"
    assert (tmp_path / "b" / "x").read_bytes() == b"b"


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EIO, "store_io")])
def test_errors_of_the_system_get_a_code_and_a_remedy(number: int, code: str) -> None:
    with pytest.raises(StoreError) as error, durable.store_errors():
        raise OSError(number, "x")
    assert error.value.to_json() == {
        "code": code,
        "message": STORE_ERRORS[code][0],
        "remedy": STORE_ERRORS[code][1],
    }


def test_a_really_full_disk_is_told_as_such() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(StoreError) as error, durable.store_errors(), full.open("wb") as out:
        out.write(b"x" * 100_000)
    assert error.value.code == "disk_full"


def test_an_invented_code_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown"):
        StoreError("invented")


def test_a_missing_source_is_not_an_error_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        durable.copy_new(tmp_path / "gone", tmp_path / "b")
    assert error.value.code == "source_unreadable"
    assert not (tmp_path / "b").exists()
