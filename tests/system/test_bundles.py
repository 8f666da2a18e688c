"""Bundles of every kind on their way through the house."""

from __future__ import annotations

import bz2
import io
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import py7zr
import pytest
from archives import report

from indexer.bundles import DEEPEST

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest

NAME = "孙镇初中语文10月.docx"


@pytest.fixture
def paper(tmp_path: Path) -> bytes:
    return report(tmp_path / "in" / NAME, "孙镇初中", "语文", 10).read_bytes()


def add(ingest: Ingest, *paths: Path) -> list[Any]:
    from archive import intake
    from archive.models import Arrival

    ids = intake.add(ingest, intake.find(paths, ingest.ignored))
    return [Arrival.objects.get(id=i) for i in ids]


def nested(path: Path, levels: int, paper: bytes) -> bytes:
    """Zips in zips around the paper; the innermost of them."""
    innermost, data, name = b"", paper, NAME
    for level in range(levels):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, data)
        data, name = packed.getvalue(), f"{level}.zip"
        innermost = innermost or data
    path.write_bytes(data)
    return innermost


def outcomes(ingest: Ingest, path: Path) -> dict[str, str]:
    return {a.member or a.path.rsplit("/", 1)[-1]: a.outcome for a in add(ingest, path)}


def tar_gz(path: Path, paper: bytes) -> None:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(NAME)
        info.size = len(paper)
        archive.addfile(info, io.BytesIO(paper))


def seven_zip(path: Path, paper: bytes) -> None:
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writestr(paper, NAME)


def letter(path: Path, paper: bytes) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.cn", "c@d.cn", "十月份材料"
    message.set_content("老师好，附件请查收。")
    message.add_attachment(paper, maintype="application", subtype="msword", filename=NAME)
    path.write_bytes(message.as_bytes())


@pytest.mark.parametrize(
    ("name", "make"), [("交.tar.gz", tar_gz), ("交.7z", seven_zip), ("交.eml", letter)]
)
def test_the_members_are_filed(
    ingest: Ingest, tmp_path: Path, paper: bytes, name: str, make: Any
) -> None:
    make(tmp_path / name, paper)
    assert outcomes(ingest, tmp_path / name) == {name: "unpacked", NAME: "filed"}


def test_a_single_packed_file_is_called_as_it_was(
    ingest: Ingest, tmp_path: Path, paper: bytes
) -> None:
    path = tmp_path / f"{NAME}.bz2"
    path.write_bytes(bz2.compress(paper))
    assert outcomes(ingest, path) == {path.name: "unpacked", NAME: "filed"}


def test_what_no_program_here_opens_is_kept_for_a_person(
    house: House, ingest: Ingest, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # of the child that opens it, started after this
    path = tmp_path / "交.rar"
    path.write_bytes((samples / "files" / "apache+tika" / "test-documents.rar").read_bytes())
    (arrival,) = add(ingest, path)
    assert arrival.outcome == "review"
    assert ".rar" in "".join(arrival.record.reasons)
    assert house.content(arrival.record).read_bytes() == path.read_bytes()


def test_a_bundle_that_is_nested_too_deep_is_kept_and_told(
    house: House, ingest: Ingest, tmp_path: Path, paper: bytes
) -> None:
    innermost = nested(tmp_path / "外.zip", DEEPEST + 1, paper)
    *opened, last = add(ingest, tmp_path / "外.zip")
    assert [a.outcome for a in opened] == ["unpacked"] * DEEPEST
    assert last.outcome == "review"
    assert "一层套一层" in "".join(last.record.reasons)
    assert house.content(last.record).read_bytes() == innermost


def test_check_opens_as_deep_as_add(ingest: Ingest, tmp_path: Path, paper: bytes) -> None:
    from archive.checking import check_paths

    nested(tmp_path / "外.zip", DEEPEST + 1, paper)
    lines = check_paths([tmp_path / "外.zip"], ingest.house.kinds, ingest.house.register)
    assert [line["status"] for line in lines] == ["unpacked"] * DEEPEST + ["review"]


def test_what_a_kill_left_half_unpacked_is_swept(house: House, ingest: Ingest) -> None:
    left = house.home / "scratch" / "unpacked" / "0198"
    left.mkdir(parents=True)
    (left / "00000000").write_bytes(b"x")
    ingest.recover()
    assert not left.exists()


def test_nothing_is_left_of_unpacking(
    house: House, ingest: Ingest, tmp_path: Path, paper: bytes
) -> None:
    seven_zip(tmp_path / "交.7z", paper)
    add(ingest, tmp_path / "交.7z")
    assert list((house.home / "scratch").rglob("*")) == [house.home / "scratch" / "unpacked"]
    assert list(house.staging.iterdir()) == []
