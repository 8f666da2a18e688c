"""The county's own templates are part of the archive: in use at once, backed up, told of after a
rebuild."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from archive.forms import Paper
    from archive.house import House


def adopted(house: House) -> Paper:
    """The form of the month, its template put in use by somebody."""
    from archive import own_templates, press

    paper = press.form_named(house, "stage_report")
    data = paper.template.read_bytes()
    own_templates.adopt(house, paper, data, actor="王老师", name="改.docx")
    return press.form_named(house, "stage_report")


def test_it_is_in_use_at_once_and_in_the_backup(house: House, tmp_path: Path) -> None:
    from archive.backup import backup

    paper = adopted(house)
    assert paper.own
    with zipfile.ZipFile(backup(house, tmp_path / "备份.zip")) as kept:
        assert "kinds/stage_report/form.docx" in kept.namelist()


def test_who_put_it_in_use_is_known_after_a_rebuild(house: House) -> None:
    from archive import own_templates
    from archive.rebuild import rebuild

    paper = adopted(house)
    own_templates.take_back(house, paper, actor="李老师")
    before = [(e.id, e.at, e.actor, e.type, e.data) for e in own_templates.history(paper)]
    rebuild(house)
    after = [(e.id, e.at, e.actor, e.type, e.data) for e in own_templates.history(paper)]
    assert after == before
    assert [(row[2], row[3]) for row in after] == [
        ("李老师", "template_taken_back"),
        ("王老师", "template_set"),
    ]


def test_there_is_nothing_to_take_back_from_a_form_of_ours(house: House) -> None:
    from archive import own_templates, press
    from archive.errors import ArchiveError

    with pytest.raises(ArchiveError) as caught:
        own_templates.take_back(house, press.form_named(house, "stage_report"), actor="王老师")
    assert caught.value.code == "own_template"
    assert caught.value.remedy
