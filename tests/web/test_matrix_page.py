"""The matrix as a page: states, sums, links, and its speed."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def test_a_paper_that_came_leads_to_it(county: County, office: Client) -> None:
    page = office.get("/matrix?period=2014-10&kind=stage_report").content.decode()
    assert f'href="/documents/{county.mine}">● 迟报' in page
    assert f'href="/documents/{county.others}">▲ 不全' in page


def test_a_paper_that_did_not_come_leads_to_its_form(county: County, office: Client) -> None:
    page = office.get("/matrix?period=2014-10&kind=stage_report").content.decode()
    form = f"/forms/stage_report/prefilled?period=2014-10&amp;school={county.east}&amp;subject="
    assert form in page


def test_incomplete_papers_are_counted_apart_from_those_handed_in(
    county: County, office: Client
) -> None:
    page = office.get("/matrix?period=2014-10&kind=stage_report").content.decode()
    assert 'title="已交 1 份，其中 1 份不全">▲1</span> / 3' in page
    assert "<td>1 / 3</td>" in page


def test_columns_without_papers_can_be_left_out(county: County, office: Client) -> None:
    whole = office.get("/matrix?period=2014-2015&columns=all").content.decode()
    short = office.get("/matrix?period=2014-2015&columns=filled").content.decode()
    due = re.search(r"应报 <strong>[\d,]+</strong> 项", whole)
    assert due
    assert due[0] in short
    assert "columns=filled" in whole
    hidden = re.search(r"没有材料的 (\d+) 栏没有列出", short)
    assert hidden
    assert whole.count('scope="col">') - short.count('scope="col">') == int(hidden[1])
    assert f'href="/documents/{county.mine}"' in short
    assert len(short) * 4 < len(whole)


def test_a_year_shows_at_first_the_columns_with_papers(county: County, office: Client) -> None:
    from web.views.matrix import MANY, only_filled

    assert only_filled("", MANY + 1)
    assert not only_filled("", MANY)
    assert not only_filled("all", MANY + 1)
    assert only_filled("filled", 1)


def test_units_stand_with_their_cluster_where_there_are_several(
    county: County, office: Client
) -> None:
    first = county.house.register.clusters()[0]
    page = office.get("/matrix?period=2014-10&kind=stage_report").content.decode()
    assert f'<td class="cluster">{first.name}</td>' in page
    one = office.get(f"/matrix?period=2014-10&kind=stage_report&cluster={first.id}")
    assert 'class="cluster"' not in one.content.decode()


def test_what_is_no_filter_is_told(county: County, office: Client) -> None:
    page = office.get("/matrix?period=2014-13&kind=foo&cluster=x&state=y").content.decode()
    for said in ("「2014-13」这个时段", "「foo」这个文种", "「x」这个片区", "「y」这个状态"):
        assert f"没有{said}，没有按它筛选" in page


def test_sums_count_all_and_a_state_hides_the_other_lines(county: County, office: Client) -> None:
    page = office.get("/matrix?period=2014-10&kind=stage_report").content.decode()
    assert "应报 <strong>18</strong> 项" in page
    late = office.get("/matrix?period=2014-10&kind=stage_report&state=late").content.decode()
    assert "应报 <strong>18</strong> 项" in late
    assert ">东河初中</a></th>" in late
    assert ">西坡初中</a></th>" not in late


def test_a_cluster_s_matrix_counts_its_own_schools(county: County, office: Client) -> None:
    first = county.house.register.clusters()[0]
    page = office.get(f"/matrix?period=2014-10&kind=stage_report&cluster={first.id}")
    assert "应报 <strong>9</strong> 项" in page.content.decode()


def test_the_sheet_has_what_the_page_has(county: County, school: Client) -> None:
    from openpyxl import load_workbook

    answer = school.get("/matrix.xlsx?period=2014-10&kind=stage_report")
    assert "%E6%8A%A5%E9%80%81%E4%B8%80%E8%A7%88.xlsx" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    names = [cell.value for cell in sheet["B"]]
    assert "东河初中" in names
    assert "南桥初中" not in names


@pytest.mark.parametrize("period", ["2014-13", "x", "2014-2016-1", "1-1", "9999-12"])
def test_odd_periods_are_answered(county: County, office: Client, period: str) -> None:
    assert office.get("/matrix", {"period": period}).status_code in (200, 400)


def test_a_month_without_due_papers_says_so(county: County, office: Client) -> None:
    page = office.get("/matrix?period=2014-08").content.decode()
    assert "2014年8月没有应报的材料" in page


def test_a_hundred_schools_by_twelve_columns_take_less_than_200_ms(
    county: County, office: Client
) -> None:
    from unittest.mock import patch

    from archive.due import Cell, Column, Counts, DueItem, Matrix
    from archive.periods import Period

    october = Period("month", date(2014, 10, 1), date(2014, 10, 31), "2014年10月")
    columns = tuple(Column("stage_report", f"学科{i}", october) for i in range(12))
    units = tuple(f"unit-{i}" for i in range(100))
    item = DueItem("stage_report", "", "", october, october.end, october.end)
    cells = {
        (unit, column): Cell(replace(item, unit_id=unit, subject=column.subject), "missing")
        for unit in units
        for column in columns
    }
    table = Matrix(october, units, columns, cells, Counts(missing=len(cells)))
    forms = patch("web.views.matrix.with_form", return_value={"stage_report"})
    with patch("archive.matrix.matrix", return_value=table), forms:
        times = []
        for _ in range(3):
            began = time.process_time()
            page = office.get("/matrix?period=2014-10").content.decode()
            times.append(time.process_time() - began)
    assert page.count("✕ 缺报</a>") == 1200
    assert min(times) < 0.2
