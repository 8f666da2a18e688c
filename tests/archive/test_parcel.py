"""Originals in one zip, sent while it is made: names, what is missing, and memory."""

from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.durable import StoreError
from archive.parcel import DAMAGED, GONE, LIST, PACKED, Original, pieces, places


def original(path: Path, name: str, data: bytes, folder: str = "东河初中") -> Original:
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    day = datetime(2014, 10, 31, 8, 5, 6)
    return Original(folder, name, lambda: path, digest, len(data), day, (f"题 {name}",))


def packed(originals: list[Original]) -> zipfile.ZipFile:
    made = zipfile.ZipFile(io.BytesIO(b"".join(pieces(originals))))
    assert made.testzip() is None
    return made


def listed(made: zipfile.ZipFile) -> list[list[str]]:
    text = made.read(LIST).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_it_works(tmp_path: Path) -> None:
    made = packed(
        [original(tmp_path / "1", "报告.docx", b"abc"), original(tmp_path / "2", "空.txt", b"")]
    )
    assert made.namelist() == ["东河初中/报告.docx", "东河初中/空.txt", LIST]
    assert made.read("东河初中/报告.docx") == b"abc"
    assert made.getinfo("东河初中/报告.docx").date_time == (2014, 10, 31, 8, 5, 6)
    assert listed(made)[0] == ["东河初中/报告.docx", PACKED, "题 报告.docx"]


def test_a_missing_and_a_damaged_original_are_told_and_the_rest_is_there(tmp_path: Path) -> None:
    gone = original(tmp_path / "1", "甲.doc", b"1")
    (tmp_path / "1").unlink()
    damaged = original(tmp_path / "2", "乙.doc", b"2")
    (tmp_path / "2").write_bytes(b"3")
    made = packed([gone, damaged, original(tmp_path / "3", "丙.doc", b"3")])
    assert made.namelist() == ["东河初中/丙.doc", LIST]
    assert [line[:2] for line in listed(made)] == [
        ["", GONE], ["", DAMAGED], ["东河初中/丙.doc", PACKED],
    ]  # fmt: skip


def test_an_object_that_the_store_does_not_know_is_told(tmp_path: Path) -> None:
    def unknown() -> Path:
        raise StoreError("store_missing")

    lost = Original("甲", "a.doc", unknown, "", 1, datetime(2014, 1, 1), ())
    assert listed(packed([lost]))[0] == ["", GONE]


def test_equal_names_stand_beside_each_other(tmp_path: Path) -> None:
    names = ["报告.docx", "报告.DOCX", "报告 (2).docx", "报告.docx"]
    made = packed([original(tmp_path / str(i), n, b"x") for i, n in enumerate(names)])
    inside = made.namelist()[:-1]
    assert len({name.casefold() for name in inside}) == len(names)
    assert [line[0] for line in listed(made)] == inside


def named(name: str, folder: str = "甲") -> str:
    one = Original(folder, name, Path, "", 1, datetime(2014, 1, 1), ())
    return places([one])[0]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../etc/passwd", ".._.._etc_passwd"), ("CON.txt", "_CON.txt"), ("aux", "_aux"),
        ("a:b?.doc", "a_b_.doc"), ("报告. ", "报告_"), ("", "未命名"), ("..", "未命名"),
        ("甲\u202etxt.exe", "甲_txt.exe"), ("\x00\n.doc", "__.doc"), ("\u200b.doc", "_.doc"),
    ],
)  # fmt: skip
def test_names_that_windows_refuses_are_mended(name: str, inside: str) -> None:
    assert named(name) == f"甲/{inside}"
    assert named("报告.docx", folder=name) == f"{inside}/报告.docx"


@given(st.text(max_size=300), st.text(max_size=10))
def test_any_name_is_one_that_windows_takes(text: str, folder: str) -> None:
    place = named(text, folder)
    assert place == unicodedata.normalize("NFC", place)
    parts = place.split("/")
    assert len(parts) == 2
    for part in parts:
        assert 0 < len(part) <= 121
        assert not set(part) & set('<>:"/\\|?*')
        assert part[-1] not in ". "


def test_a_large_file_is_never_in_memory_whole(tmp_path: Path) -> None:
    large = original(tmp_path / "1", "大.bin", b"\x5a\x13\x77\x01" * (6 << 20))
    tracemalloc.start()
    size = sum(len(piece) for piece in pieces([large]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 0
    assert peak < 8 << 20
