"""Review: the queue, its filters, and deciding one paper after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def test_like_reasons_count_together(county: County) -> None:
    from web.views.review import group

    assert group("与已归档的「甲」同属一项") == group("与已归档的「乙（一）」同属一项")
    assert group("时间不一致，请核对：标题“十月”；落款“9月”") == "时间不一致，请核对"
    assert group("文中日期 2027-01-01 还没有到，请核对") == "文中日期还没有到，请核对"


def test_the_queue_filters_by_reason_kind_and_school(
    county: County, office: Client, put: Callable[..., str]
) -> None:
    other = put("西坡初中", "看不准的总结", "丙。\n丁。", kind="summary", status="review",
                reasons=("学科没有把握",))  # fmt: skip
    for key, value in (("reason", "学科没有把握"), ("kind", "summary")):
        page = office.get("/review", {key: value}).content.decode()
        assert "看不准的总结" in page
        assert "质量分析&lt;b&gt;材料" not in page
    assert other in office.get("/review", {"id": other}).content.decode()


def test_confirming_files_the_paper_and_goes_on_to_the_next(
    county: County, office: Client, put: Callable[..., str]
) -> None:
    from archive.models import Record

    one = put("西坡初中", "第一份", "戊。\n己。", kind="summary", status="review")
    two = put("西坡初中", "第二份", "庚。\n辛。", kind="summary", status="review")
    answer = office.post(f"/review/{one}", {"next": two})
    assert answer["Location"] == f"/review?id={two}"
    assert Record.objects.get(id=one).status == "filed"
    page = office.get(answer["Location"]).content.decode()
    assert "已把《第一份》归为" in page
    assert "<h2>第二份</h2>" in page


def test_a_paper_without_kind_is_not_filed_as_it_is(county: County, office: Client) -> None:
    typed = {"title": "改好的题名", "author": "王老师", "reason": "看过原件"}
    answer = office.post(f"/review/{county.waiting}", typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="fault_kind">还没有选文种' in page
    assert "「更正」" not in page
    assert all(f'value="{value}"' in page for value in typed.values())


def test_a_wrong_month_is_told_at_its_field_and_nothing_typed_is_lost(
    county: County, office: Client
) -> None:
    from archive.models import Record

    sent = {"kind": "summary", "month": "2014-99", "author": "王老师"}
    page = office.post(f"/review/{county.waiting}", sent).content.decode()
    assert 'id="fault_month">' in page
    assert 'value="2014-99"' in page
    assert 'value="王老师"' in page
    assert '<option value="summary" selected>' in page
    assert Record.objects.get(id=county.waiting).status == "review"


def test_choosing_a_kind_files_it_as_that(
    county: County, office: Client, put: Callable[..., str]
) -> None:
    from archive.models import Record

    paper = put("西坡初中", "不知什么", "壬。\n癸。", kind=None, status="review")
    page = office.post(f"/review/{paper}", {"kind": "reflection"}, follow=True).content.decode()
    assert "更正了文种" in page
    done = Record.objects.get(id=paper)
    assert (done.kind, done.status) == ("reflection", "filed")


def test_what_another_clerk_decided_is_not_decided_again(county: County, office: Client) -> None:
    page = office.post(f"/review/{county.mine}", {"kind": "summary"}, follow=True).content.decode()
    assert "已经由别人处理过了" in page


def test_an_empty_queue_says_why(county: County, office: Client) -> None:
    from archive.models import Record

    Record.objects.filter(status="review").update(status="filed")
    assert "没有等待核对的材料" in office.get("/review").content.decode()
