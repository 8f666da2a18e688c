from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.outline import recover
from indexer.reading import Block


def lines(*texts: str) -> list[Block]:
    return [Block("paragraph", text) for text in texts]


def shown(blocks: list[Block]) -> list[tuple[int, str]]:
    return [(item.level, item.title) for item in recover(blocks).outline]


LONG = "我校现有教师九十二人，其中高级教师六人，近三年中考综合排名在全县前列，教师队伍稳定。"


def test_levels_follow_the_numbering() -> None:
    blocks = lines(
        "工作计划", "一、目标", "（一）总目标", LONG, "1、分目标", LONG, "二、措施", LONG
    )
    assert shown(blocks) == [
        (0, "工作计划"),
        (1, "目标"),
        (2, "总目标"),
        (3, "分目标"),
        (1, "措施"),
    ]


def test_a_body_includes_the_sections_below_it() -> None:
    blocks = lines("计划", "一、目标", "1、质量", LONG, "二、措施", "每周一次。")
    items = {item.title: item for item in recover(blocks).outline}
    assert items["目标"].body == f"1、质量\n{LONG}"
    assert items["质量"].body == LONG
    assert items["措施"].body == "每周一次。"


def test_numbered_list_items_do_not_cut_their_section() -> None:
    items = lines("计划", "一、重点", "1．讨论完成计划各项工作。", f"2．{LONG}", "3．大力培养。")
    outline = recover(items).outline
    assert [item.title for item in outline] == ["计划", "重点"]
    assert outline[1].body.count("\n") == 2


def test_a_heading_that_runs_into_its_text() -> None:
    outline = recover(lines("计划", f"一、研修目标：{LONG}")).outline
    assert (outline[1].title, outline[1].body) == ("研修目标", LONG)


def test_a_heading_and_its_text_on_two_lines_of_one_paragraph() -> None:
    outline = recover(lines("分析", f"⒈ 考试概况\n{LONG}")).outline
    assert (outline[1].title, outline[1].body) == ("考试概况", LONG)


def test_a_bold_beginning_is_a_heading() -> None:
    block = Block("paragraph", f"得：{LONG}", lead=2)
    outline = recover([Block("paragraph", "反思", centred=True), block]).outline
    assert (outline[1].title, outline[1].by, outline[1].body) == ("得", "bold", LONG)


def test_bold_labels_of_the_head_are_no_headings() -> None:
    block = Block("paragraph", "执教：原任初中  侯春燕", lead=3)
    recovered = recover([Block("paragraph", "课后反思", centred=True), block])
    assert [item.title for item in recovered.outline] == ["课后反思"]
    assert recovered.fields == {"执教": "原任初中 侯春燕"}


def test_sentences_are_no_headings() -> None:
    blocks = lines(
        "计划", "一、二年级学生年龄小，坐不住。", "1.5万字的笔记", "2026. 3. 15", f"一、{LONG}"
    )
    assert shown(blocks) == [(0, "计划")]


def test_a_letter_spaced_title_is_closed_up() -> None:
    blocks = [Block("paragraph", "教 学 反 思", centred=True), *lines(LONG)]
    assert shown(blocks) == [(0, "教学反思")]


def test_a_title_of_two_lines() -> None:
    blocks = [
        Block("paragraph", "孙镇初中校本研修工作计划", centred=True),
        Block("paragraph", "（2014—2015学年度）", centred=True),
        *lines(LONG),
    ]
    assert shown(blocks) == [(0, "孙镇初中校本研修工作计划（2014—2015学年度）")]


def test_a_by_line_is_not_the_second_line_of_a_title() -> None:
    blocks = [
        Block("paragraph", "读《给教师的建议》有感", centred=True),
        Block("paragraph", "椿林初中  党晓娟", centred=True),
        *lines(LONG),
    ]
    assert shown(blocks) == [(0, "读《给教师的建议》有感")]


def test_the_signature_belongs_to_no_section() -> None:
    blocks = lines("计划", "一、月任务", "平路庙中学  麻宏", "2015年9月10日")
    assert recover(blocks).outline[1].body == ""


def test_speakers_are_no_sections() -> None:
    blocks = lines("晚会", *[f"主持甲：{LONG}" for _ in range(4)])
    assert shown(blocks) == [(0, "晚会")]


def test_several_papers_in_one_file() -> None:
    blocks = lines("第一篇:方案", "一、目标", LONG, "第二篇:总结", "一、做法", LONG)
    assert shown(blocks) == [
        (0, "方案"), (1, "方案"), (2, "目标"), (1, "总结"), (2, "做法"),
    ]  # fmt: skip


def test_places_are_for_people() -> None:
    form = Block("table", "", rows=(("课题", "勾股定理"), ("教学目标", LONG)))
    outline = recover([*lines("教案", LONG), form, *lines("一、反思", LONG)]).outline
    assert [item.place for item in outline] == [
        "第 1 段", "表 1 第 1 行", "表 1 第 2 行", "第 3 段",
    ]  # fmt: skip
    paged = recover([Block("paragraph", "一、目标", page=3)]).outline
    assert paged[0].place == "第 3 页"


def test_headings_are_marked_in_the_blocks_with_their_raw_text() -> None:
    recovered = recover(lines("计划", "一、目标", LONG))
    assert [(b.kind, b.level, b.text, b.by) for b in recovered.blocks[:2]] == [
        ("heading", 0, "计划", "label"),
        ("heading", 1, "一、目标", "numbering"),
    ]


def test_a_table_of_contents_is_no_outline() -> None:
    blocks = lines("计划", "一、目标........1", "二、措施\t3", "一、目标", LONG)
    assert shown(blocks) == [(0, "计划"), (1, "目标")]


@given(st.lists(st.text("一二、（）1.①目标措施：。 \n", max_size=20), max_size=12))
def test_recovering_keeps_every_text_and_never_fails(texts: list[str]) -> None:
    blocks = lines(*[text for text in texts if text.strip()])
    recovered = recover(blocks)
    assert [block.text for block in recovered.blocks] == [block.text for block in blocks]
    whole = "".join("".join(block.text.split()) for block in blocks)
    assert all("".join(item.body.split()) in whole for item in recovered.outline)


@given(st.lists(st.text("一二、（）1.①目标措施：。 ", max_size=20), max_size=12))
def test_recovering_twice_changes_nothing(texts: list[str]) -> None:
    first = recover(lines(*[text for text in texts if text.strip()]))
    plain = [Block("paragraph", block.text) for block in first.blocks]
    assert recover(plain).outline == first.outline


def test_a_bare_label_does_not_swallow_the_next_one() -> None:
    blocks = lines(
        "阶段报告", f"取得成效：{LONG}", "存在问题：", f"下阶段安排：{LONG}", f"附件清单：{LONG}"
    )
    assert shown(blocks)[1:] == [
        (1, "取得成效"),
        (1, "存在问题"),
        (1, "下阶段安排"),
        (1, "附件清单"),
    ]
    bodies = {item.title: item.body for item in recover(blocks).outline}
    assert bodies["存在问题"] == ""


def test_parts_of_a_bare_label_stay_within_it() -> None:
    blocks = lines("反思", "存在问题：", f"学生层面：{LONG}", "改进措施：", LONG)
    assert shown(blocks)[1:] == [(1, "存在问题"), (2, "学生层面"), (1, "改进措施")]
    blocks = lines("反思", "教学反思：", f"成功之处：{LONG}", f"不足之处：{LONG}")
    assert shown(blocks)[1:] == [(1, "教学反思"), (2, "成功之处"), (2, "不足之处")]
