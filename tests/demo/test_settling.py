"""Every sample submission settles as the truth about it says, through the whole house."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yanxiu.demo import COUNTY
from yanxiu.demo.submissions import Submission

Line = dict[str, Any]
#: What `yanxiu add` calls a fate; the others are called the same.
STATUS = {"unrelated": "filed", "new_version": "filed"}
#: Facts of a paper by their names in the truth and on the line.
FACTS = ("kind", "school", "subject", "school_year", "term", "month", "author")


def yanxiu(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yanxiu", "--home", str(home), *map(str, words)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=240, env=dict(os.environ)
    )


@pytest.fixture(scope="module")
def added(
    inbox: Path, tmp_path_factory: pytest.TempPathFactory
) -> subprocess.CompletedProcess[str]:
    home = tmp_path_factory.mktemp("home") / "archive"
    assert yanxiu(home, "init", "--org", COUNTY).returncode == 0
    return yanxiu(home, "add", inbox, "--json")


@pytest.fixture(scope="module")
def lines(added: subprocess.CompletedProcess[str]) -> dict[tuple[str, str | None], Line]:
    found = [json.loads(line) for line in added.stdout.splitlines()]
    return {(line["file"], line["member"]): line for line in found}


def test_each_file_has_one_line(
    lines: dict[tuple[str, str | None], Line], truth: list[Submission]
) -> None:
    assert set(lines) == {(s.relpath, s.member) for s in truth}


def test_every_fate_is_the_true_one(
    lines: dict[tuple[str, str | None], Line], truth: list[Submission]
) -> None:
    assert {key: _fate(line) for key, line in lines.items()} == {
        (s.relpath, s.member): _true_fate(s) for s in truth
    }


def _fate(line: Line) -> str:
    error = line["error"] or {}
    return ":".join(filter(None, (line["status"], error.get("code"))))


def _true_fate(submission: Submission) -> str:
    return STATUS.get(submission.expected, submission.expected)


def test_every_fact_is_the_true_one(
    lines: dict[tuple[str, str | None], Line], truth: list[Submission]
) -> None:
    wrong = {}
    for s in truth:
        line = lines[s.relpath, s.member]
        if s.kind not in (None, "unrelated"):
            facts = {name: line[name] for name in FACTS}
            known = {name: getattr(s, name) for name in FACTS}
            # A paper without a day of its own has a month only where it names one.
            facts["month"] = facts["month"] if s.month else None
            if facts != known:
                wrong[s.relpath] = {k: (facts[k], known[k]) for k in FACTS if facts[k] != known[k]}
        elif line["kind"] != s.kind:
            wrong[s.relpath] = {"kind": (line["kind"], s.kind)}
    assert wrong == {}


def test_what_is_missing_or_empty_is_found(
    lines: dict[tuple[str, str | None], Line], truth: list[Submission]
) -> None:
    judged = [s for s in truth if s.kind not in (None, "unrelated")]
    found = {
        (s.relpath, s.member): (
            tuple(lines[s.relpath, s.member]["missing"]),
            tuple(lines[s.relpath, s.member]["empty"]),
        )
        for s in judged
    }
    assert found == {(s.relpath, s.member): (s.missing, s.empty) for s in judged}


def test_versions_and_duplicates_are_linked(
    lines: dict[tuple[str, str | None], Line], truth: list[Submission]
) -> None:
    by_file = {line["file"]: line for line in lines.values() if line["member"] is None}
    for s in truth:
        if s.of:
            link = "duplicate_of" if s.expected == "duplicate" else "new_version_of"
            assert by_file[s.relpath][link].split("@")[0] == by_file[s.of]["id"].split("@")[0]


def test_the_terminal_shows_progress_and_a_sum_only(
    added: subprocess.CompletedProcess[str],
) -> None:
    told = [line for line in added.stderr.replace("\r", "\n").splitlines() if line.strip()]
    assert all(line.startswith(("已处理", "共 ")) for line in told), told
