"""Filing and completeness together, where the sender has a say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.filing import Clues
from archive.judging import Judgement, judge
from archive.kind_files import BUILTIN, load_kinds
from archive.register import Register
from indexer.outline import recover
from indexer.reading import Block, Reading
from yanxiu.demo import county

TEXT = """孙镇初中语文学科校本研修工作10月阶段报告
学校：孙镇初中　学科：语文　报告时间：2014年10月31日
一、工作开展情况
本月开展集体备课三次，听评课六节，主题是说明文教学。
二、取得成效
课堂上学生发言的人数多了。
三、存在问题
外出学习的机会少。
四、下阶段安排
11月组织同课异构，由教研组长负责。"""


@pytest.fixture(scope="module")
def register() -> Register:
    return county()


def judged(register: Register, sender: str, received: str = "2014-11-01") -> Judgement:
    found = recover([Block("paragraph", line) for line in TEXT.split("\n")])
    reading = Reading("txt", "complete", found.blocks, found.outline, found.fields)
    unit = register.school_named(sender)
    came = datetime.fromisoformat(received).replace(tzinfo=UTC)
    clues = Clues("10月.txt", (), unit.id if unit else "", came)
    return judge(reading, clues, load_kinds(BUILTIN), register)


@pytest.mark.parametrize("sender", ["", "孙镇初中"])
def test_a_schools_own_paper_is_filed(register: Register, sender: str) -> None:
    assert judged(register, sender).filing.status == "filed"


def test_another_schools_paper_goes_to_a_person(register: Register) -> None:
    filing = judged(register, "荆姚初中").filing
    assert filing.status == "review"
    assert "荆姚初中" in "".join(filing.reasons)


def test_a_centre_hands_in_for_its_members(register: Register) -> None:
    school = register.school_named("孙镇初中")
    assert school is not None
    cluster = register.cluster_of(school.id)
    assert cluster is not None
    member = register.members(cluster.id)[1]
    assert judged(register, member.name).filing.status == "review"
    centre = register.centre(cluster.id)
    assert centre is not None
    assert judged(register, centre.name).filing.status == "filed"


def test_a_paper_dated_after_it_came_goes_to_a_person(register: Register) -> None:
    assert judged(register, "", "2014-10-20").filing.status == "review"


def test_a_rule_that_fails_sends_the_paper_to_a_person(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise ValueError("a rule upset by this paper")

    monkeypatch.setattr("archive.judging.is_blank_form", broken)
    thought = judged(register, "")
    assert (thought.filing.status, thought.filing.kind) == ("review", None)
    assert "人工" in "".join(thought.filing.reasons)
