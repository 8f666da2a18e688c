"""待填: a form that was opened and merely saved again stays, one that was filled in is taken."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import Archive, Served, until
from docx import Document
from docx.shared import Cm

from generator import qr
from watch.folders import Inbox, Seen, scan_forms

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest
    from watch.reception import Reception


def saved_by_office(path: Path, folder: Path) -> None:
    """Open a form in LibreOffice and save it as it is."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no soffice on this machine")
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", "docx", "--outdir", str(folder / "saved"), str(path),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.copyfile(folder / "saved" / path.name, path)


def saved_again(path: Path) -> None:
    """Other bytes, the same words."""
    Document(str(path)).save(str(path))


def filled_in(path: Path) -> None:
    paper = Document(str(path))
    cells = [c for table in paper.tables for row in table.rows for c in row.cells]
    for n, cell in enumerate(c for c in cells if not c.text.strip()):
        cell.text = f"第{n}课的备课和听评课"
    paper.save(str(path))


def with_picture(path: Path) -> None:
    """What was written by hand, photographed and pasted in."""
    paper = Document(str(path))
    picture = io.BytesIO(qr.placeholder())
    paper.tables[0].rows[-1].cells[-1].paragraphs[0].add_run().add_picture(picture, Cm(3))
    paper.save(str(path))


def with_remark(path: Path) -> None:
    paper = Document(str(path))
    paragraph = next(p for p in paper.paragraphs if p.runs)
    paper.add_comment(paragraph.runs, "本月没有活动", author="张晓燕")
    paper.save(str(path))


# -- the door


@pytest.fixture
def form(house: House, inbox: Inbox) -> Path:
    from archive.batch import issues
    from archive.press import form_named, printed
    from watch.placing import place

    school = house.register.school_named("孙镇初中")
    assert school
    paper = form_named(house, "stage_report")
    batch = issues(house.register, paper, "2014-10", [school.id], ["语文"])
    (placed,) = place(house, {"收件箱": inbox}, printed(house, paper, batch, "prefilled"), actor="")
    return inbox.path / placed.place.partition("/")[2]


def offered(reception: Reception, inbox: Inbox) -> list[str]:
    """What the door takes out of 待填 in one round."""
    files = [one for one in scan_forms(inbox) if isinstance(one, Seen)]
    known = reception.known(inbox, files)
    left = [one for one in files if one.relpath not in known]
    for one in left:
        path = inbox.path / one.relpath
        assert reception.offer(inbox, one.relpath, path, datetime.now(UTC), one)
    reception.ingest.run()
    reception.close_all()
    return [one.relpath for one in left]


def test_a_form_merely_saved_again_stays_and_is_looked_at_once(
    house: House, reception: Reception, inbox: Inbox, form: Path, tmp_path: Path
) -> None:
    from archive.models import Arrival, Record

    saved_by_office(form, tmp_path)
    written = form.read_bytes()
    assert len(offered(reception, inbox)) == 1
    assert offered(reception, inbox) == []
    assert form.read_bytes() == written
    assert not Record.objects.exists()
    assert not Arrival.objects.exists()
    assert reception.counts(inbox).seen == 0
    assert not list(house.staging.iterdir())
    assert not (inbox.path / "回执").exists()


def test_after_a_restart_it_is_told_anew_and_still_stays(
    house: House, reception: Reception, ingest: Ingest, inbox: Inbox, form: Path
) -> None:
    from watch.reception import Reception

    saved_again(form)
    assert len(offered(reception, inbox)) == 1
    other = Reception(house, ingest, {inbox.name: inbox})
    assert len(offered(other, inbox)) == 1
    assert offered(other, inbox) == []
    assert form.exists()


@pytest.mark.parametrize("change", [filled_in, with_picture, with_remark])
def test_whatever_somebody_put_into_it_is_taken(
    reception: Reception, inbox: Inbox, form: Path, change: Callable[[Path], None]
) -> None:
    from archive.models import Record

    saved_again(form)
    offered(reception, inbox)
    change(form)
    assert len(offered(reception, inbox)) == 1
    assert not form.exists()
    assert Record.objects.count() == 1
    assert reception.counts(inbox).balanced
    assert reception.counts(inbox).seen == 1


def test_a_form_that_upsets_the_rules_is_taken_in(
    reception: Reception, inbox: Inbox, form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.models import Record

    def upset(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("archive.ingest.nothing_written", upset)
    saved_again(form)
    offered(reception, inbox)
    assert not form.exists()
    assert Record.objects.count() == 1


def test_a_blank_form_that_is_handed_in_is_still_taken(
    reception: Reception, inbox: Inbox, form: Path
) -> None:
    from archive.models import Record

    saved_again(form)
    handed = form.rename(inbox.path / "孙镇初中" / form.name)
    stat = handed.stat()
    seen = Seen(f"孙镇初中/{form.name}", stat.st_size, stat.st_mtime_ns, stat.st_ino)
    assert reception.offer(inbox, seen.relpath, handed, datetime.now(UTC), seen)
    reception.ingest.run()
    assert Record.objects.get().blank
    assert reception.close_all() == 1
    receipt = inbox.path / "回执" / "孙镇初中" / f"{form.name}.回执.html"
    page = receipt.read_text("utf-8")
    assert "请填写后重新提交" in page
    for other in ("不需要重新提交", "补齐", "还缺", "需要工作人员核对"):
        assert other not in page


# -- the whole


def test_served_a_saved_form_stays_over_a_restart_and_the_filled_one_is_filed(
    archive: Archive, serve: Callable[..., Served], tmp_path: Path
) -> None:
    quick = '[[inbox]]\nname = "收件箱"\npath = "收件箱"\nsettle = 0.2\ninterval = 0.3\n'
    (archive.home / "yanxiu.toml").write_text(quick, "utf-8")
    (archive.inbox / "孙镇初中").mkdir(parents=True)
    archive.ok("forms", "make", "stage_report", "--month", "2014-10", "--school", "孙镇初中",
               "--subject", "语文", "--subject", "数学", "--into-folders")  # fmt: skip
    chinese, maths = sorted((archive.inbox / "孙镇初中" / "待填").iterdir())
    for path in (chinese, maths):
        saved_by_office(path, tmp_path)
    marker = archive.inbox / "孙镇初中" / "说明.txt"
    for _ in range(2):
        served = serve(archive)
        marker.write_text("这是一份说明，后来的文件在它之后才轮到。", "utf-8")
        until(lambda: not marker.exists(), "the marker to be taken")
        assert chinese.exists()
        assert maths.exists()
        served.stop()
    served = serve(archive)
    filled_in(chinese)
    until(lambda: not chinese.exists(), "the filled form to be taken")
    assert maths.exists()
    served.stop()
    account = archive.ok("accounts", "--json").line
    outcomes = ("filed", "review", "duplicate", "quarantined", "ignored", "pending")
    assert account["seen"] == sum(account[name] for name in outcomes) == 3
    assert account["pending"] == 0
