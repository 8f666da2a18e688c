"""A scan is filed by its name first; when its text is recognised, what is known of it follows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Block, Reading

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from archive.models import Record

LINES = (
    "孙镇初中语文学科校本研修工作阶段报告",
    "学校：孙镇初中　学科：语文　时间：2014年10月",
    "一、工作开展情况",
    "10月听课十二节，集体备课三次，参加教师八人，围绕阅读教学开展研讨。",
    "二、取得成效",
    "青年教师的课堂有了变化，学生的阅读兴趣有所提高。",
    "三、下阶段安排",
    "11月进行质检分析，并开展送教下乡。",
)


@pytest.fixture
def recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recogniser's work is tested elsewhere; here it says what stands on the picture."""

    def recognise(self: ReaderPool, path: Path, reading: Reading, progress: object) -> Reading:
        from dataclasses import replace

        from indexer.readers import finish

        blocks = tuple(Block("paragraph", line, page=1) for line in LINES)
        return finish(replace(reading, status="complete", blocks=blocks, left_out=(), scanned=()))

    monkeypatch.setattr(ReaderPool, "recognise", recognise)


def scan(folder: Path, name: str = "扫描0001.png") -> Path:
    Image.effect_noise((400, 300), 80).save(folder / name)
    return folder / name


def taken(ingest: Ingest, path: Path) -> tuple[list[str], Record]:
    from archive import intake
    from archive.models import Record

    ids = intake.add(ingest, intake.find([path], lambda name: False))
    return ids, Record.objects.get()


def test_until_then_it_waits_and_nothing_is_said_to_be_missing(
    ingest: Ingest, tmp_path: Path
) -> None:
    _, record = taken(ingest, scan(tmp_path))
    assert record.versions.get().recognition == "waiting"
    assert record.status == "review"
    assert "文字识别后" in "".join(record.reasons)
    assert record.missing == []


@pytest.mark.usefixtures("recognised")
def test_then_it_is_filed_checked_and_found(house: House, ingest: Ingest, tmp_path: Path) -> None:
    from archive import intake
    from archive.models import Arrival, Record
    from archive.report import arrival_line

    ids, _ = taken(ingest, scan(tmp_path))
    intake.recognise(ingest, ids)
    record = Record.objects.get()
    assert (record.kind, record.month, record.status) == ("stage_report", "2014-10", "filed")
    assert record.missing == ["存在问题"]
    assert record.versions.get().recognition == "done"
    assert arrival_line(house, Arrival.objects.get())["status"] == "filed"
    assert [e.type for e in record.events.all()] == ["received", "recognised"]
    reading = house.reading(record.versions.get().sha256)
    assert reading is not None
    assert "集体备课三次" in reading.text


@pytest.mark.usefixtures("recognised")
def test_what_was_recognised_comes_back_from_the_store(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import intake
    from archive.recognition import restore

    ids, record = taken(ingest, scan(tmp_path))
    intake.recognise(ingest, ids)
    version = record.versions.get()
    shutil.rmtree(house.home / "readings")
    assert house.reading(version.sha256) is None
    assert restore(house, version)
    reading = house.reading(version.sha256)
    assert reading is not None
    assert "集体备课三次" in reading.text


@pytest.mark.usefixtures("recognised")
def test_what_a_person_settled_stays(house: House, ingest: Ingest, tmp_path: Path) -> None:
    from archive import intake, review
    from archive.models import Record

    ids, record = taken(ingest, scan(tmp_path))
    review.correct(house, record.id, {"kind": "reflection"}, actor="王芳")
    intake.recognise(ingest, ids)
    record = Record.objects.get()
    assert (record.kind, record.status) == ("reflection", "filed")


def test_a_scan_that_cannot_be_recognised_waits_no_longer(
    ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import intake

    def fail(*_: object) -> Reading:
        raise ReadError("unsupported", "nothing here recognises text")

    monkeypatch.setattr(ReaderPool, "recognise", fail)
    ids, record = taken(ingest, scan(tmp_path))
    intake.recognise(ingest, ids)
    assert record.versions.get().recognition == "failed"


def test_its_first_page_is_drawn_once(
    house: House, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.pictures import first_page

    _, record = taken(ingest, scan(tmp_path))
    png = first_page(house, record.versions.get())
    assert png is not None
    assert png.startswith(b"\x89PNG")
    monkeypatch.setattr(ReaderPool, "picture", lambda *_: pytest.fail("drawn again"))
    assert first_page(house, record.versions.get()) == png
