from __future__ import annotations

import bz2
import gzip
import lzma
import os
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from taken_out import contents, refusal
from test_tar import tar

from indexer.limits import Limits
from indexer.sniff import detect

TEXT = "教学反思，".encode() * 1000
Pack = Callable[[bytes], bytes]
each = pytest.mark.parametrize(
    ("form", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)


@each
def test_a_single_file_is_called_without_the_suffix(tmp_path: Path, form: str, pack: Pack) -> None:
    path = tmp_path / "0198"
    path.write_bytes(pack(TEXT))
    assert detect(path) == form
    assert contents(path, name=f"反思.txt.{form}") == {"反思.txt": TEXT}


@each
def test_a_packed_tar_gives_its_members(tmp_path: Path, form: str, pack: Pack) -> None:
    inner = tar(tmp_path / "a.tar", ("语文/计划.txt", TEXT), ("b.txt", b"second"))
    path = tmp_path / f"a.tar.{form}"
    path.write_bytes(pack(inner.read_bytes()))
    assert contents(path) == {"语文/计划.txt": TEXT, "b.txt": b"second"}


def test_gzip_keeps_the_name_and_the_time(tmp_path: Path) -> None:
    path = tmp_path / "0198"
    with path.open("wb") as sink, gzip.GzipFile("计划.doc", "wb", fileobj=sink, mtime=1) as packed:
        packed.write(TEXT)
    data = path.read_bytes()
    flag = data[3]
    named = data[:10] + "计划.doc".encode("gb18030") + b"\0"
    rest = data[10:] if not flag & 8 else data[data.index(b"\0", 10) + 1 :]
    path.write_bytes(named[:3] + bytes([flag | 8]) + named[4:] + rest)
    assert contents(path) == {"计划.doc": TEXT}


@each
def test_streams_one_after_the_other(tmp_path: Path, form: str, pack: Pack) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(pack(TEXT) + pack(b"second") + bytes(4))
    assert contents(path) == {"a": TEXT + b"second"}


@each
def test_a_cut_file_is_corrupt(tmp_path: Path, form: str, pack: Pack) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(pack(os.urandom(5000))[:-200])
    assert refusal(path) == "corrupt"


@each
def test_a_damaged_file_is_corrupt(tmp_path: Path, form: str, pack: Pack) -> None:
    data = bytearray(pack(os.urandom(5000)))
    data[2000:2100] = bytes(100)
    (tmp_path / "a").write_bytes(bytes(data))
    assert refusal(tmp_path / "a") == "corrupt"


@each
def test_a_bomb_is_too_large_and_leaves_nothing(
    tmp_path: Path, form: str, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "a").write_bytes(pack(bytes(3_000_000)))
    assert refusal(tmp_path / "a", Limits(expanded=2_000_000)) == "too_large"
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_ratio_beyond_all_texts_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(bytes(17_000_000)))
    assert refusal(tmp_path / "a") == "too_large"


def test_more_than_may_come_out_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(os.urandom(5000)))
    assert refusal(tmp_path / "a", Limits(expanded=4999)) == "too_large"
    assert refusal(tmp_path / "a", Limits(file=4999)) == "too_large"


def test_a_dictionary_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    chain = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    data = bytearray(lzma.compress(TEXT, filters=chain))
    # The block header: size, flags, the filter's id, length of its properties, the dictionary.
    assert bytes(data[14:16]) == b"\x21\x01"
    data[16] = 40  # 4 GB (xz file format 5.3.1)
    length = (data[12] + 1) * 4
    data[12 + length - 4 : 12 + length] = struct.pack("<I", zlib.crc32(data[12 : 12 + length - 4]))
    (tmp_path / "a").write_bytes(bytes(data))
    assert refusal(tmp_path / "a") == "too_large"


def test_text_that_begins_like_a_bzip2_is_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"BZh9 is how this text begins")
    assert detect(tmp_path / "a") == "txt"
