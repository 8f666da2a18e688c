"""Damaged .docx files: what still parses is read, and what is lost is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from made_docx import docx, para, part, run, with_part

import indexer
from indexer.errors import ReadError


def made(tmp_path: Path, **parts: str) -> Path:
    return docx(tmp_path / "a.docx", para("教学反思") + para("今天上了一节课。"), **parts)


def test_xml_that_breaks_off_is_read_so_far(tmp_path: Path) -> None:
    path = made(tmp_path)
    broken = part(path)[: -len("节课。</w:t></w:r></w:p></w:body></w:document>")]
    reading = indexer.read(with_part(path, "word/document.xml", broken))
    assert reading.text == "教学反思\n今天上了一"
    assert reading.status == "partial"
    assert "损坏" in reading.left_out[0]


def test_an_undeclared_prefix_loses_nothing(tmp_path: Path) -> None:
    path = made(tmp_path)
    odd = part(path).replace("<w:p>", '<w:p wpsCustomData:id="7">', 1)
    reading = indexer.read(with_part(path, "word/document.xml", odd))
    assert reading.status == "complete"
    assert reading.text == "教学反思\n今天上了一节课。"


@pytest.mark.parametrize(
    ("name", "told"),
    [("styles", "样式"), ("numbering", "自动编号"), ("header", "页眉"), ("comments", "批注")],
)
def test_a_broken_part_beside_is_left_out_and_told(tmp_path: Path, name: str, told: str) -> None:
    body = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>' + run("正文") + "</w:p>"
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rheader"/></w:sectPr>'
    path = docx(tmp_path / "a.docx", body + section, **{name: "<w:p/>"})
    reading = indexer.read(with_part(path, f"word/{name}.xml", "<w:broken"))
    assert reading.text == "正文"
    assert [note for note in reading.left_out if told in note]


def test_a_wrong_checksum_still_reads(tmp_path: Path) -> None:
    path = made(tmp_path)
    with zipfile.ZipFile(path) as package:
        checksum = package.getinfo("word/document.xml").CRC.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(checksum, b"\0\0\0\0"))
    assert indexer.read(path).text.startswith("教学反思")


def cut(path: Path, share: float) -> Path:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


def test_an_upload_cut_short_behind_the_text_is_read(tmp_path: Path) -> None:
    path = made(tmp_path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/media/photo.bin", bytes(range(256)) * 400)
    reading = indexer.read(cut(path, 0.5))
    assert reading.text == "教学反思\n今天上了一节课。"
    assert reading.status == "partial"
    assert "没有传完整" in reading.left_out[0]


def test_a_text_cut_short_is_corrupt(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", "".join(para(f"第{at}段{at * 7919}") for at in range(900)))
    with pytest.raises(ReadError) as caught:
        indexer.read(cut(path, 0.6))
    assert caught.value.code == "corrupt"


def test_names_with_backslashes_are_found(tmp_path: Path) -> None:
    path = made(tmp_path, header=para("孙镇初中"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name if name.startswith("[") else name.replace("/", "\\")
            package.writestr(info, data)
    assert "今天上了一节课。" in indexer.read(path).text


def test_any_cut_of_a_real_paper_is_an_error_or_a_reading(samples: Path, tmp_path: Path) -> None:
    whole = (samples / "filing" / "files" / "月考.docx").read_bytes()
    outcomes = set()
    for share in range(1, 12):
        path = tmp_path / "cut.docx"
        path.write_bytes(whole[: len(whole) * share // 12])
        try:
            outcomes.add(indexer.read(path).status)
        except ReadError as error:
            outcomes.add(error.code)
    assert outcomes <= {"partial", "corrupt", "unsupported"}
    assert "partial" in outcomes
