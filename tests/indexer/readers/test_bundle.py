from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers import bundle
from indexer.readers.bundle import Bundle


def raw_zip(path: Path, *members: tuple[bytes, bytes], flags: int = 0, extra: bytes = b"") -> Path:
    """A stored zip with names as raw bytes, which zipfile itself would re-encode."""
    body, directory = b"", b""
    for name, data in members:
        sizes = struct.pack("<III", zlib.crc32(data), len(data), len(data))
        shared = struct.pack("<HHHHH", 20, flags, 0, 0, 0x5021) + sizes
        lengths = struct.pack("<HH", len(name), len(extra))
        directory += (
            (b"PK\1\2\x14\0" + shared + lengths + struct.pack("<HHHII", 0, 0, 0, 0, len(body)))
            + name
            + extra
        )
        body += b"PK\3\4" + shared + lengths + name + extra + data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\5\6" + end)
    return path


def names(path: Path) -> list[str]:
    return [member.name for member in bundle.members(path)]


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_chinese_names_without_a_flag(tmp_path: Path, codec: str) -> None:
    path = raw_zip(tmp_path / "a.zip", ("语文/质检分析（师春玲）.docx".encode(codec), b"x"))
    assert names(path) == ["语文/质检分析（师春玲）.docx"]


def test_traditional_names_in_big5(tmp_path: Path) -> None:
    members = [("數學教研組工作計劃總結.doc".encode("big5"), b"x")]
    assert names(raw_zip(tmp_path / "a.zip", *members)) == ["數學教研組工作計劃總結.doc"]


def test_names_with_the_utf8_flag(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", ("反思.docx".encode(), b"x"), flags=0x800)
    assert names(path) == ["反思.docx"]


def test_the_unicode_path_field_wins(tmp_path: Path) -> None:
    raw, real = b"\x81\x82.doc", "计划.doc".encode()
    field = struct.pack("<HHBI", 0x7075, 5 + len(real), 1, zlib.crc32(raw)) + real
    assert names(raw_zip(tmp_path / "a.zip", (raw, b"x"), extra=field)) == ["计划.doc"]


def test_extract_gives_the_bytes(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"), (b"b.txt", b"second"))
    target = tmp_path / "out"
    with Bundle(path) as opened:
        for member, expected in zip(opened.members(), (b"first", b"second"), strict=True):
            opened.extract(member, target)
            assert target.read_bytes() == expected


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/计划.doc", "abs/计划.doc"),
        ("..\\..\\win.ini", "win.ini"),
        ("C:\\x.doc", "C_/x.doc"),
        ("CON.txt", "_CON.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
    ],
)
def test_climbing_names_are_made_safe(tmp_path: Path, name: str, safe: str) -> None:
    assert names(raw_zip(tmp_path / "a.zip", (name.encode(), b"x"), flags=0x800)) == [safe]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_name_is_relative_unique_and_climbs_nowhere(given_names: list[str]) -> None:
    safe = bundle._unique([bundle._safe(name) for name in given_names])
    assert len({name.casefold() for name in safe}) == len(given_names)
    for name in safe:
        assert name
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert "\\" not in name


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"1"), (b"A.doc", b"2"))
    assert names(path) == ["a.doc", "A (2).doc"]


def test_an_encrypted_bundle_is_encrypted(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"x"), flags=0x1)
    with pytest.raises(ReadError) as caught:
        names(path)
    assert caught.value.code == "encrypted"


def test_a_cut_bundle_is_corrupt(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"x" * 500))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ReadError) as caught:
        names(path)
    assert caught.value.code == "corrupt"


def test_a_damaged_member_is_corrupt_alone(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"), (b"b.txt", b"second"))
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    target = tmp_path / "out"
    with Bundle(path) as opened:
        bad, good = opened.members()
        with pytest.raises(ReadError) as caught:
            opened.extract(bad, target)
        assert caught.value.code == "corrupt"
        assert not target.exists()
        opened.extract(good, target)
    assert target.read_bytes() == b"second"


def test_too_many_members(tmp_path: Path) -> None:
    members = [(f"{at}.txt".encode(), b"x") for at in range(20)]
    path = raw_zip(tmp_path / "a.zip", *members)
    with pytest.raises(ReadError) as caught:
        list(bundle.members(path, Limits(members=19)))
    assert caught.value.code == "too_large"


def test_a_bomb_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"\0" * 40_000_000)
    with pytest.raises(ReadError) as caught:
        names(path)
    assert caught.value.code == "too_large"


def test_the_real_bundle(samples: Path) -> None:
    assert names(samples / "filing/files/期中质检.zip") == [
        "七年级语文质检分析（师春玲）.docx",
        "八英 李萌.doc",
        "九数成绩及分析.xls",
    ]
