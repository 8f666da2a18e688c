"""Kinds as data: those that come with the program, and what the loader says about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.kind_files import BUILTIN, check_kinds, load_kinds
from archive.kinds import Kind, KindError
from archive.toml_lines import key_lines

CATALOGUE = (
    "county_plan", "county_year_plan", "cluster_rule", "cluster_plan", "school_plan",
    "school_long_plan", "school_impl", "group_plan", "teacher_plan", "stage_report",
    "month_pack", "qa_report", "qa_meeting", "reflection", "case", "paper", "research_info",
    "observe_record", "review_record", "prep_record", "activity_record", "activity_plan",
    "activity_summary", "lecture_plan", "send_teach", "studio_record", "topic_apply",
    "topic_mid", "topic_final", "forum", "train_plan", "attend", "hours", "second_train",
    "study_note", "reading", "portfolio", "supervise", "eval_form", "teacher_score",
    "group_eval", "summary", "notice", "briefing", "rules", "honor", "course_dev",
)  # fmt: skip


@pytest.fixture(scope="module")
def kinds() -> dict[str, Kind]:
    return load_kinds(BUILTIN)


def test_the_whole_catalogue_is_there(kinds: dict[str, Kind]) -> None:
    assert len(CATALOGUE) == 47
    assert set(kinds) == {*CATALOGUE, "unrelated"}


def test_identity_of_the_kinds_that_matter_most(kinds: dict[str, Kind]) -> None:
    assert kinds["stage_report"].identity == ("unit", "subject", "period")
    assert kinds["qa_report"].identity == ("unit", "subject", "grade", "test", "author")
    assert kinds["eval_form"].period == "school_year"
    for kind_id in ("reflection", "observe_record", "prep_record", "send_teach", "reading"):
        assert kinds[kind_id].identity == ()


def test_what_stays_at_school(kinds: dict[str, Kind]) -> None:
    kept = {kind.id for kind in kinds.values() if kind.custody == "school"}
    assert kept == {
        "teacher_plan", "reflection", "study_note", "reading", "observe_record", "prep_record",
        "attend", "portfolio",
    }  # fmt: skip


def test_what_is_kept_for_ever(kinds: dict[str, Kind]) -> None:
    ever = {kind.id for kind in kinds.values() if kind.retention == "Y"}
    assert ever == {
        "county_plan", "county_year_plan", "cluster_rule", "rules", "eval_form", "honor",
        "topic_final",
    }  # fmt: skip


def test_required_sections_of_the_checked_kinds(kinds: dict[str, Kind]) -> None:
    required = {
        kind_id: [s.name for s in kinds[kind_id].sections if s.required]
        for kind_id in ("school_plan", "group_plan", "stage_report", "qa_report", "reflection")
    }
    assert required == {
        "school_plan": ["学校教学状况", "研修组织机构", "学科及参与教师名单", "目标与任务"],
        "group_plan": ["教学现状分析", "研修内容", "月研修任务"],
        "stage_report": ["工作开展情况", "取得成效", "存在问题", "下阶段安排"],
        "qa_report": ["考试基本情况", "试卷分析", "存在问题与原因", "改进措施"],
        "reflection": ["教学内容", "反思内容", "改进设想"],
    }


def test_every_kind_that_is_due_has_a_period(kinds: dict[str, Kind]) -> None:
    for kind in kinds.values():
        if kind.due and kind.due.anchor != "event":
            assert kind.period != "none", kind.id


# --- what is wrong with a kind file ---------------------------------------


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name / "kind.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file


def faults_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(KindError) as caught:
        load_kinds(folder)
    return [(Path(f.file).parent.name, f.line, f.message) for f in caught.value.faults]


def test_all_faults_of_all_files_at_once_with_their_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        "diary",
        'id = "diary"\nname = "研修日志"\nperiode = "month"\nretention = "D20"\n\n[due]\n'
        'anchor = "monthend"\n\n[recognise]\ntitles = [\n  "日志",\n  "研修(日志",\n]\n',
    )
    write(
        tmp_path,
        "walk",
        'id = "walks"\nname = "巡课"\n\n[[section]]\nname = "过程"\n\n[[section]]\n'
        'name = "过程"\nrequired = "yes"\n',
    )
    found = faults_of(tmp_path)
    assert [(name, line) for name, line, _ in found] == [
        ("diary", 3),
        ("diary", 4),
        ("diary", 7),
        ("diary", 10),
        ("walk", 1),
        ("walk", 8),
        ("walk", 9),
    ]
    messages = [message for _, _, message in found]
    assert "是不是 period" in messages[0]
    assert "Y、D30、D10" in messages[1]
    assert "是不是 month_end" in messages[2]
    assert "正则表达式写错了" in messages[3]
    assert "与所在文件夹名 walk 不一致" in messages[4]
    assert "重复" in messages[5]
    assert "true 或 false" in messages[6]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('id = "x"\nname = "甲"\nalso = "乙"\n', 3, "文字列表"),
        ('id = "x"\n', 1, "缺少必填的键 name"),
        ('id = "x"\nname = ""\n', 2, "不能为空"),
        ('id = "x"\nname = "甲"\nname = "乙"\n', 3, "TOML 写法有误"),
        ('id = "x"\nname = "甲"\n[recognise]\ntitles = [".*"]\n', 4, "连空文字也匹配"),
        ('id = "x"\nname = "甲"\n[due]\nanchor = "test"\ngrace = "3 天"\n', 5, "期限"),
        ('id = "x"\nname = "甲"\n[[field]]\nkey = "学校"\ntype = "school"\n', 5, "只能取"),
        (
            'id = "x"\nname = "甲"\nidentity = ["unit"]\n'
            '[due]\nanchor = "test"\nper = ["subject"]\n',
            6,
            "identity 也须含 subject",
        ),
        (
            'id = "x"\nname = "甲"\n'
            '[[section]]\nname = "乙"\nrows = { name = "丙", colums = ["丁"] }\n',
            5,
            "是不是 columns",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    write(tmp_path, "x", text)
    found = [(at, message) for _, at, message in faults_of(tmp_path)]
    assert any(at == line and words in message for at, message in found), found


def test_a_file_that_is_not_utf8_is_one_fault(tmp_path: Path) -> None:
    file = write(tmp_path, "x", "")
    file.write_bytes('name = "甲"'.encode("gbk"))
    assert "UTF-8" in faults_of(tmp_path)[0][2]


def test_two_kinds_may_not_share_a_name(tmp_path: Path) -> None:
    write(tmp_path, "a", 'id = "a"\nname = "日志"\n')
    write(tmp_path, "b", 'id = "b"\n\nname = "日志"\n')
    assert faults_of(tmp_path) == [("b", 3, "名称“日志”已是文种 a 的名称")]


def test_a_county_adds_and_overrides_by_id(tmp_path: Path) -> None:
    write(tmp_path, "diary", 'id = "diary"\nname = "研修日志"\n')
    write(tmp_path, "notice", 'id = "notice"\nname = "县局通知"\nretention = "D10"\n')
    kinds = load_kinds(BUILTIN, tmp_path)
    assert kinds["diary"].name == "研修日志"
    assert (kinds["notice"].name, kinds["notice"].retention) == ("县局通知", "D10")
    assert len(kinds) == len(load_kinds(BUILTIN)) + 1


def test_an_absent_folder_holds_no_kinds(tmp_path: Path) -> None:
    assert load_kinds(tmp_path / "nowhere") == {}


_words = st.text("abcxyz_", min_size=1, max_size=6)
_values = st.sampled_from(
    ['"a"', "1", "true", '["x",\n "y = 1",\n]', '"""one\nkey = 2\n"""', "{ a = 1 }", "'#'"]
)


@given(st.lists(st.tuples(_words, _values), max_size=8, unique_by=lambda pair: pair[0]))
def test_the_line_of_every_key_is_found(pairs: list[tuple[str, str]]) -> None:
    text = ""
    expected = {}
    for key, value in pairs:
        text += "# note\n"
        expected[(key,)] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    assert key_lines(text) == expected


def test_lines_of_keys_inside_tables() -> None:
    text = 'id = 1\n[due]\nanchor = "x"\n[[field]]\nkey = "a"\n[[field]]\nkey = "b"\n'
    lines = key_lines(text)
    assert lines[("due", "anchor")] == 3
    assert lines[("field", "1")] == 6
    assert lines[("field", "1", "key")] == 7


def test_the_example_in_the_docs_loads(tmp_path: Path) -> None:
    text = (BUILTIN.parents[1] / "docs" / "KINDS.md").read_text("utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    write(tmp_path, "research_diary", example)
    kind = load_kinds(tmp_path)["research_diary"]
    assert kind.sections[0].rows is not None
    assert kind.recognise.needs


def test_every_pattern_of_our_own_kinds_is_sound() -> None:
    assert check_kinds(BUILTIN) == []
