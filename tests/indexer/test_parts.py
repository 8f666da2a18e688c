"""Where sections and pages stand in the text that is indexed."""

from __future__ import annotations

from pathlib import Path

import pytest

import indexer
from indexer.parts import pages, parts
from indexer.reading import Block, OutlineItem, Reading


def reading(*blocks: Block) -> Reading:
    from indexer import outline

    made = outline.recover(blocks)
    return Reading("docx", "complete", made.blocks, made.outline)


def paragraph(text: str, page: int | None = None) -> Block:
    return Block("paragraph", text, page=page)


def test_a_section_ends_where_the_next_begins() -> None:
    made = reading(
        *map(
            paragraph,
            ("一、工作情况", "开展集体备课。", "二、存在问题", "听课记录不全。", "后进生多。"),
        )
    )
    found = {part.title: made.text[part.start : part.end] for part in parts(made)}
    assert found == {
        "工作情况": "工作情况\n开展集体备课。",
        "存在问题": "存在问题\n听课记录不全。\n后进生多。",
    }


def test_a_section_holds_those_inside_it() -> None:
    made = reading(
        *map(
            paragraph,
            (
                "一、存在问题",
                "（一）教学",
                "记录不全。",
                "（二）管理",
                "督促不力。",
                "二、打算",
                "改进。",
            ),
        )
    )
    found = {part.title: made.text[part.start : part.end] for part in parts(made)}
    assert "督促不力" in found["存在问题"]
    assert "督促不力" not in found["教学"]
    assert "改进" not in found["存在问题"]


def test_sections_of_a_form_stand_in_their_cells() -> None:
    rows = (
        ("学　校", "孙镇初中", "学　科", "数学"),
        ("工作开展情况", "听课记录检查了一遍，学校意见随后附上。" * 30),
        ("存在问题", "记录不全。"),
        ("学校意见", "同意。"),
        ("检查人签字", "田芳"),
    )
    made = reading(Block("table", "\n".join("\t".join(row) for row in rows), rows=rows))
    found = {part.title: made.text[part.start : part.end] for part in parts(made)}
    assert found["学校"] == "学　校\t孙镇初中"
    assert found["学科"] == "学　科\t数学"
    assert found["存在问题"] == "存在问题\t记录不全。"
    assert found["学校意见"] == "学校意见\t同意。"
    assert found["检查人签字"] == "检查人签字\t田芳"


def test_a_title_of_two_lines_is_found_whole() -> None:
    made = Reading(
        "docx",
        "complete",
        (paragraph("校本研修工作计划"), paragraph("（第一学期）"), paragraph("正文。")),
        (OutlineItem(0, "校本研修工作计划（第一学期）", 0, "第 1 段"),),
    )
    assert [(p.start, p.end) for p in parts(made)] == [(0, 15)]


def test_pages_begin_where_their_first_block_stands() -> None:
    made = reading(
        paragraph("甲" * 5, 1), paragraph("乙", 1), paragraph("丙", 3), paragraph("丁", 3)
    )
    assert pages(made) == ((0, 1), (8, 3))
    assert pages(reading(paragraph("甲"))) == ()


def test_headers_have_no_place_among_the_pages() -> None:
    made = Reading("pdf", "complete", (Block("header", "页眉", page=1), paragraph("甲", 1)))
    assert pages(made) == ((0, 1),)
    assert made.text[0] == "甲"


@pytest.mark.samples
def test_sections_of_the_seeds_hold_their_bodies(seeds: Path) -> None:
    for path in sorted(seeds.iterdir()):
        made = indexer.read(path)
        by_title = {part.title: part for part in parts(made)}
        assert len(by_title) > 5, path
        texts = {title: made.text[part.start : part.end] for title, part in by_title.items()}
        begun = sum(texts[item.title].startswith(item.title) for item in made.outline)
        assert begun >= len(made.outline) * 0.7, path  # titles are mended: 九 月
        exact = sum(
            all(line in texts[item.title] for line in item.body.split("\n"))
            for item in made.outline
        )
        titles = [item.title for item in made.outline]
        alone = sum(titles.count(title) == 1 for title in titles)
        assert exact >= alone * 0.95, path
