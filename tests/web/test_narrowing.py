"""Searching within results: what the joined question asks, and how the page shows it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines import QueryError
from indexer.query import (
    And,
    Everything,
    Node,
    Not,
    Or,
    Phrase,
    Section,
    Title,
    Words,
    parse,
)
from web.narrowing import PartError, check, joined

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

PIECES = [
    "校本", "研修", "2", "a*", "ab ", "(研修 OR ab)", "-校本", "NOT 2 ", '"研修"', "学科:ab ",
    "章节:研修", "标题:(2 研修)", "(", ")", "（", "）", "-", " OR ", " AND ", "|", '"', "「", "」",
    "，", ".", " ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


def parts(node: Node) -> list[Node]:
    """What must all hold."""
    return list(node.parts) if isinstance(node, And) else [node]


@pytest.mark.parametrize(
    ("base", "within", "asked"),
    [
        ("数学 研修", ["函数"], '数学 研修 "函数"'),
        ("数学 研修", ["函数", "《图形》，作业"], '数学 研修 "函数" "图形" "作业"'),
        ("语文 OR 数学", ["计划"], "(语文 OR 数学) AND (计划)"),
        ("数学", ["语文|英语"], "(数学) AND (语文 | 英语)"),
        ('"研修" 学校:一中', ["学科:数学 -英语 2014*"], '"研修" 学校:一中 学科:数学 -英语 2014*'),
        ("数学", ["NOT 英语 -语文"], "数学 NOT 英语 -语文"),
        ("甲 2)|丙", ["七(3)班"], '(甲 "2" | 丙) AND ("七(3)班")'),
        ("七(3)班", ["期中"], '七(3)班 "期中"'),
        ("", ["函数"], "函数"),
        ("数学", [], "数学"),
    ],
)  # fmt: skip
def test_words_are_joined_to_the_question(base: str, within: list[str], asked: str) -> None:
    assert joined(base, within) == asked


def test_near_matches_of_the_old_question_stay_in() -> None:
    tree = parse(joined("数学 研修", ["函数"]))
    assert tree == And((Words(("数学", "研修"), strict=False), Phrase("函数")))


def test_an_or_of_the_old_question_does_not_swallow_the_new_words() -> None:
    tree = parse(joined("语文 OR 数学", ["计划 OR 总结"]))
    assert isinstance(tree, And)
    assert all(isinstance(part, Or) for part in tree.parts)


def test_what_is_excluded_stays_excluded() -> None:
    assert Not(Words(("英语",))) in parts(parse(joined("数学", ["-英语"])))


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_results_within_results_are_some_of_them(
    base: str, within: list[str], data: st.DataObject
) -> None:
    """Whatever a paper says: what the joined question finds, each part finds too."""
    try:
        check(base, within)
        tree = parse(joined(base, within))
    except QueryError:
        return
    # Punctuation alone is looked for only when nothing else is.
    wanted = [parse(text) for text in (base, *within) if re.search(r"\w", text)]
    said = sorted(set().union(*(atoms(node) for node in [tree, *wanted])))
    paper = data.draw(st.sets(st.sampled_from(said)) if said else st.just(set()))
    if holds(tree, paper):
        assert all(holds(node, paper) for node in wanted), joined(base, within)


def atoms(node: Node) -> set[str]:
    match node:
        case Words(runs, _):
            return set(runs)
        case Phrase(text):
            return {text}
        case And(inner) | Or(inner):
            return set().union(*map(atoms, inner))
        case Not(part):
            return atoms(part)
        case Section(heading, part):
            return {f"章节 {atoms(heading)}", *(atoms(part) if part else ())}
        case Title(leaf):
            return {f"标题 {atoms(leaf)}"}
        case Everything():
            return set()
    return {repr(node)}


def holds(node: Node, paper: set[str]) -> bool:
    """Whether a paper that says these things, and nothing else, is found."""
    match node:
        case Words(runs, strict):
            return (all if strict else any)(run in paper for run in runs)
        case And(inner):
            return all(holds(part, paper) for part in inner)
        case Or(inner):
            return any(holds(part, paper) for part in inner)
        case Not(part):
            return not holds(part, paper)
        case Section(heading, part):
            return f"章节 {atoms(heading)}" in paper and (part is None or holds(part, paper))
    return atoms(node) <= paper


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_any_texts_are_answered_or_pointed_at(base: str, within: list[str]) -> None:
    with suppress(QueryError):
        check(base, within)
        parse(joined(base, within))


def test_a_part_that_closes_another_s_bracket_is_pointed_at() -> None:
    with pytest.raises(PartError) as caught:
        check("数学", ["甲 ) OR ( 乙"])
    assert caught.value.text == "甲 ) OR ( 乙"


def test_results_shrink_and_filters_stay(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "校本研修", "term": "2014-2015-1"}).content.decode()
    assert "找到 <strong>2</strong> 份" in page
    assert '<input type="hidden" name="term" value="2014-2015-1">' in page
    asked = {"q": "校本研修", "term": "2014-2015-1", "within": "琉璃"}
    page = office.get("/search", asked).content.decode()
    assert "找到 <strong>1</strong> 份" in page
    assert "，在结果中检索「琉璃」" in page
    assert f"/documents/{county.others}?" in page
    assert "结果中：琉璃" in page
    assert office.get("/api/search", asked).json()["total"] == 1


def test_partly_matching_results_are_looked_through_too(county: County, office: Client) -> None:
    asked = {"q": "独有词琉璃 校本研修", "within": "集体备课"}
    page = office.get("/search", asked).content.decode()
    assert f"/documents/{county.mine}?" in page
    assert f"/documents/{county.others}?" not in page


def test_one_can_go_back(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "琉璃", "within": "没有这个"}).content.decode()
    assert "没有找到符合的材料" in page
    assert '<a href="/search?q=%E7%90%89%E7%92%83">回到原来的结果</a>' in page


def test_a_slip_in_the_new_words_is_pointed_at_there(county: County, office: Client) -> None:
    answer = office.get("/search", {"q": "琉璃", "within": '甲 "乙'})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "甲 <mark class='slip'>&#34;</mark>乙" in page
    assert "回到原来的结果" in page


def test_too_much_joined_is_told(county: County, office: Client) -> None:
    answer = office.get("/search", {"q": "校本" * 190, "within": "研修" * 20})
    assert answer.status_code == 400
    assert "检索词过长" in answer.content.decode()


def test_filters_without_words_can_be_looked_through(county: County, office: Client) -> None:
    page = office.get("/search", {"school": "南桥初中"}).content.decode()
    form = page.split('<div class="tools')[1].split("</form>")[0]
    assert 'name="q"' in form
    assert '<input type="hidden" name="school" value="南桥初中">' in form
