"""What is due from whom and when, and the matrix of what was handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.calendar import Calendar
from archive.due import Cell, Column, Exemption, Handed, Matrix, due_items, matrix
from archive.due_days import shift
from archive.kinds import Due, Kind
from archive.periods import Period
from archive.register import Register
from archive.register_import import build_register, load_register

COUNTY = load_register(Path(__file__).parents[2] / "yanxiu" / "demo" / "county.json")
CALENDAR = COUNTY.calendar
OCTOBER = CALENDAR.month("2014-10")
TERM = CALENDAR.term("2014-2015", 1)

REPORT = Kind(
    "stage_report", "阶段报告", period="month", due=Due("month_end", "0d", "3wd", ("subject",))
)
PLAN = Kind("school_plan", "学校计划", period="term", due=Due("term_start", "14d", "0d"))
GROUP_PLAN = Kind(
    "group_plan", "教研组计划", unit="group", period="term", due=Due("term_start", "14d")
)
CLUSTER_PLAN = Kind(
    "cluster_plan", "片区计划", unit="cluster", period="term", due=Due("term_start")
)
SUMMARY = Kind("summary", "总结", period="term", due=Due("term_end", "0d", "7d"))
MEETING = Kind("qa_meeting", "质检会", period="test", due=Due("test", "14d", "7d"))
EVALUATION = Kind("eval_form", "评估表", period="school_year", due=Due("school_year_end", "-7d"))
COUNTY_PLAN = Kind(
    "county_plan", "年度计划", unit="county", period="calendar_year", due=Due("calendar_year_end")
)


def school(name: str, register: Register = COUNTY) -> str:
    found = register.school_named(name)
    assert found is not None
    return found.id


SUN = school("孙镇初中")
IN_TIME = datetime(2014, 10, 30, 8, tzinfo=UTC)
LATE = datetime(2014, 11, 20, 8, tzinfo=UTC)
TODAY = date(2014, 12, 1)


def report(**more: object) -> Handed:
    values: dict[str, object] = {
        "record_id": "r1",
        "kind_id": "stage_report",
        "unit_id": SUN,
        "subjects": ("语文",),
        "period": OCTOBER,
        "received": IN_TIME,
    }
    return Handed(**(values | more))  # type: ignore[arg-type]


def october(*handed: Handed, today: date = TODAY, exempt: tuple[Exemption, ...] = ()) -> Matrix:
    return matrix([REPORT], COUNTY, OCTOBER, handed, today=today, exemptions=exempt)


def cell(table: Matrix, subject: str | None = "语文", unit: str = SUN) -> Cell:
    column = next(column for column in table.columns if column.subject == subject)
    found = table.cell(unit, column)
    assert found is not None
    return found


# -- what is due


def test_it_works() -> None:
    items = due_items([REPORT], COUNTY, OCTOBER)
    assert len(items) == 38 * 9
    first = items[0]
    assert (first.kind_id, first.subject, first.period) == ("stage_report", "语文", OCTOBER)
    assert COUNTY.unit(first.unit_id).name == "实验中学"
    assert (first.due, first.grace_until) == (date(2014, 10, 31), date(2014, 11, 5))


def test_a_term_asks_for_its_months_and_what_ends_in_it() -> None:
    kinds = [REPORT, PLAN, CLUSTER_PLAN, MEETING, EVALUATION, COUNTY_PLAN]
    items = due_items(kinds, COUNTY, TERM)
    counts = {kind.id: sum(item.kind_id == kind.id for item in items) for kind in kinds}
    assert counts == {
        "stage_report": 38 * 9 * 5,
        "school_plan": 38,
        "cluster_plan": 16,
        "qa_meeting": 38 * 2,
        "eval_form": 0,
        "county_plan": 1,
    }
    second = due_items([EVALUATION], COUNTY, CALENDAR.term("2014-2015", 2))
    assert {item.due for item in second} == {date(2015, 7, 3)}


def test_a_school_year_asks_for_both_terms_and_ten_months() -> None:
    items = due_items([PLAN, REPORT], COUNTY, CALENDAR.school_year("2014-2015"))
    assert len({item.period for item in items if item.kind_id == "stage_report"}) == 10
    assert [i.period.label for i in items if i.kind_id == "school_plan" and i.unit_id == SUN] == [
        *("2014-2015学年第一学期", "2014-2015学年第二学期")
    ]


def test_a_month_does_not_ask_for_papers_of_the_term() -> None:
    assert due_items([PLAN, SUMMARY], COUNTY, CALENDAR.month("2015-01")) == []
    assert due_items([REPORT], COUNTY, CALENDAR.month("2015-02")) == []


def test_days_count_from_the_teaching_days() -> None:
    plan, summary = (due_items([kind], COUNTY, TERM)[0] for kind in (PLAN, SUMMARY))
    assert plan.due == date(2014, 9, 15)
    assert (summary.due, summary.grace_until) == (date(2015, 1, 30), date(2015, 2, 6))


def test_what_is_never_due() -> None:
    kinds = [
        replace(REPORT, custody="school"),
        replace(REPORT, due=None),
        replace(REPORT, due=Due("event")),
        replace(REPORT, period="none"),
    ]
    assert due_items(kinds, COUNTY, TERM) == []


def test_a_test_is_due_once_with_its_name() -> None:
    items = due_items([MEETING], COUNTY, CALENDAR.month("2014-11"))
    assert {(item.test, item.due) for item in items} == {("期中", date(2014, 11, 26))}


def test_offsets() -> None:
    friday = date(2014, 10, 17)
    assert shift(friday, "3wd", CALENDAR) == date(2014, 10, 22)
    assert shift(friday, "-1wd", CALENDAR) == date(2014, 10, 16)
    assert shift(friday, "14d", Calendar()) == date(2014, 10, 31)
    for wrong in ("", "3", "3w", "d", "1.5d", "9999d"):
        with pytest.raises(ValueError):
            shift(friday, wrong, CALENDAR)


def test_an_unknown_anchor_is_an_error() -> None:
    with pytest.raises(ValueError, match="full_moon"):
        due_items([replace(REPORT, due=Due("full_moon"))], COUNTY, OCTOBER)


# -- the states


def test_each_state_has_its_mark() -> None:
    exempt = (
        Exemption(SUN, "stage_report", "音乐"),
        Exemption(SUN, subject="生物", reason="无该年级"),
    )
    table = october(
        report(),
        report(record_id="r2", subjects=("数学",), received=LATE),
        report(record_id="r3", subjects=("英语",), complete=False),
        report(record_id="r4", subjects=("物理",), status="review"),
        exempt=exempt,
    )
    marks = {column.subject: cell(table, column.subject).mark for column in table.columns}
    assert marks == {
        "语文": "✓",
        "数学": "●",
        "英语": "▲",
        "物理": "？",
        "化学": "✕",
        "政治": "✕",
        "历史": "✕",
        "地理": "✕",
        "生物": "–",
    }
    assert cell(table, "生物").reason == "无该年级"
    assert cell(table, "物理").in_review == ("r4",)
    assert cell(table, "物理").records == ()


def test_before_the_grace_is_over_nothing_is_missing() -> None:
    assert cell(october(today=date(2014, 11, 5))).name == "未到期"
    assert cell(october(today=date(2014, 11, 6))).name == "缺报"


@pytest.mark.parametrize(
    ("received", "state"),
    [
        (datetime(2014, 11, 5, 15, 59, tzinfo=UTC), "on_time"),  # 23:59 in the county
        (datetime(2014, 11, 5, 16, 0, tzinfo=UTC), "late"),  # 00:00 of the next day
    ],
)
def test_in_time_is_reckoned_in_the_countys_zone(received: datetime, state: str) -> None:
    assert cell(october(report(received=received))).state == state


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        october(report(received=datetime(2014, 10, 30)))


def test_blank_forms_and_duplicates_answer_nothing() -> None:
    for status in ("blank", "duplicate", "quarantined"):
        assert cell(october(report(status=status))).state == "missing"


def test_one_complete_record_in_time_is_enough() -> None:
    table = october(
        report(record_id="a", complete=False),
        report(record_id="b"),
        report(record_id="c", received=LATE),
    )
    assert cell(table).state == "on_time"
    assert cell(table).records == ("a", "b", "c")


def test_what_was_handed_in_counts_before_an_exemption() -> None:
    assert cell(october(report(), exempt=(Exemption(SUN),))).state == "on_time"


def test_an_exemption_of_a_cluster_frees_its_schools_for_its_period_only() -> None:
    cluster = COUNTY.cluster_of(SUN)
    assert cluster is not None
    freed = (Exemption(cluster.id, period=CALENDAR.months(2014, 9, 10)),)
    assert cell(october(exempt=freed)).state == "exempt"
    assert cell(october(exempt=freed), unit=school("椿林初中")).state == "exempt"
    assert cell(october(exempt=freed), unit=school("兴镇初中")).state == "missing"
    later = (Exemption(SUN, period=CALENDAR.month("2014-11")),)
    assert cell(october(exempt=later)).state == "missing"


# -- what answers what


def test_a_wider_period_answers_all_that_it_holds() -> None:
    for period in (CALENDAR.months(2014, 9, 10), TERM, CALENDAR.school_year("2014-2015")):
        assert cell(october(report(period=period))).state == "on_time"
    for period in (CALENDAR.month("2014-11"), CALENDAR.term("2014-2015", 2), None):
        assert cell(october(report(period=period))).state == "missing"


def plan_of(period: Period) -> str:
    handed = [report(kind_id="school_plan", subjects=(), period=period)]
    return cell(matrix([PLAN], COUNTY, TERM, handed, today=TODAY), None).state


def test_a_plan_dated_with_its_month_answers_for_the_term() -> None:
    assert plan_of(CALENDAR.month("2014-09")) == "late"  # received in October
    assert plan_of(CALENDAR.month("2015-03")) == "missing"


def test_a_group_of_two_subjects_answers_for_both() -> None:
    group = next(g for g in COUNTY.groups(SUN) if g.name == "理化组")
    for subjects in (("物理", "化学"), ()):
        table = october(report(unit_id=group.id, subjects=subjects))
        states = [cell(table, subject).state for subject in ("物理", "化学", "语文")]
        assert states == ["on_time", "on_time", "missing"]


def test_group_plans_are_due_by_subject() -> None:
    handed = [report(kind_id="group_plan", subjects=("物理", "化学"), period=TERM)]
    table = matrix([GROUP_PLAN], COUNTY, TERM, handed, today=TODAY)
    assert len(table.cells) == 38 * 9
    assert cell(table, "物理").records == cell(table, "化学").records == ("r1",)


def test_a_clusters_paper_answers_for_the_schools_that_it_covers() -> None:
    cluster = COUNTY.cluster_of(SUN)
    assert cluster is not None
    table = october(report(unit_id=cluster.id, covers=(SUN,)))
    assert cell(table).state == "on_time"
    assert cell(table, unit=school("椿林初中")).state == "missing"


def test_a_school_does_not_answer_for_its_cluster() -> None:
    centre = report(kind_id="cluster_plan", subjects=(), period=TERM)
    table = matrix([CLUSTER_PLAN], COUNTY, TERM, [centre], today=TODAY)
    assert {found.state for found in table.cells.values()} == {"missing"}


@pytest.mark.parametrize(
    ("period", "test", "answered"),
    [
        (TERM, "期中", ["期中"]),
        (CALENDAR.month("2014-12"), "期中", ["期中"]),
        (CALENDAR.month("2014-11"), "", ["期中"]),
        (CALENDAR.test(CALENDAR.tests[1]), "", ["期末"]),
        (TERM, "", []),
        (CALENDAR.term("2014-2015", 2), "期中", []),
    ],
)
def test_papers_about_a_test(period: Period, test: str, answered: list[str]) -> None:
    paper = report(kind_id="qa_meeting", subjects=(), period=period, test=test)
    table = matrix([MEETING], COUNTY, TERM, [paper], today=date(2015, 6, 1))
    found = [table.cell(SUN, column) for column in table.columns]
    assert [item.item.test for item in found if item and item.records] == answered


# -- totals


def test_totals_add_up_by_school_cluster_and_kind() -> None:
    table = october(report(), report(record_id="r2", subjects=("数学",), received=LATE))
    assert (table.total.due, table.total.handed, table.total.missing) == (342, 2, 340)
    for sums in (table.by_unit, table.by_cluster, table.by_kind):
        assert sum(counts.due for counts in sums.values()) == 342
        assert sum(counts.on_time for counts in sums.values()) == 1
    assert table.by_unit[SUN].on_time_rate == pytest.approx(1 / 9)
    cluster = COUNTY.cluster_of(SUN)
    assert cluster is not None
    assert table.by_cluster[cluster.id].due == 18
    assert len(table.rows) == 38


def test_a_rate_needs_something_that_has_fallen_due() -> None:
    table = october(today=date(2014, 10, 1))
    assert table.total.on_time_rate is None
    assert table.total.not_yet == 342


def test_sums_go_by_the_cluster_of_the_period() -> None:
    first = {
        "county": "青川县",
        "valid_from": "2014",
        "subjects": ["语文"],
        "clusters": [{"centre": "东河初中", "members": ["西山初中"]}, {"centre": "南坪初中"}],
    }
    moved = {
        **first,
        "valid_from": "2015-01-01",
        "clusters": [{"centre": "东河初中"}, {"centre": "南坪初中", "members": ["西山初中"]}],
    }
    register = build_register(moved, build_register(first))
    for month, size in (("2014-12", 1), ("2015-01", 2)):
        table = matrix([REPORT], register, register.calendar.month(month), [], today=TODAY)
        cluster = register.cluster_of(school("南坪初中", register))
        assert cluster is not None
        assert table.by_cluster[cluster.id].due == size


def test_columns_are_kind_subject_and_period() -> None:
    table = october()
    assert table.columns[0] == Column("stage_report", "语文", OCTOBER)
    assert table.cell("nobody", table.columns[0]) is None


def test_a_schools_paper_without_a_subject_answers_for_none() -> None:
    assert october(report(subjects=())).total.handed == 0


def test_a_month_does_not_ask_for_papers_of_the_year_that_ends_in_it() -> None:
    assert due_items([COUNTY_PLAN], COUNTY, CALENDAR.month("2014-12")) == []


def test_a_paper_of_one_term_does_not_answer_for_the_year() -> None:
    year = CALENDAR.school_year("2014-2015")
    for period, state in ((TERM, "missing"), (year, "on_time")):
        paper = report(kind_id="eval_form", subjects=(), period=period)
        table = matrix([EVALUATION], COUNTY, year, [paper], today=date(2016, 1, 1))
        assert cell(table, None).state == state
