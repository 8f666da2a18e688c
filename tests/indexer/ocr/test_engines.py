"""The engines themselves: few pages, since each takes seconds."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer import ocr
from indexer.limits import DEFAULT
from indexer.ocr import engines, rapid, tesseract
from indexer.ocr.engines import Engine
from indexer.ocr.prepare import Pixels
from indexer.reading import Block

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


@pytest.fixture(scope="module")
def engine() -> Engine:
    found = rapid.load()
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an engine does, it does here."""

    def refuse(*_: object) -> None:
        raise AssertionError("an engine went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def no_other_engine() -> Iterator[None]:
    engines.engine.cache_clear()
    yield
    engines.engine.cache_clear()


def form() -> Pixels:
    """A form with merged cells, lightly ruled, as a school prints it."""
    if not FONT.is_file():
        pytest.skip("no Chinese font on this machine")
    image = Image.new("L", (1000, 520), 252)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 26, index=2)
    draw.text((500, 60), "课堂教学评估表", 20, font, anchor="ms")
    cells = {
        (60, 100, 240, 160): "学校", (240, 100, 500, 160): "孙镇初中",
        (500, 100, 680, 160): "评分", (680, 100, 940, 160): "9",
        (60, 160, 240, 300): "评价", (240, 160, 940, 300): "学生活动充分，",
        (60, 300, 240, 360): "备注", (240, 300, 940, 360): "",
    }  # fmt: skip
    for box, text in cells.items():
        draw.rectangle(box, outline=60, width=2)
        draw.text((box[0] + 14, box[1] + 14), text, 20, font)
    draw.text((254, 214), "板书工整。", 20, font)
    return np.asarray(image.convert("RGB"))


def rows(found: list[Block]) -> list[tuple[str, ...]]:
    return [row for block in found if block.kind == "table" for row in block.rows]


def test_a_form_is_a_table_with_its_merged_cells_once(engine: Engine) -> None:
    found, confidence = ocr.recognise(form(), 1, engine)
    assert rows(found) == [
        ("学校", "孙镇初中", "评分", "9"),
        ("评价", "学生活动充分，\n板书工整。", "", ""),
        ("备注", "", "", ""),
    ]
    assert (found[0].text, found[0].centred) == ("课堂教学评估表", True)
    assert confidence > 0.95


def test_a_blank_page_has_nothing(engine: Engine) -> None:
    assert ocr.recognise(np.full((300, 300, 3), 255, np.uint8), 1, engine) == ([], 0.0)


def test_the_scan_of_a_stage_report(samples: Path) -> None:
    """Askew, with a seal over its last line."""
    page = ocr.page(samples / "filing" / "files" / "扫描0007.pdf", "pdf", 1, DEFAULT)
    text = "\n".join(block.text for block in page.blocks)
    assert text.startswith("蒲城县中小学校本研修工作阶段报告\n学校：平路庙初中 ")
    assert "5月份开展九年级作文升格训练，人均面批不少于两次；准备迎接县教研室视导；整理" in text
    assert text.endswith("整理个人成长档案袋。")
    assert page.engine == "rapidocr"
    assert page.confidence > 0.97


def test_a_photograph_of_the_country_has_no_writing(samples: Path) -> None:
    page = ocr.page(samples / "filing" / "files" / "DSC_0045.jpg", "jpg", 1, DEFAULT)
    assert (page.blocks, page.confidence) == ((), 0.0)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="no tesseract on this machine")
def test_tesseract_stands_in_where_rapidocr_does_not_load(
    monkeypatch: pytest.MonkeyPatch, no_other_engine: None
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    found = engines.engine()
    if found is None:
        pytest.skip("tesseract has no Chinese here")
    assert found.name == "tesseract"
    assert ("学校", "孙镇初中") in [row[:2] for row in rows(ocr.recognise(form(), 1, found)[0])]


def test_without_an_engine_it_is_said(
    monkeypatch: pytest.MonkeyPatch, no_other_engine: None, tmp_path: Path
) -> None:
    monkeypatch.setattr(rapid, "load", lambda: None)
    monkeypatch.setattr(tesseract, "load", lambda: None)
    assert ocr.available() == ""
    with pytest.raises(ocr.ReadError) as caught:
        ocr.page(tmp_path / "a.png", "png", 1, DEFAULT)
    assert caught.value.code == "unsupported"


def test_tesseracts_table_becomes_lines() -> None:
    table = (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        "4\t1\t1\t1\t1\t0\t100\t50\t300\t30\t-1\t\n"
        "5\t1\t1\t1\t1\t1\t100\t50\t60\t30\t90\t学校\n"
        "5\t1\t1\t1\t1\t2\t200\t52\t30\t30\t80\t：\n"
        "5\t1\t1\t1\t2\t1\t100\t90\t80\t30\t96\tUnit\n"
        "5\t1\t1\t1\t2\t2\t200\t90\t20\t30\t96\t7\n"
    )
    lines = list(tesseract._lines(table))
    assert [line.text for line in lines] == ["学校：", "Unit 7"]
    assert lines[0].box == ((100, 50), (230, 50), (230, 82), (100, 82))
    assert lines[0].confidence == pytest.approx((0.9 * 2 + 0.8) / 3)
    assert [len(line.at) for line in lines] == [3, 6]
