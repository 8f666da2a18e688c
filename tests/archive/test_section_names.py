"""Which names the facet and the suggestions call sections."""

from __future__ import annotations

from dataclasses import replace

from filing_papers import paper

from archive.kind_files import BUILTIN, load_kinds
from archive.kinds import Kind, SectionSpec
from archive.section_names import sections

KINDS = load_kinds(BUILTIN)
DID = "10月16日听了王芳老师的研究课，课后全组评议，提出四条修改意见。"
FORM = [
    ["学校", "孙镇初中", "学科", "语文"],
    ["报告时间", "2014年10月", "填报人", "王芳"],
    ["工作开展情况", DID],
    ["存在问题", "班额太大，" + DID],
]


def test_cells_that_ask_who_and_when_are_no_sections() -> None:
    read = paper("学科校本研修工作阶段报告", FORM)
    assert {"学校", "学科", "填报人"} <= {item.title for item in read.outline}
    for kind in (KINDS["stage_report"], None):
        assert sections(kind, read) == ["工作开展情况", "存在问题"]


def test_fields_of_the_kind_are_none_either() -> None:
    read = paper("听课记录", [["督导组成员", "王芳"], ["存在问题", DID]])
    kinds = [kind for kind in KINDS.values() if "督导组成员" in _fields(kind)]
    assert sections(None, read) == ["督导组成员", "存在问题"]
    assert kinds
    assert all(sections(kind, read) == ["存在问题"] for kind in kinds)


def test_what_the_kind_calls_a_section_is_one() -> None:
    kind = replace(KINDS["stage_report"], sections=(SectionSpec("成员"),))
    read = paper("方案", [["成员", DID], ["学科", "语文"]])
    assert sections(kind, read) == ["成员"]
    assert sections(KINDS["stage_report"], read) == []


def test_headings_are_sections_whatever_they_say() -> None:
    read = paper("孙镇初中计划", "一、时间", DID, "二、成员", DID)
    assert sections(KINDS["stage_report"], read) == ["时间", "成员"]


def _fields(kind: Kind) -> set[str]:
    return {name for spec in kind.fields for name in (spec.key, *spec.also)}
