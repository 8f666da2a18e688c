"""Every dependency has its line, every line its dependency; nothing under GPL is shipped."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from importlib import metadata

import pytest
from manuals import ROOT, manual
from packaging.requirements import Requirement

PAGE = "docs/DEPENDENCIES.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
EXTRA = [
    Requirement(line)
    for lines in PROJECT["project"].get("optional-dependencies", {}).values()
    for line in lines
]
DEV = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public License")


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [("## At run time", RUNTIME), ("## Optional", EXTRA), ("## Only for development", DEV)],
)
def test_dependencies_and_lines_are_the_same(heading: str, wanted: list[Requirement]) -> None:
    assert {row[0] for row in manual(PAGE).rows(heading)} == {one.name for one in wanted}


@pytest.mark.parametrize("heading", ["## At run time", "## Optional", "## Only for development"])
def test_every_line_tells_purpose_and_licence(heading: str) -> None:
    for name, purpose, licence, *_ in manual(PAGE).rows(heading):
        assert purpose, name
        assert licence, name


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """Everything installed because of these, as it is in this environment."""
    found: set[str] = set()
    todo = [one.name for one in wanted]
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found:
            continue
        found.add(name)
        for line in metadata.distribution(name).requires or ():
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                todo.append(one.name)
    return found


def licence(name: str) -> str:
    """What a distribution says of its licence, in whichever of the three ways it says it."""
    about = metadata.metadata(name)
    told = [about.get_all(field) or [] for field in ("License-Expression", "License", "Classifier")]
    named = [line for line in told[2] if line.startswith("License")]
    return " | ".join([*told[0], *(text[:200] for text in told[1]), *named])


def test_nothing_under_gpl_at_run_time() -> None:
    packages = closure(RUNTIME)
    assert {"django", "lxml", "pdfminer-six"} <= packages
    assert {name: licence(name) for name in packages if COPYLEFT.search(licence(name))} == {}


def test_a_copyleft_licence_would_be_seen() -> None:
    assert COPYLEFT.search("License :: OSI Approved :: GNU Affero General Public License v3")
    assert COPYLEFT.search("GPL-3.0-or-later")
    assert COPYLEFT.search("AGPL-3.0")
    assert COPYLEFT.search("License :: OSI Approved :: GNU General Public License v2 (GPLv2)")
    assert not COPYLEFT.search("GNU Lesser General Public License v3 (LGPLv3) LGPL-2.1")


def test_vendored_files_are_the_ones_described() -> None:
    folder = ROOT / "web" / "static" / "vendor"
    rows = manual("web/static/vendor/README.md").rows("# Vendored assets")
    listed = {row[0].strip("`"): row[-1] for row in rows}
    assets = {p.name for p in folder.iterdir() if p.suffix in (".js", ".css", ".woff2")}
    assert set(listed) == assets
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_vendored_versions_are_told() -> None:
    told = {row[0]: row[1] for row in manual(PAGE).rows("## What comes with the source")}
    rows = manual("web/static/vendor/README.md").rows("# Vendored assets")
    assert rows
    for row in rows:
        assert told[row[0].strip("`").partition("-")[0]] == row[2]


def test_the_licence_is_the_one_the_project_declares() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert PROJECT["project"]["license"] == "MIT"
    assert text.startswith("MIT License")
    assert "the yanxiu authors" in text
