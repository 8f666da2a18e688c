from __future__ import annotations

from pathlib import Path

import pytest

import indexer
from indexer.charset import decode

SIMPLIFIED = "教研组校本研修计划：一、指导思想，以课堂教学为中心。"
TRADITIONAL = "教研組校本研修計劃：一、指導思想，以課堂教學為中心。"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_simplified_text_in_every_usual_coding(codec: str) -> None:
    assert decode(SIMPLIFIED.encode(codec)) == SIMPLIFIED


@pytest.mark.parametrize("codec", ["utf-8", "big5", "gb18030"])
def test_traditional_text_in_every_usual_coding(codec: str) -> None:
    assert decode(TRADITIONAL.encode(codec)) == TRADITIONAL


def test_each_line_is_a_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("反思\r\n\r\n  第一行\n第二行".encode("gb18030"))
    assert [block.text for block in indexer.read(path).blocks] == ["反思", "第一行", "第二行"]


def test_markdown_headings(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    path.write_text("# 总结\n\n## 做法\n分层。\n", encoding="utf-8")
    outline = indexer.read(path, "总结.md").outline
    assert [(item.level, item.title) for item in outline] == [(0, "总结"), (1, "做法")]


def test_long_text_is_cut_at_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一行文字\n" * 100, encoding="utf-8")
    reading = indexer.read(path, limits=indexer.Limits(characters=50))
    assert reading.status == "partial"
    assert {block.text for block in reading.blocks} == {"一行文字"}


def test_csv_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名;学科\n张敏;化学\n".encode("gb18030"))
    (block,) = indexer.read(path).blocks
    assert block.rows == (("姓名", "学科"), ("张敏", "化学"))
