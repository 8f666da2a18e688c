"""The setup link, signing in and out, one-time passwords and the brakes on guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filled_house import County

NEW = {"username": "教研室", "password": "清河教研2014", "again": "清河教研2014"}


@pytest.fixture
def token(county: County) -> Iterator[str]:
    file = county.house.home / "setup.token"
    file.write_text("a-long-random-token\n", "ascii")
    yield "a-long-random-token"
    file.unlink(missing_ok=True)


def test_the_setup_link_makes_the_first_office_account_once(county: County, token: str) -> None:
    client = Client()
    assert client.get(f"/setup/{token}").status_code == 200
    answer = client.post(f"/setup/{token}", NEW, follow=True)
    assert "已建立县教研室账号「教研室」" in answer.content.decode()
    assert answer.context is None or answer.status_code == 200
    assert client.get("/users").status_code == 200
    assert Client().get(f"/setup/{token}").status_code == 404
    assert Client().post(f"/setup/{token}", NEW).status_code == 404


def test_a_wrong_token_opens_nothing(county: County, token: str) -> None:
    assert Client().get("/setup/a-long-random-tokem").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "别的密码2014"}, "两次输入的密码不一样"),
        ({"password": "教研5", "again": "教研5"}, "密码太短，至少要 8 位"),
        ({"password": "4827162950", "again": "4827162950"}, "密码不能全是数字"),
        ({"password": "password1", "again": "password1"}, "这是常见密码"),
        ({"username": ""}, "这个字段是必填项"),
    ],
)
def test_the_setup_page_says_what_is_wrong(
    county: County, token: str, change: dict[str, str], said: str
) -> None:
    answer = Client().post(f"/setup/{token}", {**NEW, **change})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert (county.house.home / "setup.token").exists()


def test_a_weak_new_password_is_told_in_chinese(county: County, school: Client) -> None:
    from filled_house import PASSWORD

    sent = {"old_password": PASSWORD, "new_password1": "短短", "new_password2": "短短"}
    page = school.post("/password", sent).content.decode()
    assert "密码太短，至少要 8 位" in page
    assert "This password" not in page


def test_signing_in_leads_back_to_where_one_was_going(county: County) -> None:
    from filled_house import PASSWORD, account

    account("教研室", "county")
    client = Client()
    wanted = client.get("/matrix?period=2014-10")["Location"]
    answer = client.post(wanted, {"username": "教研室", "password": PASSWORD,
                                  "next": "/matrix?period=2014-10"})  # fmt: skip
    assert answer["Location"] == "/matrix?period=2014-10"


def test_signing_in_never_leads_to_another_site(county: County) -> None:
    from filled_house import PASSWORD, account

    account("教研室", "county")
    sent = {"username": "教研室", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in", sent)["Location"] == "/"


def test_guessing_is_braked(county: County) -> None:
    from filled_house import PASSWORD, account

    account("教研室", "county")
    client = Client()
    for _ in range(10):
        assert (
            client.post("/sign-in", {"username": "教研室", "password": "不对"}).status_code == 400
        )
    answer = client.post("/sign-in", {"username": "教研室", "password": PASSWORD})
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()


def test_a_one_time_password_must_be_changed_first(county: County, office: Client) -> None:
    import re

    made = office.post("/users", {"role": "school", "unit": county.east}).content.decode()
    found = re.search(r"<code>([a-z0-9-]+)</code>", made)
    assert found
    client = Client()
    sent = {"username": "东河初中", "password": found[1]}
    assert client.post("/sign-in", sent)["Location"] == "/"
    assert client.get("/search")["Location"] == "/password"
    assert client.get("/api/search").status_code == 403
    new = {
        "old_password": found[1],
        "new_password1": "东河2014研修",
        "new_password2": "东河2014研修",
    }
    assert client.post("/password", new)["Location"] == "/"
    assert client.get("/search").status_code == 200


def test_the_one_time_password_is_shown_once(county: County, office: Client) -> None:
    made = office.post("/users", {"role": "school", "unit": county.east}).content.decode()
    assert "只在这里显示这一次" in made
    assert "只在这里显示这一次" not in office.get("/users").content.decode()


def test_accounts_for_all_schools_at_once(county: County, office: Client) -> None:
    from archive.models import Profile

    page = office.post("/users", {"for": "schools"}).content.decode()
    schools = county.house.register.schools()
    assert all(school.name in page for school in schools)
    assert Profile.objects.filter(role="school", one_time=True).count() == len(schools)
    assert "为其余" not in page


def test_a_stopped_account_cannot_sign_in(county: County, office: Client) -> None:
    from filled_house import PASSWORD, account

    user = account("东河初中", "school", county.east)
    office.post(f"/users/{user.id}", {"do": "stop"})
    sent = {"username": "东河初中", "password": PASSWORD}
    assert Client().post("/sign-in", sent).status_code == 400


def test_signing_out_needs_a_post_and_ends_the_session(county: County, school: Client) -> None:
    assert school.get("/sign-out").status_code == 405
    assert school.post("/sign-out")["Location"] == "/sign-in"
    assert school.get("/")["Location"].startswith("/sign-in")
