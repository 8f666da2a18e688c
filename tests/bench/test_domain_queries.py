"""The researcher's questions: two hundred, each with an answer that rules over known facts give."""

from __future__ import annotations

from collections import Counter
from functools import cache

from bench.corpus import lines
from bench.domain import QUERIES, Paper, all_papers, answers, entry, questions
from bench.relevance import Question


@cache
def asked() -> tuple[Question, ...]:
    return tuple(questions(all_papers()))


def test_there_are_two_hundred_different_ones() -> None:
    texts = [line["text"] for line in lines(QUERIES)]
    assert len(texts) == len(set(texts)) == 200


def test_every_one_has_an_answer_and_none_is_answered_by_all() -> None:
    assert [q.text for q in asked() if not q.relevant] == []
    tenth = len(all_papers()) / 10
    assert [q.text for q in asked() if len(q.relevant) > tenth] == []


def test_they_are_of_every_kind_that_a_researcher_asks() -> None:
    kinds = Counter(q.kind for q in asked())
    wanted = "report weakness question keywords cross_script phrase mixed section fields alias"
    assert set(kinds) == set(wanted.split())
    assert min(kinds.values()) >= 6


def test_the_peers_are_asked_without_the_query_language() -> None:
    plain = {q.text: q.plain for q in asked()}
    assert plain["文种:听课记录 (浮力 OR 凸透镜成像)"] == "听课记录 浮力 凸透镜成像"
    assert plain["计算能力差"] == "计算能力差"


def paper(**known: str) -> Paper:
    sections = {"一、存在问题": "學生概念不清。", "二、改进措施": "每周一测。"}
    return Paper("a", "qa_report", "质量分析", "學生概念\n不清。每周一测。", sections, **known)


def test_a_rule_holds_when_all_its_facts_do() -> None:
    one = paper(school="一中", subject="数学")
    assert answers(one, {"kind": "qa_report", "subject": "数学", "all": ["概念不清", "一测"]})
    assert answers(one, {"any": ["没有的", "质量分析"], "subject": ["语文", "数学"]})
    assert not answers(one, {"kind": "qa_report", "subject": "语文"})
    assert not answers(one, {"all": ["概念不清", "没有的"]})


def test_a_section_is_told_by_its_heading() -> None:
    assert answers(paper(), {"in": ["存在问题", "概念不清"]})
    assert not answers(paper(), {"in": ["改进措施", "概念不清"]})


def test_the_papers_are_the_same_each_time_and_reach_the_index_whole() -> None:
    all_papers.cache_clear()
    before = all_papers()
    all_papers.cache_clear()
    assert all_papers() == before
    ids = [one.id for one in before]
    assert len(ids) == len(set(ids)) > 500
    made = entry(next(one for one in before if one.id == "school_long_plan-018"))
    assert made.title == "孙镇初中校本研修三年规划（2014—2017年）"
    assert "蒲城县孙镇初级中学" in made.labels["school"]
    assert "三年规划" in made.labels["kind"]
    assert made.headings.splitlines()[-1] == "保障措施"
