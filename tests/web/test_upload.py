"""Handing in: staged at once, under the right unit, with its state to be watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def file(name: str, body: bytes = b"text") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def test_files_are_kept_before_the_page_says_so(county: County, school: Client) -> None:
    from archive.models import Arrival
    from archive.staging import staged_file

    sent = {"files": [file("十月 阶段报告.docx", b"one"), file("反思.docx", b"two")]}
    page = school.post("/upload", sent, follow=True).content.decode()
    assert "已收下 2 个文件：十月 阶段报告.docx、反思.docx" in page
    assert "还有 2 个文件正在处理" in page
    assert 'hx-trigger="every 2s"' in page
    for arrival in Arrival.objects.filter(source="upload"):
        assert (county.house.staging / staged_file(arrival.id)).read_bytes() in (b"one", b"two")
        assert arrival.sender_id == county.east


def test_a_school_cannot_hand_in_as_another(county: County, school: Client) -> None:
    from archive.models import Arrival

    school.post("/upload", {"files": [file("a.docx")], "school": county.south})
    assert Arrival.objects.get(source="upload").sender_id == county.east


def test_the_office_hands_in_for_a_school(county: County, office: Client) -> None:
    from archive.models import Arrival

    answer = office.post("/upload", {"files": [file("a.docx")], "school": county.south})
    assert answer["Location"] == f"/upload?school={county.south}"
    assert Arrival.objects.get(source="upload").sender_id == county.south


def test_a_script_s_upload_is_answered_in_json(county: County, school: Client) -> None:
    answer = school.post(
        "/upload", {"files": [file("a.docx")]}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (201, {"taken": 1})


def test_too_large_a_file_is_refused_with_the_limit(county: County, school: Client) -> None:
    from unittest.mock import patch

    from archive.models import Arrival

    with patch("web.views.upload.limit_mb", return_value=0):
        page = school.post("/upload", {"files": [file("大.zip")]}, follow=True).content.decode()
        answer = school.post(
            "/upload", {"files": [file("大.zip")]}, headers={"accept": "application/json"}
        )
    assert "大.zip 超过 0 MB，没有收下" in page
    assert answer.status_code == 413
    assert set(answer.json()) == {"code", "message", "remedy"}
    assert not Arrival.objects.filter(source="upload").exists()


def test_no_file_at_all_is_said(county: County, school: Client) -> None:
    assert "没有选文件" in school.post("/upload", {}, follow=True).content.decode()


def test_too_many_files_are_refused_in_chinese(county: County, school: Client) -> None:
    answer = school.post("/upload", {"files": [file(f"{i}.txt") for i in range(101)]})
    assert answer.status_code == 400
    assert "不超过 100 个文件" in answer.content.decode()


def test_polling_stops_when_all_are_settled(county: County, school: Client) -> None:
    from archive.models import Arrival

    school.post("/upload", {"files": [file("a.docx")]})
    Arrival.objects.filter(source="upload").update(
        state="done", outcome="quarantined", error={"code": "encrypted", "detail": "x"}
    )
    rows = school.get("/upload/rows").content.decode()
    assert "hx-trigger" not in rows
    assert "请去掉密码后另存一份" in rows


def test_the_api_tells_how_far_a_file_has_come(county: County, school: Client) -> None:
    from archive.models import Arrival

    school.post("/upload", {"files": [file("反思.docx")]})
    arrival = Arrival.objects.get(source="upload")
    told = school.get(f"/api/arrivals/{arrival.id}").json()
    assert (told["file"], told["state"], told["outcome"]) == ("反思.docx", "staged", None)
    foreign = Arrival.objects.filter(sender_id=county.south).first()
    assert foreign is not None
    assert school.get(f"/api/arrivals/{foreign.id}").status_code == 404
