"""The search page: state in the address, facets, errors that point at the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def test_hits_show_the_sentence_and_the_section(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "琉璃"}).content.decode()
    assert "找到 <strong>1</strong> 份" in page
    assert "<mark>琉璃</mark>" in page
    assert "工作开展情况" in page
    assert f"/documents/{county.others}?q=" in page


def test_filters_and_sort_stay_in_every_link(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "校本研修", "subject": "数学", "sort": "date"})
    html = page.content.decode()
    assert "找到 <strong>1</strong> 份" in html
    assert "学科：数学" in html
    assert "q=%E6%A0%A1%E6%9C%AC%E7%A0%94%E4%BF%AE&amp;subject=" in html
    assert '<option value="date" selected>' in html


def test_a_chosen_value_that_nothing_has_can_be_taken_off(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "琉璃", "school": "东河初中"}).content.decode()
    assert "没有找到符合的材料" in page
    assert "✓ 东河初中" in page


def test_an_unpaired_quote_is_pointed_at(county: County, office: Client) -> None:
    answer = office.get("/search", {"q": '研修 "校本'})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "研修 <mark class='slip'>&#34;</mark>校本" in page
    assert "怎么办" in page


@pytest.mark.parametrize(
    "address",
    [
        "/search?page=0", "/search?page=99999999", "/search?page=x", "/search?sort=up",
        "/search?from=2014-13-99", "/search?kind=&school=", "/search?q=" + "校" * 900,
        "/search?q=%00", "/search?q=%3Cb%3E",
    ],
)  # fmt: skip
def test_odd_addresses_are_answered(county: County, office: Client, address: str) -> None:
    assert office.get(address).status_code in (200, 400)


@pytest.mark.parametrize("number", [7, 9999])
def test_a_page_beyond_the_end_says_so(county: County, office: Client, number: int) -> None:
    page = office.get(f"/search?page={number}").content.decode()
    assert f"没有第 {number} 页，一共只有 1 页" in page
    assert "回到第 1 页" in page


def test_whole_matches_are_counted_apart_and_come_first(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "听评课"}).content.decode()
    assert "以下只有部分字词相符" not in page
    page = office.get("/search", {"q": "独有词琉璃 校本研修"}).content.decode()
    assert "完整相符 <strong>1</strong> 份，另有部分字词相符 1 份" in page
    whole, rest = page.split("以下只有部分字词相符")
    assert f"/documents/{county.others}?" in whole
    assert f"/documents/{county.mine}?" in rest
    assert office.get("/api/search", {"q": "独有词琉璃 校本研修"}).json()["whole"] == 1


def test_by_date_no_line_is_drawn_between_whole_and_part(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "独有词琉璃 校本研修", "sort": "date"}).content.decode()
    assert "完整相符 <strong>1</strong> 份" in page
    assert "以下只有部分字词相符" not in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"school": "火星"}, "没有「火星」这个学校"),
        ({"school": "东河小学"}, "东河初中"),
        ({"kind": "foo"}, "没有「foo」这个文种"),
        ({"month": "2014-99"}, "月份写作 2014-10"),
        ({"from": "去年"}, "没有「去年」这个日期"),
    ],
)
def test_a_filter_that_means_nothing_is_told(
    county: County, office: Client, asked: dict[str, str], said: str
) -> None:
    answer = office.get("/search", asked)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    refused = office.get("/api/search", asked)
    assert refused.status_code == 400
    assert {"code", "message", "remedy"} == set(refused.json())


def test_filters_take_every_name_of_a_thing(county: County, office: Client) -> None:
    answer = office.get("/search", {"kind": "stage_report", "q": "琉璃"}, follow=True)
    page = answer.content.decode()
    assert "文种：学科校本研修工作阶段报告" in page
    assert "找到 <strong>1</strong> 份" in page
    assert office.get("/api/search", {"kind": "阶段报告", "q": "琉璃"}).json()["total"] == 1


def test_a_name_no_longer_in_use_still_narrows(county: County, office: Client) -> None:
    from archive.errors import ArchiveError
    from indexer.engines import Answer
    from web.filtering import Unknown, meaningless

    old = Unknown("kind", "旧文种", ArchiveError("kind_unknown", "没有"))
    assert meaningless([old], Answer(3, (), {"kind": (("旧文种", 3),)})) == []
    assert meaningless([old], Answer(0, (), {"kind": ()})) == [old]


def test_a_paper_without_a_date_shows_its_period(
    county: County, office: Client, put: Callable[..., str]
) -> None:
    from archive.models import Record
    from archive.outbox import wait

    paper = put("西坡初中", "没有日期的玛瑙总结", "玛瑙。\n玛瑙。", kind="summary")
    Record.objects.filter(id=paper).update(date="", month="")
    wait(county.house, [paper])
    hits = office.get("/api/search", {"q": "玛瑙"}).json()["hits"]
    assert [(hit["date"], hit["period"]) for hit in hits] == [("", "2014年10月")]
    page = office.get("/search", {"q": "玛瑙"}).content.decode()
    assert "2014-10-28" not in page
    assert "2014年10月</p>" in page


def test_the_api_answers_as_the_page_does(county: County, office: Client) -> None:
    answer = office.get("/api/search", {"q": "琉璃"}).json()
    assert answer["total"] == 1
    assert answer["hits"][0]["id"] == county.others
    start, end = answer["hits"][0]["snippets"][0]["marks"][0]
    assert answer["hits"][0]["snippets"][0]["text"][start:end] == "琉璃"


def test_the_api_has_one_shape_of_error(county: County, office: Client) -> None:
    wrong = office.get("/api/search", {"q": '"校本'})
    assert wrong.status_code == 400
    assert {"code", "message", "remedy"} <= set(wrong.json())
    missing = office.get("/api/arrivals/none")
    assert missing.status_code == 404
    assert set(missing.json()) == {"code", "message", "remedy"}


def offers(client: Client, typed: str) -> list[tuple[str, str]]:
    found = client.get("/suggest", {"q": typed}).json()["offers"]
    return [(one["what"], one["text"]) for one in found]


def test_names_and_titles_are_offered_while_typing(county: County, office: Client) -> None:
    assert ("学校", "东河初中") in offers(office, "东河")
    assert ("学校", "东河初中") in offers(office, "dhcz")
    assert ("章节", "取得成效") in offers(office, "qude")
    assert any(what == "材料" for what, _ in offers(office, "东河"))
    (section,) = (o for o in office.get("/suggest", {"q": "取得"}).json()["offers"])
    assert "找到" in office.get(section["href"]).content.decode()


def test_frequent_phrases_are_offered_while_typing(county: County, office: Client) -> None:
    phrases = [
        o
        for o in office.get("/suggest", {"q": "校本"}).json()["offers"]
        if not o["href"].startswith("/document")
    ]
    phrase = next(one for one in phrases if one["what"] == "常用语")
    assert phrase["text"].startswith("校本")
    page = office.get(phrase["href"]).content.decode()
    assert "完整相符 <b>0</b>" not in page
    assert "找到" in page


def test_a_school_is_offered_only_what_it_may_see(county: County, school: Client) -> None:
    assert offers(school, "东河")
    assert offers(school, "西坡") == []


def test_a_slip_is_put_right_by_a_link(county: County, office: Client, school: Client) -> None:
    page = office.get("/search", {"q": "校本岩修", "subject": "数学"}).content.decode()
    assert "您是不是要找：" in page
    assert "<strong>校本研修</strong>" in page
    assert "您是不是要找：" not in office.get("/search", {"q": "校本研修"}).content.decode()
    # 琉璃 stands only in another school's paper.
    assert "<strong>琉璃</strong>" in office.get("/search", {"q": "流璃"}).content.decode()
    assert "琉璃" not in school.get("/search", {"q": "流璃"}).content.decode()


def test_synonyms_are_looked_for_on_request_and_named(county: County, office: Client) -> None:
    plain = office.get("/search", {"q": "校本教研"}).content.decode()
    assert "同义词也找" in plain
    page = office.get("/search", {"q": "校本教研", "synonyms": "1"}).content.decode()
    assert "校本教研 → " in page
    assert "<mark>校本研修</mark>" in page
    assert "<mark>校本研修</mark>" not in plain
    assert "只找原词" in page


def test_words_are_found_inside_a_section(county: County, office: Client) -> None:
    inside = office.get("/search", {"q": "章节:工作开展情况 琉璃"}).content.decode()
    assert "找到 <strong>1</strong> 份" in inside
    outside = office.get("/search", {"q": "章节:取得成效 琉璃"}).content.decode()
    assert "没有找到符合的材料" in outside


def forget(county: County, *ids: str) -> None:
    """Take papers out of the index, whose rows are rolled back."""
    from indexer.engines import open_engine

    engine = open_engine("tantivy", county.house.index_folder, writable=True)
    engine.apply([], ids)
    engine.close()


def test_a_paper_leads_to_those_of_its_subject(
    county: County,
    office: Client,
    school: Client,
    put: Callable[..., str],
    request: pytest.FixtureRequest,
) -> None:
    from archive.outbox import wait

    words = "一次函数的图象教学，学生动手画图，理解函数的变化。"
    first = put("东河初中", "函数教学阶段报告", words)
    second = put("西坡初中", "一次函数的图象", words + "\n成效好。")
    wait(county.house, [first, second])
    request.addfinalizer(lambda: forget(county, first, second))
    assert f"/documents/{second}" in office.get(f"/documents/{first}").content.decode()
    assert f"/documents/{second}" not in school.get(f"/documents/{first}").content.decode()


def test_filters_can_be_reached_from_the_top_and_dates_stay_on_one_line(
    county: County, office: Client
) -> None:
    page = office.get("/search", {"q": "校本研修"}).content.decode()
    top, hits = page.split('<ol class="hits"')
    assert 'href="#filters">筛选</a>' in top
    assert '<aside class="facets" id="filters"' in hits
    assert re.search(r'<span class="together">\d{4}-\d\d-\d\d</span></p>', hits)
    styles = Path("web/static/yanxiu.css").read_text("utf-8")
    assert ".help code, .together { white-space: nowrap; }" in styles


def test_a_page_without_hits_offers_only_what_helps(county: County, office: Client) -> None:
    page = office.get("/search", {"q": "鱻麤校"}).content.decode()
    assert "没有找到符合的材料" in page
    assert 'id="sort"' not in page
    assert "<summary>导出</summary>" not in page
    assert "同义词也找</a>" not in page
    assert "保存这个检索，有了材料时提示" in page
    words = office.get("/search", {"q": "鱻麤校本研修", "school": "没有的"}).content.decode()
    assert "同义词也找</a>" in words


def test_a_question_that_is_too_long_stands_once_on_the_page(
    county: County, office: Client
) -> None:
    asked = "校" * 401
    page = office.get("/search", {"q": asked}).content.decode()
    main = page.split("<main")[1]
    assert f"<h1>检索「{'校' * 59}…」</h1>" in main
    assert main.count("校" * 400) == 1


def test_a_range_turned_round_is_told_and_can_be_taken_off(county: County, office: Client) -> None:
    asked = {"q": "校本研修", "from": "2015-01-01", "to": "2014-09-01"}
    answer = office.get("/search", asked)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "筛选条件有误：</strong>日期范围的开头晚于结尾" in page
    assert "这个检索式看不懂" not in page
    assert re.search(r'<a href="/search\?q=[^"&]*">去掉日期</a>', page)
    assert office.get("/api/search", asked).status_code == 400
    assert office.get("/search.csv", asked).status_code == 400
