"""Many copies: the same bytes in the same order, by however many processes they were printed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sample_forms import make, paragraphs

from generator import FormError, Job, Picture, Sheet, Stamp, many, render_many, write_many

ROWS = (("序", "主题"), ("{{ 活动.序号 }}", "{{ 活动.主题 }}"))


@pytest.fixture
def by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the third copy on."""
    monkeypatch.setattr(many, "HERE", 2)
    monkeypatch.setattr(many, "PORTION", 3)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def picture(path: Path) -> Picture:
    Image.new("RGB", (8, 8), "red").save(path)
    return Picture(path.read_bytes(), 20)


def jobs(count: int, **more: Any) -> Iterator[Job]:
    for number in range(count):
        values = {"学校": f"第{number}中学 & <乡>", "活动": [{"主题": f"说课{number}"}], **more}
        yield values, "filled", Stamp.issue("stage_report", "1", f"u{number}", "语文", "2014-10")


@pytest.mark.usefixtures("by_processes")
def test_processes_print_the_same_bytes_in_the_same_order(path: Path, tmp_path: Path) -> None:
    form = make(path, "{{ 学校 }}：{{ 取得成效 }}", rows=ROWS)
    shown = {"取得成效": picture(tmp_path / "a.png")}
    alone = [form.render(*job) for job in jobs(20, **shown)]
    assert list(render_many(form, jobs(20, **shown))) == alone
    assert len(set(alone)) == 20


@pytest.mark.usefixtures("by_processes")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6])
def test_no_copy_is_lost_at_the_bounds(path: Path, count: int) -> None:
    form = make(path, "{{ 学校 }}")
    found = [paragraphs(data) for data in render_many(form, jobs(count))]
    assert found == [[f"第{number}中学 & <乡>"] for number in range(count)]


@pytest.mark.usefixtures("by_processes")
def test_what_cannot_be_printed_is_told_as_here(path: Path) -> None:
    form = make(path, "{{ 学校 }}", rows=ROWS)

    def with_a_bad_one() -> Iterator[Job]:
        yield from jobs(7)
        yield {"活动": "不是表"}, "filled", None

    found = render_many(form, with_a_bad_one())
    with pytest.raises(FormError) as caught:
        list(found)
    assert caught.value.code == "bad_value"
    assert "活动" in caught.value.detail


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.usefixtures("by_processes")
def test_a_process_that_dies_costs_no_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    form = make(path, "{{ 学校 }}")
    monkeypatch.setattr(many, "_do", _die)
    found = [paragraphs(data) for data in render_many(form, jobs(30))]
    assert found == [[f"第{number}中学 & <乡>"] for number in range(30)]
    assert "has died" in caplog.text


def _die(work: object, portion: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("by_processes")
@pytest.mark.parametrize("names", ["甲乙", "甲乙丙丁戊己庚"])
def test_folders_are_made_and_no_drafts_left(path: Path, names: str) -> None:
    form = make(path, "{{ 学校 }}")
    target = path.parent / "十月"
    sheets = [Sheet(target / name / "表.docx", {"学校": name}) for name in names]
    assert write_many(form, sheets) == [sheet.path for sheet in sheets]
    assert [paragraphs(sheet.path.read_bytes()) for sheet in sheets] == [[name] for name in names]
    assert len([f for f in target.rglob("*") if f.is_file()]) == len(names)
