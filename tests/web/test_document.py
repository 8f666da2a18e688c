"""The document page: hits, evidence, findings, versions, history, corrections, downloads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.downloads import disposition
from web.marked import marked, split_marks

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

Put: TypeAlias = Callable[..., str]


def test_hits_are_marked_and_numbered(county: County, office: Client) -> None:
    page = office.get(f"/documents/{county.mine}", {"q": "校本研修"}).content.decode()
    assert '<mark id="hit-1">校本研修</mark>' in page
    assert '<mark id="hit-3">校本研修</mark>' in page
    assert "共 3 处" in page


def test_text_of_a_document_is_never_markup(county: County, office: Client) -> None:
    page = office.get(f"/documents/{county.mine}", {"q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page or "alert(1)" in page


def test_every_decision_shows_its_words_and_their_place(county: County, office: Client) -> None:
    page = office.get(f"/documents/{county.mine}").content.decode()
    assert "依据：「阶段报告」（标题）" in page


def test_evidence_for_what_was_not_chosen_is_no_ground(
    county: County, office: Client, put: Put
) -> None:
    from archive.models import Record

    record = put("东河初中", "两所学校的名字", "内容丙。\n成效丙。")
    evidence = [
        {"value": county.east, "words": "东河初中", "place": "标题", "weight": 0.9},
        {"value": county.south, "words": "南桥中学", "place": "正文", "weight": 0.1},
    ]
    Record.objects.filter(id=record).update(evidence={"school": evidence})
    page = office.get(f"/documents/{record}").content.decode()
    assert "「东河初中」（标题）" in page
    assert "南桥中学" not in page


def test_missing_sections_are_named(county: County, office: Client) -> None:
    page = office.get(f"/documents/{county.others}").content.decode()
    assert "▲ 不全" in page
    assert "下阶段安排" in page


def test_a_question_that_cannot_be_understood_leaves_the_text(
    county: County, office: Client
) -> None:
    answer = office.get(f"/documents/{county.mine}", {"q": '"校本'})
    assert answer.status_code == 200
    assert "集体备课四次" in answer.content.decode()


def test_a_correction_changes_the_record_and_says_so(
    county: County, office: Client, put: Put
) -> None:
    record = put("西坡初中", "西坡初中十月数学阶段报告", "内容甲。\n成效甲。")
    sent = {"school": county.east, "has_subjects": "1", "subjects": ["英语"], "reason": "看错了"}
    page = office.post(f"/documents/{record}/correct", sent, follow=True).content.decode()
    assert "的学校、学科，改动前的值记在「经历」里" in page
    assert "学校：西坡初中 → 东河初中" in page
    assert "依据：人工确认" in page
    assert "学科：数学 → 英语" in page
    assert "看错了" in page


def test_a_correction_without_a_change_changes_nothing(county: County, office: Client) -> None:
    from archive.models import Event

    before = Event.objects.filter(record=county.mine).count()
    page = office.post(f"/documents/{county.mine}/correct", {}, follow=True).content.decode()
    assert "没有改动任何一项" in page
    assert Event.objects.filter(record=county.mine).count() == before


def test_a_wrong_value_is_refused_with_its_remedy(county: County, office: Client) -> None:
    sent = {"month": "十月"}
    page = office.post(f"/documents/{county.mine}/correct", sent, follow=True).content.decode()
    assert "没有更正：月份应写作 2014-10" in page


def test_a_near_copy_of_another_school_is_not_told(
    county: County, school: Client, put: Put
) -> None:
    other = [{"id": county.others, "title": "南桥初中的报告", "likeness": 0.9}]
    record = put("东河初中", "相近的一份", "内容乙。\n成效乙。", near=other)
    assert "南桥" not in school.get(f"/documents/{record}").content.decode()


def test_a_download_is_saved_under_its_chinese_name(
    county: County, office: Client, put: Put
) -> None:
    record = put("西坡初中", "页面", "<html>\n", name="西坡初中 总结.html")
    answer = office.get(f"/documents/{record}/versions/1")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E8%A5%BF%E5%9D%A1" in answer["Content-Disposition"]
    assert b"".join(answer) == "西坡初中 总结.html\n<html>\n".encode()


def test_a_lost_content_is_told_with_what_to_do(county: County, office: Client, put: Put) -> None:
    from archive.models import Record

    record = put("西坡初中", "将要丢失", "甲。\n乙。")
    county.house.content(Record.objects.get(id=record)).unlink()
    answer = office.get(f"/documents/{record}/versions/1")
    assert answer.status_code == 500
    assert "yanxiu verify" in answer.content.decode()


def test_damaged_bytes_never_leave(county: County, office: Client, put: Put) -> None:
    from archive.models import Record

    record = put("西坡初中", "将要损坏", "甲。\n乙。")
    file = county.house.content(Record.objects.get(id=record))
    file.chmod(0o644)
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    answer = office.get(f"/documents/{record}/versions/1")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer
    assert "store_damaged" in page
    assert "从备份恢复" in page


def test_a_version_that_is_not_there_is_not_found(county: County, office: Client) -> None:
    assert office.get(f"/documents/{county.mine}/versions/9").status_code == 404


@given(st.text())
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@given(st.lists(st.text(alphabet="ab<&", max_size=6), min_size=1, max_size=6), st.data())
def test_marks_of_the_joined_text_are_marks_of_its_pieces(
    pieces: list[str], data: st.DataObject
) -> None:
    whole = "\n".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=6)))
    marks = list(zip(cuts[::2], cuts[1::2], strict=False))
    split = split_marks(pieces, marks)
    lit = {i for start, end in marks for i in range(start, end) if whole[i] != "\n"}
    at, found = 0, set()
    for piece, own in zip(pieces, split, strict=True):
        found |= {at + i for start, end in own for i in range(start, end)}
        at += len(piece) + 1
    assert found == lit


@given(st.text(alphabet='ab<>&"', max_size=20), st.data())
def test_marking_keeps_every_character(text: str, data: st.DataObject) -> None:
    import html
    import re

    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    shown = str(marked(text, list(zip(cuts[::2], cuts[1::2], strict=False))))
    assert html.unescape(re.sub("</?mark>", "", shown)) == text


def test_a_scan_says_how_far_its_text_has_come(
    county: County, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.models import Version

    said = {
        "waiting": "正在识别文字",
        "done": "由机器识别",
        "failed": "没有识别出来",
    }
    for state, words in said.items():
        Version.objects.filter(record_id=county.mine).update(recognition=state, format="jpg")
        page = office.get(f"/documents/{county.mine}").content.decode()
        assert words in page
        assert "page.png" in page
    monkeypatch.setattr(type(county.house), "reading", lambda house, sha256: None)
    Version.objects.filter(record_id=county.mine).update(recognition="done")
    assert "没有认出文字" in office.get(f"/documents/{county.mine}").content.decode()
    Version.objects.filter(record_id=county.mine).update(recognition="", format="docx")
    assert "page.png" not in office.get(f"/documents/{county.mine}").content.decode()


def test_the_first_page_is_shown_to_who_may_see_the_paper(
    county: County, office: Client, school: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import pictures

    monkeypatch.setattr(pictures, "first_page", lambda house, version: b"\x89PNG")
    answer = office.get(f"/documents/{county.mine}/versions/1/page.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert school.get(f"/documents/{county.others}/versions/1/page.png").status_code == 404
    assert office.get(f"/documents/{county.mine}/versions/9/page.png").status_code == 404


def test_a_format_that_is_not_drawn_has_no_picture(county: County, office: Client) -> None:
    assert office.get(f"/documents/{county.mine}/versions/1/page.png").status_code == 404


def test_what_was_written_in_a_form_of_ours_is_shown_with_its_place(
    county: County, office: Client, put: Put, tmp_path: Path
) -> None:
    from archive.forms import compiled, papers
    from archive.house import current
    from archive.models import Version
    from generator import Stamp
    from indexer.readers import read

    paper = next(p for p in papers(current().kinds) if p.id == "stage_report")
    stamp = Stamp.issue("stage_report", paper.version, county.east, "数学", "2014-10")
    path = tmp_path / "交回.docx"
    values = {"学校": "东河初中", "取得成效": "发言 & <提问>多了。", "活动": [{"主题": "分数"}]}
    path.write_bytes(compiled(paper).render(values, "filled", stamp))
    record = put("东河初中", "表", "内容。")
    version = Version.objects.get(record_id=record)
    current().readings.save(version.sha256, read(path))
    page = office.get(f"/documents/{record}").content.decode()
    assert "读回内容" in page
    assert stamp.form_no in page
    assert "发言 &amp; &lt;提问&gt;多了。" in page
    assert "活动：1 行" in page
