"""Forms made by the archive come back: filed, blank as issued, found by their number, rebuilt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from archive.models import Arrival, Record


def made(house: House, school: str = "孙镇初中") -> bytes:
    """The stage report that the archive prints for a school's 语文 of October."""
    from archive.press import make

    unit = house.register.school_named(school)
    assert unit is not None
    copies = make(house, "stage_report", "2014-10", schools=[unit.id], subjects=["语文"])
    return next(data for _, data in list(copies))


def written(data: bytes, **texts: str) -> bytes:
    """The copy with words written beside labels."""
    document: Any = Document(io.BytesIO(data))
    for table in document.tables:
        for row in table.rows:
            label = "".join(row.cells[0].text.split())
            if label in texts:
                row.cells[1].text = texts[label]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def taken(ingest: Ingest, path: Path, data: bytes) -> Arrival:
    from archive.models import Arrival
    from archive.staging import Offer

    path.write_bytes(data)
    ingest.offer([Offer("add", path.name, path)])
    return Arrival.objects.get(id=ingest.run()[-1])


def record_of(arrival: Arrival) -> Record:
    assert arrival.record is not None
    return arrival.record


def test_a_form_of_the_archive_comes_back_to_its_place(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    data = written(made(house), 取得成效="课堂上发言的人多了。", 工作开展情况="集体备课三次。")
    record = record_of(taken(ingest, tmp_path / "新建文档.docx", data))
    school = house.register.school_named("孙镇初中")
    assert school is not None
    assert (record.status, record.confidence) == ("filed", 1.0)
    assert (record.kind, record.school_id, record.month) == ("stage_report", school.id, "2014-10")
    assert record.subjects == ["语文"]
    assert "表单编号" in record.evidence["school"][0]["words"]


def test_a_form_as_it_was_issued_is_blank_although_rows_are_printed_on_it(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive.models import Record

    school = house.register.school_named("孙镇初中")
    assert school is not None
    Record.objects.create(
        status=Record.FILED, kind="activity_record", school_id=school.id, subjects=["语文"],
        period_start="2014-10-09", period_end="2014-10-09", date="2014-10-09",
        title="《岳阳楼记》集体备课", received="2014-10-10T00:00:00Z",
    )  # fmt: skip
    data = made(house)
    assert "岳阳楼记" in text_of(data)
    record = record_of(taken(ingest, tmp_path / "甲.docx", written(data)))
    assert record.blank
    assert record.status == "review"
    work = record_of(taken(ingest, tmp_path / "乙.docx", written(data, 取得成效="发言多了。")))
    assert not work.blank
    assert "取得成效" not in work.missing
    assert "存在问题" in work.missing


def text_of(data: bytes) -> str:
    document: Any = Document(io.BytesIO(data))
    return "".join(cell.text for t in document.tables for row in t.rows for cell in row.cells)


def test_what_was_written_is_shown_by_the_command(
    house: House, ingest: Ingest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from archive.issued import form_of
    from archive.returns import facts, in_words

    data = written(made(house), 取得成效="成效一 & 二。")
    arrival = taken(ingest, tmp_path / "交回.docx", data)
    reading = house.reading(arrival.sha256)
    assert reading is not None
    told = facts(form_of(house, reading))
    assert told["unit"] == "孙镇初中"
    assert {f["name"]: f["value"] for f in told["fields"]}["取得成效"] == "成效一 & 二。"
    assert any(line.startswith("取得成效　成效一 & 二。") for line in in_words(told))


def test_issued_forms_that_the_register_forgot_are_known_by_the_catalogue(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    """A subject that nobody teaches any more: only the catalogue of issued forms knows."""
    from archive.issued import stamp_of
    from archive.journal import note_issued
    from generator import Stamp

    school = house.register.school_named("孙镇初中")
    assert school is not None
    stamp = Stamp.issue("stage_report", "1", school.id, "珠算", "2014-10")
    assert stamp_of(stamp.form_no) is None
    row = {"number": stamp.form_no, "unit": school.id, "subject": "珠算", "mode": "prefilled"}
    note_issued(house, "stage_report", "2014-10", [row], actor="")  # type: ignore[list-item]
    assert stamp_of(stamp.form_no) == stamp
