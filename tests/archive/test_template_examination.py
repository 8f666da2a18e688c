"""A foreign template is examined in a child process, and what form it is for is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import template_trial
from archive.forms import Paper, papers, spec_of
from archive.kind_files import BUILTIN, load_kinds
from archive.template_trial import examine_template
from bench.template_faults import cases, made
from generator import FormError
from generator.lint.examining import examine

PAPERS = {paper.id: paper for paper in papers(load_kinds(BUILTIN))}
PAPER = PAPERS["stage_report"]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "form.docx"
    path.write_bytes(PAPER.template.read_bytes())
    return path


def test_it_says_there_what_it_says_here(template: Path) -> None:
    slip = next(c for c in cases() if c["form"] == "S" and c["code"] == "unclosed")
    template.write_bytes(made(template.read_bytes(), slip))
    found = examine_template(template, PAPER)
    assert found == examine(template, spec_of(PAPER))
    assert [r.code for r in found if r.stops] == ["unclosed"]


def test_a_good_template_is_tried_out_too(template: Path) -> None:
    assert examine_template(template, PAPER) == []


def test_what_is_no_template_is_said_to_be_none(template: Path) -> None:
    template.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(FormError) as caught:
        examine_template(template, PAPER)
    assert caught.value.code == "not_docx"


def test_one_that_takes_too_long_is_stopped(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_trial, "SECONDS", 0.0)
    with pytest.raises(FormError) as caught:
        examine_template(template, PAPER)
    assert caught.value.code == "too_slow"


def test_the_form_a_file_is_for_is_told_by_folder_title_or_name(tmp_path: Path) -> None:
    from archive.which_form import paper_of

    every, data = list(PAPERS.values()), PAPER.template.read_bytes()

    def told(name: str, content: bytes = data, said: str = "") -> str:
        found: Paper | None = paper_of(tmp_path / name, content, every, said)
        return found.id if found else ""

    assert told("新建文档.docx") == "stage_report"  # its title
    assert told("质检分析报告.docx", b"") == "qa_report"
    assert told("school_plan/form.docx", b"") == "school_plan"
    assert told("新建文档.docx", b"") == ""
    assert told("新建文档.docx", data, "qa_report") == "qa_report"
    assert told("新建文档.docx", data, "没有这份表") == ""
