from __future__ import annotations

import io
import tarfile
import time
from pathlib import Path

import pytest
from taken_out import contents, names, refusal

from indexer.limits import Limits
from indexer.sniff import detect


def tar(path: Path, *members: tuple[str, bytes], **how: object) -> Path:
    with tarfile.open(path, "w", **how) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_each_dialect_gives_the_bytes(tmp_path: Path, form: int) -> None:
    long = "校本研修材料/" * 3 + "教研组工作计划.docx"
    path = tar(tmp_path / "a.tar", (long, b"first"), ("b.txt", b"second"), format=form)
    assert detect(path) == "tar"
    assert contents(path) == {long: b"first", "b.txt": b"second"}


def test_names_in_gbk(tmp_path: Path) -> None:
    members = [("语文/质检分析（师春玲）.docx", b"x"), ("计划.doc", b"y")]
    path = tar(tmp_path / "a.tar", *members, format=tarfile.GNU_FORMAT, encoding="gb18030")
    assert names(path) == [name for name, _ in members]


def test_a_long_name_in_gbk(tmp_path: Path) -> None:
    name = "校本研修" * 40 + ".docx"
    path = tar(tmp_path / "a.tar", (name, b"x"), format=tarfile.GNU_FORMAT, encoding="gb18030")
    assert names(path) == [name]


def test_a_tar_that_begins_with_a_pdf_is_no_pdf(tmp_path: Path) -> None:
    assert detect(tar(tmp_path / "a.tar", ("a.pdf", b"%PDF-1.4\n"))) == "tar"


def test_links_devices_and_folders_are_no_members(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE,
                     tarfile.DIRTYPE):  # fmt: skip
            info = tarfile.TarInfo(f"x{kind!r}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("实.txt"))
    assert contents(tmp_path / "a.tar") == {"实.txt": b""}


def test_climbing_names_are_made_safe(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", ("../../etc/passwd", b"x"), ("/abs/a", b"y"), ("C:\\a", b"z"))
    assert names(path) == ["etc/passwd", "abs/a", "C_/a"]


def test_a_sparse_file_is_told_and_leaves_the_others(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("稀.bin")
        info.size = 512
        info.pax_headers = {"GNU.sparse.map": "0,512", "GNU.sparse.size": "99999999999"}
        archive.addfile(info, io.BytesIO(bytes(512)))
        archive.addfile(tarfile.TarInfo("实.txt"))
    assert contents(tmp_path / "a.tar") == {"稀.bin": "unsupported", "实.txt": b""}


@pytest.mark.parametrize("kept", [700, 1600, 2100])
def test_a_cut_tar_is_corrupt(tmp_path: Path, kept: int) -> None:
    path = tar(tmp_path / "a.tar", ("a", b"x" * 700), ("b", b"y" * 700))
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path) == "corrupt"


def test_a_damaged_header_is_not_taken_for_the_end(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", ("a", b"x"), ("b", b"y"), ("c", b"z"))
    data = bytearray(path.read_bytes())
    data[1024 + 100] ^= 0xFF
    path.write_bytes(bytes(data))
    assert refusal(path) == "corrupt"


def test_a_name_of_megabytes_is_refused(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", ("a" * 2_000_000, b"x"), format=tarfile.GNU_FORMAT)
    assert refusal(path) == "too_large"


def test_one_long_name_after_the_other_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 3
    block = info.tobuf(tarfile.GNU_FORMAT) + b"ab\0".ljust(512, b"\0")
    (tmp_path / "a.tar").write_bytes(block * 5000 + bytes(1024))
    assert refusal(tmp_path / "a.tar") in ("too_large", "corrupt")


def test_a_size_below_nothing_does_not_go_round_in_circles(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\xff" * 11 + b"\x00"
    head[148:156] = b"        "
    head[148:156] = b"%06o\0 " % sum(head)
    (tmp_path / "a.tar").write_bytes(bytes(head) + bytes(1024))
    begun = time.monotonic()
    assert refusal(tmp_path / "a.tar") == "corrupt"
    assert time.monotonic() - begun < 5


def test_too_many_members_and_too_many_bytes(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", *[(f"{at}", b"x" * 10) for at in range(20)])
    assert refusal(path, Limits(members=19)) == "too_large"
    assert refusal(path, Limits(expanded=199)) == "too_large"
    assert len(contents(path, Limits(members=20, expanded=200))) == 20
