from __future__ import annotations

import pytest

from indexer.labels import is_label, pairs
from indexer.outline import recover
from indexer.reading import Block

LONG = "用《孙子算经》原题引入，学生用算术抬腿法抢答，之后与方程组解法对比，突出了方程的优越性。"


def table(*rows: tuple[str, ...], merged: tuple[tuple[int, int], ...] = ()) -> list[Block]:
    return [Block("table", "", rows=rows, merged=merged)]


def cells(blocks: list[Block]) -> dict[str, str]:
    return {item.title: item.body for item in recover(blocks).outline if item.by == "cell"}


def test_labels_and_values_alternate_in_a_form() -> None:
    form = table(
        ("课题", "鸡兔同笼", "授课班级", "八（2）"),
        ("授课教师", "毛小锋", "学校", "电力初中"),
        ("成功之处", LONG, "", ""),
        merged=((2, 2), (2, 3)),
    )
    recovered = recover(form)
    assert recovered.fields["课题"] == "鸡兔同笼"
    assert recovered.fields["学校"] == "电力初中"
    assert cells(form)["成功之处"] == LONG


def test_an_empty_value_is_known_to_be_empty() -> None:
    form = table(("课题", "", "班级", ""), ("改进措施", "", "", ""), merged=((1, 2), (1, 3)))
    assert recover(form).fields == {"课题": "", "班级": "", "改进措施": ""}
    assert cells(form)["改进措施"] == ""


def test_a_data_table_is_not_taken_for_a_form() -> None:
    roster = table(("姓名", "学科", "职务"), ("张敏", "化学", "组长"), ("刘欢", "化学", "教师"))
    assert recover(roster).fields == {}
    assert recover(roster).outline == ()


def test_a_score_table_is_not_taken_for_a_form() -> None:
    scores = table(("班级", "人数", "平均分"), ("八（1）", "45", "71.2"), ("八（2）", "44", "69.8"))
    assert recover(scores).fields == {}


def test_a_two_column_data_table_is_not_taken_for_a_form() -> None:
    tasks = table(("月份", "研修任务"), ("九月", "制定计划"), ("十月", "听评课"))
    assert recover(tasks).fields == {}


def test_columns_over_one_row_hold_their_text_below() -> None:
    form = table(("教学过程", "点评"), (LONG, "好。"))
    assert cells(form) == {"教学过程": LONG, "点评": "好。"}


def test_a_one_cell_row_whose_first_line_is_its_label() -> None:
    form = table(
        ("课题", "勾股定理"), (f"教学反思：\n{LONG}", ""), ("备注", "无"), merged=((1, 1),)
    )
    assert cells(form)["教学反思"] == LONG


def test_a_label_over_its_text() -> None:
    form = table(("课题", "勾股定理"), ("教学目标", ""), (LONG, ""), merged=((1, 1), (2, 1)))
    assert cells(form)["教学目标"] == LONG


def test_a_label_beside_several_rows_owns_them() -> None:
    form = table(
        ("教学目标", "知识与技能", "会用定理"),
        ("", "过程与方法", "小组探究"),
        ("课题", "勾股定理", ""),
        merged=((1, 0), (2, 2)),
    )
    found = cells(form)
    assert found["教学目标"] == "知识与技能\n会用定理\n过程与方法\n小组探究"
    assert recover(form).fields["课题"] == "勾股定理"


def test_numbered_labels_lose_their_numbers() -> None:
    form = table(("一、工作开展情况", LONG), ("二、存在问题", LONG))
    assert list(cells(form)) == ["工作开展情况", "存在问题"]


def test_headings_inside_a_long_cell() -> None:
    text = f"一、做法\n{LONG}\n二、问题\n{LONG}"
    form = table(("课题", "总结"), ("活动情况", text))
    found = [(item.level, item.title) for item in recover(form).outline]
    assert found == [(1, "课题"), (1, "活动情况"), (2, "做法"), (2, "问题")]


def test_header_line_with_several_pairs() -> None:
    line = "学　校：孙镇初中   学科：语文    报告时间：2014年10月"
    assert dict(pairs(line)) == {"学校": "孙镇初中", "学科": "语文", "报告时间": "2014年10月"}


@pytest.mark.parametrize("blank", ["____", "      ", "＿＿＿＿", "——"])
def test_blanks_are_empty_values(blank: str) -> None:
    assert dict(pairs(f"学校：{blank}  学科：语文")) == {"学校": "", "学科": "语文"}


def test_running_text_holds_no_pairs() -> None:
    assert list(pairs("会上强调三点：一是加强领导。")) == []
    assert list(pairs("上午8:30开会")) == []
    assert list(pairs("见 http://example.org")) == []


@pytest.mark.parametrize("text", ["教学目标", "学 校", "存在问题：", "活动时间", "（一）取得成效"])
def test_words_of_the_trade_are_labels(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize(
    "text", ["毛小锋", "2014年10月", "勾股定理", "", "学生不爱发言。", "12345"]
)
def test_values_are_no_labels(text: str) -> None:
    assert not is_label(text)


def test_a_label_merged_down_beside_the_head_of_a_list_is_kept() -> None:
    form = table(
        ("学校", "孙镇初中", "", ""),
        ("研修活动", "时间", "主题", "主讲人"),
        ("", "10月8日", "同课异构", "王淑霞"),
        ("", "10月15日", "作业设计", "雷亚锋"),
        ("存在问题", "外出学习少", "", ""),
        merged=((0, 2), (0, 3), (2, 0), (3, 0), (4, 2), (4, 3)),
    )
    found = cells(form)
    assert "同课异构" in found["研修活动"]
    assert found["存在问题"] == "外出学习少"


def test_a_form_filler_beside_a_date_is_a_field() -> None:
    form = table(
        ("学校（盖章）", "椿林初级中学", "学科", "英语"),
        ("填报人", "党小敏", "报告时间", "2014.11.28"),
    )
    fields = recover(form).fields
    assert (fields["填报人"], fields["报告时间"]) == ("党小敏", "2014.11.28")


def test_an_unknown_word_in_a_column_of_labels_is_a_label() -> None:
    form = table(
        ("学校", "椿林初级中学", "学科", "英语"),
        ("分管副校", "党小敏", "报告时间", "2014.11.28"),
    )
    assert recover(form).fields["分管副校"] == "党小敏"


def test_a_name_beside_a_name_is_no_label() -> None:
    form = table(("组长", "王敏", "李强", "赵亮"), ("学校", "椿林初中", "学科", "英语"))
    assert "李强" not in recover(form).fields


def test_labels_written_into_the_cells_of_one_column() -> None:
    form = table(
        ("试卷分析：" + LONG,),
        ("二、存在问题：计算失误多。",),
        ("改进措施：每天五分钟口算。\n家长督促。",),
    )
    found = cells(form)
    assert found["试卷分析"] == LONG
    assert found["存在问题"] == "计算失误多。"
    assert found["改进措施"] == "每天五分钟口算。\n家长督促。"


def test_several_labels_in_one_cell_each_have_their_text() -> None:
    found = cells(table(("题目", "得分"), ("优点：" + LONG + "\n不足：板书潦草。", ""),
                        merged=((1, 1),)))  # fmt: skip
    assert (found["优点"], found["不足"]) == (LONG, "板书潦草。")


def test_head_lines_and_talk_in_a_cell_open_no_section() -> None:
    assert cells(table(("学校：孙镇初中    学科：语文",), ("王老师说：这节课很好。",))) == {}


def levels(blocks: list[Block]) -> list[tuple[int, str]]:
    return [(item.level, item.title) for item in recover(blocks).outline]


@pytest.mark.parametrize("label", ["教 学 目 标", "教  学  目  标", "教\n学\n目\n标", "教學目標"])
def test_a_label_spread_over_its_cell_is_one_word(label: str) -> None:
    form = table(("课题", "勾股定理"), (label, LONG))
    assert [body for title, body in cells(form).items() if title in ("教学目标", "教學目標")] == [
        LONG
    ]


def test_labels_beside_a_label_are_its_parts_in_every_row() -> None:
    form = table(
        ("教学目标", "知识与技能", "会用定理解决问题"),
        ("", "过程与方法", "小组探究"),
        ("", "情感态度与价值观", "感受数学之美"),
        ("教学重点", "定理的证明", ""),
        merged=((1, 0), (2, 0), (3, 2)),
    )
    assert levels(form) == [
        (1, "教学目标"), (2, "知识与技能"), (2, "过程与方法"), (2, "情感态度与价值观"),
        (1, "教学重点"),
    ]  # fmt: skip
    assert cells(form)["过程与方法"] == "小组探究"


def test_a_list_in_the_rows_of_a_label_has_no_headings() -> None:
    form = table(
        ("工作开展情况", "十月两次活动", "", ""),
        ("", "时间", "主题", "主讲人"),
        ("", "10月8日", "同课异构", "王淑霞"),
        ("存在问题", "外出学习少", "", ""),
        merged=((0, 2), (0, 3), (1, 0), (2, 0), (3, 2), (3, 3)),
    )
    assert levels(form) == [(1, "工作开展情况"), (1, "存在问题")]
    assert "同课异构" in cells(form)["工作开展情况"]
    assert "主讲人" not in recover(form).fields


def test_texts_in_columns_under_a_label_are_its_parts() -> None:
    form = table(("教学过程", "教师活动", "学生活动"), ("", LONG, LONG + "好。"), merged=((1, 0),))
    assert levels(form) == [(1, "教学过程"), (2, "教师活动"), (2, "学生活动")]
    assert cells(form)["学生活动"] == LONG + "好。"


def test_columns_of_texts_are_a_list_though_their_names_are_unknown() -> None:
    form = table(("教学环节", "教师活动", "学生活动"), ("导入", LONG, LONG), ("新授", LONG, LONG))
    assert levels(form) == []


def test_a_row_marked_as_the_head_names_a_list() -> None:
    block = Block("table", "", rows=(("姓名", "学科"), ("张敏", "化学")), header_rows=1)
    assert recover([block]).outline == ()
    assert recover([block]).fields == {}


def test_a_label_over_a_list_holds_it() -> None:
    form = table(
        ("工作开展情况", "", ""),
        ("时间", "主题", "主讲人"),
        ("10月8日", "同课异构", "王淑霞"),
        ("10月9日", "作业设计", "李雪"),
        ("存在问题", "", ""),
        ("外出学习少。", "", ""),
        merged=((0, 1), (0, 2), (4, 1), (4, 2), (5, 1), (5, 2)),
    )
    assert levels(form) == [(1, "工作开展情况"), (1, "存在问题")]
    assert "作业设计" in cells(form)["工作开展情况"]


def test_headings_in_the_cell_below_a_label() -> None:
    form = table(
        ("教学过程", ""), (f"一、导入\n{LONG}\n二、新授\n{LONG}", ""), ("教学反思", ""), ("", ""),
        merged=((0, 1), (1, 1), (2, 1), (3, 1)),
    )  # fmt: skip
    assert levels(form) == [(1, "教学过程"), (2, "导入"), (2, "新授"), (1, "教学反思")]


def test_a_text_is_told_once_by_the_label_next_to_it() -> None:
    form = table(
        ("课堂评价", "优点", LONG),
        ("", "不足", LONG),
        ("评课人", "王丽", ""),
        merged=((1, 0), (2, 2)),
    )
    assert levels(form) == [(1, "课堂评价"), (2, "优点"), (2, "不足"), (1, "评课人")]
