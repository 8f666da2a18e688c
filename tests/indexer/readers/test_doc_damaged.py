"""Word 97-2003 documents changed byte by byte: fast saves, odd fields, damage, old versions."""

from __future__ import annotations

import struct
from pathlib import Path

import olefile
import pytest
from made_doc import word_file  # noqa: F401 - a fixture

import indexer
from indexer import sniff
from indexer.errors import ReadError
from indexer.reading import Reading

_PIECES = 33  # place of the Clx in FibRgFcLcb97 ([MS-DOC] 2.5.6)


@pytest.fixture
def whole(word_file: Path) -> bytes:  # noqa: F811
    return word_file.read_bytes()


def streams(path: Path) -> tuple[bytes, bytes]:
    """The WordDocument and the table stream."""
    with olefile.OleFileIO(path) as ole:
        name = "1Table" if ole.exists("1Table") else "0Table"
        return ole.openstream("WordDocument").read(), ole.openstream(name).read()


def read(tmp_path: Path, data: bytes) -> Reading:
    path = tmp_path / "a.doc"
    path.write_bytes(data)
    return indexer.read(path)


def code(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, data)
    return caught.value.code


def piece_table(word_file: Path) -> bytes:  # noqa: F811
    word, table = streams(word_file)
    place, length = struct.unpack_from("<II", word, 0x9A + 8 * _PIECES)
    return table[place : place + length]


def with_modifier(whole: bytes, clx: bytes, modifier: int) -> bytes:
    """The document with a modifier laid over its first piece, as a fast save does it."""
    (length,) = struct.unpack_from("<I", clx, 1)
    count = (length - 4) // 12
    place = 5 + 4 * (count + 1) + 6
    changed = clx[:place] + struct.pack("<H", modifier) + clx[place + 2 :]
    assert whole.count(clx) == 1
    return whole.replace(clx, changed)


def test_a_fast_save_can_change_a_whole_piece(
    whole: bytes,
    word_file: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    clx = piece_table(word_file)
    bold = read(tmp_path, with_modifier(whole, clx, 1 << 8 | 0x55 << 1))
    assert next(b for b in bold.blocks if b.text == "以发展观为指导。").bold
    deleted = read(tmp_path, with_modifier(whole, clx, 1 << 8 | 0x41 << 1))
    assert deleted.blocks == ()


def test_an_equation_field_without_a_result_is_written_out(whole: bytes, tmp_path: Path) -> None:
    for sign, mark in (("〔", "\x13"), ("〕", "\x15")):
        assert whole.count(sign.encode("utf-16-le")) == 1
        whole = whole.replace(sign.encode("utf-16-le"), mark.encode("utf-16-le"))
    assert "⑤圈" in [block.text for block in read(tmp_path, whole).blocks]


def test_a_field_that_never_ends_hides_nothing(whole: bytes, tmp_path: Path) -> None:
    begun = whole.replace("〔".encode("utf-16-le"), "\x13".encode("utf-16-le"))
    reading = read(tmp_path, begun)
    assert any(block.text.endswith("〕圈") for block in reading.blocks)
    assert ("note", "脚注的字") in {(block.kind, block.text) for block in reading.blocks}


def test_a_directory_that_is_lost(whole: bytes, tmp_path: Path) -> None:
    (first,) = struct.unpack_from("<I", whole, 0x30)
    directory = 512 * (first + 1)
    damaged = whole[:directory] + bytes(512) + whole[directory + 512 :]
    reading = read(tmp_path, damaged)
    assert reading.status == "partial"
    assert "损坏" in reading.left_out[0]
    assert "以发展观为指导。" in reading.text
    assert "一、指导思想" in reading.text


def test_a_piece_table_that_is_lost(whole: bytes, word_file: Path, tmp_path: Path) -> None:  # noqa: F811
    clx = piece_table(word_file)
    reading = read(tmp_path, whole.replace(clx, bytes(len(clx))))
    assert reading.status == "partial"
    assert "以发展观为指导。" in reading.text


def test_an_encrypted_document_is_told(whole: bytes, tmp_path: Path) -> None:
    at = whole.index(b"\xec\xa5")
    (flags,) = struct.unpack_from("<H", whole, at + 0x0A)
    changed = whole[: at + 0x0A] + struct.pack("<H", flags | 0x100) + whole[at + 0x0C :]
    assert code(tmp_path, changed) == "encrypted"


def test_word_95_is_told_by_its_single_stream(samples: Path) -> None:
    path = samples / "files" / "apache+poi" / "Bug60942b.doc"
    assert sniff.detect(path) == "word_old"


def test_any_cut_is_an_error_or_a_reading(samples: Path, tmp_path: Path) -> None:
    paper = (samples / "filing" / "files" / "质检分析.doc").read_bytes()
    outcomes = []
    for share in range(1, 12):
        try:
            outcomes.append(read(tmp_path, paper[: len(paper) * share // 12]).status)
        except ReadError as error:
            outcomes.append(error.code)
    assert set(outcomes) <= {"complete", "partial", "corrupt"}
    assert outcomes[-1] in ("complete", "partial")


def test_a_paper_in_four_hundred_pieces_is_read_in_order(samples: Path) -> None:
    reading = indexer.read(samples / "files" / "apache+poi" / "Bug33519.doc")
    assert reading.status == "complete"
    assert len(reading.blocks) == 29


def test_text_under_a_hidden_style_is_not_shown(samples: Path) -> None:
    reading = indexer.read(samples / "files" / "apache+poi" / "Bug53380_3.doc")
    assert "A simple flow diagram" not in reading.text
    assert "some evidence of α" in reading.text
