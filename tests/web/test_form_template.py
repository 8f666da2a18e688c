"""A form's page: what may be written, how it prints, a template tried, put in use, taken back."""

from __future__ import annotations

import io
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

PAGE = "/forms/stage_report/page"
SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "kinds" / "stage_report" / "form.docx"


@pytest.fixture(autouse=True)
def _no_template_left(filled: County) -> Iterator[None]:
    yield
    shutil.rmtree(filled.house.home / "kinds" / "stage_report", ignore_errors=True)


@pytest.fixture(autouse=True)
def _examined_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process for each upload takes most of a second, and has tests of its own."""
    from archive import trials
    from archive.forms import spec_of
    from generator.lint.examining import examine

    monkeypatch.setattr(
        trials, "examine_template", lambda path, paper: examine(path, spec_of(paper))
    )


def text(answer: Any) -> str:
    return str(answer.content.decode())


def changed(old: str, new: str) -> bytes:
    """Our form with some of its words replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(SHIPPED) as form, zipfile.ZipFile(out, "w") as made:
        for info in form.infolist():
            made.writestr(info, form.read(info).replace(old.encode(), new.encode()))
    return out.getvalue()


def sent(client: Client, data: bytes, name: str = "阶段报告 改.docx") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/forms/stage_report/check", {"template": file}, follow=True)


def address(answer: Any) -> str:
    return str(answer.redirect_chain[-1][0])


def test_the_list_leads_to_the_form_s_page(county: County, office: Client) -> None:
    assert f'href="{PAGE}"' in text(office.get("/forms"))


def test_all_names_one_may_write_are_shown_as_they_are_written(
    county: County, office: Client
) -> None:
    page = text(office.get(PAGE))
    for tag in ("{{ 学校 }}", "{{ 工作开展情况 }}", "{{ 活动.主题 }}", "{{ 活动.序号 }}",
                "{{ 县名 }}", "{{ 表单编号 }}", "{{ 日期|大写日期 }}"):  # fmt: skip
        assert f'<code class="tag">{tag}</code>' in page
    assert "下载模板" in page
    assert "本县模板" not in page


def test_a_school_sees_the_form_and_no_upload(county: County, school: Client) -> None:
    page = text(school.get(PAGE))
    assert "{{ 学校 }}" in page
    assert "下载空白表" in page
    assert "改好的模板" not in page
    assert sent(school, SHIPPED.read_bytes()).status_code == 403


def test_faults_come_with_place_remedy_and_what_to_write(county: County, office: Client) -> None:
    answer = sent(office, changed("{{ 报告时间 }}", "{{ 报告时见 }}"))
    page = text(answer)
    assert "有 1 处错误" in page
    assert "表 1 行 1 列 6" in page
    assert "请改用表单定义里的名称" in page
    assert '建议写成 <code class="tag">{{ 报告时间 }}</code>' in page
    assert "启用这个模板" not in page
    copy = office.get(address(answer) + "/annotated.docx")
    assert "attachment" in copy["Content-Disposition"]
    [comment] = docx.Document(io.BytesIO(copy.content)).comments
    assert comment.author == "研修档案"
    assert "表 1 行 1 列 6" in comment.text


def test_a_faulty_template_is_not_put_in_use(county: County, office: Client) -> None:
    answer = sent(office, changed("{{ 学科 }}", "{{ 学科"))
    page = text(office.post(address(answer) + "/adopt", follow=True))
    assert "没有启用" in page
    assert not (county.house.home / "kinds" / "stage_report").exists()


def test_a_good_template_is_put_in_use_and_taken_back(county: County, office: Client) -> None:
    answer = sent(office, changed("（盖章）", "（公章）"))
    assert "没有错误，可以启用" in text(answer)
    page = text(office.post(address(answer) + "/adopt", follow=True))
    assert "本县模板" in page
    assert "启用了新模板" in page
    assert "教研室" in page
    blank = docx.Document(io.BytesIO(office.get("/forms/stage_report/blank").content))
    assert "（公章）" in [p.text for p in blank.paragraphs]
    page = text(office.post("/forms/stage_report/restore", follow=True))
    assert "恢复使用自带模板" in page
    blank = docx.Document(io.BytesIO(office.get("/forms/stage_report/blank").content))
    assert "（盖章）" in [p.text for p in blank.paragraphs]
    assert len(list((county.house.home / "kinds" / "stage_report").glob("form.*.docx"))) == 1


def test_what_was_in_use_stays_beside_with_its_date(county: County, office: Client) -> None:
    for mark in ("（甲）", "（乙）", "（丙）"):
        answer = sent(office, changed("（盖章）", mark))
        office.post(address(answer) + "/adopt")
    kept = sorted(p.name for p in (county.house.home / "kinds" / "stage_report").iterdir())
    assert len(kept) == 3
    assert kept[-1] == "form.docx"
    assert re.fullmatch(r"form\.\d{4}-\d\d-\d\d-2\.docx", kept[0])


def test_who_changed_a_template_survives_a_rebuild(county: County, office: Client) -> None:
    from archive import own_templates
    from archive.models import Event

    answer = sent(office, changed("（盖章）", "（公章）"))
    office.post(address(answer) + "/adopt")
    last = Event.objects.filter(type="template_set").latest("at")
    Event.objects.filter(type="template_set").delete()
    own_templates.restore(county.house, county.house.store.objects())
    again = Event.objects.get(id=last.id)
    assert (again.actor, again.data) == (last.actor, last.data)
    assert again.data["form"] == "stage_report"


def test_our_comments_do_not_go_into_use(county: County, office: Client) -> None:
    answer = sent(office, changed("{{ 附件清单 }}", ""))
    assert "提醒" not in text(answer)  # it is not required
    answer = sent(office, changed("{{ 存在问题 }}", ""))
    copy = office.get(address(answer) + "/annotated.docx").content
    answer = sent(office, copy)
    assert "有 1 条批注" in text(answer)
    office.post(address(answer) + "/adopt")
    form = docx.Document(str(county.house.home / "kinds" / "stage_report" / "form.docx"))
    assert list(form.comments) == []


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("模板.doc", b"x", "不是 .docx 文件"),
        ("模板.docx", b"no zip", "不是可用的 .docx 文件"),
        ("<script>.docx", b"PK\x03\x04", "不是可用的 .docx 文件"),
    ],
)
def test_what_is_no_template_is_refused_with_a_sentence(
    county: County, office: Client, name: str, data: bytes, word: str
) -> None:
    page = text(sent(office, data, name))
    assert word in page
    assert "<script>" not in page.replace('<script src="', "")


def test_a_trial_belongs_to_its_form(county: County, office: Client) -> None:
    where = address(sent(office, SHIPPED.read_bytes()))
    assert office.get(where).status_code == 200
    assert office.get(where.replace("stage_report", "qa_report")).status_code == 404
    for token in ("0" * 32, "..", "x"):
        assert office.get(f"/forms/stage_report/trials/{token}").status_code == 404


def test_a_form_is_shown_in_words_where_nothing_draws_it(
    county: County, office: Client, school: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import previews
    from indexer.limits import Limits
    from indexer.office import soffice

    monkeypatch.setattr(soffice, "find", lambda: None)
    lane = previews.PreviewLane(county.house.home / "p", county.house.home / "s", Limits())
    monkeypatch.setattr(previews, "lane", lambda house: lane)
    page = text(school.get("/forms/stage_report/preview/filled"))
    assert "没有安装 LibreOffice" in page
    assert "清河县中小学校本研修工作阶段报告" in page
    assert re.search(r"<td[^>]*><p[^>]*>工作开展\s*情况", page)
    assert "{{" not in page
    assert office.get("/forms/stage_report/preview/other").status_code == 404


def test_what_cannot_be_drawn_is_shown_in_words_and_not_tried_again_at_once(
    county: County, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import previews
    from indexer.errors import ReadError
    from indexer.limits import Limits
    from indexer.office import Office

    tried: list[int] = []

    def convert(self: Office, files: list[Path], to: str) -> list[ReadError]:
        tried.append(len(files))
        return [ReadError("timeout", "slow") for _ in files]

    monkeypatch.setattr(Office, "present", True)
    monkeypatch.setattr(Office, "convert", convert)
    lane = previews.PreviewLane(tmp_path / "previews", tmp_path / "scratch", Limits())
    monkeypatch.setattr(previews, "lane", lambda house: lane)
    shown = "/forms/stage_report/preview/blank"
    try:
        part = until_drawn(office, shown)
        assert "排版没有成功" in part
        assert "清河县中小学校本研修工作阶段报告" in part
        assert text(office.get(shown)).count("排版没有成功") == 1
        assert tried == [1]
    finally:
        lane.close()


def until_drawn(client: Client, shown: str) -> str:
    """The part of the page once nothing is under way any more."""
    for _ in range(600):
        part = text(client.get(shown, headers={"HX-Request": "true"}))
        if "正在排版" not in part:
            return part
        time.sleep(0.1)
    raise AssertionError("it is never drawn")


def test_pages_are_drawn_behind_the_page_and_kept(
    county: County, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import previews
    from indexer.limits import Limits

    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not on this machine")
    lane = previews.PreviewLane(tmp_path / "previews", tmp_path / "scratch", Limits())
    monkeypatch.setattr(previews, "lane", lambda house: lane)
    shown = "/forms/stage_report/preview/blank"
    try:
        first = text(office.get(shown, headers={"HX-Request": "true"}))
        assert "正在排版" in first
        assert "<html" not in first
        part = until_drawn(office, shown)
        [picture] = re.findall(r'<img src="([^"]+)"', part)
        png = office.get(picture)
        assert b"".join(png.streaming_content).startswith(b"\x89PNG")
        pdf = office.get(re.findall(r'href="([^"]+form\.pdf)"', part)[0])
        assert pdf.content.startswith(b"%PDF")
        assert office.get(picture.replace("/1.png", "/2.png")).status_code == 404
    finally:
        lane.close()
