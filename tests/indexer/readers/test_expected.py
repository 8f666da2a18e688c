"""What people found in the real sample files is found by our readers: nothing lost, nothing twice,
in its order, and what cannot be read is refused with its own code (`bench.readers.expected`)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.readers.expected import Answer, Expectation, Verdict, judge, load, share_found
from bench.readers.ours import Ours

pytestmark = pytest.mark.samples

#: Of all strings, in per cent: what the readers are held to.
FOUND = 98.0
#: Of the strings in pictures; two of 29 are Thai and Tamil, which the recogniser does not know.
PICTURES = 93.0


@pytest.fixture(scope="module")
def ours() -> Iterator[Ours]:
    reader = Ours(2)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def verdicts(ours: Ours, samples: Path) -> list[Verdict]:
    """Every file that holds its text as text."""

    def ask(wanted: Expectation) -> Answer:
        path = samples / wanted.file
        return ours.members(path) if wanted.lane == "bundle" else ours.read(path)

    listed = [one for one in load() if one.lane != "ocr"]
    with ThreadPoolExecutor(2) as threads:
        return [judge(*pair) for pair in zip(listed, threads.map(ask, listed), strict=True)]


def test_nearly_all_that_stands_in_the_files_is_found(verdicts: list[Verdict]) -> None:
    missing = [f"{one.file}: {'、'.join(one.missing)}" for one in verdicts if one.missing]
    assert share_found(verdicts) >= FOUND, "\n" + "\n".join(missing)


def test_what_is_refused_is_refused_with_its_own_code(verdicts: list[Verdict]) -> None:
    wanted = {one.file for one in load() if not one.readable}
    wrong = {one.file: one.outcome for one in verdicts if one.outcome != "right"}
    assert {file: outcome for file, outcome in wrong.items() if file in wanted} == {}


def test_no_file_hangs_a_reader_or_ends_it(verdicts: list[Verdict]) -> None:
    assert [one.file for one in verdicts if one.outcome in ("hung", "crashed")] == []


def test_a_merged_cell_and_a_header_are_given_once(verdicts: list[Verdict]) -> None:
    assert {one.file: one.repeated for one in verdicts if one.repeated} == {}


def test_the_order_is_that_of_the_page(verdicts: list[Verdict]) -> None:
    assert {one.file: one.disordered for one in verdicts if one.disordered} == {}


def test_deleted_text_placeholders_and_codes_do_not_show(verdicts: list[Verdict]) -> None:
    assert {one.file: one.leaked for one in verdicts if one.leaked} == {}


@pytest.mark.sweep
def test_the_text_of_pictures_is_recognised(ours: Ours, samples: Path) -> None:
    pictures = [one for one in load() if one.lane == "ocr"]
    found = [judge(one, ours.recognise(samples / one.file)) for one in pictures]
    missing = [f"{one.file}: {'、'.join(one.missing)}" for one in found if one.missing]
    assert share_found(found) >= PICTURES, "\n" + "\n".join(missing)
