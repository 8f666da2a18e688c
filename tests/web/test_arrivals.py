"""The accounts: every file seen has an outcome, files not yet in any row among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


@pytest.fixture
def door() -> Iterator[None]:
    """An inbox in which one file is ignored by its name and two are not yet taken over."""
    from web import door

    door.connect(lambda: {"收件箱": (1, 2)})
    yield
    door.connect(door._nothing)


def test_what_is_seen_is_the_sum_of_its_outcomes(
    county: County, office: Client, door: None
) -> None:
    import re

    page = office.get("/arrivals").content.decode()
    row = page.split("<tbody>")[1].split("</tr>")[0]
    seen, *parts = [int(n) for n in re.findall(r'class="num">(?:<a[^>]*>)?(\d+)', row)]
    assert seen == sum(parts)
    assert parts[-2:] == [1, 2]


def test_the_list_narrows_by_outcome_sender_and_name(county: County, office: Client) -> None:
    def names(**asked: str) -> str:
        return office.get("/arrivals", asked).content.decode().split("</form>")[-1]

    assert "质量分析&lt;b&gt;材料.docx" in names(outcome="review")
    assert "东河初中2014年10月" not in names(outcome="review")
    assert "东河初中2014年10月" in names(sender=county.east)
    assert "没有符合条件的文件" in names(name="没有这个名字")


def test_a_quarantined_file_shows_its_reason_and_remedy(county: County, office: Client) -> None:
    from archive.models import Arrival

    Arrival.objects.filter(record=county.mine).update(
        outcome="quarantined", record=None, error={"code": "encrypted", "detail": "x"}
    )
    page = office.get("/arrivals", {"outcome": "quarantined"}).content.decode()
    assert "文件设有打开密码" in page
    assert "请去掉密码后另存一份" in page


def test_a_school_sees_no_accounts_but_its_own_files(county: County, school: Client) -> None:
    page = school.get("/arrivals").content.decode()
    assert "收件台账" not in page
    assert "东河初中2014年10月" in page
    assert "质量分析" not in page
    assert "质量分析" not in school.get("/arrivals", {"sender": county.south}).content.decode()
