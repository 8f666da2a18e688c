"""What a sender finds in 回执 afterwards: a page of every file, and what a person decided since."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import report
from PIL import Image

from watch.folders import Inbox, Seen, scan

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from watch.reception import Reception


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    folder = tmp_path / "收件箱"
    folder.mkdir()
    return Inbox(folder, "收件箱", settle=0.0)


def door(ingest: Ingest, inbox: Inbox) -> Reception:
    """As after a start of the service."""
    from watch.reception import Reception

    return Reception(ingest.house, ingest, {inbox.name: inbox})


def take(reception: Reception, inbox: Inbox) -> None:
    for file in [s for s in scan(inbox) if isinstance(s, Seen)]:
        path = inbox.path / file.relpath
        assert reception.offer(inbox, file.relpath, path, datetime.now(UTC), file)
    reception.ingest.run()
    reception.close_all()
    reception.emptied.remove()
    reception.refresh()


def receipts(inbox: Inbox) -> dict[str, str]:
    root = inbox.path / "回执"
    found = sorted(root.rglob("*.回执.html"))
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in found}


def doubtful(path: Path) -> Path:
    """A picture: nothing can be read in it, so a person must say what it is."""
    Image.new("RGB", (400, 300), "grey").save(path, "JPEG")
    return path


def the_record() -> str:
    from archive.models import Record

    record = Record.objects.get()
    assert record.status == "review"
    return record.id


def test_another_file_of_the_name_has_a_receipt_of_its_own(ingest: Ingest, inbox: Inbox) -> None:
    reception = door(ingest, inbox)
    for subject in ("语文", "数学"):
        report(inbox.path / "报告.docx", "孙镇初中", subject, 10)
        take(reception, inbox)
    found = receipts(inbox)
    assert list(found) == ["报告 (2).docx.回执.html", "报告.docx.回执.html"]
    assert "数学" in found["报告 (2).docx.回执.html"]
    assert "数学" not in found["报告.docx.回执.html"]


def test_a_new_version_answers_in_the_place_of_the_old(ingest: Ingest, inbox: Inbox) -> None:
    reception = door(ingest, inbox)
    for lacking in ("存在问题", ""):
        report(inbox.path / "报告.docx", "孙镇初中", "语文", 10, lacking=lacking)
        take(reception, inbox)
    found = receipts(inbox)
    assert list(found) == ["报告.docx.回执.html"]
    assert "第 2 版" in found["报告.docx.回执.html"]


def test_the_sender_learns_what_was_decided(house: House, ingest: Ingest, inbox: Inbox) -> None:
    from archive import review

    reception = door(ingest, inbox)
    doubtful(inbox.path / "材料.jpg")
    take(reception, inbox)
    (before,) = receipts(inbox).values()
    assert "待核" in before
    review.correct(house, the_record(), {"kind": "reflection", "title": "语文组小记"}, actor="甲")
    assert reception.refresh() == 1
    (after,) = receipts(inbox).values()
    assert "已归档" in after
    assert "语文组小记" in after
    assert "待核" not in after
    assert reception.refresh() == 0


def test_what_was_decided_while_nobody_served(house: House, ingest: Ingest, inbox: Inbox) -> None:
    from archive import review

    doubtful(inbox.path / "材料.jpg")
    take(door(ingest, inbox), inbox)
    review.correct(house, the_record(), {"kind": "reflection"}, actor="甲")
    assert door(ingest, inbox).refresh() == 1
    assert "已归档" in "".join(receipts(inbox).values())
    assert door(ingest, inbox).refresh() == 0


def test_the_receipt_of_a_bundle_follows_its_members(
    house: House, ingest: Ingest, inbox: Inbox, tmp_path: Path
) -> None:
    import zipfile

    from archive import review

    with zipfile.ZipFile(inbox.path / "打包.zip", "w") as out:
        out.write(doubtful(tmp_path / "材料.jpg"), "材料.jpg")
    reception = door(ingest, inbox)
    take(reception, inbox)
    review.correct(house, the_record(), {"kind": "reflection"}, actor="甲")
    assert reception.refresh() == 1
    (page,) = receipts(inbox).values()
    assert "待核" not in page


def test_nothing_is_written_into_an_inbox_that_is_away(
    house: House, ingest: Ingest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import review
    from watch import told

    monkeypatch.setattr(told, "RETRY", 0.0)
    doubtful(inbox.path / "材料.jpg")
    take(door(ingest, inbox), inbox)
    away = inbox.path.with_name("共享盘")
    inbox.path.rename(away)
    inbox.path.mkdir()  # the place where a share was mounted
    review.correct(house, the_record(), {"kind": "reflection"}, actor="甲")
    assert door(ingest, inbox).refresh() == 0
    assert list(inbox.path.iterdir()) == []
    inbox.path.rmdir()
    away.rename(inbox.path)
    assert door(ingest, inbox).refresh() == 1
    assert "已归档" in "".join(receipts(inbox).values())


def test_a_receipt_that_was_taken_away_is_not_made_again(
    house: House, ingest: Ingest, inbox: Inbox
) -> None:
    from archive import review

    reception = door(ingest, inbox)
    doubtful(inbox.path / "材料.jpg")
    take(reception, inbox)
    for path in (inbox.path / "回执").iterdir():
        path.unlink()
    review.correct(house, the_record(), {"kind": "reflection"}, actor="甲")
    reception.refresh()
    assert receipts(inbox) == {}


def test_the_receipt_of_a_superseded_file_tells_of_that_file(ingest: Ingest, inbox: Inbox) -> None:
    from archive.models import Arrival
    from archive.report import arrival_line

    reception = door(ingest, inbox)
    for lacking in ("存在问题", ""):
        report(inbox.path / "报告.docx", "孙镇初中", "语文", 10, lacking=lacking)
        take(reception, inbox)
    lines = [arrival_line(ingest.house, a) for a in Arrival.objects.order_by("id")]
    assert [line["missing"] for line in lines] == [["存在问题"], []]
    first = Arrival.objects.order_by("id").first()
    assert first is not None
    lacks = reception.receipt(first, []).lacks
    assert [lack.name for lack in lacks if lack.required] == ["存在问题"]


def test_folders_left_empty_are_removed(
    ingest: Ingest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch import tidying

    monkeypatch.setattr(tidying, "STANDS", 0.0)
    report(inbox.path / "十月" / "语文" / "a.docx", "孙镇初中", "语文", 10)
    report(inbox.path / "椿林初中" / "十月" / "b.docx", "椿林初中", "数学", 10)
    (inbox.path / "待填").mkdir()
    (inbox.path / "空").mkdir()
    take(door(ingest, inbox), inbox)
    left = {p.name for p in inbox.path.iterdir()} - {"已收", "回执"}
    assert left == {"椿林初中", "待填", "空"}
    assert list((inbox.path / "椿林初中").iterdir()) == []


def test_a_folder_that_is_still_being_filled_stays(
    ingest: Ingest, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch import tidying

    reception = door(ingest, inbox)
    report(inbox.path / "十月" / "a.docx", "孙镇初中", "语文", 10)
    take(reception, inbox)
    assert (inbox.path / "十月").is_dir()
    (inbox.path / "十月" / "Thumbs.db").write_bytes(b"x")
    monkeypatch.setattr(tidying, "STANDS", 0.0)
    reception.emptied.remove()
    assert (inbox.path / "十月" / "Thumbs.db").exists()
    shutil.rmtree(inbox.path / "十月")
    reception.emptied.remove()
