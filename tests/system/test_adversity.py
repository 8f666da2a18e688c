"""What goes wrong at one file must neither lose it nor keep the others from going through."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import ROOT, report

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest

LOCKED = ROOT / "yanxiu" / "demo" / "binaries" / "locked.docx"


def add(ingest: Ingest, *paths: Path) -> list[tuple[str, str]]:
    """(name, outcome) of everything that came of it, members as their own names."""
    from archive import intake
    from archive.models import Arrival

    ids = intake.add(ingest, intake.find(paths, ingest.ignored))
    rows = [Arrival.objects.get(id=i) for i in ids]
    return [((a.member or a.path).rsplit("/", 1)[-1], a.outcome) for a in rows]


def good(folder: Path) -> Path:
    return report(folder / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10)


def test_what_is_just_being_uploaded_is_not_swept_away(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    """`yanxiu add` sweeps the staging folder while a running service stages an upload."""
    from archive.ingest import Ingest
    from archive.staging import Offer, stage_stream

    offer = Offer("upload", "a.docx", Path("a.docx"))
    arrival = stage_stream(house.staging, io.BytesIO(good(tmp_path).read_bytes()), offer)
    with house.pool() as pool, Ingest(house, pool) as other:
        other.recover()
    assert (house.staging / arrival.id).exists()


def test_a_long_name_in_quarantine(ingest: Ingest, tmp_path: Path) -> None:
    long = tmp_path / ("孙镇初中校本研修" * 10)[:80]
    long = long.with_name(long.name + ".docx")
    long.write_bytes(LOCKED.read_bytes())
    assert [outcome for _, outcome in add(ingest, long)] == ["quarantined"]
    assert [outcome for _, outcome in add(ingest, good(tmp_path))] == ["filed"]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_bundle_with_a_broken_member(ingest: Ingest, tmp_path: Path, method: int) -> None:
    bundle = tmp_path / "打包.zip"
    with zipfile.ZipFile(bundle, "w", method) as out:
        out.writestr("坏.docx", os.urandom(5000))
        out.write(good(tmp_path / "in"), "好.docx", zipfile.ZIP_DEFLATED)
    data = bytearray(bundle.read_bytes())
    at = data.index("坏.docx".encode()) + len("坏.docx".encode())
    data[at + 14 : at + 200] = b"\xff" * 186
    bundle.write_bytes(bytes(data))
    found = dict(add(ingest, bundle))
    assert found == {"打包.zip": "unpacked", "坏.docx": "quarantined", "好.docx": "filed"}


def test_a_copy_of_a_damaged_record_is_kept_for_a_person(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive.models import Record

    first = good(tmp_path / "1")
    add(ingest, first)
    for path in (house.home / "store").rglob("events.jsonl"):
        if "孙镇初中语文" not in path.read_text("utf-8"):
            continue
        path.write_bytes(path.read_bytes()[:-3] + b"???")
    assert [o for _, o in add(ingest, first)] == ["review"]
    other = report(tmp_path / "2" / "椿林初中数学11月.docx", "椿林初中", "数学", 11)
    assert [o for _, o in add(ingest, other)] == ["filed"]
    assert Record.objects.count() == 3


def test_a_paper_that_upsets_the_rules(
    ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import looking_up
    from archive.filing import Filing
    from archive.filing import identity_key as real
    from archive.kinds import Kind

    def upset(filing: Filing, kind: Kind) -> str | None:
        if "椿林" in filing.title:
            raise KeyError("no such section")
        return real(filing, kind)

    monkeypatch.setattr(looking_up, "identity_key", upset)
    report(tmp_path / "交" / "坏.docx", "椿林初中", "数学", 11)
    good(tmp_path / "交")
    found = dict(add(ingest, tmp_path / "交"))
    assert found == {"坏.docx": "review", "孙镇初中语文10月.docx": "filed"}


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders there")
def test_a_pipe_in_a_folder(ingest: Ingest, tmp_path: Path) -> None:
    good(tmp_path / "交")
    os.mkfifo(tmp_path / "交" / "管道.docx")
    found = dict(add(ingest, tmp_path / "交"))
    assert found["管道.docx"] == "quarantined"
    assert found["孙镇初中语文10月.docx"] == "filed"


def test_a_file_that_keeps_changing_is_told(
    ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import staging

    file, real = good(tmp_path), staging.copy

    def restless(source: object, target: Path) -> tuple[int, str]:
        done = real(source, target)  # type: ignore[arg-type]
        os.utime(file, ns=(1, len(str(target)) + file.stat().st_mtime_ns))
        return done

    monkeypatch.setattr(staging, "copy", restless)
    assert add(ingest, file) == [(file.name, "quarantined")]


def test_a_full_disk_leaves_no_copies_behind(
    house: House, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import unpack

    bundle = tmp_path / "打包.zip"
    with zipfile.ZipFile(bundle, "w") as out:
        for name in ("1.docx", "2.docx"):
            out.write(good(tmp_path / "in"), name)

    def full(path: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unpack, "hash_file", full)
    with pytest.raises(OSError, match="No space"):
        add(ingest, bundle)
    assert len(list(house.staging.iterdir())) == 1


def test_half_characters_of_a_damaged_file_are_no_obstacle(house: House) -> None:
    """Neither the cache nor the catalogue nor the store can hold a lone surrogate."""
    from indexer.reading import Block, Reading

    broken = Reading("txt", "complete", (Block("paragraph", "半个\ud83d字"),))
    kept = house.readings.save("0" * 64, broken)
    assert kept.text.strip() == "半个?字"
    assert house.readings.load("0" * 64) == kept


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_a_folder_are_not_followed(ingest: Ingest, tmp_path: Path) -> None:
    from archive import intake

    good(tmp_path / "交")
    secret = good(tmp_path / "别处").rename(tmp_path / "别处" / "密.docx")
    (tmp_path / "交" / "链接.docx").symlink_to(secret)
    (tmp_path / "交" / "文件夹").symlink_to(secret.parent)
    found = intake.find([tmp_path / "交"], ingest.ignored)
    assert {(one.label, one.ignored) for one in found} == {
        ("孙镇初中语文10月.docx", False),
        ("链接.docx", True),
    }
    (tmp_path / "指名.docx").symlink_to(secret)
    (given,) = intake.find([tmp_path / "指名.docx"], ingest.ignored)
    assert not given.ignored
