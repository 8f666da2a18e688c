"""The outlines of the five source documents of the domain, by their outermost headings."""

from __future__ import annotations

from pathlib import Path

import pytest

import indexer

GOLDEN = {
    "000": ("蒲城县中小学教师校本研修工作实施方案（2014-2016年）", 1,
        "指导思想 组织机构 工作目标 工作基本思路 校本研修的途径 校本研修的管理和评价 "
        "措施及工作要求"),
    "001": ("校本研修方案", 1, "指导思想 研修目标 研修重点 研修措施"),
    "002": ("宿城區教育局關于成立片區級研訓中心的實施方案(精)", 2,
        "指導思想 工作目標 主要職責 實施辦法 人員組成 片區分配 考核與管理"),
    "003": ("校本研修培训工作计划", 1,
        "主要工作目标及措施 保障措施 培训要求及时间 培训内容 具体实施及考核办法 考核成绩计算 "
        "培训方式与措施"),
    "004": ("沂源二中校本培训管理制度", 1,
        "校本培训基本理念 校本培训总体要求 校本培训主要形式 校本培训具体制度 校本培训活动管理制度 "
        "校本培训考勤制度 校本培训奖惩办法"),
}  # fmt: skip


@pytest.mark.parametrize("number", GOLDEN)
def test_outermost_headings(seeds: Path, number: str) -> None:
    title, level, expected = GOLDEN[number]
    (path,) = seeds.glob(f"{number}_*.txt")
    reading = indexer.read(path)
    assert reading.title == title
    found = [item.title for item in reading.outline if item.level == level]
    assert found[: len(expected.split())] == expected.split()


def test_the_second_level_of_a_plan(seeds: Path) -> None:
    (path,) = seeds.glob("001_*.txt")
    measures = next(o for o in indexer.read(path).outline if o.title == "研修措施")
    for part in ("加强教育理论学习", "抓好教师的业务学习", "大力培养中青年教师"):
        assert part in measures.body


def test_broken_brackets_and_wrong_digits_are_understood(seeds: Path) -> None:
    (path,) = seeds.glob("002_*.txt")
    titles = {item.title for item in indexer.read(path).outline}
    assert "定期送教活動" in titles
    (path,) = seeds.glob("000_*.txt")
    titles = {item.title for item in indexer.read(path).outline}
    assert "扎实开好质量检测分析报告会，带动教学质量上台阶" in titles
    assert "积极开展校本课程开发和图书阅读活动" in titles


def test_the_lost_form_header_is_known_to_be_blank(seeds: Path) -> None:
    (path,) = seeds.glob("000_*.txt")
    fields = indexer.read(path).fields
    assert (fields["学校"], fields["学科"], fields["报告时间"]) == ("", "", "")
