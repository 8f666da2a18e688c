"""Papers by the thousand: all different, in their shares, each readable."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import docx
import olefile
import openpyxl
import pypdfium2
import pytest

from archive.register import Register
from yanxiu.demo import bulk, slots
from yanxiu.demo.papers import Line

NUMBER = 300


@pytest.fixture(scope="module")
def pile(register: Register, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return bulk.write(tmp_path_factory.mktemp("bulk"), NUMBER, register=register)


def of(pile: list[Path], suffix: str) -> Path:
    return next(p for p in pile if p.suffix == suffix)


def test_formats_come_in_their_shares(pile: list[Path]) -> None:
    assert Counter(p.suffix for p in pile) == {
        suffix: NUMBER * share // 100 for suffix, share in bulk.FORMATS.items()
    }


def test_no_two_are_alike(pile: list[Path]) -> None:
    assert len({hashlib.sha256(p.read_bytes()).digest() for p in pile}) == NUMBER


def test_the_seed_decides_the_bytes(pile: list[Path], register: Register, tmp_path: Path) -> None:
    same = bulk.write(tmp_path / "same", NUMBER, register=register)
    other = bulk.write(tmp_path / "other", NUMBER, register=register, seed=2)
    assert [p.read_bytes() for p in same] == [p.read_bytes() for p in pile]
    assert [p.read_bytes() for p in other] != [p.read_bytes() for p in pile]


def test_each_format_can_be_read(pile: list[Path]) -> None:
    assert "学校：" in "".join(p.text for p in docx.Document(str(of(pile, ".docx"))).paragraphs)
    sheet = openpyxl.load_workbook(of(pile, ".xlsx")).worksheets[0]
    assert str(sheet["A2"].value).startswith("学校：")
    assert "学校：" in of(pile, ".txt").read_text("gb18030")
    with pypdfium2.PdfDocument(str(of(pile, ".pdf"))) as pdf:
        assert "学校：" in pdf[0].get_textpage().get_text_range()


def test_a_doc_keeps_its_size_and_has_no_empty_slot(pile: list[Path]) -> None:
    path = of(pile, ".doc")
    with olefile.OleFileIO(str(path)) as ole:
        text = ole.openstream("WordDocument").read().decode("utf-16-le", "replace")
    assert "学校：" in text
    assert "〓" not in text


def test_a_reports_unit_subject_and_month_occur_once() -> None:
    """Else a benchmark would measure versions instead of filing."""
    places = [("甲校", "语文"), ("甲校", "数学"), ("乙校", "语文"), ("乙校", "数学")]
    turns = bulk.handed_in("stage_report", places, 1)
    first = [next(turns) for _ in range(2 * len(places) * len(bulk.MONTHS))]
    assert len({(t.school, t.subject, t.year, t.month) for t in first}) == len(first)
    assert {t.school_year for t in first} == {2014, 2015}


def test_text_too_long_for_a_slot_is_cut_after_a_sentence() -> None:
    sentence = "这一句话刚好写满二十个字左右就结束了。"
    data = slots.document(
        [Line("title", "题"), Line("heading", "一"), Line("paragraph", sentence * 9)]
    )
    text = data.decode("utf-16-le", "replace")
    assert sentence * 6 in text
    assert sentence * 7 not in text
