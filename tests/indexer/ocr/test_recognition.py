"""Text of pictures: recognised, laid out, and put where its page belongs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

import indexer
from indexer import ocr, scans
from indexer.errors import ReadError
from indexer.limits import DEFAULT
from indexer.ocr.pages import Page
from indexer.pool import ReaderPool
from indexer.reading import Block, Reading

LINES = (
    "孙镇初中语文教研组阶段报告",
    "一、工作开展情况",
    "本月听课十二节，集体备课三次，参加教师八人。",
    "二、存在问题",
    "部分教师课后反思写得过于简单，缺少对学生的分析。",
)


@pytest.fixture(scope="module")
def font() -> ImageFont.FreeTypeFont:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Serif CJK SC:lang=zh-cn"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    if "CJK" not in found:
        pytest.skip("no Chinese font on this machine")
    return ImageFont.truetype(found, 34)


@pytest.fixture(scope="module")
def scan(font: ImageFont.FreeTypeFont, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page as a scanner gives it, a little askew."""
    image = Image.new("L", (1240, 900), 250)
    draw = ImageDraw.Draw(image)
    draw.text((620, 90), LINES[0], 20, font, anchor="ms")
    for at, line in enumerate(LINES[1:]):
        draw.text((120, 190 + at * 80), line, 20, font)
    image = image.rotate(1.5, expand=True, fillcolor=250)
    path = tmp_path_factory.mktemp("scan") / "扫描.png"
    image.save(path, dpi=(150, 150))
    return path


def test_a_scan_is_read_in_the_confined_child(scan: Path) -> None:
    with ReaderPool(1) as pool:
        reading = pool.read(scan)
        assert (reading.status, reading.scanned, reading.text) == ("partial", (1,), "")
        told: list[tuple[int, int]] = []
        done = pool.recognise(scan, reading, lambda page, pages: told.append((page, pages)))
    text = done.text.replace(" ", "")
    assert [line for line in LINES if line not in text] == []
    assert [text.index(line) for line in LINES] == sorted(text.index(line) for line in LINES)
    assert (done.scanned, told) == ((), [(0, 1), (1, 1)])
    assert [item.title for item in done.outline if item.level] == ["工作开展情况", "存在问题"]


def test_recognised_pages_stand_where_they_belong() -> None:
    reading = Reading(
        "pdf", "partial",
        (Block("paragraph", "第一页的字", page=1), Block("paragraph", "第三页的字", page=3)),
        left_out=scans.notes([2]), scanned=(2,),
    )  # fmt: skip
    page = Page((Block("paragraph", "第二页认出的字", page=2),), (), 0.98, 1.0, "rapidocr")
    done = ocr.assemble(reading, {2: page})
    assert [block.text for block in done.blocks] == ["第一页的字", "第二页认出的字", "第三页的字"]
    assert (done.status, done.scanned, done.left_out) == ("complete", (), ())


def test_a_page_that_is_read_badly_is_named() -> None:
    reading = Reading("jpg", "partial", (), left_out=scans.notes([1]), scanned=(1,))
    page = Page((Block("paragraph", "什么字", page=1),), (), 0.3, 1.0, "rapidocr")
    done = ocr.assemble(reading, {1: page})
    assert any("识别不清" in note for note in done.left_out)


def test_a_page_that_cannot_be_recognised_stays_named() -> None:
    reading = Reading("jpg", "partial", (), left_out=scans.notes([1]), scanned=(1,))
    done = ocr.assemble(reading, {1: ReadError("timeout", "")})
    assert done.left_out
    assert (done.status, done.scanned) == ("partial", (1,))


def test_a_damaged_picture_is_corrupt(tmp_path: Path, scan: Path) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(scan.read_bytes()[:2000])
    with pytest.raises(ReadError) as caught:
        indexer.read(cut)
    assert caught.value.code == "corrupt"


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    Image.new("1", (40_000, 40_000)).save(tmp_path / "bomb.png")
    with pytest.raises(ReadError) as caught:
        indexer.read(tmp_path / "bomb.png")
    assert caught.value.code == "too_large"
    with pytest.raises(ReadError):
        ocr.page(tmp_path / "bomb.png", "png", 1, DEFAULT)
