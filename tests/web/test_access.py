"""Default deny, proven by walking the route table; and a school sees its own files only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.test import Client

if TYPE_CHECKING:
    from filled_house import County

#: Routes that answer a visitor who is not signed in.
OPEN = {"setup", "sign-in", "feed"}
#: Routes of the county office alone.
OFFICE = {"users", "user-change", "correct", "review", "decide", "form-check", "form-restore",
          "form-trial", "form-annotated", "form-adopt", "form-trial-preview"}  # fmt: skip


def addresses(record: str) -> Iterator[tuple[str, str]]:
    """(name, an address) of every route."""
    from django.urls import reverse
    from django.urls.resolvers import URLPattern

    from web.urls import urlpatterns

    values = {"token": "x" * 20, "record_id": record, "n": 1, "user_id": 1,
              "kind_id": "stage_report", "arrival_id": "0", "saved_id": 1,
              "secret": "x" * 43, "shown": "blank", "key": "0" * 32}  # fmt: skip
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        wanted = pattern.pattern.converters
        name = str(pattern.name)
        yield name, reverse(name, kwargs={key: values[key] for key in wanted})


def test_a_visitor_is_turned_away_from_every_route_but_the_open_ones(
    county: County, stranger: Client
) -> None:
    for name, address in addresses(county.mine):
        for answer in (stranger.get(address), stranger.post(address)):
            if name in OPEN:
                assert answer.status_code in (200, 400, 404), name
            elif name.startswith("api-"):
                assert answer.status_code == 401, name
                assert set(answer.json()) == {"code", "message", "remedy"}
            else:
                assert answer.status_code == 302, name
                assert answer["Location"].startswith("/sign-in"), name


def test_nothing_answers_before_the_first_account(county: County) -> None:
    for name, address in addresses(county.mine):
        answer = Client().get(address)
        assert answer.status_code == (404 if name in ("setup", "feed") else 503), name


def test_a_school_is_refused_the_office_s_routes(county: County, school: Client) -> None:
    for name, address in addresses(county.mine):
        if name in OFFICE:
            assert school.get(address).status_code == 403, name
            assert school.post(address).status_code == 403, name


def test_a_school_does_not_find_another_school_s_document(county: County, school: Client) -> None:
    for name, address in addresses(county.others):
        if name in ("document", "download"):
            assert school.get(address).status_code == 404, name
    for name, address in addresses(county.mine):
        if name in ("document", "download"):
            assert school.get(address).status_code == 200, name


def test_a_school_s_search_neither_counts_nor_quotes_others(county: County, school: Client) -> None:
    page = school.get("/search", {"q": "琉璃"}).content.decode()
    assert "没有找到符合的材料" in page
    everything = school.get("/api/search").json()
    assert everything["total"] == 1
    assert everything["facets"]["school"] == [["东河初中", 1]]
    assert "南桥初中" not in school.get("/search").content.decode()


def test_a_school_s_pages_never_name_another_school(county: County, school: Client) -> None:
    for address in ("/", "/arrivals", "/matrix?period=2014-10", f"/documents/{county.mine}"):
        assert "南桥初中" not in school.get(address).content.decode(), address


def test_what_a_school_sent_but_is_another_s_is_not_shown(county: County, school: Client) -> None:
    from archive.ids import uuid7
    from archive.models import Arrival, Record

    other = Record.objects.get(id=county.others)
    sent = Arrival.objects.create(
        id=uuid7(), source="upload", path="a.docx", sender_id=county.east, actor="东河初中",
        first_seen=other.received, state="done", outcome="filed", record=other, version=2,
    )  # fmt: skip
    for address in ("/arrivals", "/"):
        page = school.get(address).content.decode()
        assert "a.docx" in page
        assert other.title not in page
    assert school.get(f"/api/arrivals/{sent.id}").json()["record"] is None


def test_a_school_gets_only_its_own_forms(county: County, school: Client) -> None:
    own = {"period": "2014-10", "school": county.east, "subject": "数学"}
    answer = school.get("/forms/stage_report/prefilled", own)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    foreign = {**own, "school": county.south}
    assert school.get("/forms/stage_report/prefilled", foreign).status_code == 404


def test_an_account_without_a_profile_sees_nothing(county: County) -> None:
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.create_user("路人", password="x"))
    assert client.get("/").status_code == 403
    assert client.get(f"/documents/{county.mine}").status_code == 403


def test_every_answer_carries_the_security_headers(county: County, office: Client) -> None:
    for _, address in addresses(county.mine):
        answer = office.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"


def test_pages_hold_no_inline_script_or_style(county: County, office: Client) -> None:
    import re

    for _, address in addresses(county.mine):
        answer = office.get(address)
        if answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)", html), address
            assert not re.search(r"<[^>]+\s(?:on\w+|style)=", html), address


def test_a_form_without_its_token_is_refused_in_chinese(county: County) -> None:
    from filled_house import PASSWORD, account

    account("某人", "county")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"username": "某人", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
