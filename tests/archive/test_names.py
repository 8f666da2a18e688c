"""Schools, clusters and teachers named in text; names of other places that only look like them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.names import find_teachers, find_units
from archive.register import Register
from archive.register_import import build_register, load_register
from indexer.folding import fold

REGISTER = load_register(Path(__file__).parents[2] / "yanxiu" / "demo" / "county.json")


def found(text: str, in_name: bool = False) -> list[tuple[str, str, str]]:
    """(words, short name, how) of what is named in a text."""
    mentions = find_units(fold(text), REGISTER, in_name=in_name)
    return [(m.words, called(m.unit_id), m.how) for m in mentions]


def called(unit_id: str, register: Register = REGISTER) -> str:
    return register.unit(unit_id).name if unit_id else ""


def test_it_works() -> None:
    assert found("蒲城县孙镇初级中学2014-2015学年度校本研修计划") == [
        ("蒲城县孙镇初级中学", "孙镇初中", "official")
    ]


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("孙镇初中", "孙镇初中"),
        ("孙镇中学", "孙镇初中"),
        ("椿林镇初中", "椿林初中"),
        ("蒲城县椿林初级中学", "椿林初中"),
        ("蒲城椿林中学", "椿林初中"),
        ("城关中学", "城关镇中"),
        ("城关镇初级中学", "城关镇中"),
        ("贾曲九年一贯制学校", "贾曲九年制初中"),
        ("贾曲中学", "贾曲初中"),
        ("马村矿子弟学校", "马村矿学校"),
        ("马村矿子弟校", "马村矿学校"),
        ("马村矿子校", "马村矿学校"),
        ("马村矿职工子弟学校", "马村矿学校"),
        ("马村煤矿子校", "马村矿学校"),
        ("马村矿中学", "马村矿学校"),
        ("马村子弟学校", "马村矿学校"),
        ("蒲城县马村矿子校", "马村矿学校"),
        ("文光九年制学校", "文光学校"),
        ("孙镇初中部", "孙镇初中"),
        ("孙镇中学初中部", "孙镇初中"),
        ("桥山中学初中部", "桥中初中部"),
        ("桥山中学", "桥中初中部"),
        ("县实验中学", "实验中学"),
        ("平路庙", "平路庙初中"),
        ("钤铒中学", "钤铒初中"),
        ("電力初級中學", "电力初中"),
        ("孙 镇　初 中", "孙镇初中"),
    ],
)
def test_forms_of_a_name(text: str, school: str) -> None:
    mentions = found(text)
    assert [name for _, name, _ in mentions] == [school]
    whole = REGISTER.school_named(text)
    assert whole is not None
    assert whole.name == school


def test_the_longest_name_wins() -> None:
    assert found("贾曲九年制初中与贾曲初中") == [
        ("贾曲九年制初中", "贾曲九年制初中", "short"),
        ("贾曲初中", "贾曲初中", "short"),
    ]
    assert found("孙镇初中联片研修区")[0][1] == "孙镇初中联片研修区"


@pytest.mark.parametrize(
    "text",
    [
        "西安市实验中学",
        "某县实验中学",
        "渭南实验中学",
        "陕西省实验中学",
        "临渭区三合初中",
        "大荔县永丰初中",
        "在实验中我们发现",
        "孙镇中心小学",
        "平路庙镇政府",
        "三合一的做法",
        "永丰的经验、高阳的做法",
        "原任校长",
        "校本研修",
        "",
    ],
)
def test_names_of_other_places_and_other_words(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["我县实验中学", "送教到学区实验中学", "蒲城县实验中学", "由实验中学承办"]
)
def test_our_own_school_with_a_common_name(text: str) -> None:
    mention = find_units(text, REGISTER)[0]
    assert (called(mention.unit_id), mention.strength) == ("实验中学", 1.0)


def test_a_common_name_run_into_other_words_is_weak() -> None:
    mention = find_units("城东育英实验中学", REGISTER)[0]
    assert mention.strength == 0.5


def test_a_bare_place_counts_in_file_names_only() -> None:
    assert found("检查评估表 椿林", in_name=True) == [("椿林", "椿林初中", "place")]
    assert found("检查评估表 椿林") == []
    assert find_units("椿林", REGISTER, in_name=True)[0].strength < 0.5


def test_a_name_of_two_characters_never_stands_alone() -> None:
    schools = {"county": "青川县", "schools": ["东河小学"], "aliases": {"东河小学": ["东小"]}}
    register = build_register(schools)
    assert find_units("东小举行活动", register) == []
    assert find_units("东小 语文", register, in_name=True)[0].strength < 0.5
    school = register.school_named("东小")
    assert school is not None


def test_a_form_that_fits_several_never_decides() -> None:
    register = build_register({"county": "青川县", "schools": ["东河初中", "东河高中"]})
    mention = find_units("东河中学", register)[0]
    assert (mention.unit_id, mention.how, mention.strength) == ("", "ambiguous", 0.0)
    assert [called(unit, register) for unit in mention.candidates] == ["东河初中", "东河高中"]
    assert register.school_named("东河中学") is None
    assert find_units("东河初中", register)[0].how == "short"


def test_a_given_alias_beats_an_inferred_form() -> None:
    register = build_register(
        {
            "county": "青川县",
            "schools": ["东河初中", "东河高中"],
            "aliases": {"东河高中": ["东河中学"]},
        }
    )
    assert called(find_units("东河中学", register)[0].unit_id, register) == "东河高中"


def test_units_that_did_not_exist_that_day_are_left_out() -> None:
    first = build_register({"county": "青川县", "valid_from": "2014", "schools": ["东河初中"]})
    second = build_register(
        {"county": "青川县", "valid_from": "2016", "schools": ["东河初中", "新庄初中"]}, first
    )
    assert find_units("新庄初中", second, on=date(2015, 5, 1)) == []
    assert len(find_units("新庄初中", second, on=date(2016, 5, 1))) == 1
    assert len(find_units("新庄初中", second)) == 1


@given(st.text(alphabet="孙镇初中实验学蒲城县贾曲九年制 \t\n平路庙三合", max_size=40))
def test_mentions_are_pieces_of_the_text_in_order(text: str) -> None:
    mentions = find_units(text, REGISTER, in_name=True)
    assert all(m.words == text[m.start : m.end] for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert all(bool(m.unit_id) != bool(m.candidates) for m in mentions)


# -- teachers

TEACHERS = build_register(
    {
        "county": "青川县",
        "schools": ["东河初中", "西山初中"],
        "teachers": [
            {"name": "欧阳文辉", "school": "东河初中"},
            {"name": "李萌", "school": "东河初中"},
            {"name": "王静", "school": "东河初中"},
            {"name": "王静", "school": "西山初中"},
        ],
    }
)


def test_teachers_by_name() -> None:
    mentions = find_teachers("八英 李萌；主讲人：欧阳文辉，王静", TEACHERS)
    assert [(m.words, called(m.unit_id, TEACHERS), m.how) for m in mentions] == [
        ("李萌", "李萌", "teacher"),
        ("欧阳文辉", "欧阳文辉", "teacher"),
        ("王静", "", "ambiguous"),
    ]
    assert [m.strength for m in mentions] == [0.8, 0.9, 0.0]


def test_a_short_name_inside_other_words_is_weak() -> None:
    assert find_teachers("桃李萌发", TEACHERS)[0].strength == 0.5


def test_a_school_decides_between_teachers_of_one_name() -> None:
    school = TEACHERS.school_named("西山初中")
    assert school is not None
    mention = find_teachers("王静", TEACHERS, school.id)[0]
    assert TEACHERS.unit(mention.unit_id).parent == school.id


def test_a_school_for_children_of_two_works_is_ambiguous() -> None:
    two = build_register({"county": "蒲城县", "schools": ["马村矿学校", "马村厂学校"]})
    (mention,) = find_units("马村子弟学校", two)
    assert (mention.unit_id, len(mention.candidates)) == ("", 2)
    (mention,) = find_units("马村厂子校", two)
    assert two.unit(mention.unit_id).name == "马村厂学校"


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("兴镇初中期中质检分析", "兴镇初中"),
        ("兴镇初中国培心得", "兴镇初中"),
        ("孙镇初中年度计划", "孙镇初中"),
        ("城关镇中期末考试", "城关镇中"),
        ("城关镇中考试安排", "城关镇中"),
    ],
)
def test_words_that_begin_like_others_may_follow_a_name(text: str, school: str) -> None:
    assert [name for _, name, _ in found(text)] == [school]


@pytest.mark.parametrize("text", ["孙镇中心小学", "城关镇中考", "孙镇中国年", "在孙镇中等待"])
def test_words_that_a_short_name_only_begins(text: str) -> None:
    assert found(text) == []
