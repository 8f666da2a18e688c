"""Returned forms are filed by their number, and go to a person where they say otherwise."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from returned_forms import KINDS, PAPERS, edited, printed, reading_of

from archive.filing import Clues
from archive.forms import compiled
from archive.judging import Judgement, judge
from archive.register import Register, Unit
from archive.returns import is_untouched, read_back, recognise
from archive.returns.identity import derived
from generator import Stamp
from indexer.reading import Reading
from yanxiu.demo import county


@pytest.fixture(scope="module")
def register() -> Register:
    return county()


@pytest.fixture(scope="module")
def school(register: Register) -> Unit:
    found = register.school_named("孙镇初中")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def stamp(school: Unit) -> Stamp:
    return Stamp.issue("stage_report", "1", school.id, "语文", "2014-10")


def judged(reading: Reading, register: Register, name: str = "新建文档.docx") -> Judgement:
    return judge(reading, Clues(name), KINDS, register)


def without_properties(data: bytes) -> bytes:
    """The copy as .doc or a retyped file has it: only the foot line still shows the number."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if not info.filename.startswith("docProps/"):
                new.writestr(info.filename, old.read(info))
    return out.getvalue()


def bare(reading: Reading, *codes: str, **metadata: str) -> Reading:
    """A picture of pages: nothing known of it but its codes."""
    return replace(
        reading, blocks=(), outline=(), fields={}, metadata=metadata, codes=codes, scanned=(1,),
        left_out=("第 1 页是图片，文字待识别",), status="partial",
    )  # fmt: skip


@pytest.mark.parametrize("strip", [False, True])
def test_a_returned_form_is_filed_as_issued_without_guessing(
    register: Register, school: Unit, stamp: Stamp, strip: bool
) -> None:
    data = printed("stage_report", stamp)
    filing = judged(reading_of(without_properties(data) if strip else data), register).filing
    assert (filing.status, filing.confidence, filing.reasons) == ("filed", 1.0, ())
    assert (filing.kind, filing.school, filing.subjects) == ("stage_report", school.id, ("语文",))
    assert (filing.month, filing.school_year, filing.term) == ("2014-10", "2014-2015", 1)
    for key in ("kind", "school", "subject", "period"):
        assert filing.evidence[key][0].words == f"表单编号 {stamp.form_no}"
        assert "页脚" in filing.evidence[key][0].place


def test_a_scan_is_filed_by_its_code_alone(register: Register, school: Unit, stamp: Stamp) -> None:
    reading = bare(reading_of(printed("stage_report")), stamp.form_no)
    filing = judged(reading, register, "IMG_2014.jpg").filing
    assert (filing.status, filing.school, filing.month) == ("filed", school.id, "2014-10")
    assert filing.evidence["school"][0].place == "二维码"


def test_fields_left_empty_do_not_matter(register: Register, stamp: Stamp) -> None:
    data = printed("stage_report", stamp, 学校="", 学科="", 报告时间="")
    assert judged(reading_of(data), register).filing.status == "filed"


@pytest.mark.parametrize(
    ("field", "value", "issued"),
    [
        ("学校", "荆姚初中", "孙镇"),
        ("学校", "孙镇小学", "孙镇"),
        ("学校", "某县没有的中学", "孙镇"),
        ("学科", "数学", "语文"),
        ("报告时间", "2014年11月", "2014年10月"),
        ("报告时间", "2014年12月3日", "2014年10月"),
    ],
)
def test_a_changed_value_goes_to_a_person_with_both_named(
    register: Register, stamp: Stamp, field: str, value: str, issued: str
) -> None:
    filing = judged(reading_of(printed("stage_report", stamp, **{field: value})), register).filing
    assert filing.status == "review"
    assert value in "".join(filing.reasons)
    assert issued in "".join(filing.reasons)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("学校", "蒲城县孙镇初级中学"),
        ("学校", "孙镇中学"),
        ("学科", "语文组"),
        ("学科", "初中语文"),
        ("报告时间", "2014年10月31日"),
        ("报告时间", "2014.10"),
        ("报告时间", "2014年11月2日"),
        ("报告时间", "10月底"),
    ],
)
def test_another_way_to_say_the_same_is_no_disagreement(
    register: Register, stamp: Stamp, field: str, value: str
) -> None:
    filing = judged(reading_of(printed("stage_report", stamp, **{field: value})), register).filing
    assert (filing.status, filing.reasons) == ("filed", ())


@pytest.mark.parametrize(
    ("office", "status"),
    [("蒲城县教育局教研室", "filed"), ("蒲城县教研室", "filed"), ("富平县教研室", "review"),
     ("蒲城县孙镇初级中学", "review")],
)  # fmt: skip
def test_the_county_s_own_paper_is_written_by_one_of_its_offices(
    register: Register, office: str, status: str
) -> None:
    stamp = Stamp.issue("county_year_plan", "1", register.county.id, "", "2014")
    reading = reading_of(printed("county_year_plan", stamp, 单位=office))
    assert judged(reading, register).filing.status == status


def test_two_numbers_in_one_file_go_to_a_person_with_both_named(
    register: Register, school: Unit, stamp: Stamp
) -> None:
    other = Stamp.issue("stage_report", "1", school.id, "语文", "2014-11")
    pasted = f"表单编号：{other.form_no}"
    filing = judged(reading_of(printed("stage_report", stamp, 附件清单=pasted)), register).filing
    assert filing.status == "review"
    assert stamp.form_no in filing.reasons[-1]
    assert other.form_no in filing.reasons[-1]
    several = bare(reading_of(printed("stage_report")), stamp.form_no, other.form_no)
    assert judged(several, register).filing.status == "review"


def test_a_number_with_wrong_check_characters_is_never_believed(
    register: Register, stamp: Stamp
) -> None:
    wrong = stamp.form_no[:-2] + ("00" if not stamp.form_no.endswith("00") else "11")
    reading = bare(reading_of(printed("stage_report")), wrong, identifier=wrong)
    assert recognise(reading, list(PAPERS.values()), register) is None
    assert judged(reading, register).filing.kind is None


def test_a_property_that_contradicts_itself_is_not_believed(
    register: Register, stamp: Stamp
) -> None:
    forged = f'["{stamp.form_no}","stage_report","1","another-unit","语文","2014-10"]'
    reading = bare(reading_of(printed("stage_report")), **{"custom:yanxiu-form": forged})
    assert recognise(reading, list(PAPERS.values()), register) is None


def test_a_number_of_no_known_unit_goes_to_a_person(register: Register) -> None:
    unknown = Stamp.issue("stage_report", "1", "no-such-unit", "语文", "2014-10")
    filing = judged(reading_of(printed("stage_report", unknown)), register).filing
    assert filing.status == "review"
    assert unknown.form_no in "".join(filing.reasons)


@pytest.mark.parametrize("level", ["cluster", "teacher", "county", "school"])
def test_the_number_alone_finds_any_unit(register: Register, school: Unit, level: str) -> None:
    teacher = Unit("t-1", "teacher", "王钤", parent=school.id, subjects=("语文",))
    wider = replace(register, units={**register.units, teacher.id: teacher})
    unit = {
        "cluster": register.clusters()[0], "teacher": teacher, "county": register.county,
        "school": school,
    }[level]  # fmt: skip
    for subject, period in (("", "2014-2015-1"), ("语文", "2014-2015"), ("语文", "")):
        issued = Stamp.issue("school_plan", "1", unit.id, subject, period)
        assert derived(issued.form_no, tuple(PAPERS.values()), wider) == issued


def test_a_cluster_s_form_covers_its_members(register: Register) -> None:
    cluster = register.clusters()[0]
    stamp = Stamp.issue("school_plan", "1", cluster.id, "", "2014-2015-1")
    data = printed("school_plan", stamp, 学校=cluster.name)
    filing = judged(reading_of(data), register).filing
    assert (filing.unit, filing.status) == (cluster.id, "filed")
    assert filing.covers == tuple(member.id for member in register.members(cluster.id))


def test_a_teacher_s_form_names_its_author(register: Register, school: Unit) -> None:
    teacher = Unit("t-1", "teacher", "王钤", parent=school.id, subjects=("语文",))
    wider = replace(register, units={**register.units, teacher.id: teacher})
    stamp = Stamp.issue("qa_report", "1", teacher.id, "语文", "2014-2015-1")
    filing = judged(reading_of(printed("qa_report", stamp, 学科="语文")), wider).filing
    assert (filing.school, filing.author) == (school.id, "王钤")


def test_a_form_for_anybody_tells_only_its_kind(register: Register) -> None:
    stamp = Stamp.issue("stage_report", "1", "", "", "")
    filing = judged(reading_of(printed("stage_report", stamp)), register).filing
    assert filing.evidence["kind"][0].place.startswith("文档属性")
    assert filing.evidence["school"][0].place == "栏目“学校”"
    assert filing.status == "filed"


def test_a_title_that_names_another_school_is_seen(register: Register, stamp: Stamp) -> None:
    def edit(document: object) -> None:
        title = document.paragraphs[0]  # type: ignore[attr-defined]
        title.runs[0].text = "荆姚初中校本研修工作阶段报告"

    data = edited(printed("stage_report", stamp, 学校=""), edit)
    filing = judged(reading_of(data), register).filing
    assert filing.status == "review"
    assert "荆姚初中" in "".join(filing.reasons)


# --- untouched ------------------------------------------------------------------------------

#: What the house prints before anyone writes.
KNOWN = {"县名": "蒲城县", "学校": "孙镇初中", "学科": "语文", "报告时间": "2014年10月",
         "填报人": "张晓燕"}  # fmt: skip


def test_an_untouched_form_stays_blank(register: Register, stamp: Stamp) -> None:
    form = compiled(PAPERS["stage_report"])
    assert judged(reading_of(form.render(KNOWN, "prefilled", stamp)), register).blank
    assert judged(reading_of(form.render({}, "blank", stamp)), register).blank
    assert not judged(reading_of(printed("stage_report", stamp)), register).blank


def test_a_scan_without_recognised_words_may_be_written_by_hand(
    register: Register, stamp: Stamp
) -> None:
    data = compiled(PAPERS["stage_report"]).render(KNOWN, "prefilled", stamp)
    reading = reading_of(data)
    seen = replace(reading, metadata={**reading.metadata, "recognised": "rapid"})
    judgement = judged(seen, register)
    assert not judgement.blank
    assert judgement.filing.status == "review"
    assert "手写" in judgement.filing.reasons[-1]
    read = read_back(seen, PAPERS["stage_report"], stamp)
    assert [a.value for a in read.answers if a.name == "取得成效"] == [None]
    assert not any(answer.sure for answer in read.answers)


def test_rows_that_the_house_printed_are_not_the_school_s_work(stamp: Stamp) -> None:
    form, paper = compiled(PAPERS["stage_report"]), PAPERS["stage_report"]
    given = [{"时间": "10月9日", "形式": "集体备课", "主题": "《故乡》", "主讲人": "王钤"}]
    copies = [{"活动": [["10月9日", "集体备课", "《故乡》", "王钤", ""]]}]
    data = form.render({**KNOWN, "活动": given}, "prefilled", stamp)
    read = read_back(reading_of(data), paper, stamp)
    assert not is_untouched(read, paper)
    assert is_untouched(read, paper, copies)
    given[0]["人数"] = "12"
    more = form.render({**KNOWN, "活动": given}, "prefilled", stamp)
    assert not is_untouched(read_back(reading_of(more), paper, stamp), paper, copies)


def test_a_text_that_was_printed_and_then_changed_is_work(stamp: Stamp) -> None:
    form, paper = compiled(PAPERS["stage_report"]), PAPERS["stage_report"]
    copies = [{"下阶段安排": "听课四次。"}]
    same = form.render({**KNOWN, "下阶段安排": "听课四次。"}, "prefilled", stamp)
    assert is_untouched(read_back(reading_of(same), paper), paper, copies)
    changed = form.render({**KNOWN, "下阶段安排": "听课五次。"}, "prefilled", stamp)
    assert not is_untouched(read_back(reading_of(changed), paper), paper, copies)


def test_sections_of_a_form_are_judged_by_their_own_places(
    register: Register, stamp: Stamp
) -> None:
    data = printed("stage_report", stamp, 取得成效="", 存在问题="见附件。")
    findings = judged(reading_of(data), register).findings
    assert findings.empty == ["取得成效"]
    reminder = printed("stage_report", stamp, 取得成效="〔上月取得成效（供参考）：听课四次。〕")
    assert judged(reading_of(reminder), register).findings.empty == ["取得成效"]
