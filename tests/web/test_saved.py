"""Saved searches: what is new in them, and their feeds; each user sees their own and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def arrive(county: County, put: Callable[..., str]) -> Iterator[Callable[..., str]]:
    """arrive(school, title, text): one more paper that is found at once; the index forgets it
    afterwards."""
    from django.core.cache import cache

    from archive.models import Order, Record
    from archive.outbox import wait

    made = []

    def come(school: str, title: str, text: str = "水晶。\n水晶。") -> str:
        made.append(put(school, title, text))
        wait(county.house, made)
        cache.clear()
        return made[-1]

    yield come
    Record.objects.filter(id__in=made).delete()
    Order.objects.bulk_create([Order(record_id=record_id) for record_id in made])
    wait(county.house, made)


def save(client: Client, query: str, name: str = "我的") -> Any:
    from archive.models import SavedSearch

    answer = client.post("/saved", {"name": name, "query": query})
    assert answer.status_code == 302
    return SavedSearch.objects.order_by("-id").first()


def counted(page: str, name: str) -> int:
    """How many new ones a page tells of a saved search."""
    found = re.search(rf">{name}</a>\s*(?:<span class=\"badge wait\">新 (\d+))?", page)
    assert found, page
    return int(found[1] or 0)


def entries(client: Client, search: Any) -> list[str]:
    answer = client.get(f"/feeds/{search.secret}.atom")
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.content)
    return [str(title.text) for title in root.findall("a:entry/a:title", ATOM)]


def test_what_came_since_is_counted_until_one_looks(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    arrive("西坡初中", "早先的水晶")
    search = save(office, "q=水晶&page=3")
    for address in ("/", "/search", "/saved"):
        assert counted(office.get(address).content.decode(), "我的") == 0
    new = arrive("北岭初中", "新来的水晶")
    arrive("北岭初中", "新来的别的", "石头。\n石头。")
    for address in ("/", "/search", "/saved"):
        assert counted(office.get(address).content.decode(), "我的") == 1
    page = office.get(f"/saved/{search.pk}", follow=True).content.decode()
    assert "最近新到 1 份" in page
    first = page.split('<ol class="hits"')[1].split("</li>")[0]
    assert f"/documents/{new}?" in first
    assert '<span class="badge wait">新</span>' in first
    assert page.count('<span class="badge wait">新</span>') == 1
    assert counted(office.get("/").content.decode(), "我的") == 0


def test_only_papers_that_hold_the_words_whole_are_told(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    search = save(office, "q=水晶矿石")
    arrive("北岭初中", "水晶一种", "水晶。\n石头。")
    assert counted(office.get("/").content.decode(), "我的") == 0
    assert entries(office, search) == []
    arrive("北岭初中", "水晶矿石二种", "水晶矿石。")
    assert counted(office.get("/").content.decode(), "我的") == 1
    assert entries(office, search) == ["水晶矿石二种"]


def test_near_hits_of_a_sentence_are_told_until_a_paper_holds_it_whole(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    search = save(office, "q=怎样辨认水晶矿石的真假")
    arrive("北岭初中", "水晶矿石甲", "水晶矿石。")
    assert counted(office.get("/").content.decode(), "我的") == 1
    assert entries(office, search) == ["水晶矿石甲"]
    arrive("北岭初中", "水晶矿石乙", "怎样辨认水晶矿石的真假。")
    assert entries(office, search) == ["水晶矿石乙"]
    arrive("北岭初中", "水晶矿石丙", "水晶矿石。")
    assert counted(office.get("/").content.decode(), "我的") == 1


def test_what_was_new_stays_marked_when_the_page_is_opened_again(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    search = save(office, "q=水晶")
    arrive("北岭初中", "新来的水晶")
    for _ in range(2):
        page = office.get(f"/saved/{search.pk}", follow=True).content.decode()
        assert "最近新到 1 份" in page
    changed = office.get("/search", {"q": "琉璃", "saved": search.pk}).content.decode()
    assert "最近新到" not in changed


def test_what_could_be_found_only_later_is_new_all_the_same(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    """A scan's text comes long after the file: it was received before the last look."""
    from archive.models import SavedSearch

    search = save(office, "q=水晶")
    arrive("北岭初中", "认出来的水晶")
    SavedSearch.objects.filter(pk=search.pk).update(seen=datetime.now(UTC))
    assert counted(office.get("/").content.decode(), "我的") == 1


def test_a_search_keeps_its_filters_and_words_within(county: County, office: Client) -> None:
    search = save(office, "q=校本研修&within=琉璃&subject=语文&page=2&only=whole")
    assert search.query == (
        "q=%E6%A0%A1%E6%9C%AC%E7%A0%94%E4%BF%AE&within=%E7%90%89%E7%92%83"
        "&subject=%E8%AF%AD%E6%96%87"
    )
    page = office.get("/saved").content.decode()
    assert "「校本研修」再检索「琉璃」；学科：语文" in page


def test_a_search_is_renamed_and_deleted(county: County, office: Client) -> None:
    from archive.models import SavedSearch

    search = save(office, "q=琉璃")
    office.post(f"/saved/{search.pk}", {"do": "rename", "name": " 新 名 "})
    assert ">新 名</a>" in office.get("/saved").content.decode()
    page = office.post(f"/saved/{search.pk}", {"do": "delete"}, follow=True).content.decode()
    assert "已删除检索「新 名」" in page
    assert not SavedSearch.objects.exists()
    assert "还没有保存检索" in page


@pytest.mark.parametrize(
    ("name", "said"), [("", "名称要有 1 到 80 个字"), ("字" * 81, "1 到 80"), ("我的", "已有名为")]
)
def test_a_name_that_will_not_do_is_told(
    county: County, office: Client, name: str, said: str
) -> None:
    save(office, "q=琉璃")
    answer = office.post("/saved", {"name": name, "query": "q=甲"})
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_question_that_is_none_is_not_saved(county: County, office: Client) -> None:
    from archive.models import SavedSearch

    answer = office.post("/saved", {"name": "错", "query": 'q="校本'}, follow=True)
    assert "没有保存：引号没有配对" in answer.content.decode()
    assert not SavedSearch.objects.exists()


def test_there_is_an_end_to_saving(
    county: County, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.saved.MOST", 1)
    save(office, "q=琉璃")
    answer = office.post("/saved", {"name": "二", "query": "q=甲"})
    assert answer.status_code == 400
    assert "最多保存 1 个检索" in answer.content.decode()


def test_nobody_reaches_another_s_searches(county: County, office: Client, school: Client) -> None:
    from archive.models import SavedSearch

    search = save(office, "q=琉璃", "局里的")
    assert "局里的" not in school.get("/saved").content.decode()
    assert "局里的" not in school.get("/").content.decode()
    assert school.get(f"/saved/{search.pk}").status_code == 404
    assert school.post(f"/saved/{search.pk}", {"do": "delete"}).status_code == 404
    assert SavedSearch.objects.filter(pk=search.pk).exists()
    answer = school.get("/search", {"q": "琉璃", "saved": search.pk}).content.decode()
    assert "局里的" not in answer


def test_a_school_is_not_told_of_another_s_new_papers(
    county: County, school: Client, arrive: Callable[..., str]
) -> None:
    search = save(school, "q=水晶")
    arrive("南桥初中", "别校的水晶")
    assert counted(school.get("/").content.decode(), "我的") == 0
    assert entries(school, search) == []
    arrive("东河初中", "本校的水晶")
    assert counted(school.get("/").content.decode(), "我的") == 1
    assert entries(school, search) == ["本校的水晶"]


def test_a_feed_needs_no_session_and_tells_the_newest_first(
    county: County, office: Client, arrive: Callable[..., str]
) -> None:
    from django.test import Client

    search = save(office, "q=水晶")
    for title in ("甲水晶", "乙<b>水晶\x0b"):
        arrive("西坡初中", title)
    from archive.models import Version

    answer = Client().get(f"/feeds/{search.secret}.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert entries(Client(), search)[0].startswith("乙<b>水晶")
    root = ElementTree.fromstring(answer.content)
    first = root.find("a:entry", ATOM)
    assert first is not None
    link = first.find("a:link", ATOM)
    assert link is not None
    assert re.fullmatch(r"http://testserver/documents/[0-9a-f-]+", link.attrib["href"])
    received = Version.objects.order_by("-received")[0].received
    assert first.findtext("a:updated", "", ATOM)[:19] == received.isoformat()[:19]
    assert first.findtext("a:id", "", ATOM).startswith("urn:yanxiu:record:")


def test_a_feed_s_address_cannot_be_guessed_and_can_be_taken_back(
    county: County, office: Client
) -> None:
    from django.test import Client

    stranger = Client()
    search = save(office, "q=琉璃")
    old = search.secret
    assert len(old) >= 43
    assert stranger.get(f"/feeds/{'x' * 43}.atom").status_code == 404
    office.post(f"/saved/{search.pk}", {"do": "feed"})
    assert stranger.get(f"/feeds/{old}.atom").status_code == 404
    search.refresh_from_db()
    assert stranger.get(f"/feeds/{search.secret}.atom").status_code == 200
    office.post(f"/saved/{search.pk}", {"do": "unfeed"})
    assert stranger.get(f"/feeds/{search.secret}.atom").status_code == 404
    assert stranger.get("/feeds/None.atom").status_code == 404
    assert "订阅地址已停用" in office.get("/saved").content.decode()


@pytest.mark.parametrize("state", ["stopped", "one_time", "no_profile"])
def test_a_feed_ends_with_the_account(county: County, school: Client, state: str) -> None:
    from django.contrib.auth.models import User

    from archive.models import Profile

    search = save(school, "q=校本研修")
    assert len(entries(school, search)) == 1
    if state == "stopped":
        User.objects.filter(pk=search.user_id).update(is_active=False)
    elif state == "one_time":
        Profile.objects.filter(user_id=search.user_id).update(one_time=True)
    else:
        Profile.objects.filter(user_id=search.user_id).delete()
    assert school.get(f"/feeds/{search.secret}.atom").status_code == 404


def test_a_feed_follows_its_owner_to_another_school(county: County, school: Client) -> None:
    from archive.models import Profile

    search = save(school, "q=校本研修")
    assert entries(school, search) == ["东河初中2014年10月数学校本研修阶段报告"]
    Profile.objects.filter(user_id=search.user_id).update(unit_id=county.south)
    assert entries(school, search) == ["南桥初中2014年10月语文校本研修阶段报告"]


def test_a_saved_question_that_is_understood_no_longer_is_told(
    county: County, office: Client
) -> None:
    from archive.models import SavedSearch

    search = save(office, "q=琉璃")
    SavedSearch.objects.filter(pk=search.pk).update(query='q="琉璃')
    assert "▲ 看不懂" in office.get("/").content.decode()
    assert "这个检索式看不懂：引号没有配对" in office.get("/saved").content.decode()
    page = office.get(f"/saved/{search.pk}", follow=True)
    assert "这个检索式看不懂" in page.content.decode()
    assert office.get(f"/feeds/{search.secret}.atom").status_code == 200


def test_saved_searches_cost_one_statement(county: County, office: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert office.get("/search").status_code == 200
        return len(caught)

    save(office, "q=琉璃")
    before = statements()
    for number in range(4):
        save(office, f"q=琉璃{number}", f"第{number}个")
    assert statements() == before
