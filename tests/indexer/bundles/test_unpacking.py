from __future__ import annotations

import json
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from test_zip import raw_zip

from indexer.bundles import FORMATS, Member, Taken, is_bundle, open_bundle, unpack_into
from indexer.bundles.zip import ZipBundle
from indexer.errors import READ_ERRORS, ReadError
from indexer.limits import Limits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "into"
    made.mkdir()
    return made


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_taken_crosses_a_process_as_it_is() -> None:
    whole = Taken("夹/计划.docx", 7, 3, datetime(2014, 11, 7, 9, 30), None, "00000003")
    broken = Taken("坏.docx", 9, 4, None, ReadError("encrypted", "x"))
    for one in (whole, broken):
        back = Taken.from_json(json.loads(json.dumps(one.to_json())))
        assert replace(back, error=None) == replace(one, error=None)
        assert (back.error and (back.error.code, back.error.detail)) == (
            one.error and (one.error.code, one.error.detail)
        )


@pytest.mark.parametrize("file", ["../etc/passwd", "/etc/passwd", "", "0000000g", "00000000\n"])
def test_a_file_elsewhere_is_not_believed(file: str) -> None:
    told = {**Taken("a", 1, 0, None, None, "00000000").to_json(), "file": file}
    with pytest.raises(ValueError, match="no name of ours"):
        Taken.from_json(told)


def test_no_name_from_the_bundle_reaches_the_disk(tmp_path: Path, folder: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"../../evil.txt", b"x"), (b"CON", b"y"), (b"a/b", b"z"))
    taken = unpack_into(path, "zip", folder)
    assert [one.name for one in taken] == ["evil.txt", "_CON", "a/b"]
    assert listed(folder) == [one.file for one in taken]
    assert listed(tmp_path) == ["a.zip", "into"]
    assert [(folder / one.file).read_bytes() for one in taken] == [b"x", b"y", b"z"]


def test_a_broken_member_leaves_the_others_and_no_file(tmp_path: Path, folder: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"), (b"b.txt", b"second"))
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    bad, good = unpack_into(path, "zip", folder)
    assert bad.error is not None
    assert (bad.error.code, bad.file) == ("corrupt", "")
    assert listed(folder) == [good.file]


def test_all_together_no_more_than_allowed(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a format's directory were believed too much."""
    monkeypatch.setattr("indexer.bundles.zip.check_declared", lambda sizes, packed, limits: None)
    path = raw_zip(tmp_path / "a.zip", *[(b"%d" % at, b"x" * 40) for at in range(4)])
    taken = unpack_into(path, "zip", folder, Limits(expanded=100))
    assert [one.error.code if one.error else "" for one in taken] == ["", "", *["too_large"] * 2]
    assert sum(p.stat().st_size for p in folder.iterdir()) <= 100


def test_a_bundle_of_nothing_is_empty(tmp_path: Path, folder: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("夹/", b"")
    with pytest.raises(ReadError) as caught:
        unpack_into(tmp_path / "a.zip", "zip", folder)
    assert caught.value.code == "empty"


def test_whatever_a_decoder_raises_costs_one_member(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ZipBundle.extract

    def upset(self: ZipBundle, member: Member, target: Path) -> None:
        if member.index == 0:
            raise KeyError("no such thing")
        real(self, member, target)

    monkeypatch.setattr(ZipBundle, "extract", upset)
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"), (b"b.txt", b"second"))
    codes = [one.error.code if one.error else "" for one in unpack_into(path, "zip", folder)]
    assert codes == ["corrupt", ""]


def test_our_own_full_disk_is_no_fault_of_the_bundle(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: ZipBundle, member: Member, target: Path) -> Iterator[bytes]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ZipBundle, "extract", full)
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"))
    with pytest.raises(OSError, match="No space"):
        unpack_into(path, "zip", folder)


def test_ten_thousand_members_are_opened_at_once(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", *[(b"%d.txt" % at, b"x") for at in range(10_000)])
    begun = time.process_time()
    with open_bundle(path, "zip") as bundle:
        assert len(list(bundle.members())) == 10_000
    assert time.process_time() - begun < 5


def test_thousands_of_members_take_seconds(tmp_path: Path, folder: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", *[(b"%d.txt" % at, b"x") for at in range(2_000)])
    begun = time.process_time()
    assert len(unpack_into(path, "zip", folder)) == 2_000
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"PK\3\4" + b"\xff" * 99, os.urandom(3000)])
def test_junk_is_refused_and_nothing_else(
    tmp_path: Path, folder: Path, form: str, data: bytes
) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ReadError) as caught:
        unpack_into(tmp_path / "a", form, folder)
    assert caught.value.code in READ_ERRORS


def test_a_missing_file_is_unreadable(tmp_path: Path, folder: Path) -> None:
    for form in sorted(FORMATS):
        with pytest.raises(ReadError) as caught:
            unpack_into(tmp_path / "none", form, folder)
        assert caught.value.code == "unreadable"


def test_documents_are_no_bundles(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert is_bundle(tmp_path / "a", "zip")
    assert not any(is_bundle(tmp_path / "a", form) for form in ("docx", "pdf", "txt", "eml"))
