"""Lines to blocks, on values: paragraphs, titles, columns, tables, spaces."""

from __future__ import annotations

import pytest

from indexer.ocr.engines import Line
from indexer.ocr.grid import Grid, Region
from indexer.ocr.layout import blocks
from indexer.readers.lines import WIDE
from indexer.reading import Block

EM = 24
PAGE = (1240, 1754)
LONG = "四月份语文组以读写结合为主题开展研修并两次集体备课由主备人说课"


def line(text: str, x: float, y: float, em: float = EM, weight: float = 3.0) -> Line:
    """A line as an engine sees it; ▁ stands for a gap of one character."""
    at, steps = 0.0, []
    for sign in text:
        wide = 1.0 if WIDE.match(sign) or sign == "▁" else 0.5
        steps.append(at + wide / 2)
        at += wide
    shown = [(sign, step / at) for sign, step in zip(text, steps, strict=True) if sign != "▁"]
    right, bottom = x + at * em, y + em * 1.3
    return Line(
        "".join(sign for sign, _ in shown),
        ((x, y), (right, y), (right, bottom), (x, bottom)),
        0.99,
        tuple(place for _, place in shown),
        weight,
    )


def rows(texts: list[str], x: float = 150, y: float = 200, pitch: float = 40) -> list[Line]:
    """Lines below each other; a leading 　 is an indent."""
    placed = []
    for number, text in enumerate(texts):
        indent = len(text) - len(text.lstrip("　"))
        placed.append(line(text.lstrip("　"), x + indent * EM, y + number * pitch))
    return placed


def texts(found: list[Block]) -> list[str]:
    return [block.text for block in found]


def test_full_rows_are_joined_up_to_the_next_indent() -> None:
    given = ["　　" + LONG[:28], LONG[:30], "一小节。", "　　" + LONG[:28], "到此为止。"]
    assert texts(blocks(rows(given), [], PAGE, 1)) == [
        given[0].strip() + given[1] + given[2],
        given[3].strip() + given[4],
    ]


def test_a_full_row_before_a_number_ends_its_paragraph() -> None:
    given = ["　　" + LONG[:27] + "。", "二、取得成效", "　　" + LONG[:28], "到此为止。"]
    assert texts(blocks(rows(given), [], PAGE, 1))[:2] == [given[0].strip(), given[1]]


def test_a_title_is_centred_and_a_signature_is_not() -> None:
    lines = [
        line("阶段报告", 150 + 13 * EM, 100, 30),
        *rows(["　　" + LONG[:28], LONG[:10]]),
        line("孙镇初中", 150 + 26 * EM, 300),
    ]
    found = blocks(lines, [], PAGE, 1)
    assert [(block.text, block.centred) for block in found] == [
        ("阶段报告", True), (LONG[:28] + LONG[:10], False), ("孙镇初中", False),
    ]  # fmt: skip
    assert found[0].size > found[1].size


def test_thick_strokes_are_bold() -> None:
    lines = rows(["　　" + LONG[:28], LONG[:30], "到此为止。"], y=300)
    found = blocks([line("我们看到的变化", 150, 240, weight=4.2), *lines], [], PAGE, 1)
    assert [(block.text[:7], block.bold) for block in found] == [
        ("我们看到的变化", True), (LONG[:7], False),
    ]  # fmt: skip


def test_the_order_of_what_the_engine_found_does_not_matter() -> None:
    given = rows(["一、情况", "　　" + LONG[:28], LONG[:30], "一小节。"])
    assert blocks(given[::-1], [], PAGE, 1) == blocks(given, [], PAGE, 1)


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"左栏第{sign}行文字一直写到右边为止啊" for sign in "一二三四五六"]
    right = [f"右栏第{sign}行文字一直写到右边为止啊" for sign in "一二三四五六"]
    title = line("两栏的通知上面有一个跨过两栏的很长很长的标题", 300, 100, 28)
    lines = [title, *rows(left, 120), *rows(right, 680)]
    joined = "".join(texts(blocks(lines, [], PAGE, 1)))
    assert joined == "".join([title.text, *left, *right])


def test_labels_beside_their_values_are_no_columns() -> None:
    pairs = [("学校：", "孙镇初中"), ("学科：", "语文"), ("时间：", "四月"), ("姓名：", "李雪")]
    lines = [
        one
        for number, (label, value) in enumerate(pairs)
        for one in (line(label, 150, 200 + 40 * number), line(value, 600, 200 + 40 * number))
    ]
    assert texts(blocks(lines, [], PAGE, 1)) == [f"{label}  {value}" for label, value in pairs]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("学校：孙镇初中▁▁学科：语文", "学校：孙镇初中  学科：语文"),
        ("兴镇初中▁王淑芹", "兴镇初中 王淑芹"),
        ("人数41人，均分86.2分", "人数41人，均分86.2分"),
    ],
)
def test_gaps_become_spaces(given: str, expected: str) -> None:
    assert texts(blocks([line(given, 150, 200)], [], PAGE, 1)) == [expected]


def test_spaces_that_an_engine_guessed_are_not_kept() -> None:
    whole = line("校本研修阶段报告", 150, 200)
    guessed = Line("校本 研修阶段报告", whole.box, 0.9, (*whole.at[:2], *whole.at[1:]), 3.0)
    assert texts(blocks([guessed], [], PAGE, 1)) == ["校本研修阶段报告"]


def grid(rows: int, columns: int, merged: dict[tuple[int, int], tuple[int, int]]) -> Grid:
    """A table of cells 300 by 60 pixels at (150, 400); `merged` cells reach over so many rows and
    columns."""
    covered = {
        (row + down, column + over)
        for (row, column), (high, wide) in merged.items()
        for down in range(high)
        for over in range(wide)
        if (down, over) != (0, 0)
    }
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in covered:
                continue
            high, wide = merged.get((row, column), (1, 1))
            left, top = 150 + 300 * column, 400 + 60 * row
            box = (left + 2, top + 2, left + 300 * wide - 2, top + 60 * high - 2)
            cells.append(Region(*box, row, column, high, wide))
    return Grid(150, 400, 150 + 300 * columns, 400 + 60 * rows, tuple(cells))


def test_a_line_across_rules_is_cut_at_them() -> None:
    across = line("班级▁▁▁▁▁▁▁▁▁▁▁人数▁▁▁▁▁▁▁▁▁▁平均分", 160, 415)
    below = [line("八（1）", 160, 475), line("45", 460, 475), line("71.2", 760, 475)]
    (found,) = blocks([across, *below], [grid(2, 3, {})], PAGE, 1)
    assert found.rows == (("班级", "人数", "平均分"), ("八（1）", "45", "71.2"))


def test_a_merged_cell_is_told_once_and_its_places_are_marked() -> None:
    lines = [
        line("教学反思", 600, 415),
        line("课题", 160, 475), line("背影", 460, 475), line("李雪", 760, 475),
    ]  # fmt: skip
    (found,) = blocks(lines, [grid(2, 3, {(0, 0): (1, 3)})], PAGE, 1)
    assert found.rows == (("教学反思", "", ""), ("课题", "背影", "李雪"))
    assert found.merged == ((0, 1), (0, 2))
    assert found.text == "教学反思\n课题\t背影\t李雪"


def test_rows_of_a_cell_are_one_text_until_one_ends_or_is_numbered() -> None:
    lines = [
        line("目标", 160, 415),
        *(line(text, 460, 405 + 36 * at) for at, text in enumerate(
            ["1.能说出课文的大意并", "复述。", "2.体会父爱"]
        )),
    ]  # fmt: skip
    (found,) = blocks(lines, [grid(2, 2, {(0, 0): (2, 1), (0, 1): (2, 1)})], PAGE, 1)
    assert found.rows[0] == ("目标", "1.能说出课文的大意并复述。\n2.体会父爱")


def test_text_stands_above_and_below_its_table() -> None:
    lines = [
        line("表后的一段。", 150, 560), line("一、成绩", 150, 340),
        line("班级", 160, 415), line("八年级", 460, 415), line("人数", 160, 475),
        line("45", 460, 475),
    ]  # fmt: skip
    found = blocks(lines, [grid(2, 2, {})], PAGE, 1)
    assert [block.kind for block in found] == ["paragraph", "table", "paragraph"]
    assert (found[0].text, found[2].text) == ("一、成绩", "表后的一段。")


def test_a_frame_with_text_is_no_table() -> None:
    lines = rows(["在一个框里写的通知", "共有两行文字"], 180, 420, 60)
    found = blocks(lines, [grid(2, 2, {(0, 0): (2, 1), (0, 1): (2, 1)})], PAGE, 1)
    assert {block.kind for block in found} == {"paragraph"}


def test_squared_paper_is_no_table() -> None:
    squares = tuple(
        Region(150 + 40 * c, 400 + 40 * r, 188 + 40 * c, 438 + 40 * r, r, c, 1, 1)
        for r in range(10)
        for c in range(10)
    )
    paper = Grid(150, 400, 550, 800, squares)
    found = blocks([line("我的妈妈", 150, 403, 40), line("很忙", 150, 443, 40)], [paper], PAGE, 1)
    assert {block.kind for block in found} == {"paragraph"}
