from __future__ import annotations

import random
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import py7zr
import pytest
from py7zr.properties import (
    FILTER_BZIP2,
    FILTER_COPY,
    FILTER_DEFLATE,
    FILTER_DELTA,
    FILTER_LZMA,
    FILTER_LZMA2,
    FILTER_PPMD,
    FILTER_X86,
)
from taken_out import contents, names, refusal

from indexer.bundles.sevenzip import SevenZipBundle
from indexer.limits import Limits


def seven(path: Path, **members: bytes) -> Path:
    with py7zr.SevenZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return path


def plain(path: Path, *members: tuple[str, bytes]) -> Path:
    """An archive whose header is not packed, so that a test can write into it."""
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.set_encoded_header_mode(False)
        for name, data in members:
            archive.writestr(data, name)
    return path


def rewritten(path: Path, old: bytes, new: bytes) -> Path:
    """With `old` in the header replaced, and the checksums set right again."""
    data = bytearray(path.read_bytes())
    offset, size = struct.unpack_from("<QQ", data, 12)
    header = bytes(data[32 + offset : 32 + offset + size]).replace(old, new)
    assert len(header) == size
    data[32 + offset :] = header
    data[28:32] = struct.pack("<I", zlib.crc32(header))
    data[8:12] = struct.pack("<I", zlib.crc32(data[12:32]))
    path.write_bytes(bytes(data))
    return path


def utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


@pytest.mark.parametrize(
    "filters",
    [
        [{"id": FILTER_LZMA2, "preset": 1}],
        [{"id": FILTER_LZMA, "preset": 1}],
        [{"id": FILTER_DELTA, "dist": 4}, {"id": FILTER_LZMA2, "preset": 1}],
        [{"id": FILTER_X86}, {"id": FILTER_LZMA, "preset": 1}],
        [{"id": FILTER_BZIP2}],
        [{"id": FILTER_DEFLATE}],
        [{"id": FILTER_PPMD, "order": 6, "mem": 20}],
        [{"id": FILTER_COPY}],
    ],
    ids=lambda filters: "+".join(str(one["id"]) for one in filters),
)
def test_each_method_gives_the_bytes(tmp_path: Path, filters: list[dict[str, int]]) -> None:
    members = {"计划.txt": "教研组工作计划，".encode() * 40_000, "反思.doc": b"\0\1" * 999}
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w", filters=filters) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    assert contents(tmp_path / "a.7z") == members


def test_an_encrypted_archive_is_encrypted(tmp_path: Path) -> None:
    for hidden in (False, True):
        with py7zr.SevenZipFile(
            tmp_path / "a.7z", "w", password="密", header_encryption=hidden
        ) as archive:
            archive.writestr(b"x", "计划.txt")
        assert refusal(tmp_path / "a.7z") == "encrypted"


def test_empty_files_are_members_and_folders_and_links_are_none(tmp_path: Path) -> None:
    (tmp_path / "夹" / "空夹").mkdir(parents=True)
    (tmp_path / "夹" / "空.txt").touch()
    (tmp_path / "夹" / "实.txt").write_bytes(b"x")
    (tmp_path / "夹" / "链").symlink_to("/etc/passwd")
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as archive:
        archive.writeall(tmp_path / "夹", "夹")
    assert contents(tmp_path / "a.7z") == {"夹/空.txt": b"", "夹/实.txt": b"x"}


def test_climbing_names_are_made_safe(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", ("AA/BB/计划.txt", b"x"), ("D_/x.txt", b"y"))
    rewritten(path, utf16("AA/BB"), utf16("../.."))
    rewritten(path, utf16("D_/x"), utf16("D:/x"))
    assert contents(path) == {"计划.txt": b"x", "D_/x.txt": b"y"}


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", ("a.txt", b"1"), ("b.txt", b"2"))
    assert contents(rewritten(path, utf16("b.txt"), utf16("a.txt"))) == {
        "a.txt": b"1",
        "a (2).txt": b"2",
    }


def test_a_damaged_stream_leaves_the_others(tmp_path: Path) -> None:
    noise = random.Random(7).randbytes(50_000)
    path = seven(tmp_path / "a.7z", 坏=noise)
    with py7zr.SevenZipFile(path, "a") as archive:
        archive.writestr(b"good", "好")
    data = bytearray(path.read_bytes())
    data[20_000:20_100] = bytes(100)
    path.write_bytes(bytes(data))
    assert contents(path) == {"坏": "corrupt", "好": b"good"}


def test_a_wrong_checksum_leaves_the_next_in_the_same_stream(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", ("坏", b"first"), ("好", b"second"))
    rewritten(path, struct.pack("<I", zlib.crc32(b"first")), bytes(4))
    assert contents(path) == {"坏": "corrupt", "好": b"second"}


@pytest.mark.parametrize("kept", [20, 200, 2000])
def test_a_cut_archive_is_corrupt(tmp_path: Path, kept: int) -> None:
    path = seven(tmp_path / "a.7z", a=random.Random(7).randbytes(5000))
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path) == "corrupt"


def test_a_part_of_a_split_archive_says_so(tmp_path: Path) -> None:
    path = seven(tmp_path / "a.7z", a=random.Random(7).randbytes(5000))
    path.write_bytes(path.read_bytes()[:2000])
    assert refusal(path, name="材料.7z.001") == "volumes"


def test_a_huge_dictionary_is_refused(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", ("a", b"x" * 1000))
    data = path.read_bytes()
    at = data.rindex(b"\x21\x21\x01") + 3  # one coder with properties: LZMA2, one byte of them
    old = data[at - 3 : at + 1]
    assert contents(rewritten(path, old, old[:3] + bytes([40]))) == {"a": "too_large"}


def test_a_bomb_is_too_large(tmp_path: Path) -> None:
    assert refusal(seven(tmp_path / "a.7z", a=bytes(17_000_000))) == "too_large"


def test_a_header_of_countless_files_costs_nothing(tmp_path: Path) -> None:
    """Three bytes say that a million files follow, and zeros that they are there."""
    header = b"\x01\x05\xcf\x40\x42" + bytes(1_000_100)
    start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
    head = b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start
    (tmp_path / "a.7z").write_bytes(head + header)
    tracemalloc.start()
    assert refusal(tmp_path / "a.7z") == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_too_many_members(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", *[(f"{at}.txt", b"x") for at in range(20)])
    assert refusal(path, Limits(members=19)) == "too_large"


def test_members_may_be_asked_for_in_any_order(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", *[(f"{at}.txt", b"%d" % at) for at in range(5)])
    with SevenZipBundle(path) as bundle:
        members = list(bundle.members())
        for member in (members[3], members[1], members[1], members[4], members[0]):
            bundle.extract(member, tmp_path / "out")
            assert (tmp_path / "out").read_bytes() == b"%d" % member.index


def test_an_unknown_method_is_unsupported(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", ("a", b"x" * 1000))
    assert refusal(rewritten(path, b"\x21\x21\x01", b"\x21\x22\x01")) == "unsupported"


def test_an_empty_archive_is_empty(tmp_path: Path) -> None:
    assert refusal(plain(tmp_path / "a.7z")) == "empty"


def test_a_real_archive(samples: Path) -> None:
    path = samples / "files" / "apache+tika" / "test-documents.7z"
    assert len(names(path)) == 9
    found = contents(path)
    assert {type(data) for data in found.values()} == {bytes}
    assert found["test-documents/testPDF.pdf"].startswith(b"%PDF")  # type: ignore[arg-type]


def test_many_members_take_no_time(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.7z", *[(f"{at}.txt", b"x%d" % at) for at in range(500)])
    begun = time.process_time()
    assert len(contents(path)) == 500
    assert time.process_time() - begun < 3
