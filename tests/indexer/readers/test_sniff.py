from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from made_docx import docx, para

import indexer
from indexer.errors import ReadError
from indexer.sniff import detect


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"%PDF-1.4\n", "pdf"),
        (b"junk\n%PDF-1.7\n", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c\0", "7z"),
        (b"\x89PNG\r\n\x1a\n\0", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf<html><body>", "html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "mht"),
        (b"From: a\r\nTo: b\r\nSubject: c\r\n\r\n", "eml"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "wordml"),
        ("教学反思".encode(), "txt"),
        ("教学反思".encode("gb18030"), "txt"),
        ("教学反思".encode("utf-16"), "txt"),
        (b"BM is how this text begins, it is no bitmap", "txt"),
        (b"\0\1\2\3\4\5\6\7" * 20, "unknown"),
        (b"\x01\xfe\x32\x00\0\0", "works"),
        (b"\xdb\xa5\x2d\x00\0\0", "word_old"),
    ],
)
def test_the_bytes_tell_the_format(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "name.doc"
    path.write_bytes(data)
    assert detect(path) == expected


def test_a_docx_named_doc_is_read_as_docx(tmp_path: Path) -> None:
    path = docx(tmp_path / "反思.doc", para("教学反思"))
    assert indexer.read(path).format == "docx"


def test_the_name_tells_csv_and_markdown_only(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    path.write_text("姓名,学科\n张敏,化学\n", encoding="utf-8")
    assert detect(path, "名单.csv") == "csv"
    assert detect(path, "说明.md") == "md"
    assert detect(path, "名单.docx") == "txt"


def test_a_cut_docx_is_still_known_as_one(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", para("正文" * 300))
    path.write_bytes(path.read_bytes()[:-100])
    assert detect(path) == "docx"


def test_zips_by_what_is_inside(tmp_path: Path) -> None:
    for inside, expected in (("OFD.xml", "ofd"), ("a.txt", "zip")):
        path = tmp_path / f"{expected}.zip"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(inside, "x")
        assert detect(path) == expected


@pytest.mark.parametrize("data", [b"Rar!\x1a\x07\x01\x00", b"\0\1" * 99])
def test_formats_without_a_reader_are_unsupported(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "unsupported"


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(tmp_path / "none.docx")
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", "\u3000\n".encode()])
def test_nothing_and_white_space_are_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "empty"
