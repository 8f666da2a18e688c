"""What recall, MRR, highlights and their truth are, told on answers made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.phrases import CHANGES, LENGTHS, Tally, broken, covered, drawn, parts
from bench.rankers import Fts5, Ours, RawTantivy, Words, units
from bench.relevance import Question, near_best, scores
from indexer.engines import Entry, Hit, Snippet
from indexer.tokens import normal


def asked(kind: str, relevant: str) -> Question:
    return Question(kind, relevant, frozenset(relevant), f"plain {relevant}")


def test_recall_is_of_what_ten_answers_can_hold() -> None:
    answers = {"ab": ["x", "a", "y"], "c": list("0123456789c"), "abcdefghijklm": list("abcdefghij")}
    found = scores(answers.__getitem__, [asked("one", "ab"), asked("two", "c")], plain=False)
    assert found == {"one": (0.5, 0.5), "two": (0.0, 0.0), "all": (0.25, 0.25)}
    many = scores(answers.__getitem__, [asked("one", "abcdefghijklm")], plain=False)
    assert many["one"] == (1.0, 1.0)


def test_the_peers_get_the_plain_question() -> None:
    assert scores(lambda text: [text[-1]], [asked("one", "a")], plain=True)["one"] == (1.0, 1.0)
    texts: list[str] = []
    scores(lambda text: texts.append(text) or [], [asked("one", "a")], plain=True)
    assert texts == ["plain a"]


def test_near_the_best_is_counted_by_figure() -> None:
    own = {"one": (0.9, 0.5), "two": (1.0, 1.0), "all": (0.0, 0.0)}
    peers = {
        "p": {"one": (0.904, 0.4), "two": (0.9, 0.9), "all": (1.0, 1.0)},
        "q": {"one": (0.5, 0.6), "two": (0.9, 0.9), "all": (1.0, 1.0)},
    }
    assert near_best(own, peers) == 75.0


@pytest.mark.parametrize(
    ("text", "pieces", "whole"),
    [
        ("研修", ["研修"], True),
        ("哈哈哈", ["哈哈"], True),
        ("校本研修", ["校本", "研修"], True),
        ("校本的研修", ["校本", "研修"], False),
        ("", ["研修"], False),
    ],
)
def test_a_mark_is_true_when_what_was_asked_for_makes_it_up(
    text: str, pieces: list[str], whole: bool
) -> None:
    assert covered(text, pieces) is whole


def test_a_hit_without_a_mark_is_not_highlighted() -> None:
    made = Tally()
    made.show(Hit("a", 1.0, "研修计划", ((0, 2),)), ["研修"])
    made.show(Hit("b", 1.0, "计划", (), (Snippet("研修", ()),)), ["研修"])
    made.show(Hit("c", 1.0, "计划", (), (Snippet("研修", ((0, 1),)),)), ["研修"])
    assert (made.shown, made.marks, made.true_marks) == (2, 2, 1)


def test_phrases_are_drawn_in_other_forms_but_stand_in_the_texts() -> None:
    text = "学校K12项目ABC360云平台里的计算错误23%，Grade 7 Unit 2。" * 3
    entries = broken([{"id": "a", "title": "三年规划", "text": text}])
    held = [normal(part) for entry in entries for part in parts(entry)]
    for shortest, longest in LENGTHS.values():
        made = list(drawn(entries, shortest, longest, 12))
        assert all(any(normal(phrase) in part for part in held) for phrase in made)
        assert all(shortest <= len(normal(phrase)) <= longest for phrase in made)
    assert [change("a计算") for change in CHANGES] == ["a計算", "ａ计算", "A计算"]


def test_every_ranker_finds_what_it_was_given(tmp_path: Path) -> None:
    entries = [
        Entry("a", "甲", "小标题", "学校的研修计划，K12。"),
        Entry("b", "乙", "", "研究修改计划。"),
    ]
    for number, made in enumerate((Ours, RawTantivy, Words, Fts5)):
        ranker = made(tmp_path / str(number))
        ranker.add(entries)
        ranker.finish()
        assert ranker.words("研修计划")[0] == "a", ranker.name
        assert ranker.phrase("研修计划") == ["a"], ranker.name
        assert ranker.phrase("小标题") == ["a"], ranker.name
        assert ranker.bytes() > 0
        ranker.close()


def test_units_keep_words_whole_and_lone_characters() -> None:
    assert units(normal("K12云平台，七")) == ["k12", "云平", "平台", "七"]
