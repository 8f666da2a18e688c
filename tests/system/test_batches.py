"""Batches of forms: for whom a copy is made, what is kept of it, where it is put."""

from __future__ import annotations

import os
import re
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import unquote

import pytest
from docx import Document

from generator import read_stamp
from watch.folders import Inbox, Seen, scan_forms

if TYPE_CHECKING:
    from archive.house import House
    from archive.press import Copy
    from watch.reception import Reception


def school(house: House, name: str = "孙镇初中") -> str:
    unit = house.register.school_named(name)
    assert unit is not None
    return unit.id


def units(house: House, kind: str, period: str, schools: list[str] | None = None) -> list[str]:
    """`unit subject` of the copies of a kind's form, which need not have a template."""
    from archive.batch import issues
    from archive.forms import Paper

    paper = Paper(house.kinds[kind], house.kinds[kind].papers[0], Path())
    found = issues(house.register, paper, period, schools)
    return [f"{issue.unit.name} {issue.subject}".strip() for issue in found]


def test_a_copy_is_made_for_each_unit_that_writes_the_paper(house: House) -> None:
    ours = [school(house)]
    assert units(house, "county_year_plan", "2014-10") == ["蒲城县"]
    assert len(units(house, "cluster_plan", "2014-2015-1")) == 16
    assert units(house, "cluster_plan", "2014-2015-1", ours) == ["孙镇初中联片研修区"]
    groups = units(house, "group_plan", "2014-2015-1", ours)
    assert groups == ["理化组", "政史地生组", "孙镇初中 语文", "孙镇初中 数学", "孙镇初中 英语"]
    names = [teacher.name for teacher in house.register.teachers(ours[0])]
    assert names
    assert units(house, "teacher_plan", "2014-2015-1", ours) == names


def test_a_school_without_registered_teachers_gets_one_teachers_form(house: House) -> None:
    from archive.batch import issues
    from archive.forms import Paper

    whole = house.register
    others = {key: unit for key, unit in whole.units.items() if unit.level != "teacher"}
    paper = Paper(house.kinds["reading"], house.kinds["reading"].papers[0], Path())
    found = issues(replace(whole, units=others), paper, "2014-2015-1", [school(house)])
    assert [issue.unit.name for issue in found] == ["孙镇初中"]


def october(house: House, **options: Any) -> list[Copy]:
    from archive.press import copies

    return list(copies(house, "stage_report", "2014-10", schools=[school(house)],
                       subjects=["语文"], **options))  # fmt: skip


def test_issuing_again_gives_the_same_bytes_and_adds_nothing_to_the_journal(house: House) -> None:
    from archive.journal import issued_values, untouched
    from archive.models import Event

    (first,) = october(house)
    (again,) = october(house)
    assert again.data == first.data
    assert Event.objects.filter(type="forms_issued").count() == 1
    assert untouched([first.row["sha256"], "0" * 64]) == {first.row["sha256"]}
    (values,) = issued_values(first.row["number"])
    assert (values["学校"], values["学科"]) == ("蒲城县孙镇初级中学", "语文")
    assert "县名" not in values


def test_what_was_issued_comes_back_with_a_rebuild(house: House) -> None:
    from archive import journal
    from archive.models import Event, IssuedCopy, IssuedForm

    (copy,) = october(house)
    before = IssuedForm.objects.get().at
    for model in (IssuedForm, Event):
        model.objects.all().delete()
    IssuedCopy.objects.all().delete()
    journal.restore(house, house.store.objects())
    assert IssuedForm.objects.get().at == before
    assert IssuedCopy.objects.get().sha256 == copy.row["sha256"]


def test_a_blank_batch_bears_numbers_and_nothing_else(house: House) -> None:
    (copy,) = october(house, mode="blank")
    stamp = read_stamp(copy.data)
    assert stamp
    assert (stamp.unit, stamp.subject, stamp.period) == (school(house), "语文", "2014-10")
    assert copy.row["values"] == {}


def test_the_list_of_what_was_issued_can_be_read(house: House, tmp_path: Path) -> None:
    from archive.issued_list import issued_list
    from indexer.readers import read

    path = tmp_path / "发表清单.xlsx"
    made = october(house)
    path.write_bytes(issued_list(house, [(copy, copy.file) for copy in made]))
    _without_a_time(path)
    (block,) = [b for b in read(path).blocks if b.kind == "table"]
    row = next(row for row in block.rows if row[0] == "1")
    assert row[1:6] == (
        made[0].row["number"],
        "孙镇初中联片研修区",
        "孙镇初中",
        "语文",
        "2014年10月",
    )


def _without_a_time(workbook: Path) -> None:
    """Issuing again gives the same bytes: nothing tells when it was made."""
    with zipfile.ZipFile(workbook) as package:
        assert {member.date_time[0] for member in package.infolist()} == {1980}
        assert package.read("docProps/core.xml").count(b">1980-01-01T00:00:00Z<") == 2


def test_a_years_list_never_looks_for_its_last_row(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """openpyxl goes through all cells for it: at each of 27,000 that took half a minute."""
    from openpyxl.worksheet.worksheet import Worksheet

    from archive.issued_list import issued_list

    looked: list[int] = []
    real = Worksheet.max_row.fget
    assert real is not None
    monkeypatch.setattr(Worksheet, "max_row", property(lambda s: looked.append(1) or real(s)))
    (copy,) = october(house)
    issued_list(house, [(copy, copy.name)] * 3)
    few = len(looked)
    issued_list(house, [(copy, copy.name)] * 30)
    assert len(looked) == 2 * few


# -- 待填


def put(house: House, inbox: Inbox, name: str = "孙镇初中") -> list[tuple[str, Path]]:
    """(status, file) of the Chinese and mathematics reports of October."""
    from archive.batch import issues
    from archive.press import form_named, printed
    from watch.placing import place

    paper = form_named(house, "stage_report")
    batch = issues(house.register, paper, "2014-10", [school(house, name)], ["语文", "数学"])
    done = place(house, {"收件箱": inbox}, printed(house, paper, batch, "prefilled"), actor="")
    return [(p.status, inbox.path / p.place.partition("/")[2]) for p in done]


def fill_in(path: Path) -> None:
    paper = Document(str(path))
    cells = [c for table in paper.tables for row in table.rows for c in row.cells]
    for n, cell in enumerate(c for c in cells if not c.text.strip()):
        cell.text = f"第{n}课的备课和听评课"
    paper.save(str(path))


def waiting(reception: Reception, inbox: Inbox) -> list[str]:
    """The files in 待填 that the door would take."""
    files = [one for one in scan_forms(inbox) if isinstance(one, Seen) and not one.ignored]
    known = reception.known(inbox, files)
    return [file.relpath for file in files if file.relpath not in known]


def test_forms_lie_in_the_schools_own_folder(house: House, inbox: Inbox) -> None:
    ours = put(house, inbox)
    assert [status for status, _ in ours] == ["put", "put"]
    assert all(path.parent == inbox.path / "孙镇初中" / "待填" for _, path in ours)
    theirs = put(house, inbox, "椿林初中")
    assert all(path.parent == inbox.path / "待填" / "椿林初中" for _, path in theirs)


def test_an_inbox_of_the_schools_own_goes_before_a_shared_one(
    house: House, inbox: Inbox, tmp_path: Path
) -> None:
    from watch.placing import Folders

    own = Inbox(tmp_path / "孙镇", "孙镇初中收件箱", school(house))
    other = Inbox(tmp_path / "椿林", "椿林初中收件箱", school(house, "椿林初中"))
    unit = house.register.units[school(house)]
    assert Folders(house.register, [inbox, other, own]).of(unit) == (own, "待填", "")
    assert Folders(house.register, [other]).of(unit) is None


def test_putting_them_there_again_changes_only_what_nobody_wrote_in(
    house: House, inbox: Inbox
) -> None:
    (_, chinese), (_, maths) = put(house, inbox)
    fill_in(chinese)
    written, before = chinese.read_bytes(), maths.read_bytes()
    assert [status for status, _ in put(house, inbox)] == ["changed", "already"]
    assert chinese.read_bytes() == written
    from archive.models import Record

    Record.objects.create(
        status="filed", kind="prep_record", school_id=school(house), subjects=["数学"],
        title="备课", date="2014-10-09", period_type="month", period_start=date(2014, 10, 1),
        period_end=date(2014, 10, 31), received=datetime(2014, 10, 10, tzinfo=UTC),
    )  # fmt: skip
    assert [status for status, _ in put(house, inbox)] == ["changed", "replaced"]
    assert maths.read_bytes() != before


def test_a_filled_form_is_taken_and_an_untouched_one_never(
    house: House, reception: Reception, inbox: Inbox
) -> None:
    from archive.models import Arrival, Record

    (_, chinese), (_, maths) = put(house, inbox)
    (maths.parent / "说明.docx").write_bytes(_letter())
    assert waiting(reception, inbox) == []
    fill_in(chinese)
    (found,) = waiting(reception, inbox)
    stat = next(s for s in scan_forms(inbox) if isinstance(s, Seen) and s.relpath == found)
    assert reception.offer(inbox, found, chinese, datetime.now(UTC), stat)
    reception.ingest.run()
    assert reception.close_all() == 1
    assert Arrival.objects.get().sender_id == school(house)
    assert Record.objects.get().kind == "stage_report"
    assert (inbox.path / "已收" / found).exists()
    assert not chinese.exists()
    assert maths.exists()


def test_the_receipt_of_an_incomplete_paper_leads_to_the_waiting_form(
    house: House, reception: Reception, inbox: Inbox
) -> None:
    from archives import report

    (_, chinese), _ = put(house, inbox)
    path = report(inbox.path / "孙镇初中" / "语文.docx", "孙镇初中", "语文", 10, lacking="存在问题")
    stat = path.stat()
    seen = Seen("孙镇初中/语文.docx", stat.st_size, stat.st_mtime_ns, stat.st_ino)
    assert reception.offer(inbox, seen.relpath, path, datetime.now(UTC), seen)
    reception.ingest.run()
    assert reception.close_all() == 1
    receipt = inbox.path / "回执" / "孙镇初中" / "语文.docx.回执.html"
    (link,) = re.findall(r'<a href="([^"]+)">', receipt.read_text("utf-8"))
    assert (receipt.parent / unquote(link)).resolve() == chinese.resolve()


def _letter() -> bytes:
    import io

    out = io.BytesIO()
    paper = Document()
    paper.add_paragraph("填表说明")
    paper.save(out)
    return out.getvalue()


def test_a_form_that_is_open_in_an_office_program_is_left_there(
    house: House, reception: Reception, inbox: Inbox
) -> None:
    (_, chinese), _ = put(house, inbox)
    fill_in(chinese)
    lock = chinese.with_name(f"~${chinese.name[2:]}")
    lock.write_bytes(b"x")
    (found,) = waiting(reception, inbox)
    stat = next(s for s in scan_forms(inbox) if isinstance(s, Seen) and s.relpath == found)
    assert not reception.offer(inbox, found, chinese, datetime.now(UTC), stat)
    old = time.time() - 2 * 24 * 3600
    os.utime(lock, (old, old))
    assert reception.offer(inbox, found, chinese, datetime.now(UTC), stat)


def test_forms_come_by_themselves_before_they_are_due_and_once(house: House, inbox: Inbox) -> None:
    from archive.press import form_named
    from watch.ahead import issue_ahead

    boxes = {"收件箱": inbox}
    with patch("watch.ahead.press.forms", return_value=[form_named(house, "school_plan")]):
        assert issue_ahead(house, boxes, "7d", date(2014, 9, 7)) == 0
        assert issue_ahead(house, boxes, "7d", date(2014, 9, 8)) == 38
        for form in (inbox.path / "孙镇初中" / "待填").iterdir():
            form.unlink()
        assert issue_ahead(house, boxes, "7d", date(2014, 9, 9)) == 0


def test_a_span_that_is_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    from yanxiu import config
    from yanxiu.errors import UsageError

    file = tmp_path / "yanxiu.toml"
    file.write_text('[forms]\nahead = "5wd"\n', "utf-8")
    assert config.load(tmp_path, {}).forms.ahead == "5wd"
    file.write_text('[forms]\nahead = "一周"\n', "utf-8")
    with pytest.raises(UsageError) as caught:
        config.load(tmp_path, {})
    assert "forms.ahead" in caught.value.message
