"""The page of forms: shelves, what is found, and what may be had by whom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def lines(client: Client, address: str) -> list[str]:
    """The forms of the page, each as its words."""
    page = client.get(address).content.decode()
    rows = re.findall(r'<tr class="form-line".*?</tr>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_forms_are_found_by_name_and_by_synonym(county: County, office: Client) -> None:
    every = lines(office, "/forms?period=2014-10")
    found = lines(office, "/forms?period=2014-10&q=月报")
    assert len(every) > len(found) == 1
    assert "阶段报告" in found[0]
    assert "没有名称里带" in office.get("/forms?q=没有的").content.decode()


def test_what_was_issued_and_came_in_is_counted_for_the_period(
    county: County, office: Client
) -> None:
    from archive.press import make

    (before,) = lines(office, "/forms?period=2014-10&q=月报")
    list(make(county.house, "stage_report", "2014-10", schools=[county.east]))
    (after,) = lines(office, "/forms?period=2014-10&q=月报")
    came = re.search(r"0 / (\d+)", before)
    assert came
    assert f"3 / {came[1]}" in after
    (other,) = lines(office, "/forms?period=2014-11&q=月报")
    assert "0 / " in other


def test_a_school_is_offered_no_form_of_the_office(county: County, school: Client) -> None:
    (notice,) = (line for line in lines(school, "/forms?q=通知") if line.startswith("通知"))
    assert "空白表" in notice
    assert "预填表" not in notice
    assert (
        school.post("/forms/place", {"kind": "stage_report", "period": "2014-10"}).status_code
        == 403
    )


def test_forms_of_a_cluster_come_for_its_schools_alone(county: County, office: Client) -> None:
    import io
    import zipfile

    cluster = county.house.register.cluster_of(county.east)
    assert cluster
    sent = {"kind": "stage_report", "period": "2014-10", "school": f"片区：{cluster.id}"}
    answer = office.post("/forms/make", sent)
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert len(names) == 3 * 3 + 1
    assert all(name.startswith(cluster.name) for name in names[:-1])


def test_forms_are_put_into_the_folders_of_the_inboxes_served(
    county: County, office: Client, tmp_path: Path
) -> None:
    from watch.folders import Inbox
    from watch.placing import open_inboxes

    sent = {"kind": "stage_report", "period": "2014-10", "school": county.east}
    open_inboxes({})
    assert "没有开着收件夹" in office.post("/forms/place", sent).content.decode()
    open_inboxes({"收件箱": Inbox(tmp_path, "收件箱")})
    try:
        page = office.post("/forms/place", sent, follow=True).content.decode()
    finally:
        open_inboxes({})
    assert "已放入 3 份" in page
    assert len(list((tmp_path / "待填" / "东河初中").iterdir())) == 3


def test_a_batch_is_sent_while_it_is_printed_and_ends_with_its_list(
    county: County, office: Client
) -> None:
    """A year's forms of a county take seconds: the first bytes must not wait for the last copy."""
    import io
    import zipfile

    from archive.models import IssuedForm

    answer = office.post("/forms/make", {"kind": "stage_report", "period": "2014-10"})
    assert answer.streaming
    pieces = iter(answer.streaming_content)
    first = next(pieces)
    assert not IssuedForm.objects.exists()
    names = zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))).namelist()
    assert names[-1] == "发表清单.xlsx"
    assert IssuedForm.objects.count() == len(names) - 1


def test_only_so_many_batches_are_printed_at_a_time(county: County, office: Client) -> None:
    sent = {"kind": "stage_report", "period": "2014-10"}
    under_way = [office.post("/forms/make", sent) for _ in range(2)]
    refused = office.post("/forms/make", sent)
    for answer in under_way:
        assert answer.getvalue()
    assert refused.status_code == 503
    assert "没有开始" in refused.content.decode()
    assert office.post("/forms/make", sent).getvalue()


def test_the_page_tells_how_many_copies_a_batch_will_be(
    county: County, office: Client, school: Client
) -> None:
    every = office.get("/forms/counts?period=2014-10").json()
    own = office.get(f"/forms/counts?period=2014-10&school={county.east}").json()
    assert every["stage_report"] > own["stage_report"] == 3
    theirs = school.get("/forms/counts?period=2014-10").json()
    assert theirs["stage_report"] == 3
    assert "county_year_plan" in every
    assert "county_year_plan" not in theirs
    assert office.get("/forms/counts?period=never").status_code == 404


def test_a_chosen_school_is_counted_alone(county: County, office: Client) -> None:
    from archive.press import make

    list(make(county.house, "stage_report", "2014-10", schools=[county.east]))
    (every,) = lines(office, "/forms?period=2014-10&q=月报")
    (east,) = lines(office, f"/forms?period=2014-10&q=月报&school={county.east}")
    (south,) = lines(office, f"/forms?period=2014-10&q=月报&school={county.south}")
    counted = [re.search(r"(\d+) / (\d+)", line) for line in (every, east, south)]
    (all_out, all_in), (east_out, east_in), (south_out, south_in) = (
        (int(found[1]), int(found[2])) for found in counted if found
    )
    assert (all_out, east_out, south_out) == (3, 3, 0)
    assert 0 < east_in < all_in
    assert 0 < south_in < all_in


def test_a_refusal_leads_back_to_the_forms_of_the_period(county: County, office: Client) -> None:
    sent = {"kind": "stage_report", "period": "2014-08", "school": county.east}
    for address in ("/forms/make", "/forms/place"):
        page = office.post(address, sent).content.decode()
        assert "没有办成" in page
        assert f'<a href="/forms?period=2014-08&amp;school={county.east}">回到表单</a>' in page
    assert "回到表单" not in office.get("/nowhere").content.decode()
