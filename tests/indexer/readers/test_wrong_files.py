"""What `make fuzz` found: small files that once met an error nobody had thought of."""

from __future__ import annotations

import struct
import time
import zipfile
from pathlib import Path

import pytest

import indexer
from indexer import sniff
from indexer.errors import ReadError

_LETTER = (
    "From: a@example.org\nTo: b@example.org\nDate: {date}\nSubject: {subject}\n\n报告见附件。\n"
)


@pytest.mark.parametrize(
    ("date", "subject"),
    [
        ("Tue, 30 Sep 2014 08:00:00 +99999999999999999999", "x"),
        ("Tue, 30 Sep 2014 08:00:00 +0800", "=?utf-8?b?5?="),
    ],
)
def test_a_letter_with_a_wrong_head_is_read(tmp_path: Path, date: str, subject: str) -> None:
    path = tmp_path / "a.eml"
    path.write_text(_LETTER.format(date=date, subject=subject), encoding="utf-8")
    assert "报告见附件。" in indexer.read(path).text


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "utf-7", "rot13"])
def test_a_charset_that_is_none_is_guessed(tmp_path: Path, charset: str) -> None:
    page = tmp_path / "a.html"
    # 80 KB of this keep Python's punycode busy for two seconds, 2 MB for minutes.
    made = f"<html><meta charset={charset}><p>研修计划</p><p>{'a9b8c+2AA-' * 40_000}</p></html>"
    page.write_text(made, encoding="utf-8")
    letter = tmp_path / "a.eml"
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
    letter.write_text(head + _LETTER.format(date="", subject="x"), encoding="utf-8")
    started = time.process_time()
    assert "研修计划" in indexer.read(page).text
    assert "报告见附件。" in indexer.read(letter).text
    assert time.process_time() - started < 5


def test_a_cell_with_control_characters_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("<html><table><tr><td>王\x0c老师<td>数学</table></html>".encode())
    assert "数学" in indexer.read(path).text


def test_a_package_whose_media_type_cannot_be_unpacked_is_sniffed(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<x/>")
    data = bytearray(path.read_bytes())
    start = 30 + len("mimetype")  # APPNOTE.TXT 4.3.7: the data follow the local header
    data[start : start + 4] = b"\xff" * 4
    path.write_bytes(data)
    assert sniff.detect(path) == "odf"
    with pytest.raises(ReadError):
        indexer.read(path)


def test_sectors_in_a_circle_do_not_cost_all_memory(tmp_path: Path) -> None:
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0,
    ) + struct.pack("<109I", 0, *[free] * 108)  # fmt: skip
    table = struct.pack("<128I", 0xFFFFFFFD, end, 2, *[free] * 125)  # 2 is followed by 2
    path = tmp_path / "a.xls"
    directory = entries(("Root Entry", 5, end, 0), ("Workbook", 2, 2, 5000))
    path.write_bytes(header + table + directory + bytes(512))
    assert sniff.detect(path) == "xls"
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "corrupt"
    assert "circle" in caught.value.detail


def entries(*given: tuple[str, int, int, int]) -> bytes:
    """Directory entries: name, kind, first sector, size ([MS-CFB] 2.6)."""
    made = b""
    for name, kind, start, size in given:
        raw = name.encode("utf-16-le") + b"\0\0"
        child = 1 if kind == 5 else 0xFFFFFFFF
        made += struct.pack(
            "<64sHBBIII36xIQ", raw, len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size
        )
    return made.ljust(512, b"\0")


def test_a_heading_of_white_space_does_not_take_forever(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# 研修" + "\t" * 50_000 + "计划 ##\n\n# #\n", encoding="utf-8")
    started = time.process_time()
    heading, other = indexer.read(path).blocks
    assert time.process_time() - started < 5
    assert (heading.kind, heading.text[:2], heading.text[-2:]) == ("heading", "研修", "计划")
    assert (other.kind, other.text) == ("paragraph", "# #")


@pytest.mark.parametrize("head", ["附件", "国研〔2015〕"])
def test_a_long_run_of_white_space_does_not_take_forever(tmp_path: Path, head: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{head}{chr(0x3000) * 200_000}x\n正文。", encoding="utf-8")
    started = time.process_time()
    indexer.read(path)
    assert time.process_time() - started < 5
