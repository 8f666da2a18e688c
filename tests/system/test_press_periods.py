"""Which forms a batch consists of: the kind's own periods, and no form nobody owes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from archive.house import House


def names(
    house: House, kind: str, period: str, subjects: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """(subject, period) of the forms for one school, by their names."""
    from archive.press import make

    school = house.register.school_named("孙镇初中")
    assert school is not None
    made = make(house, kind, period, schools=[school.id], subjects=subjects)
    parts = [name.removesuffix(".docx").split("-") for name, _ in made]
    return [(p[3] if len(p[3]) == 2 else "", "-".join(p[3 + (len(p[3]) == 2) :])) for p in parts]


def test_a_monthly_paper_asked_for_a_term_is_one_a_month(house: House) -> None:
    made = names(house, "stage_report", "2014-2015-1", ["语文"])
    months = ["2014-09", "2014-10", "2014-11", "2014-12", "2015-01"]
    assert made == [("语文", month) for month in months]


def test_a_plan_asked_for_a_month_is_that_of_its_term(house: House) -> None:
    assert names(house, "school_plan", "2015-05") == [("", "2014-2015-2")]


def test_a_plan_asked_for_a_year_is_one_a_term(house: House) -> None:
    made = names(house, "school_plan", "2014-2015")
    assert made == [("", "2014-2015-1"), ("", "2014-2015-2")]


@pytest.mark.parametrize(
    ("kind", "period", "subjects", "code"),
    [
        ("stage_report", "2015-02", None, "no_forms"),
        ("qa_report", "2014-10", None, "no_forms"),
        ("stage_report", "2014-10", ["美术"], "no_forms"),
        ("stage_report", "2014-10", ["火星"], "subject_unknown"),
        ("stage_report", "十月", None, "period_unknown"),
        ("没有的", "2014-10", None, "kind_unknown"),
    ],
)
def test_forms_that_nobody_owes_are_refused_at_once(
    house: House, kind: str, period: str, subjects: Sequence[str] | None, code: str
) -> None:
    from archive.press import make

    with pytest.raises(ArchiveError) as caught:
        make(house, kind, period, subjects=subjects)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_subject_that_no_school_reports_is_told_as_that(house: House) -> None:
    """Another month would not help."""
    from archive.press import make

    with pytest.raises(ArchiveError) as caught:
        make(house, "stage_report", "2014-10", subjects=["体育"])
    assert "体育" in caught.value.message
    assert "月份" not in caught.value.remedy
    assert "语文" in caught.value.remedy
    with pytest.raises(ArchiveError) as caught:
        make(house, "stage_report", "2015-02", subjects=["语文"])
    assert "放假" in caught.value.remedy


def test_every_form_of_a_batch_is_kept_under_its_own_period(house: House) -> None:
    from archive.models import IssuedForm

    names(house, "stage_report", "2014-2015-1", ["语文"])
    issued = [row["label"] for row in IssuedForm.objects.values_list("period", flat=True)]
    assert sorted(issued) == ["2014-09", "2014-10", "2014-11", "2014-12", "2015-01"]


def test_the_columns_of_a_long_matrix_can_be_told_apart(house: House) -> None:
    from archive.matrix import matrix
    from yanxiu.cli.reporting import column_heads

    for period in ("2014-10", "2014-2015-1", "2014-2015"):
        heads = column_heads(house, matrix(house, period))
        assert len(set(heads)) == len(heads)
        assert all(heads)
    heads = column_heads(house, matrix(house, "2014-10", "stage_report"))
    assert heads[:3] == ["语文", "数学", "英语"]
    assert "语文·9月" in column_heads(house, matrix(house, "2014-2015-1", "stage_report"))
