"""An unknown template is tried out in a child process: all its faults, within bounds."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import docx
import pytest

from archive import template_trial
from archive.forms import Paper, papers, spec_of
from archive.kind_files import BUILTIN, load_kinds
from archive.template_trial import try_template
from archive.trial_child import spec_from
from generator import FormError

PAPERS = {paper.id: paper for paper in papers(load_kinds(BUILTIN))}
PAPER: Paper = PAPERS["stage_report"]


def template(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def test_a_good_template_has_no_faults() -> None:
    assert try_template(PAPER.template, PAPER) == []


def test_all_faults_come_at_once_with_their_places(tmp_path: Path) -> None:
    path = template(tmp_path / "坏的.docx", "{{ 学孝 }}", "{{ 学校 }}", "{{ 学科")
    faults = try_template(path, PAPER)
    assert [(f.code, f.place) for f in faults] == [
        ("unknown_name", "第 1 段"),
        ("unclosed", "第 3 段"),
    ]
    assert faults[0].nearest in ("学校", "学科")
    assert faults[0].remedy


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_docx_is_said_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    with pytest.raises(FormError) as caught:
        try_template(path, PAPER)
    assert caught.value.code == "not_docx"


def test_a_missing_file_is_no_docx(tmp_path: Path) -> None:
    with pytest.raises(FormError) as caught:
        try_template(tmp_path / "none.docx", PAPER)
    assert caught.value.code == "not_docx"


def test_a_child_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_trial, "SECONDS", 0.0)
    with pytest.raises(FormError) as caught:
        try_template(PAPER.template, PAPER)
    assert caught.value.code == "too_slow"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds of the system itself")
def test_a_child_that_takes_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_trial, "MEMORY", 40 * 1024 * 1024)
    with pytest.raises(FormError) as caught:
        try_template(PAPER.template, PAPER)
    assert caught.value.code == "too_large"


def test_memory_is_watched_where_the_system_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(template_trial, "MEMORY", 1)
    with pytest.raises(FormError) as caught:
        try_template(PAPER.template, PAPER)
    assert caught.value.code == "too_large"


def test_the_child_may_not_reach_out(tmp_path: Path) -> None:
    """What the confinement of the child refuses, were a template ever to run."""
    import subprocess

    code = (
        "import sys; from pathlib import Path; from archive.trial_child import _confine\n"
        "_confine(2**30, Path(sys.argv[1]))\n"
        "import socket, subprocess\n"
        "for act in (lambda: socket.create_connection(('203.0.113.1', 80), 1),\n"
        "            lambda: subprocess.run(['true']), lambda: open(sys.argv[2], 'w')):\n"
        "    try: act()\n"
        "    except PermissionError: continue\n"
        "    sys.exit(1)\n"
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-c", code, str(scratch), str(tmp_path / "outside")]
    done = subprocess.run(command, env=template_trial._environment(), check=False)
    assert done.returncode == 0
    assert not (tmp_path / "outside").exists()


def test_a_spec_survives_the_way_to_the_child() -> None:
    import json

    for paper in PAPERS.values():
        spec = spec_of(paper)
        assert spec_from(json.loads(json.dumps(asdict(spec)))) == spec
    assert spec_from(asdict(replace(spec_of(PAPER), version="9"))).version == "9"


def test_a_paragraph_of_nothing_but_tags_is_faults(tmp_path: Path) -> None:
    path = template(tmp_path / "x.docx", "{{" * 400_000)
    assert try_template(path, PAPER)
