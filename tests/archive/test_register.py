"""The register as a value: units, clusters by day, the tree, the stored snapshot, ids."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from archive.ids import uuid7
from archive.register import Register
from archive.register_import import build_register, load_register

COUNTY = Path(__file__).parents[2] / "yanxiu" / "demo" / "county.json"
CLUSTERS = Path(__file__).parents[3] / "shared" / "domain" / "clusters.json"


@pytest.fixture(scope="module")
def county() -> Register:
    return load_register(COUNTY)


def small(**more: object) -> dict[str, object]:
    return {
        "county": "青川县",
        "valid_from": "2014",
        "clusters": [
            {"no": 1, "centre": "东河初中", "members": ["西山初中"]},
            {"no": 2, "centre": "南坪学校", "members": []},
        ],
        "schools": ["青川中学"],
        "subjects": ["语文", "数学"],
        **more,
    }


def named(register: Register, name: str) -> str:
    school = register.school_named(name)
    assert school is not None
    return school.id


def test_it_works(county: Register) -> None:
    assert county.county.name == "蒲城县"
    assert len(county.schools()) == 38
    assert len(county.clusters()) == 16
    assert county.warnings == ()


def test_schools_stand_in_register_order(county: Register) -> None:
    names = [school.name for school in county.schools()]
    assert names[:5] == ["实验中学", "贾曲初中", "贾曲九年制初中", "城关镇中", "三合初中"]
    assert names[-1] == "永丰初中"
    ids = [unit_id for unit_id in county.units if county.is_school(unit_id)]
    assert ids == [school.id for school in county.schools()]


def test_official_names_follow_the_rule_unless_given(county: Register) -> None:
    assert county.unit(named(county, "孙镇初中")).official == "蒲城县孙镇初级中学"
    assert county.unit(named(county, "桥中初中部")).official == "蒲城县桥山中学初中部"


def test_a_cluster_has_its_centre_first(county: Register) -> None:
    cluster = county.cluster_of(named(county, "东党初中"))
    assert cluster is not None
    assert cluster.name == "罕中初中部联片研修区"
    names = [school.name for school in county.members(cluster.id)]
    assert names == ["罕中初中部", "马村矿学校", "高阳初中", "东党初中"]
    turned = replace(county, memberships=county.memberships[::-1])
    assert turned.members(cluster.id)[0].name == "罕中初中部"
    centre = county.centre(cluster.id)
    assert centre is not None
    assert centre.name == "罕中初中部"


def test_a_department_counts_as_a_school_and_its_parent_does_not(county: Register) -> None:
    department = county.unit(named(county, "桥中初中部"))
    parent = county.unit(department.parent)
    assert (department.level, parent.name, parent.level) == ("department", "桥山中学", "school")
    assert county.is_school(department.id)
    assert not county.is_school(parent.id)
    assert [unit.name for unit in county.ancestors(department.id)] == ["桥山中学", "蒲城县"]


def test_within_holds_all_below_and_a_clusters_members(county: Register) -> None:
    cluster = county.clusters()[4]
    below = county.within(cluster.id)
    school = named(county, "高阳初中")
    assert {school, *(teacher.id for teacher in county.teachers(school))} <= below
    assert named(county, "孙镇初中") not in below
    assert set(county.units) - county.within(county.county.id) == set()


def test_groups_default_to_one_a_subject_due_not_covered() -> None:
    groups = {"东河初中": [{"name": "理化组", "subjects": ["物理", "化学"]}]}
    register = build_register(small(subjects=["语文", "物理", "化学"], groups=groups))
    names = [group.name for group in register.groups(named(register, "东河初中"))]
    assert names == ["理化组", "语文教研组"]
    assert len(register.groups(named(register, "西山初中"))) == 3


def test_the_subjects_of_a_group_can_be_read_from_its_name() -> None:
    register = build_register(small(groups={"东河初中": [{"name": "史地生组"}]}))
    group = register.groups(named(register, "东河初中"))[0]
    assert group.subjects == ("历史", "地理", "生物")


def test_subjects_due_by_stage_and_by_school() -> None:
    register = build_register(
        small(
            stage="初中",
            stages={"南坪学校": "小学"},
            subjects_by_stage={"小学": ["语文", "科学"]},
            subjects_by_school={"西山初中": ["道德与法治"]},
        )
    )
    due = {school.name: register.subjects_due(school.id) for school in register.schools()}
    assert due["东河初中"] == ("语文", "数学")
    assert due["南坪学校"] == ("语文", "科学")
    assert due["西山初中"] == ("政治",)


def test_teachers_by_name_and_school() -> None:
    teachers = [
        {"name": "安 文辉", "school": "东河初中", "subjects": ["生物"], "roles": ["教研组长"]},
        {"name": "李萌", "school": "东河初中"},
        {"name": "李萌", "school": "西山初中"},
        {"name": "周立", "school": "青川县", "roles": ["教研员"]},
    ]
    register = build_register(small(teachers=teachers))
    found = register.teacher_named("安文辉")
    assert found is not None
    assert (found.subjects, found.roles) == (("生物",), ("教研组长",))
    assert register.teacher_named("李萌") is None
    assert register.teacher_named("李萌", named(register, "西山初中")) is not None
    assert [t.name for t in register.teachers(register.county.id)] == ["周立"]


def test_the_snapshot_gives_the_register_back(county: Register) -> None:
    again = Register.from_json(json.loads(json.dumps(county.to_json(), ensure_ascii=False)))
    assert again.to_json() == county.to_json()
    assert list(again.units.values()) == list(county.units.values())
    assert again.memberships == county.memberships
    assert again.calendar == county.calendar


def test_a_snapshot_of_a_later_version_is_refused(county: Register) -> None:
    with pytest.raises(ValueError, match="version"):
        Register.from_json({**county.to_json(), "version": 2})


def test_ids_are_uuid7_and_rise() -> None:
    ids = [uuid7() for _ in range(2000)]
    assert ids == sorted(set(ids))
    assert {(UUID(text).version, UUID(text).variant) for text in ids} == {
        (7, "specified in RFC 4122")
    }


def test_ids_rise_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("archive.ids.time.time_ns", lambda: 1_000_000_000)
    assert uuid7() > before


def test_an_id_begins_with_its_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.ids._last", 0)
    monkeypatch.setattr("archive.ids.time.time_ns", lambda: 1_645_557_742_000 * 1_000_000)
    assert uuid7().startswith("017f22e2-79b0-7")  # the example of RFC 9562, A.6


def test_on_a_day_before_the_memberships_there_is_no_cluster(county: Register) -> None:
    school = named(county, "孙镇初中")
    assert county.cluster_of(school, date(2013, 12, 31)) is None
    assert county.cluster_of(school, date(2014, 1, 1)) is not None


@pytest.mark.samples
@pytest.mark.skipif(not CLUSTERS.exists(), reason="the sample data is not there")
def test_the_sample_of_the_brief_is_the_county_of_the_demo(county: Register) -> None:
    sample = load_register(CLUSTERS)
    assert [s.name for s in sample.schools()] == [s.name for s in county.schools()]
    assert [s.official for s in sample.schools()] == [s.official for s in county.schools()]
