"""Positions: which white space counts, and what stands at each place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.tokens import (
    BORDER,
    SPACE,
    near_units,
    normal,
    pair_stream,
    pairs,
    unit_stream,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("校本\n研修", "校本研修"),
        ("校 本　研修 ", "校本研修"),
        ("ab  c", f"ab{SPACE}c"),
        ("K12 雲平台", "k12云平台"),
        ("3 .  5", "3.5"),
        ("a\u200b b", f"a{SPACE}b"),
        ("", ""),
    ],
)
def test_white_space_counts_only_between_latin_letters_and_digits(text: str, expected: str) -> None:
    assert normal(text) == expected


@given(st.text(max_size=60))
def test_the_stream_holds_one_pair_a_position(text: str) -> None:
    squeezed = normal(text) + BORDER + normal(text)
    stream = pair_stream(squeezed)
    assert stream == "".join(pair + " " for pair in pairs(squeezed))
    assert len(stream.split(" ")) == len(squeezed)


def test_units_are_the_characters_and_the_whole_words() -> None:
    assert set(unit_stream("2014年度k12k12").split()) == {*"2014年度k", "=2014", "=k12k12"}
    assert words("七(3)班ab" + SPACE + "c1") == ["3", "ab", "c1"]
    assert words("a" * 65) == []


def test_near_units_leave_out_pairs_with_punctuation() -> None:
    assert near_units("七(3)班k12云平台") == ["=3", "=k12", "七", "班", "云平", "平台"]
