"""What one takes away from an answer: lists and originals, of the whole answer, in its order, and
of nobody else's papers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

ROUTES = ("/search.xlsx", "/search.csv", "/search.zip")


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines(client: Client, **asked: Any) -> list[list[str]]:
    text = content(client.get("/search.csv", asked)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def rows(client: Client, **asked: Any) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(content(client.get("/search.xlsx", asked)))).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def parcel(client: Client, **asked: Any) -> zipfile.ZipFile:
    answer = client.get("/search.zip", asked)
    assert answer.status_code == 200
    made = zipfile.ZipFile(io.BytesIO(content(answer)))
    assert made.testzip() is None
    return made


@pytest.fixture
def more(county: County, put: Callable[..., str]) -> Iterator[list[str]]:
    """Eight more papers of 西坡初中; the index, too, forgets them afterwards."""
    from archive.models import Order, Record
    from archive.outbox import wait

    made = [
        put("西坡初中", f"第{i}份珊瑚总结", f"珊瑚{i}。\n珊瑚。", kind="summary",
            name="=总结.docx", month=f"2014-{1 + i % 12:02}")
        for i in range(8)
    ]  # fmt: skip
    wait(county.house, made)
    yield made
    Record.objects.filter(id__in=made).delete()
    Order.objects.bulk_create([Order(record_id=record_id) for record_id in made])
    wait(county.house, made)


def test_the_list_has_the_whole_answer_in_its_order(more: list[str], office: Client) -> None:
    listed = lines(office, q="珊瑚", sort="date", page="2")
    assert listed[0][:3] == ["标题", "文种", "学校"]
    assert len(listed) == 1 + len(more)
    days = [line[listed[0].index("日期")] for line in listed[1:]]
    assert days == sorted(days, reverse=True)
    assert {line[listed[0].index("文件名")] for line in listed[1:]} == {"'=总结.docx"}


def test_workbook_and_csv_say_the_same(more: list[str], office: Client) -> None:
    listed = lines(office, q="珊瑚", sort="-date")
    found = rows(office, q="珊瑚", sort="-date")
    assert "「珊瑚」" in str(found[0][0])
    assert "共 8 份" in str(found[1][0])
    assert list(found[2]) == listed[0]
    assert [row[0] for row in found[3:]] == [line[0] for line in listed[1:]]


def test_filters_and_words_within_results_hold(county: County, office: Client) -> None:
    assert [line[2] for line in lines(office, q="校本研修", subject="数学")[1:]] == ["东河初中"]
    assert [line[2] for line in lines(office, q="校本研修", within="琉璃")[1:]] == ["南桥初中"]


def test_a_list_leads_to_its_papers(county: County, office: Client) -> None:
    link = lines(office, q="琉璃")[1][-1]
    assert link == f"http://testserver/documents/{county.others}"
    assert office.get(link).status_code == 200


def test_only_whole_matches_on_demand(county: County, office: Client) -> None:
    asked = {"q": "独有词琉璃 校本研修"}
    assert len(lines(office, **asked)) == 3
    assert [line[2] for line in lines(office, **asked, only="whole")[1:]] == ["南桥初中"]
    page = office.get("/search", asked).content.decode()
    assert "完整相符的 1 份" in page
    assert "/search.xlsx?only=whole&amp;q=" in page


def test_a_list_that_is_cut_says_so(
    more: list[str], office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.views.results.MOST", 5)
    listed = lines(office, q="珊瑚")
    assert len(listed) == 1 + 5 + 1
    assert "全部 8 份，这里只列出前 5 份" in listed[-1][0]
    assert "全部 8 份，这里只列出前 5 份" in str(rows(office, q="珊瑚")[1][0])


def test_a_long_answer_is_asked_for_in_pieces(
    more: list[str], office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lines(office, q="珊瑚", sort="date")
    monkeypatch.setattr("archive.results.PIECE", 3)
    assert lines(office, q="珊瑚", sort="date") == whole


def test_files_have_chinese_names(county: County, office: Client) -> None:
    from urllib.parse import unquote

    for route, suffix in zip(ROUTES, ("xlsx", "csv", "zip"), strict=True):
        answer = office.get(route, {"q": "琉璃"})
        name = unquote(answer["Content-Disposition"].partition("UTF-8''")[2])
        assert name.startswith("检索-")
        assert "琉璃" in name
        assert name.endswith(f".{suffix}")
        content(answer)


def test_originals_come_in_folders_of_their_schools(county: County, office: Client) -> None:
    from archive.models import Version

    made = parcel(office, q="校本研修")
    title = "东河初中2014年10月数学校本研修阶段报告"
    place = f"东河初中/{title}.docx"
    assert len(made.namelist()) == 3
    sha256 = Version.objects.get(record_id=county.mine).sha256
    import hashlib

    assert hashlib.sha256(made.read(place)).hexdigest() == sha256
    listed = csv.reader(io.StringIO(made.read("清单.csv").decode("utf-8-sig"), newline=""))
    assert [place, "已打包", title] in [line[:3] for line in listed]


def test_a_lost_original_is_told_in_the_list(
    county: County, office: Client, more: list[str]
) -> None:
    path = county.house.content(_record(more[0]))
    data = path.read_bytes()
    path.unlink()
    try:
        made = parcel(office, q="珊瑚")
    finally:
        path.write_bytes(data)
    assert len(made.namelist()) == len(more)
    assert "原件不在库中，没有打包" in made.read("清单.csv").decode("utf-8-sig")


def _record(record_id: str) -> Any:
    from archive.models import Record

    return Record.objects.get(id=record_id)


@pytest.mark.parametrize(
    ("bound", "value", "said"),
    [("MOST_FILES", 3, "一次最多打包 3 份"), ("MOST_BYTES", 100, "一次最多打包 100 字节")],
)
def test_a_parcel_beyond_its_bounds_is_refused_in_words(
    more: list[str], office: Client, monkeypatch: pytest.MonkeyPatch, bound: str, value: int,
    said: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(f"web.views.results.{bound}", value)
    answer = office.get("/search.zip", {"q": "珊瑚"})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "缩小范围" in answer.content.decode()


def test_nothing_to_pack_is_said(county: County, office: Client) -> None:
    answer = office.get("/search.zip", {"q": "没有这个词语组合"})
    assert answer.status_code == 400
    assert "没有可以打包的材料" in answer.content.decode()


@pytest.mark.parametrize("route", ROUTES)
def test_a_question_that_is_none_is_refused(county: County, office: Client, route: str) -> None:
    for asked in ({"q": '"校本'}, {"from": "2014-13-01"}, {"q": "甲", "within": "("}):
        assert office.get(route, asked).status_code == 400


@pytest.mark.parametrize("route", ROUTES)
def test_too_many_at_a_time_wait(
    county: County, office: Client, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    from web.turns import Turns

    turns = Turns(1)
    monkeypatch.setattr("web.views.results._turns", turns)
    taken = turns.take()
    assert taken is not None
    assert office.get(route, {"q": "琉璃"}).status_code == 503
    taken.give_back()
    for _ in range(3):
        answer = office.get(route, {"q": "琉璃"})
        assert answer.status_code == 200
        content(answer)


def test_a_turn_is_given_back_once() -> None:
    from web.turns import Taking, Turns

    turns = Turns(1)
    turn = turns.take()
    assert turn is not None
    assert turns.take() is None
    pieces = Taking(iter([b"1"]), turn)
    assert list(pieces) == [b"1"]
    pieces.close()
    assert turns.take() is not None
    assert turns.take() is None


def test_a_school_takes_away_its_own_only(county: County, school: Client) -> None:
    for asked in ({}, {"q": "校本研修"}, {"q": "琉璃"}, {"school": "南桥初中"}, {"q": "NOT 甲"}):
        listed = lines(school, **asked)
        assert "南桥初中" not in str(listed[1:])
        assert len(listed) <= 2
        assert "南桥初中" not in str(rows(school, **asked)[3:])
    assert parcel(school).namelist()[:-1] == [
        "东河初中/东河初中2014年10月数学校本研修阶段报告.docx"
    ]
    assert school.get("/search.zip", {"q": "琉璃"}).status_code == 400


def test_the_catalogue_has_the_last_word_on_an_original(county: County, school: Client) -> None:
    """The index may be a moment behind a correction that took a paper away from the school."""
    from archive.models import Record

    Record.objects.filter(id=county.mine).update(
        school_id=county.south, sender_id=county.south, title="已改挂"
    )
    assert school.get("/search.zip").status_code == 400
