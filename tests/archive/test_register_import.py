"""Importing a register: every fault at once, warnings, importing again, JSON, TOML and XLSX."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from archive.register import Register
from archive.register_import import RegisterError, build_register, changes, load_register


def county(**more: object) -> dict[str, object]:
    return {
        "county": "青川县",
        "valid_from": "2014",
        "clusters": [
            {"no": 1, "centre": "东河初中", "members": ["西山初中"]},
            {"no": 2, "centre": "南坪初中", "members": []},
        ],
        "subjects": ["语文"],
        **more,
    }


def faults_of(data: dict[str, object]) -> list[str]:
    with pytest.raises(RegisterError) as caught:
        build_register(data)
    assert caught.value.code == "register"
    return [str(fault) for fault in caught.value.faults]


def names(register: Register) -> dict[str, str]:
    return {school.name: school.id for school in register.schools()}


def test_every_fault_is_reported_at_once() -> None:
    faults = faults_of(
        county(
            schools=["西山初中"],
            official_names={"东河初中": "青川县一中", "南坪初中": "青川县一中"},
            aliases={"北寨初中": ["北中"]},
            teachers=[{"name": "李萌", "school": "东河中学"}, {"school": "东河初中"}],
            terms=[{"school_year": "2014", "term": 3, "start": "九月", "end": "2015-01-30"}],
        )
    )
    assert faults == [
        "schools：学校“西山初中”已经列在 clusters 第 1 项",
        "official_names：“东河初中”和“南坪初中”的全称都是“青川县一中”",
        "aliases：没有“北寨初中”这所学校",
        "teachers 第 1 项：没有“东河中学”这所学校，最接近的是“东河初中”",
        "teachers 第 2 项：教师没有姓名（name）",
        "terms 第 1 项 school_year：“2014”不是学年，应当写成 2014-2015",
        "terms 第 1 项 term：学期应当是 1 或 2",
        "terms 第 1 项 start：“九月”不是日期，应当写成 2014-09-01",
    ]


def test_a_school_in_two_clusters() -> None:
    clusters = [
        {"no": 1, "centre": "东河初中", "members": ["西山初中"]},
        {"no": 1, "centre": "南坪初中", "members": ["西山初中"]},
    ]
    assert faults_of({"county": "青川县", "clusters": clusters}) == [
        "clusters 第 2 项：片区序号 1 重复",
        "clusters 第 2 项：学校“西山初中”已经列在 clusters 第 1 项",
    ]


def test_the_least_that_a_register_needs() -> None:
    assert faults_of({}) == [
        "county：缺少这一项",
        "clusters：片区（clusters）和学校（schools）至少要有一项",
    ]
    register = build_register({"county": "青川县", "schools": ["青川中学"]})
    assert register.schools()[0].official == "青川县青川中学"
    assert register.subjects_due(register.schools()[0].id) == ()


@pytest.mark.parametrize(
    "data",
    [
        {"county": 7.5, "schools": "甲"},
        {"county": "青川县", "clusters": {"centre": "甲"}},
        {"county": "青川县", "clusters": ["甲"], "schools": [["乙"]]},
        {"county": "青川县", "schools": ["甲校"], "teachers": [3], "aliases": []},
        {"county": "青川县", "schools": ["甲校"], "aliases": {"甲校": "乙"}},
        {"county": "青川县", "schools": ["甲校"], "groups": {"甲校": {"name": "组"}}},
        {"county": "青川县", "schools": ["甲校"], "terms": [{"holidays": ["2014-13-01"]}]},
        {"county": "青川县", "clusters": [{"members": ["甲"]}]},
    ],
)
def test_wrong_types_are_faults_not_crashes(data: dict[str, object]) -> None:
    assert faults_of(data)


def test_unknown_keys_are_left_out_with_the_nearest_known_one() -> None:
    register = build_register(
        county(clusterz=[], teachers=[{"name": "李萌", "school": "东河初中", "phone": "1"}])
    )
    assert register.warnings == (
        "键 clusterz 不认识，最接近的是 clusters；已略去",
        "teachers 第 1 项的键 phone 不认识；已略去",
    )


def test_terms_must_not_overlap_nor_leave_their_year() -> None:
    term = {"school_year": "2014-2015", "term": 1, "start": "2014-09-01", "end": "2015-01-30"}
    late = {**term, "term": 2, "start": "2015-01-20", "end": "2015-12-01"}
    assert faults_of(county(terms=[term, late])) == [
        "terms 第 2 项：日期不在 2014-2015 学年之内",
        "terms 第 2 项：与2014-2015 第一学期的日期重叠",
    ]


def test_holidays_may_be_ranges() -> None:
    term = {"school_year": "2014-2015", "term": 1, "start": "2014-09-01", "end": "2015-01-30"}
    register = build_register(county(terms=[{**term, "holidays": ["2014-10-01~2014-10-03"]}]))
    assert len(register.calendar.terms[0].holidays) == 3
    assert faults_of(county(terms=[{**term, "holidays": ["2014-10-03~2014-10-01"]}]))


def test_a_department_of_a_department_is_a_fault() -> None:
    departments = {"东河初中": "西山初中", "西山初中": "东河中学"}
    assert faults_of(county(departments=departments)) == [
        "departments 东河初中：所属学校“西山初中”自己也是一个部"
    ]


# -- importing again


def test_importing_the_same_again_changes_nothing() -> None:
    first = build_register(county(teachers=[{"name": "李萌", "school": "东河初中"}]))
    again = build_register(county(teachers=[{"name": "李萌", "school": "东河初中"}]), first)
    assert again.to_json() == first.to_json()
    assert changes(first, again) == []


def test_a_renamed_school_keeps_its_id_by_its_official_name() -> None:
    first = build_register(county())
    renamed = county(
        clusters=[
            {"no": 1, "centre": "东河一中", "members": ["西山初中"]},
            {"no": 2, "centre": "南坪初中", "members": []},
        ],
        official_names={"东河一中": "青川县东河初级中学"},
    )
    second = build_register(renamed, first)
    assert names(second)["东河一中"] == names(first)["东河初中"]
    assert "学校改名：东河初中 → 东河一中" in changes(first, second)
    old_name = second.school_named("东河初中")
    assert old_name is not None
    assert old_name.name == "东河一中"


def test_a_former_official_name_is_still_understood() -> None:
    first = build_register(county(official_names={"东河初中": "青川县红星学校"}))
    second = build_register(county(), first)
    school = second.school_named("红星学校")
    assert school is not None
    assert (school.name, school.aliases) == ("东河初中", ("青川县红星学校",))


def test_a_school_that_moves_keeps_its_past() -> None:
    first = build_register(county())
    moved = county(
        valid_from="2015-08-01",
        clusters=[
            {"no": 1, "centre": "东河初中", "members": []},
            {"no": 2, "centre": "南坪初中", "members": ["西山初中", "新庄初中"]},
        ],
    )
    second = build_register(moved, first)
    school = names(first)["西山初中"]
    for day, name in ((date(2015, 7, 31), "东河初中"), (date(2015, 8, 1), "南坪初中")):
        cluster = second.cluster_of(school, day)
        assert cluster is not None
        assert cluster.name == f"{name}联片研修区"
    assert changes(first, second) == [
        "新增学校：新庄初中",
        "新增教研组：新庄初中语文教研组",
        "西山初中改属片区：东河初中联片研修区 → 南坪初中联片研修区",
        "新庄初中改属片区：无片区 → 南坪初中联片研修区",
    ]
    assert [s.name for s in second.schools(date(2014, 9, 1))] == [
        "东河初中",
        "南坪初中",
        "西山初中",
    ]


def test_a_school_that_is_gone_is_closed_and_can_still_be_asked_for() -> None:
    first = build_register(county(teachers=[{"name": "李萌", "school": "西山初中"}]))
    fewer = county(
        valid_from="2015-08-01", clusters=[{"no": 1, "centre": "东河初中", "members": []}]
    )
    second = build_register(fewer, first)
    gone = names(first)["西山初中"]
    assert [s.name for s in second.schools()] == ["东河初中"]
    assert second.unit(gone).valid_to == "2015-07-31"
    assert gone in {school.id for school in second.schools(date(2015, 7, 31))}
    assert "停用学校西山初中（至 2015-07-31）" in changes(first, second)
    assert second.teacher_named("李萌") is None


def test_a_correction_of_the_same_day_leaves_no_trace_in_the_clusters() -> None:
    first = build_register(county())
    fixed = county(clusters=[{"no": 1, "centre": "东河初中", "members": ["南坪初中", "西山初中"]}])
    second = build_register(fixed, first)
    cluster = second.cluster_of(names(first)["南坪初中"], date(2014, 6, 1))
    assert cluster is not None
    assert cluster.name == "东河初中联片研修区"
    assert len([m for m in second.memberships if m.school == names(first)["南坪初中"]]) == 1


def test_a_reopened_school_is_the_same_unit() -> None:
    first = build_register(county())
    closed = build_register(
        county(valid_from="2015", clusters=[{"no": 1, "centre": "东河初中", "members": []}]), first
    )
    again = build_register(county(valid_from="2016"), closed)
    assert names(again) == names(first)


# -- the three formats


def test_toml_says_the_same_as_json(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps(county(), ensure_ascii=False), "utf-8")
    (tmp_path / "r.toml").write_text(
        'county = "青川县"\nvalid_from = 2014\nsubjects = ["语文"]\n'
        '[[clusters]]\nno = 1\ncentre = "东河初中"\nmembers = ["西山初中"]\n'
        '[[clusters]]\nno = 2\ncentre = "南坪初中"\nmembers = []\n'
        '[[terms]]\nschool_year = "2014-2015"\nterm = 1\nstart = 2014-09-01\nend = 2015-01-30\n',
        "utf-8",
    )
    from_json, from_toml = load_register(tmp_path / "r.json"), load_register(tmp_path / "r.toml")
    assert list(names(from_json)) == list(names(from_toml))
    assert from_toml.calendar.terms[0].start == date(2014, 9, 1)


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_has_one_sheet_a_key(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "r.xlsx",
        {
            "county": [["青川县"]],
            "valid_from": [[2014]],
            "clusters": [
                ["no", "centre", "members"],
                [1, "东河初中", "西山初中、北寨初中"],
                [2, "南坪初中", None],
            ],
            "schools": [["schools"], ["青川中学"]],
            "aliases": [["学校", "别名"], ["东河初中", "东河学校；河东初中"]],
            "stages": [["青川中学", "高中"]],
            "subjects": [["语文、数学"]],
            "groups": [["school", "name", "subjects"], ["东河初中", "文综组", "语文、政治"]],
            "teachers": [
                ["name", "school", "subjects", "roles"],
                ["李萌", "东河初中", "语文", "教师、教研组长"],
            ],
            "terms": [
                ["school_year", "term", "start", "end", "holidays", "tests"],
                [
                    "2014-2015",
                    1,
                    date(2014, 9, 1),
                    "2015-01-30",
                    "2014-10-01~2014-10-07",
                    "期中 2014-11-12",
                ],
            ],
        },
    )
    register = load_register(path)
    assert register.warnings == ()
    assert list(names(register)) == ["东河初中", "西山初中", "北寨初中", "南坪初中", "青川中学"]
    school = register.school_named("河东初中")
    assert school is not None
    assert school.name == "东河初中"
    assert register.teachers(school.id)[0].roles == ("教师", "教研组长")
    assert [g.name for g in register.groups(school.id)] == ["文综组", "数学教研组"]
    term = register.calendar.terms[0]
    assert (term.start, len(term.holidays)) == (date(2014, 9, 1), 7)
    assert [(test.name, test.day) for test in term.tests] == [("期中", date(2014, 11, 12))]


def test_a_workbook_may_be_all_chinese(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "登记.xlsx",
        {
            "基本信息": [["县", "青川县"], ["启用日期", "2014"], ["默认学段", "初中"]],
            "片区": [["序号", "中心校", "成员校"], [1, "东河初中", "西山初中"]],
            "学科": [["学科"], ["语文"], ["道德与法治"]],
            "教师": [["姓名", "学校", "学科", "职务"], ["李萌", "东河初中", "语文", "教师"]],
        },
    )
    register = load_register(path)
    assert register.warnings == ()
    assert register.county.name == "青川县"
    assert [school.stage for school in register.schools()] == ["初中", "初中"]
    assert register.subjects_due(register.schools()[0].id) == ("语文", "政治")
    assert [teacher.name for teacher in register.teachers()] == ["李萌"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("r.json", b"{", "第 1 行第 2 列"),
        ("r.json", b"\xff\xfe{", "UTF-8"),
        ("r.json", b"[1]", "键: 值"),
        ("r.json", '{"county": "甲", "county": "乙"}'.encode(), "两次"),
        ("r.json", b'{"a":' * 100_000, "r.json"),
        ("r.toml", b"county = ", "TOML"),
        ("r.xlsx", b"PK\x03\x04 no workbook", "工作簿打不开"),
        ("r.csv", b"county", ".xlsx"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegisterError) as caught:
        load_register(tmp_path / name)
    assert words in caught.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="文件打不开"):
        load_register(tmp_path / "none.json")


def test_the_example_of_the_documentation_can_be_imported() -> None:
    text = (Path(__file__).parents[2] / "docs" / "REGISTER.md").read_text("utf-8")
    register = build_register(json.loads(text.split("```json")[1].split("```")[0]))
    assert register.warnings == ()
    assert len(register.schools()) == 5
