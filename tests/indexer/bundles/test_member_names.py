from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from indexer.bundles.names import safe, unique


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_name_is_relative_unique_and_climbs_nowhere(given_names: list[str]) -> None:
    names = unique([safe(name) for name in given_names])
    assert len({name.casefold() for name in names}) == len(given_names)
    for name in names:
        assert name
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert "\\" not in name
        name.encode("utf-8")


def test_a_turned_name_is_shown_as_it_is() -> None:
    assert safe("计划\u202ecod.exe") == "计划_cod.exe"


def test_a_name_without_end_keeps_its_suffix() -> None:
    name = safe("夹/" * 9000 + "计划" * 5000 + ".docx")
    assert name.endswith(".docx")
    assert len(name) <= 1000


def test_ten_thousand_files_of_one_name_are_told_apart_at_once() -> None:
    begun = time.process_time()
    assert len(set(unique(["计划.docx"] * 10_000))) == 10_000
    assert time.process_time() - begun < 2
