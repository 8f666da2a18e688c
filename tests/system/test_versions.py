"""Record, version, duplicate or near copy: what one file makes of another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from archives import report

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest


def school(house: House, name: str) -> str:
    unit = house.register.school_named(name)
    assert unit is not None
    return unit.id


def hand_in(
    ingest: Ingest, file: Path, sender: str, *, path: str = "", when: datetime | None = None
) -> dict[str, Any]:
    """What became of a file in the inbox of a unit."""
    from archive.models import Arrival
    from archive.report import arrival_line
    from archive.staging import Offer

    seen = when or datetime.now(UTC)
    offer = Offer("folder", path or file.name, file, "收件箱", sender, "", seen)
    (arrival,) = ingest.offer([offer])
    ingest.run()
    return arrival_line(ingest.house, Arrival.objects.get(id=arrival.id))


def test_the_same_bytes_again_from_the_second_unit(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    first = hand_in(ingest, file, school(house, "孙镇初中"))
    other = school(house, "椿林初中")
    second, third = hand_in(ingest, file, other), hand_in(ingest, file, other)
    assert [line["status"] for line in (first, second, third)] == ["filed", "review", "duplicate"]
    assert third["duplicate_of"] == second["id"] != first["id"]


def test_near_copies_of_one_batch_see_each_other(ingest: Ingest, tmp_path: Path) -> None:
    from archive import intake
    from archive.models import Arrival
    from archive.report import arrival_line
    from archive.staging import hash_file

    long = "。".join(f"第{n}节课上，学生围绕问题{n * n}展开讨论" for n in range(60))
    for name, end in (("甲.txt", "完"), ("乙.txt", "终")):
        file = tmp_path / name
        file.write_text(f"读书笔记\n{long}{end}", "utf-8")
        # Read before, so that both are decided at once.
        ingest.house.readings.save(hash_file(file), ingest.pool.read(file))
    ids = intake.add(ingest, intake.find([tmp_path / "甲.txt", tmp_path / "乙.txt"], lambda n: ""))
    lines = [arrival_line(ingest.house, Arrival.objects.get(id=i)) for i in ids]
    assert [near["id"] for near in lines[1]["near"]] == [lines[0]["id"]]


def test_late_copies_in_a_bundle_come_last(ingest: Ingest, tmp_path: Path) -> None:
    import zipfile

    from archive import intake
    from archive.models import Arrival, Version

    with zipfile.ZipFile(tmp_path / "打包.zip", "w") as out:
        late = report(tmp_path / "1.docx", "孙镇初中", "语文", 10)
        early = report(tmp_path / "2.docx", "孙镇初中", "语文", 10, lacking="存在问题")
        out.write(late, "语文10月（重交）.docx")
        out.write(early, "语文10月.docx")
    intake.add(ingest, intake.find([tmp_path / "打包.zip"], lambda n: ""))
    names = Version.objects.order_by("n").values_list("name", flat=True)
    assert list(names) == ["语文10月.docx", "语文10月（重交）.docx"]
    assert Arrival.objects.filter(outcome="filed").count() == 2


@pytest.fixture
def blank(house: House, tmp_path: Path) -> Path:
    """The prefilled form of October for 孙镇初中's Chinese, as nobody has filled it in."""
    from archive.press import make

    ours = [school(house, "孙镇初中")]
    ((_, data),) = make(house, "stage_report", "2014-10", schools=ours, subjects=["语文"])
    path = tmp_path / "表" / "孙镇初中语文阶段报告.docx"
    path.parent.mkdir()
    path.write_bytes(data)
    return path


def test_a_blank_form_gives_way_to_a_report_and_never_replaces_it(
    house: House, ingest: Ingest, tmp_path: Path, blank: Path
) -> None:
    from archive.models import Record

    sender = school(house, "孙镇初中")
    filled = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    early, late = datetime(2014, 10, 30, tzinfo=UTC), datetime(2014, 12, 1, tzinfo=UTC)
    empty = hand_in(ingest, blank, sender, path="报告.docx", when=early)
    assert (empty["status"], Record.objects.get(id=empty["id"]).blank) == ("review", True)
    real = hand_in(ingest, filled, sender, path="语文.docx", when=late)
    assert (real["status"], real["new_version_of"]) == ("filed", empty["id"])
    assert Record.objects.get(id=real["id"]).received == late
    again = hand_in(ingest, blank, sender, path="语文.docx", when=late)
    assert again["status"] == "duplicate"
    assert not Record.objects.get(id=real["id"]).blank


def test_a_form_filled_in_where_it_lay_blank_is_received_then(
    house: House, ingest: Ingest, blank: Path
) -> None:
    from docx import Document

    from archive.models import Record

    sender = school(house, "孙镇初中")
    early, late = datetime(2014, 10, 30, tzinfo=UTC), datetime(2014, 12, 1, tzinfo=UTC)
    hand_in(ingest, blank, sender, when=early)
    paper = Document(str(blank))
    for n, paragraph in enumerate(p for p in paper.paragraphs if not p.text.strip()):
        paragraph.text = f"本月第{n}次集体备课，主题是单元教学第{n}课，参加教师{n + 4}人。"
    cells = [c for table in paper.tables for row in table.rows for c in row.cells]
    for n, cell in enumerate(c for c in cells if not c.text.strip()):
        cell.text = f"第{n}课的备课和听评课"
    paper.save(str(blank))
    line = hand_in(ingest, blank, sender, when=late)
    assert line["new_version_of"] is not None
    assert Record.objects.get(id=line["id"]).received == late


def test_the_blank_form_of_another_sender_stays_apart(
    house: House, ingest: Ingest, tmp_path: Path, blank: Path
) -> None:
    empty = hand_in(ingest, blank, school(house, "椿林初中"))
    filled = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    real = hand_in(ingest, filled, school(house, "孙镇初中"), path="语文.docx")
    assert (empty["status"], real["new_version_of"]) == ("review", None)


def mend(path: Path) -> Path:
    """The same paper with a sentence more."""
    from docx import Document

    paper = Document(str(path))
    paper.add_paragraph("补充：下月第一周完成。")
    paper.save(str(path))
    return path


def long_report(path: Path, months: str) -> Path:
    """A report that names its month wrongly or not, much the same in all months."""
    from docx import Document

    report(path, "孙镇初中", "语文", 10)
    paper = Document(str(path))
    for n in range(40):
        paper.add_paragraph(f"{months}第{n}节听评课，围绕问题{n * n}讨论，参加教师{n + 3}人。")
    paper.save(str(path))
    return path


def test_a_paper_corrected_once_is_known_by_its_old_slip(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import review
    from archive.models import Record

    sender = school(house, "孙镇初中")
    file = long_report(tmp_path / "a.docx", "")
    first = hand_in(ingest, file, sender)
    review.correct(house, first["id"], {"month": "2014-11"}, actor="甲")
    again = hand_in(ingest, mend(file), sender, path="另一名.docx")
    assert (again["new_version_of"], again["month"]) == (first["id"], "2014-11")
    third = hand_in(ingest, mend(file), sender, path="第三名.docx")
    assert third["new_version_of"] == first["id"]
    assert Record.objects.count() == 1


def test_what_truly_is_of_the_slip_s_month_is_no_version(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import review

    sender = school(house, "孙镇初中")
    slip = long_report(tmp_path / "a.docx", "十一月")
    first = hand_in(ingest, slip, sender)
    review.correct(house, first["id"], {"month": "2014-11"}, actor="甲")
    other = hand_in(ingest, report(tmp_path / "b.docx", "孙镇初中", "语文", 10), sender)
    assert (other["status"], other["new_version_of"]) == ("filed", None)
    again = hand_in(ingest, mend(slip), sender, path="c.docx")
    assert again["new_version_of"] == first["id"]


def test_the_old_slip_survives_a_rebuild(house: House, ingest: Ingest, tmp_path: Path) -> None:
    from archive import review
    from archive.models import Record
    from archive.rebuild import rebuild

    sender = school(house, "孙镇初中")
    file = long_report(tmp_path / "a.docx", "")
    first = hand_in(ingest, file, sender)
    review.correct(house, first["id"], {"month": "2014-11"}, actor="甲")
    before = Record.objects.get().proposed_identity
    rebuild(house)
    record = Record.objects.get()
    assert record.proposed_identity == before
    assert record.identity != before


def test_an_unknown_subject_is_refused(house: House, ingest: Ingest, tmp_path: Path) -> None:
    from archive import review
    from archive.errors import ArchiveError
    from archive.models import Record

    first = hand_in(ingest, report(tmp_path / "a.docx", "孙镇初中", "语文", 10), "")
    with pytest.raises(ArchiveError) as told:
        review.correct(house, first["id"], {"subjects": ["物里"]}, actor="甲")
    assert told.value.code == "subject_unknown"
    assert "物理" in told.value.message
    with pytest.raises(ArchiveError):
        review.correct(house, first["id"], {"subjects": "火星"}, actor="甲")
    assert Record.objects.get().subjects == ["语文"]
    review.correct(house, first["id"], {"subjects": ["道德与法治", "理化"]}, actor="甲")
    assert Record.objects.get().subjects == ["政治", "物理", "化学"]


def test_a_school_finds_what_speaks_for_it(house: House, ingest: Ingest, tmp_path: Path) -> None:
    import json

    from archive.catalogue import enter
    from archive.models import Profile, Record
    from archive.paper import OBJECT
    from archive.scope import Scope

    line = hand_in(ingest, report(tmp_path / "a.docx", "孙镇初中", "语文", 10), "")
    other = school(house, "椿林初中")
    scope = Scope(Profile.SCHOOL, other)
    assert not scope.records().exists()
    paper = json.loads(house.store.read(OBJECT + line["id"], "record.json"))
    paper["filing"]["covers"] = [other]
    enter([(paper, [])])
    assert scope.records().get() == Record.objects.get()
    paper["filing"]["covers"] = []
    enter([(paper, [])])
    assert not scope.records().exists()


def test_a_file_that_cannot_be_read_is_titled_as_it_is_named(
    ingest: Ingest, tmp_path: Path
) -> None:
    file = tmp_path / "听课记录 3月.wps"  # of Microsoft Works
    file.write_bytes(b"\x01\xfe\x32\x00" + b"x" * 6000)
    assert hand_in(ingest, file, "")["title"] == "听课记录 3月"
