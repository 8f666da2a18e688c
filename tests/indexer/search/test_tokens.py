"""Positions: which white space counts, and what stands at each place."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.folding import fold
from indexer.tokens import (
    BORDER,
    SPACE,
    WORD_CHARACTER,
    WORD_MARK,
    near_units,
    normal,
    pair_stream,
    pairs,
    squeeze,
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


@given(st.text(st.sampled_from("校本ab1é_.　 \n\u3000\u2028") | st.characters(), max_size=60))
def test_squeezing_is_what_two_substitutions_would_do(text: str) -> None:
    folded = fold(text)
    counts = re.sub(f"(?<={WORD_CHARACTER})\\s+(?={WORD_CHARACTER})", SPACE, folded)
    assert squeeze(folded) == re.sub(r"\s+", "", counts)


def test_every_white_space_character_falls_away() -> None:
    blank = re.findall(r"\s", "".join(map(chr, range(sys.maxunicode + 1))))
    assert len(blank) >= 25
    assert squeeze("校" + "本".join(blank) + "研") == "校" + "本" * (len(blank) - 1) + "研"


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


@given(st.text(st.sampled_from("校本研修ab1é 𠮷\n，") | st.characters(), min_size=60, max_size=300))
@settings(deadline=None)  # the first example loads numpy
def test_units_of_a_long_text_are_those_of_a_short_one(text: str) -> None:
    squeezed = normal(text) + BORDER + normal(text) + BORDER
    expected = [*(set(squeezed) - {BORDER}), *(WORD_MARK + word for word in words(squeezed))]
    assert sorted(unit_stream(squeezed).split(" ")) == sorted(expected)


def test_a_search_never_loads_numpy() -> None:
    asked = "import sys, indexer.engines.tantivy; from indexer.query import parse\n"
    asked += "parse('校本研修 ' * 20); from indexer.tokens import near_units, normal\n"
    asked += "near_units(normal('校本 k12，' * 99)); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_near_units_leave_out_pairs_with_punctuation() -> None:
    assert near_units("七(3)班k12云平台") == ["=3", "=k12", "七", "班", "云平", "平台"]
