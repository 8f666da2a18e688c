from __future__ import annotations

import pytest
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


def test_a_time_of_day_opens_no_section() -> None:
    blocks = lines("通知", f"早饭 7:20—7:50（{LONG}）", f"午饭 12:00—12:40（{LONG}）")
    assert shown(blocks) == [(0, "通知")]
    assert shown(lines("计划", f"主题1：{LONG}")) == [(0, "计划"), (1, "主题1")]


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


def sized(*lines: tuple[str, float]) -> list[Block]:
    return [Block("paragraph", text, size=size) for text, size in lines]


def test_a_line_larger_than_the_body_is_a_heading() -> None:
    blocks = sized(("研修总结", 16), (LONG, 12), ("我们做了什么", 14), (LONG, 12), (LONG, 12))
    recovered = recover(blocks)
    assert [(i.level, i.title, i.by) for i in recovered.outline] == [
        (0, "研修总结", "size"),
        (1, "我们做了什么", "size"),
    ]


def test_a_large_sentence_is_no_heading() -> None:
    blocks = sized(("研修总结", 16), (LONG, 12), ("课堂是学生的课堂。", 14), (LONG, 12))
    assert shown(blocks) == [(0, "研修总结")]


def test_a_little_larger_says_nothing() -> None:
    blocks = sized(("研修总结", 16), (LONG, 12), ("王淑霞老师的课", 13), (LONG, 12))
    assert shown(blocks) == [(0, "研修总结")]


def test_smaller_headings_lie_within_larger_ones() -> None:
    blocks = sized(
        ("研修总结", 22), ("上学期", 16), ("集体备课", 14), (LONG, 12), ("听课", 14), (LONG, 12),
        ("下学期", 16), (LONG, 12),
    )  # fmt: skip
    assert shown(blocks) == [
        (0, "研修总结"), (1, "上学期"), (2, "集体备课"), (2, "听课"), (1, "下学期"),
    ]  # fmt: skip


def test_the_largest_line_is_the_title() -> None:
    blocks = sized(("附件二", 12), ("孙镇初中", 12), ("听评课活动记录", 22), (LONG, 12))
    assert recover(blocks).outline[0].title == "听评课活动记录"


def centred(*texts: str) -> list[Block]:
    return [Block("paragraph", text, centred=True) for text in texts]


@pytest.mark.parametrize(
    "line",
    ["孙镇初中教导处", "王淑霞", "李  雪", "八年级语文  王淑霞", "2014—2015学年度", "《背影》"],
)
def test_a_line_under_the_title_that_says_whose_it_is_heads_nothing(line: str) -> None:
    blocks = [*centred("教学反思", line), *lines("一、得", LONG, "二、失", LONG)]
    assert shown(blocks)[1:] == [(1, "得"), (1, "失")]


def test_a_title_said_again_heads_nothing() -> None:
    blocks = [*centred("研修计划"), *lines(LONG), *centred("研修计划"), *lines("一、目标", LONG)]
    assert shown(blocks) == [(0, "研修计划"), (1, "目标")]


def test_a_preface_is_a_section() -> None:
    blocks = [*centred("研修计划", "前  言"), *lines(LONG)]
    assert shown(blocks)[1:] == [(1, "前言")]


def test_papers_that_follow_in_the_same_file() -> None:
    blocks = lines(
        "蒲城县校本研修工作实施方案", "一、目标", LONG, "二、措施", "1、加强领导，落实责任。",
        "2、每学期检查一次，并作为一项重点工作纳入评估之中。",
        "蒲城县校本研修联片划分办法", LONG, "一、原则", LONG,
    )  # fmt: skip
    assert shown(blocks)[1:] == [
        (1, "目标"), (1, "措施"), (1, "蒲城县校本研修联片划分办法"), (2, "原则"),
    ]  # fmt: skip


def test_each_paper_of_a_file_has_its_own_signature() -> None:
    blocks = lines(
        "第一篇：计划",
        "一、目标",
        LONG,
        "孙镇初中",
        "2015年9月10日",
        "第二篇：总结",
        "一、做法",
        LONG,
    )
    bodies = {item.title: item.body for item in recover(blocks).outline}
    assert bodies["目标"] == LONG
    assert bodies["总结"] == f"一、做法\n{LONG}"


def test_people_who_speak_are_no_sections() -> None:
    blocks = lines(
        "评课记录", "评议：", f"张科：{LONG}", f"刘晓玲：{LONG}", f"任军社：{LONG}", "散会：11:40"
    )
    assert shown(blocks) == [(0, "评课记录"), (1, "评议")]


def test_entries_of_a_calendar_are_no_sections() -> None:
    blocks = lines(
        "计划", "一、安排", f"九月份主题：{LONG}", f"十月份主题：{LONG}", f"第三周：{LONG}"
    )
    assert shown(blocks) == [(0, "计划"), (1, "安排")]


def test_a_sentence_that_announces_a_list_is_no_section() -> None:
    blocks = lines("计划", "一、考核", "有以下情况的扣分：", LONG, "二、奖励", LONG)
    assert shown(blocks) == [(0, "计划"), (1, "考核"), (1, "奖励")]


def test_points_of_a_list_beside_headings_belong_to_neither() -> None:
    point = "4、开展有针对性的课题研究，并在教研室指导下做好课题的申报工作。"
    blocks = lines(
        "计划", "一、形式", "1、集体备课", LONG, "2、示范课", LONG, "3、论坛", LONG, point,
        "5、引领", LONG,
    )  # fmt: skip
    bodies = {item.title: item.body for item in recover(blocks).outline}
    assert list(bodies) == ["计划", "形式", "集体备课", "示范课", "论坛", "引领"]
    assert bodies["论坛"] == LONG
    assert point in bodies["形式"]


def test_phrases_of_a_list_are_no_headings() -> None:
    blocks = lines(
        "计划", "一、专题", "1、课堂提问的优化", "2、作业设计", "3、分层教学", "二、要求", LONG
    )
    assert shown(blocks) == [(0, "计划"), (1, "专题"), (1, "要求")]


def test_a_heading_whose_paragraph_mark_was_lost() -> None:
    blocks = lines("计划", "（一）定期活动", f"1.备课。{LONG}（二）不定期督导", LONG)
    outline = recover(blocks).outline
    assert [(i.level, i.title) for i in outline if i.level == 1] == [
        (1, "定期活动"),
        (1, "不定期督导"),
    ]
    assert outline[-1].body == LONG


def test_headings_on_the_lines_of_one_paragraph() -> None:
    block = Block("paragraph", f"一、做法\n{LONG}\n二、体会\n{LONG}")
    outline = recover([*lines("总结"), block]).outline
    assert [(i.title, i.body) for i in outline[1:]] == [("做法", LONG), ("体会", LONG)]


def test_headings_of_one_scheme_are_of_one_level_though_only_some_have_a_style() -> None:
    blocks = [
        *lines("计划"), Block("heading", "一、目标", 1, by="style"), *lines(LONG, "二、措施", LONG),
        Block("heading", "三、安排", 1, by="style"), *lines(LONG),
    ]  # fmt: skip
    assert shown(blocks)[1:] == [(1, "目标"), (1, "措施"), (1, "安排")]


def test_the_outermost_style_is_the_first_level() -> None:
    blocks = [
        *lines("计划"), Block("heading", "目标", 2, by="style"), *lines(LONG),
        Block("heading", "总目标", 4, by="style"), *lines(LONG),
    ]  # fmt: skip
    assert shown(blocks)[1:] == [(1, "目标"), (2, "总目标")]


def test_a_contents_page_without_leaders_is_no_outline() -> None:
    blocks = lines("计划", "目  录", "一、目标 1", "二、措施 3", "一、目标", LONG, "二、措施", LONG)
    assert [item.block for item in recover(blocks).outline] == [0, 4, 6]


def test_chapters_hold_sections() -> None:
    blocks = lines(
        "条例", "第一章 总则", "第一节 目的", LONG, "第二节 范围", LONG, "第二章 附则", LONG
    )
    assert [level for level, _ in shown(blocks)] == [0, 1, 2, 2, 1]
