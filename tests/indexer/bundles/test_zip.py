from __future__ import annotations

import bz2
import lzma
import stat
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import inflate64
import pytest

from indexer.bundles.zip import ZipBundle
from indexer.errors import ReadError
from indexer.limits import Limits


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


def names(path: Path, limits: Limits | None = None) -> list[str]:
    with ZipBundle(path, limits or Limits()) as bundle:
        return [member.name for member in bundle.members()]


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as caught:
        names(path, limits)
    return caught.value.code


def contents(path: Path, folder: Path, limits: Limits | None = None) -> dict[str, bytes | str]:
    """Name -> bytes, or the code of what is wrong."""
    found: dict[str, bytes | str] = {}
    target = folder / "out"
    with ZipBundle(path, limits or Limits()) as bundle:
        for member in bundle.members():
            try:
                bundle.extract(member, target)
                found[member.name] = target.read_bytes()
            except ReadError as error:
                found[member.name] = error.code
    return found


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
    assert contents(path, tmp_path) == {"a.txt": b"first", "b.txt": b"second"}


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


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"1"), (b"A.doc", b"2"))
    assert names(path) == ["a.doc", "A (2).doc"]


def test_an_encrypted_bundle_is_encrypted(tmp_path: Path) -> None:
    assert refusal(raw_zip(tmp_path / "a.zip", (b"a.doc", b"x"), flags=0x1)) == "encrypted"


def test_one_encrypted_member_leaves_the_others(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"open"), (b"b.doc", b"locked"))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)
    data[at + 10 : at + 12] = struct.pack("<H", 99)  # WinZip's AES
    path.write_bytes(bytes(data))
    assert contents(path, tmp_path) == {"a.doc": b"open", "b.doc": "encrypted"}


def test_a_cut_bundle_is_corrupt(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"x" * 500))
    path.write_bytes(path.read_bytes()[:300])
    assert refusal(path) == "corrupt"


def test_a_damaged_member_is_corrupt_alone(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"), (b"b.txt", b"second"))
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    assert contents(path, tmp_path) == {"a.txt": "corrupt", "b.txt": b"second"}


def test_nothing_is_left_of_a_damaged_member(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.txt", b"first"))
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    contents(path, tmp_path)
    assert not (tmp_path / "out").exists()


def test_too_many_members(tmp_path: Path) -> None:
    members = [(f"{at}.txt".encode(), b"x") for at in range(20)]
    path = raw_zip(tmp_path / "a.zip", *members)
    assert refusal(path, Limits(members=19)) == "too_large"


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_each_method_gives_the_bytes(tmp_path: Path, method: int) -> None:
    text = "教学反思，".encode() * 100_000
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.txt", text)
    assert contents(tmp_path / "a.zip", tmp_path) == {"a.txt": text}


def declared(path: Path, method: int, packed: bytes, size: int, crc: int) -> Path:
    """A zip of one member that is packed and described as given."""
    head = struct.pack("<HHHHHIII", 20, 0, method, 0, 0x5021, crc, len(packed), size)
    lengths = struct.pack("<HH", 1, 0)
    directory = b"PK\1\2\x14\0" + head + lengths + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
    body = b"PK\3\4" + head + lengths + b"a" + packed
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\5\6" + end)
    return path


def test_deflate64_is_read(tmp_path: Path) -> None:
    text = "集体备课记录".encode() * 50_000
    deflater = inflate64.Deflater()
    packed = deflater.deflate(text) + deflater.flush()
    path = declared(tmp_path / "a.zip", 9, packed, len(text), zlib.crc32(text))
    assert contents(path, tmp_path) == {"a": text}


def lzma_of_zip(data: bytes, dictionary: int | None = None) -> bytes:
    chain = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=[chain])
    head = struct.pack("<BBHBI", 9, 4, 5, 93, dictionary or 1 << 16)
    return head + packer.compress(data) + packer.flush()


def test_a_dictionary_is_no_larger_than_what_comes_out(tmp_path: Path) -> None:
    packed = lzma_of_zip(b"x" * 1000, dictionary=0xFFFFFFFF)
    path = declared(tmp_path / "a.zip", 14, packed, 1000, zlib.crc32(b"x" * 1000))
    assert contents(path, tmp_path) == {"a": b"x" * 1000}


BOMB = 16_000_000
generous = Limits(ratio=10**9)


@pytest.mark.parametrize("method", [8, 9, 12, 14])
def test_a_bomb_costs_little_memory_where_it_is_let_through(tmp_path: Path, method: int) -> None:
    zeros = bytes(BOMB)
    if method == 9:
        deflater = inflate64.Deflater()
        packed = deflater.deflate(zeros) + deflater.flush()
    else:
        packed = {8: zlib.compress(zeros, 9)[2:-4], 12: bz2.compress(zeros)}.get(method, b"")
    path = declared(
        tmp_path / "a.zip", method, packed or lzma_of_zip(zeros), BOMB, zlib.crc32(zeros)
    )
    del zeros
    tracemalloc.start()
    with ZipBundle(path, generous) as bundle:
        bundle.extract(next(bundle.members()), tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "out").stat().st_size == BOMB
    assert peak < 12_000_000


@pytest.mark.parametrize("method", [8, 12])
def test_more_bytes_than_declared_are_not_written(tmp_path: Path, method: int) -> None:
    zeros = bytes(3_000_000)
    packed = {8: zlib.compress(zeros)[2:-4], 12: bz2.compress(zeros)}[method]
    path = declared(tmp_path / "a.zip", method, packed, 1000, 0)
    assert contents(path, tmp_path) == {"a": "too_large"}
    assert not (tmp_path / "out").exists()


def test_a_bomb_is_too_large(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(17_000_000))
    assert refusal(tmp_path / "a.zip") == "too_large"


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A thousand entries of one packed member: 30 KB that would be a gigabyte."""
    path = raw_zip(tmp_path / "a.zip", *[(f"{n:03}".encode(), b"x" * 99) for n in range(50)])
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\1\2")
    while (at := data.find(b"PK\1\2", at)) >= 0:
        data[at + 42 : at + 46] = bytes(4)  # every entry: the header at offset 0
        at += 4
    path.write_bytes(bytes(data))
    found = contents(path, tmp_path)
    assert sum(1 for data in found.values() if data == "too_large") == 49


def test_links_devices_and_folders_are_no_members(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO), ("文.txt", 0o100644)):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, b"/etc/passwd")
        archive.writestr("folder/", b"")
    assert names(path) == ["文.txt"]


def test_a_folder_as_windows_tools_write_it_is_none(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"folder\\", b""), (b"folder\\a.txt", b"x"))
    assert names(path) == ["folder/a.txt"]


def test_an_unknown_method_is_unsupported_alone(tmp_path: Path) -> None:
    path = declared(tmp_path / "a.zip", 6, b"imploded", 20, 0)
    assert contents(path, tmp_path) == {"a": "unsupported"}


def test_a_part_of_a_split_zip_says_so(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", (b"a.doc", b"x"))
    data = bytearray(path.read_bytes())
    end = data.index(b"PK\5\6")
    data[end + 4 : end + 8] = struct.pack("<HH", 2, 2)
    path.write_bytes(bytes(data))
    assert refusal(path) == "volumes"


def test_the_first_part_of_a_split_zip_says_so(tmp_path: Path) -> None:
    whole = raw_zip(tmp_path / "a.zip", (b"a.doc", b"x" * 500)).read_bytes()
    (tmp_path / "a.z01").write_bytes(b"PK\7\x08" + whole[:400])
    assert refusal(tmp_path / "a.z01") == "volumes"


def test_the_real_split_zip(samples: Path) -> None:
    from indexer.sniff import detect

    path = samples / "files" / "apache+tika" / "test-documents-spanned.zip"
    assert detect(path) == "zip"
    assert refusal(path) == "volumes"


def test_sizes_behind_the_data(samples: Path, tmp_path: Path) -> None:
    path = samples / "files" / "apache+tika" / "testZip_with_DataDescriptor2.zip"
    found = contents(path, tmp_path)
    assert [(name, len(data)) for name, data in found.items()] == [
        ("mimetype", 0),
        ("source.xml", 502),
        ("code.bin", 972),
        ("META-INF/manifest.xml", 827),
    ]


def test_the_real_bundle(samples: Path) -> None:
    assert names(samples / "filing/files/期中质检.zip") == [
        "七年级语文质检分析（师春玲）.docx",
        "八英 李萌.doc",
        "九数成绩及分析.xls",
    ]
