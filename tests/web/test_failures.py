"""What people meet when something goes wrong: a code, a sentence, a remedy; never a stack trace."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def test_every_failure_says_what_to_do(county: County) -> None:
    from web.failures import FAILURES

    for code, failure in FAILURES.items():
        assert code.isidentifier()
        assert failure.message
        assert failure.remedy.startswith("请") or failure.remedy.startswith("如")


def test_an_unknown_page_is_not_found_in_chinese(county: County, office: Client) -> None:
    answer = office.get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "not_found" in answer.content.decode()
    assert 'id="find"' in answer.content.decode()


def test_a_foreign_host_name_is_refused_in_chinese(county: County, office: Client) -> None:
    answer = office.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "请求有误" in answer.content.decode()


def test_a_fault_of_ours_is_a_page_without_its_insides(county: County, office: Client) -> None:
    office.raise_request_exception = False
    with patch("web.views.home.figures", side_effect=RuntimeError("secret insides")):
        answer = office.get("/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()
    assert "secret insides" not in answer.content.decode()


def test_a_full_disk_is_told_as_such(county: County, school: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    full = OSError(errno.ENOSPC, "No space left on device")
    with patch("web.views.upload.take_in", side_effect=full):
        sent = {"files": [SimpleUploadedFile("a.docx", b"x")]}
        page = school.post("/upload", sent)
        told = school.post("/upload", sent, headers={"accept": "application/json"})
    assert page.status_code == 507
    assert "没有收下任何内容" in page.content.decode()
    assert told.json()["code"] == "disk_full"


@pytest.mark.parametrize("status", [400, 500])
def test_errors_of_the_rooms_keep_their_words(county: County, office: Client, status: int) -> None:
    from archive.durable import STORE_ERRORS, StoreError
    from archive.errors import ArchiveError

    code = next(iter(STORE_ERRORS))
    error = ArchiveError("busy", "正被占用", "请稍后") if status == 400 else StoreError(code)
    with patch("web.views.forms.press.forms", side_effect=error):
        answer = office.get("/forms")
    assert answer.status_code == status
    assert error.code in answer.content.decode()
    assert error.message in answer.content.decode()


def test_without_a_register_the_pages_say_how_to_get_one(county: County, office: Client) -> None:
    from archive.models import RegisterSnapshot

    RegisterSnapshot.objects.all().delete()
    answer = office.get("/matrix")
    assert answer.status_code == 400
    assert "no_register" in answer.content.decode()
    assert "yanxiu init" in answer.content.decode()


def test_a_session_that_ended_takes_the_page_to_the_sign_in(
    county: County, stranger: Client
) -> None:
    answer = stranger.get("/upload/rows", headers={"hx-request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in"
