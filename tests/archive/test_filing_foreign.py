"""Papers of schools that are not ours, and files that hold several papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from filing_papers import county, paper

from archive.completeness import check
from archive.filing import Clues, Filing, propose
from archive.kind_files import BUILTIN, load_kinds
from indexer import read
from indexer.reading import Reading

KINDS = load_kinds(BUILTIN)
COUNTY = county()
PLAN = ("一、教学现状分析", "本组九人，三个年级。", "二、研修内容", "名著阅读。", "2014年9月8日")


def filed(reading: Reading, name: str = "计划.docx") -> Filing:
    return propose(reading, Clues(name), KINDS, COUNTY)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("大荔县许庄初级中学语文教研组工作计划", "大荔县许庄初级中学"),
        ("渭南市临渭区官底初中语文教研组工作计划", "渭南市临渭区官底初中"),
        ("许庄初中语文教研组工作计划", "许庄初中"),
        ("2014年许庄二中语文教研组工作计划", "许庄二中"),
    ],
)
def test_a_title_of_another_school_is_told_and_not_filed_by_the_file_name(
    title: str, words: str
) -> None:
    filing = filed(paper(title, *PLAN), "孙镇初中语文计划.docx")
    assert filing.status == "review"
    assert any(words in reason for reason in filing.reasons)


def test_a_field_of_another_school_is_told() -> None:
    filing = filed(paper("教研组工作计划", "学校：许庄初级中学  学科：语文", *PLAN))
    (reason,) = filing.reasons
    assert reason == "栏目“学校”写的“许庄初级中学”不在本县名册里，请核对学校"


@pytest.mark.parametrize(
    "title",
    ["初中语文教研组工作计划", "农村初中语文教研组工作计划", "我校中学部语文教研组工作计划"],
)
def test_general_words_are_no_school(title: str) -> None:
    filing = filed(paper(title, "孙镇初中 2014年9月", *PLAN))
    assert (filing.status, COUNTY.unit(filing.school).name) == ("filed", "孙镇初中")


def test_papers_of_several_kinds_in_one_file_are_no_kind() -> None:
    filing = filed(
        paper(
            "第一篇：孙镇初中2014-2015学年第一学期校本研修工作计划",
            "一、学校概况",
            "第二篇：孙镇初中期中质量分析报告",
            "平均分七十。",
        )
    )
    assert (filing.kind, filing.status) == (None, "review")
    assert "2 份不同的文稿" in filing.reasons[0]


def test_an_evaluation_without_a_mark_is_empty() -> None:
    head = ["项目", "督查内容", "督查方式", "权重", "实评分"]
    blank = [head, ["组织管理", "1．机构完善。", "查看文件", "2", ""], ["", "2．职责", "", "2", ""]]
    marked = [
        head,
        ["组织管理", "1．机构完善。", "查看文件", "2", "2"],
        ["", "2．职责", "", "2", ""],
    ]
    kind = KINDS["eval_form"]
    title = "校本研修工作检查评估表"
    assert check(paper(title, blank), kind).empty == ["评估项目"]
    assert check(paper(title, marked), kind).empty == []


@pytest.mark.samples
def test_the_seeds_are_proposed_and_explained(seeds: Path) -> None:
    found = {path.name[:3]: filed(read(path), path.name) for path in seeds.glob("0*.txt")}
    kinds = {key: filing.kind for key, filing in found.items()}
    assert kinds == {
        "000": "county_plan", "001": "school_plan", "002": None, "003": "school_plan",
        "004": "rules",
    }  # fmt: skip
    assert {key for key, filing in found.items() if filing.status == "filed"} == {"000"}
    assert found["001"].reasons[0] == found["003"].reasons[0] == "没有找到学校"
    assert found["002"].reasons[0].startswith("文件里汇编了 5 份不同的文稿")
    assert "沂源二中" in found["004"].reasons[0]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("孙镇初中语文教研组工作计划（模板）", "模板"),
        ("某某初中语文教研组工作计划", "某某"),
        ("××初中语文教研组工作计划范文", "××"),
    ],
)
def test_a_specimen_is_nobodys_paper(title: str, words: str) -> None:
    filing = filed(paper(title, "孙镇初中 2014年9月", *PLAN), "孙镇初中语文计划.docx")
    assert filing.status == "review"
    assert f"标题里写着“{words}”，可能不是正式文稿，请核对" in filing.reasons


def test_who_listened_writes_not_who_taught() -> None:
    filing = filed(
        paper("听荆姚初中李老师《春》一课的反思", "孙镇初中 王淑霞", "朗读好。", "2015年4月12日")
    )
    assert COUNTY.unit(filing.school).name == "孙镇初中"


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("史文革个人研修计划", "史文革"),
        ("史文革老师个人研修计划", "史文革"),
        ("史文革老师教学反思", "史文革"),
        ("优秀教师个人研修计划", ""),
        ("语文教师个人研修计划", ""),
    ],
)
def test_a_title_that_begins_with_its_writer(title: str, author: str) -> None:
    assert filed(paper(title, "一、自我分析", "经验多，技术弱。")).author == author
