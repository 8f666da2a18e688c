"""Folding is context-free, settled after one go, and leads every offset back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.folding import fold, fold_with_map, load_table

#: Both scripts, widths, cases, ligatures and signs that grow, invisible ones, marks, surrogates.
ODD = "学學习習Ｋk１①㈠㎡ﬁİßΣσéÉ\u0301が\u3099\u200b\ufeff…　\n\t\x00"
ODD += "，,「\u2423\ud800龜龟⻓\ufe0f😀𠮷"
odd_text = st.text(st.sampled_from(ODD) | st.characters(), max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("學習計劃", "学习计划"),
        ("Ｋ１２　雲平台", "k12 云平台"),
        ("七（３）班，２３％", "七(3)班,23%"),
        ("㈠總結", "(一)总结"),
        ("乾隆 瞭解 藉口", "干隆 瞭解 藉口"),
        ("e\u0301cole", "école"),
        ("校\u200b本\ufeff", "校本"),
        ("著作 抬頭", "著作 抬头"),
        ("衞生 枱燈", "卫生 台灯"),
    ],
)
def test_one_form_for_both_scripts_widths_and_cases(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_table_maps_one_character_to_one_and_is_settled() -> None:
    table = load_table()
    assert len(table) > 4000
    assert all(len(old) == len(new) == 1 for old, new in table.items())
    assert not set(table.values()) & set(table)


@given(odd_text)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.sampled_from("学學习習Ｋ１①㈠㎡ﬁß\u200b…　\n，龜😀𠮷ab"), max_size=30), st.data())
def test_a_part_folds_to_a_part_of_the_whole(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    assert fold(text[:cut]) + fold(text[cut:]) == fold(text)


@given(odd_text)
def test_every_folded_offset_leads_back_to_what_it_came_from(text: str) -> None:
    folded = fold_with_map(text)
    assert folded.text == fold(text)
    previous = 0
    for i in range(len(folded.text)):
        start, end = folded.original(i, i + 1)
        assert previous <= start < end <= len(text)
        assert folded.text[i] in fold(text[start:end])
        previous = start


@given(odd_text)
def test_folded_text_can_be_stored(text: str) -> None:
    fold(text).encode("utf-8")
    assert "\x00" not in fold(text)
