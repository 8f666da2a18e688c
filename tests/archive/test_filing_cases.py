"""Invented messy submissions: what is filed is right, most are filed, sections are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from filing_case_files import Case, cases

from archive.completeness import Findings, check
from archive.filing import Clues, Filing, propose
from archive.kind_files import BUILTIN, load_kinds
from archive.register_import import load_register

KINDS = load_kinds(BUILTIN)
REGISTER = load_register(Path(__file__).parents[2] / "yanxiu" / "demo" / "county.json")
CASES = cases()


@cache
def judged(key: str) -> tuple[Filing, Findings]:
    case = next(case for case in CASES if case.key == key)
    filing = propose(case.reading, Clues(case.name), KINDS, REGISTER)
    kind = KINDS.get(filing.kind or "")
    return filing, check(case.reading, kind, filing.known) if kind else Findings()


def facts(filing: Filing) -> dict[str, object]:
    return {
        "kind": filing.kind or "",
        "school": REGISTER.unit(filing.school).name if filing.school else "",
        "subject": "、".join(filing.subjects),
        "subjects": list(filing.subjects),
        "school_year": filing.school_year,
        "term": filing.term or "",
        "month": filing.month,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_what_is_filed_is_right(case: Case) -> None:
    filing, _ = judged(case.key)
    if filing.status == "review":
        assert filing.reasons
        return
    assert case.status != "review", "filed, though nobody can know where it belongs"
    found = facts(filing)
    asked = ("kind",) if filing.kind == "unrelated" else tuple(found)
    known = {key: case.truth[key] for key in asked if key in case.truth}
    assert {key: found[key] for key in known} == known
    assert filing.author in ("", case.truth.get("author", filing.author))


def _tells_sections(case: Case) -> bool:
    told = KINDS.get(case.truth.get("kind", ""))
    return case.status != "either" and told is not None and bool(told.sections)


@pytest.mark.parametrize(
    "case", [c for c in CASES if _tells_sections(c)], ids=lambda case: case.key
)
def test_sections_are_found_as_they_are(case: Case) -> None:
    _, findings = judged(case.key)
    expected = (case.truth.get("missing", []), case.truth.get("empty", []))
    assert (findings.missing, findings.empty) == expected


def test_what_can_be_filed_mostly_is() -> None:
    clear = [case for case in CASES if case.status == "filed"]
    filed = [case for case in clear if judged(case.key)[0].status == "filed"]
    assert len(clear) >= 30
    assert len(filed) >= 0.9 * len(clear)
