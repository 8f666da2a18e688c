"""What a new form begins with: out of the register, the calendar and what was filed before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from indexer.reading import Block, OutlineItem, Reading

if TYPE_CHECKING:
    from archive.house import House
    from archive.models import Record

SCHOOL = "孙镇初中"


def school_id(house: House, name: str = SCHOOL) -> str:
    unit = house.register.school_named(name)
    assert unit is not None
    return unit.id


def filed(
    house: House, kind: str, period: str, subjects: Sequence[str] = (), **values: Any
) -> Record:
    """A record of 孙镇初中 (or `school`) about a period by its name, in time unless `received`."""
    from archive.models import Record, Version
    from archive.named_period import named_period

    about = named_period(house.register.calendar, period)
    reading = values.pop("reading", None)
    school = school_id(house, values.pop("school", SCHOOL))
    received = values.pop("received", datetime(about.end.year, about.end.month, 20, tzinfo=UTC))
    record = Record.objects.create(
        status="filed", kind=kind, unit_id=school, school_id=school, subjects=list(subjects),
        period_type=about.type, period_start=about.start, period_end=about.end,
        period_label=about.label, received=received, **values,
    )  # fmt: skip
    if reading:
        sha256 = f"{record.id:0>64}"
        house.readings.save(sha256, reading)
        Version.objects.create(
            record=record, n=1, name="a", logical="a", sha256=sha256, size=1,
            format=reading.format, reading="complete", received=received,
        )  # fmt: skip
    return record


def values(
    house: House, form: str, period: str, subject: str = "", school: str = SCHOOL
) -> dict[str, Any]:
    """What one copy of a form would bear."""
    from archive.batch import issues
    from archive.prefill import Facts
    from archive.press import form_named

    paper = form_named(house, form)
    schools = [school_id(house, school)]
    batch = issues(house.register, paper, period, schools, [subject] if subject else None)
    return Facts(house, house.register, batch).values(batch[0])


def of_source(house: House, source: str, kind: str, period: str, subject: str = "") -> Any:
    """What one source gives for a form of a kind, which need not have a template."""
    from archive.batch import issues
    from archive.forms import Paper
    from archive.prefill import Facts

    paper = Paper(house.kinds[kind], house.kinds[kind].papers[0], Path())
    batch = issues(
        house.register, paper, period, [school_id(house)], [subject] if subject else None
    )
    return Facts(house, house.register, batch)._of(source, batch[0])


def test_every_source_that_our_kinds_name_is_known(house: House) -> None:
    from archive.prefill import known_source

    unknown = []
    for kind in house.kinds.values():
        texts = kind.papers
        fields = [*kind.fields, *(f for text in texts for f in text.fields)]
        rows = [*(s.rows for s in kind.sections if s.rows), *(r for t in texts for r in t.rows)]
        named = [("field", f.source) for f in fields] + [("rows", r.source) for r in rows]
        named += [("section", s.source) for s in kind.sections]
        unknown += [(kind.id, where, s) for where, s in named if s and not known_source(s, where)]
    assert not unknown


def test_every_source_is_told_to_the_county(house: House) -> None:
    from archive.prefill import LISTS, SINGLES, TEXTS

    told = (Path(__file__).resolve().parents[2] / "docs" / "KINDS.md").read_text("utf-8")
    assert not [name for name in (*SINGLES, *TEXTS, *LISTS) if f"`{name}`" not in told]


def test_the_months_activities_are_those_of_the_school_and_subject(house: House) -> None:
    filed(house, "prep_record", "2014-10", ["语文"], title="《故乡》备课", date="2014-10-09",
          author="张晓燕")  # fmt: skip
    filed(house, "observe_record", "2014-10", ["数学"], title="听课", date="2014-10-10")
    filed(house, "observe_record", "2014-09", ["语文"], title="九月听课", date="2014-09-10")
    filed(house, "prep_record", "2014-10", ["语文"], title="别校", date="2014-10-09",
          school="椿林初中")  # fmt: skip
    (row,) = values(house, "stage_report", "2014-10", "语文")["活动"]
    assert (row["时间"], row["形式"], row["主题"], row["主讲人"]) == (
        "10月9日", "集体备课", "《故乡》备课", "张晓燕",
    )  # fmt: skip


def plan(words: str) -> Reading:
    blocks = (Block("heading", "四、目标与任务", level=1), Block("paragraph", words))
    outline = (OutlineItem(1, "四、目标与任务", 0, "第 1 段", words),)
    return Reading("docx", "complete", blocks, outline)


def test_last_terms_targets_are_taken_over_and_say_so(house: House) -> None:
    from archive.contents import is_blank

    filed(house, "school_plan", "2014-2015-1", reading=plan("每位教师上一节研究课。"))
    line = values(house, "school_plan", "2014-2015-2")["目标与任务"]
    assert line == "〔上学期目标与任务（供参考）：每位教师上一节研究课。〕"
    assert is_blank(line)
    assert is_blank("\n".join(line))  # however a print breaks it
    assert not is_blank(f"{line}\n本学期每人两节。")
    assert "目标与任务" not in values(house, "school_plan", "2015-2016-1")


def test_what_last_months_papers_lack_is_named_in_the_new_report(house: House) -> None:
    filed(house, "stage_report", "2014-09", ["语文"], complete=False, missing=["存在问题"],
          received=datetime(2014, 9, 29, tzinfo=UTC))  # fmt: skip
    filed(house, "stage_report", "2014-09", ["数学"],
          received=datetime(2014, 11, 20, tzinfo=UTC))  # fmt: skip
    filed(house, "stage_report", "2014-09", ["英语"],
          received=datetime(2014, 9, 29, tzinfo=UTC))  # fmt: skip
    about = {s: values(house, "stage_report", "2014-10", s).get("存在问题", "")
             for s in ("语文", "数学", "英语", "物理")}  # fmt: skip
    assert about["语文"] == "〔上月待改（供参考）：2014年9月阶段报告缺“存在问题”〕"
    assert about["数学"] == "〔上月待改（供参考）：2014年9月阶段报告迟报〕"
    assert about["英语"] == ""
    assert about["物理"] == "〔上月待改（供参考）：2014年9月阶段报告缺报〕"


def test_scores_come_from_the_workbook_of_the_test(house: House) -> None:
    cells = (("班级", "人数", "平均分", "及格率"), ("七1班", "46", "78.5", "80%"))
    table = Reading("xlsx", "complete", (Block("table", "", rows=cells, sheet="语文"),))
    filed(house, "qa_report", "2014-11", ["语文"], test="期中", grade="七年级", reading=table)
    midterm = values(house, "qa_report", "2014-2015-1-期中", "语文")
    assert midterm["成绩"][0]["平均分"] == "78.5"
    assert midterm["年级"] == "七年级"
    assert midterm["日期"] == "2014年11月12日"
    assert "期中" in midterm["考试名称"]
    assert "成绩" not in values(house, "qa_report", "2014-2015-1-期末", "语文")
    assert "成绩" not in values(house, "qa_report", "2014-2015-1-期中", "数学")


def test_an_evaluation_reckons_what_the_archive_can_and_leaves_the_rest(house: House) -> None:
    for month in ("2014-09", "2014-10"):
        for subject in house.register.subjects_due(school_id(house)):
            filed(house, "stage_report", month, [subject])
    filed(house, "school_impl", "2014-2015")
    filed(house, "school_long_plan", "2014-2015")
    filed(house, "qa_meeting", "2014-11", test="期中")
    with patch("django.utils.timezone.localdate", return_value=date(2015, 2, 10)):
        rows = of_source(house, "evaluation.items", "eval_form", "2014-2015")
        notes = of_source(house, "evaluation.notes", "eval_form", "2014-2015")
    assert len(rows) == 22
    assert sum(int(row["权重"]) for row in rows) == 100
    marks = {int(row["序号"]): row["实评分"] for row in rows if row["实评分"]}
    # 2 of 5 months in time; long plan there; 1 of 2 papers; no 送教 in 5 months; 1 of 2 tests.
    assert marks == {6: "2", 7: "2", 12: "4", 15: "0", 16: "2.5"}
    assert "第12项按时2／5个月" in notes


def test_a_reminder_lists_what_the_school_owes_by_today(house: House) -> None:
    filed(house, "stage_report", "2014-10", ["语文"], received=datetime(2014, 10, 30, tzinfo=UTC))
    filed(house, "stage_report", "2014-10", ["数学"], complete=False, missing=["取得成效"])
    rows = of_source(house, "owed", "stage_report", "2014-10", "数学")
    assert [(r["文种"], r["学科"], r["时段"], r["应报日期"], r["状态"]) for r in rows] == [
        ("学科校本研修工作阶段报告", "数学", "2014年10月", "2014年10月31日",
         "不全（缺“取得成效”）"),
    ]  # fmt: skip
    every = of_source(house, "owed", "month_pack", "2014-10")
    subjects = {r["学科"] for r in every}
    assert "语文" not in subjects
    assert {"", "数学", "英语"} <= subjects  # 送教 is not by subject


def test_only_schools_that_owe_something_are_sent_a_reminder(house: House) -> None:
    from archive.press import copies

    schools = [school_id(house), school_id(house, "椿林初中")]
    for kind, subjects in (("stage_report", house.register.subjects_due(schools[1])),
                           ("send_teach", ("",))):  # fmt: skip
        for subject in subjects:
            filed(house, kind, "2014-10", [subject] if subject else [], school="椿林初中")
    (copy,) = copies(house, "notice.reminder", "2014-10", schools=schools)
    assert copy.row["values"]["学校"] == "蒲城县孙镇初级中学"
    assert copy.row["values"]["单位"] == "蒲城县教研室"
    assert len(copy.row["values"]["欠交"]) == 10


def test_only_the_offices_own_papers_bear_the_day_and_that_of_their_first_issue(
    house: House,
) -> None:
    from archive.batch import issues
    from archive.forms import Paper
    from archive.journal import note_issued
    from archive.prefill import Facts

    assert of_source(house, "today", "activity_record", "2014-10", "语文") == ""
    kind = house.kinds["notice"]
    batch = issues(house.register, Paper(kind, kind.papers[0], Path()), "2014-10")
    with patch("django.utils.timezone.localdate", return_value=date(2014, 11, 3)):
        assert Facts(house, house.register, batch)._of("today", batch[0]) == "2014年11月3日"
    row = {"number": batch[0].stamp.form_no, "unit": "u", "subject": "", "mode": "prefilled",
           "sha256": "1" * 64}  # fmt: skip
    with patch("archive.paper.now", return_value="2014-11-03T02:00:00.000+00:00"):
        note_issued(house, "notice", "2014-10", [row], actor="")  # type: ignore[list-item]
    assert Facts(house, house.register, batch)._of("today", batch[0]) == "2014年11月3日"


def test_a_batch_asks_the_catalogue_no_oftener_than_a_single_form(house: House) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from archive.press import make

    def queries(subjects: list[str] | None, schools: list[str] | None) -> int:
        with CaptureQueriesContext(connection) as asked:
            list(make(house, "stage_report", "2014-10", schools=schools, subjects=subjects))
        return len([q for q in asked.captured_queries if q["sql"].startswith("SELECT")])

    one = queries(["语文"], [school_id(house)])
    assert queries(None, None) <= one + 2  # 342 numbers are looked up in two rounds
