"""However much is wrong with a template, what is said of it stays within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_forms import SPEC, write_template

from generator.linting import MAX_REMARKS, lint


def codes(path: Path, *paragraphs: str) -> list[str]:
    return [r.code for r in lint(write_template(path, *paragraphs).read_bytes(), SPEC) if r.stops]


@pytest.mark.parametrize("text", ["{" * 20_000, "}" * 20_000, "{{ 学孝 }}" * 100])
def test_a_paragraph_of_nothing_but_tags_is_one_fault(path: Path, text: str) -> None:
    assert codes(path, text) == ["too_many"]


def test_hundreds_of_slips_are_cut_off(path: Path) -> None:
    found = codes(path, *["{学校}和{学科}"] * 500)
    assert found == ["single_brace"] * MAX_REMARKS


def test_what_follows_half_a_tag_is_looked_at_too(path: Path) -> None:
    assert codes(path, "{{ 学校 和 [[学科]] 和 {学科}") == [
        "unclosed",
        "foreign_tag",
        "single_brace",
    ]


def test_a_name_written_wrongly_is_not_missing_besides(path: Path) -> None:
    path = write_template(path, "{{ 学校 }}{{ 学科目 }}{{ 取得成效 }}{{ 工作开展情况 }}")
    found = [r.code for r in lint(path.read_bytes(), SPEC)]
    assert "unknown_name" in found
    assert "missing_required" not in found
