"""A foreign template is examined in a process of its own, which it can neither outlive nor fill."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive import lint_apart
from archive.forms import Paper, papers, spec_of
from archive.kind_files import BUILTIN, load_kinds
from generator import FormError
from generator.examining import examine

PAPER = next(p for p in papers(load_kinds(BUILTIN)) if p.id == "stage_report")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "form.docx"
    path.write_bytes(PAPER.template.read_bytes())
    return path


def test_it_says_there_what_it_says_here(template: Path, tmp_path: Path) -> None:
    from bench.template_faults import cases, made

    slip = next(c for c in cases() if c["form"] == "S" and c["code"] == "unclosed")
    template.write_bytes(made(template.read_bytes(), slip))
    found = lint_apart.examine_apart(template, PAPER, tmp_path)
    assert found == examine(template, spec_of(PAPER))
    assert [r.code for r in found if r.stops] == ["unclosed"]


def test_what_is_no_template_is_said_to_be_none(template: Path, tmp_path: Path) -> None:
    template.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(FormError) as caught:
        lint_apart.examine_apart(template, PAPER, tmp_path)
    assert caught.value.code == "not_docx"


@pytest.mark.parametrize(
    ("bound", "code"), [({"seconds": 0.0, "standstill": 0.0}, ""), ({"memory": 1}, "too_large")]
)
def test_a_template_that_takes_too_much_is_stopped(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: dict[str, float],
    code: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(lint_apart, "BOUNDS", replace(lint_apart.BOUNDS, **bound))
    if code:
        with pytest.raises(FormError) as caught:
            lint_apart.examine_apart(template, PAPER, tmp_path)
        assert caught.value.code == code
    else:
        [remark] = lint_apart.examine_apart(template, PAPER, tmp_path)
        assert remark.stops
        assert remark.code == "unusable"


def test_the_form_a_file_is_for_is_told_by_folder_title_or_name(tmp_path: Path) -> None:
    from archive.which_form import paper_of

    every = papers(load_kinds(BUILTIN))
    data = PAPER.template.read_bytes()

    def told(name: str, content: bytes = data, said: str = "") -> str:
        found: Paper | None = paper_of(tmp_path / name, content, every, said)
        return found.id if found else ""

    assert told("新建文档.docx") == "stage_report"  # its title
    assert told("质检分析报告.docx", b"") == "qa_report"
    assert told("school_plan/form.docx", b"") == "school_plan"
    assert told("新建文档.docx", b"") == ""
    assert told("新建文档.docx", data, "qa_report") == "qa_report"
    assert told("新建文档.docx", data, "没有这份表") == ""
