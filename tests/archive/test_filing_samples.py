"""Real submissions with the truth about each: nothing is filed wrongly, nothing found wanting."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive.completeness import Findings, check
from archive.filing import Clues, Filing, propose
from archive.kind_files import BUILTIN, load_kinds
from archive.register_import import load_register
from indexer import ReadError, read

pytestmark = pytest.mark.samples

KINDS = load_kinds(BUILTIN)
Case = tuple[dict[str, Any], Filing, Findings]


@cache
def _judged(folder: Path) -> tuple[dict[str, Case], list[str]]:
    """Every readable sample that is no bundle, by file name; and those not readable here."""
    register = load_register(folder.parent.parent / "domain" / "clusters.json")
    labels = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    found, unread = {}, []
    for truth in labels:
        name = truth["file"]
        if truth["members"] or (truth["expect"] or "").startswith("error"):
            continue
        try:
            reading = read(folder / "files" / name)
        except ReadError:
            unread.append(name)
            continue
        if not reading.text.strip():
            unread.append(name)
            continue
        filing = propose(reading, Clues(name), KINDS, register)
        kind = KINDS.get(filing.kind or "")
        short = register.unit(filing.school).name if filing.school else None
        truth["found_school"] = short
        found[name] = (truth, filing, check(reading, kind) if kind else Findings())
    return found, unread


@pytest.fixture(scope="module")
def judged(samples: Path) -> dict[str, Case]:
    found, unread = _judged(samples / "filing")
    assert len(found) > 25, f"too few samples could be read: {unread}"
    return found


@pytest.fixture(scope="module")
def labels(samples: Path) -> dict[str, list[str]]:
    loaded = json.loads((samples / "filing" / "kinds.json").read_text())
    return {label: ids for label, ids in loaded.items() if isinstance(ids, list)}


def test_every_kind_is_right(judged: dict[str, Case], labels: dict[str, list[str]]) -> None:
    wrong = {
        name: (filing.kind, truth["kind"])
        for name, (truth, filing, _) in judged.items()
        if filing.kind not in labels[truth["kind"]]
    }
    assert wrong == {}


def test_nothing_is_filed_under_a_wrong_school_or_time(judged: dict[str, Case]) -> None:
    wrong = []
    for name, (truth, filing, _) in judged.items():
        if filing.status != "filed" or filing.kind == "unrelated":
            continue
        period = truth["period"]
        month_wrong = period["month"] and filing.month != period["month"]
        term = (filing.school_year or None, filing.term)
        term_wrong = not period["month"] and term != (period["school_year"], period["term"])
        if truth["found_school"] != truth["school"] or month_wrong or term_wrong:
            wrong.append(name)
    assert wrong == []


def test_most_are_filed_without_a_person(judged: dict[str, Case]) -> None:
    filed = [name for name, (_, filing, _) in judged.items() if filing.status == "filed"]
    assert len(filed) >= 0.85 * len(judged)


def test_the_sections_found_wanting_are_those_that_are(judged: dict[str, Case]) -> None:
    wrong = {
        name: (findings.missing, findings.empty)
        for name, (truth, _, findings) in judged.items()
        if truth["missing"] is not None
        and (findings.missing, findings.empty) != (truth["missing"], truth["empty"])
    }
    assert wrong == {}
