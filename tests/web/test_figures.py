"""The figures of the first page, each the count of what its link shows."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def number(page: str, name: str) -> int:
    found = re.search(rf'class="number">([\d,]+)</span>.{{0,60}}class="name">{name}<', page)
    assert found, name
    return int(found[1].replace(",", ""))


def test_each_figure_counts_what_its_link_shows(county: County, office: Client) -> None:
    page = office.get("/").content.decode()
    assert number(page, "今日收件") == 3
    assert number(page, "待核") == 1
    assert number(page, "全部材料") == office.get("/api/search").json()["total"]
    incomplete = office.get("/api/search?completeness=不全&status=已归档").json()
    assert number(page, "已归档但不全") == incomplete["total"] == 1
    matrix = office.get("/matrix?period=2014-10").content.decode()
    assert f"应报 <strong>{number(page, '应报')}</strong> 项" in matrix


def test_a_school_s_figures_are_its_own(county: County, school: Client) -> None:
    page = school.get("/").content.decode()
    assert number(page, "今日收件") == 1
    assert number(page, "全部材料") == 1
    assert number(page, "待核") == 0


@pytest.mark.usefixtures("filled")
@given(st.integers(0, 2**47), st.integers(0, 2**47), st.integers(0, 2**74 - 1))
def test_identifiers_made_later_are_not_less_than_the_first_of_a_moment(
    sooner: int, later: int, random: int
) -> None:
    from web import figures

    moment = datetime.fromtimestamp(min(sooner, later) % 2**41 / 1000, UTC)
    made = uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | random)
    assert str(made) >= figures.first_id(moment)


def test_a_stray_paper_makes_no_month(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.scope import Scope
    from web import figures

    months = {"2014-10": 40, "2014-11": 38, "2014-12": 22, "2015-04": 12}
    monkeypatch.setattr(figures, "counted", lambda *_: months)
    assert figures.latest_month(Scope("county")) == "2014-12"
    months.clear()
    assert figures.latest_month(Scope("county")) == ""


@pytest.mark.parametrize(
    ("months", "chosen"),
    [
        ({"2014-10": 3, "2015-04": 1}, "2014-10"),
        ({"2014-10": 40, "2015-06": 1}, "2014-10"),
        ({"2015-04": 30, "2015-05": 28, "2015-06": 1}, "2015-06"),
        ({"2015-05": 30, "2015-09": 9}, "2015-05"),
        ({"2014-10": 1, "2014-12": 1}, "2014-12"),
    ],
)
def test_one_misdated_paper_does_not_turn_the_front_page(
    county: County, monkeypatch: pytest.MonkeyPatch, months: dict[str, int], chosen: str
) -> None:
    """Seen in June 2015: the first paper of June counts only where the months before have many."""
    from archive.scope import Scope
    from web import figures

    monkeypatch.setattr(figures, "counted", lambda *_: months)
    monkeypatch.setattr(figures.timezone, "localdate", lambda: date(2015, 6, 20))
    assert figures.latest_month(Scope("county")) == chosen
