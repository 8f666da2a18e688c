"""Slips of people who edit a form: each is found with its place in one pass, and good forms raise
no alarm. The cases are those of bench/template_faults.toml."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from shipped_values import PAPERS, SHIPPED

from archive.forms import spec_of
from bench.template_faults import FORMS, Case, cases, codes, made, named, place
from generator.lint.linting import lint
from generator.lint.remarks import Remark

SOFFICE = shutil.which("soffice")
FAULTS, WARNINGS = cases("fault"), cases("warning")


@cache
def good(form: str) -> bytes:
    return PAPERS[form].template.read_bytes()


def remarks(case: Case) -> tuple[list[Remark], str]:
    """What is said of the slip, and where it stands."""
    form = FORMS[case["form"]]
    data = made(good(form), case)
    return lint(data, spec_of(PAPERS[form])), place(case, data)


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("case", FAULTS, ids=named)
def test_a_slip_is_found_where_it_is_and_nothing_else_is(case: Case) -> None:
    found, where = remarks(case)
    faults = [r for r in found if r.stops]
    assert [(r.code in codes(case), r.place) for r in faults] == [(True, where)]
    assert faults[0].message
    assert faults[0].remedy


@pytest.mark.parametrize("case", WARNINGS, ids=named)
def test_what_is_doubtful_is_said_and_stops_nothing(case: Case) -> None:
    found, where = remarks(case)
    assert [(r.code, r.place, r.stops) for r in found] == [(case["code"], where, False)]


@pytest.mark.parametrize("form", SHIPPED)
def test_good_forms_raise_no_alarm(form: str) -> None:
    assert lint(good(form), spec_of(PAPERS[form])) == []


def saved_again(forms: Sequence[str], folder: Path) -> dict[str, bytes]:
    """The forms as LibreOffice writes them, in one start."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    for form in forms:
        (folder / f"{form}.docx").write_bytes(good(form))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "docx:MS Word 2007 XML"]
    files = [str(folder / f"{form}.docx") for form in forms]
    out = folder / "out"
    subprocess.run(
        [*command, "--outdir", str(out), *files], check=True, capture_output=True, timeout=600
    )
    return {form: (out / f"{form}.docx").read_bytes() for form in forms}


@pytest.mark.sweep
def test_no_form_saved_by_another_program_raises_an_alarm(tmp_path: Path) -> None:
    for form, again in saved_again(SHIPPED, tmp_path).items():
        assert lint(again, spec_of(PAPERS[form])) == [], form


def test_many_slips_come_in_one_pass() -> None:
    """A form with a slip in every second cell: all of them are said, in reading order."""
    data = good("qa_report")
    slips = [c for c in FAULTS if c["form"] == "Q" and ("find" in c or "text" in c)][:6]
    for slip in slips:
        try:
            data = made(data, slip)
        except StopIteration:  # an earlier slip took its words
            continue
    found = [r for r in lint(data, spec_of(PAPERS["qa_report"])) if r.stops]
    assert len(found) >= 5
    assert len({r.place for r in found}) >= 4


def test_a_file_that_is_no_template_is_refused() -> None:
    from generator import FormError

    out = io.BytesIO(b"not a zip")
    with pytest.raises(FormError) as caught:
        lint(out.getvalue(), spec_of(PAPERS["qa_report"]))
    assert caught.value.code == "not_docx"
