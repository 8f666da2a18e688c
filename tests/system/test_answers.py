"""search, read, matrix and forms as the command line's contract words them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from archives import Archive, copied, report
from docx import Document
from openpyxl import load_workbook


@pytest.fixture(scope="module")
def taken(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = copied(founded, tmp_path_factory.mktemp("three"))
    folder = archive.home.parent / "交"
    report(folder / "1.docx", "孙镇初中", "语文", 10)
    report(folder / "2.docx", "椿林初中", "数学", 11, lacking="存在问题")
    report(folder / "3.docx", "兴镇初中", "英语", 11)
    archive.ok("add", folder)
    return archive.home


@pytest.fixture
def three(taken: Path, tmp_path: Path) -> Archive:
    """Reports of 语文 for October, of 数学 (incomplete) and 英语 for November."""
    return copied(taken, tmp_path)


def batch(archive: Archive, *questions: object) -> list[dict[str, object]]:
    lines = "\n".join(q if isinstance(q, str) else json.dumps(q) for q in questions)
    done = subprocess.run(
        archive.command("search", "--batch"), input=lines.encode(), capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_batch_answers_line_by_line_and_goes_on_after_an_error(three: Archive) -> None:
    answers = batch(
        three,
        {"q": '"集体备课10次"'},
        "no json",
        {"q": "(集体"},
        {"q": "集体备课", "limit": 1, "filters": {"kind": "stage_report", "month": "2014-11"}},
        {"q": "集体备课", "limit": 0},
    )
    assert answers[0]["total"] == 1
    (hit,) = answers[0]["hits"]  # type: ignore[misc]
    assert {"id", "file", "score", "snippet"} <= set(hit)
    assert hit["file"] == "1.docx"
    assert [a.get("error", {}).get("code") for a in answers[1:3]] == ["usage", "query"]  # type: ignore[attr-defined]
    assert (answers[3]["total"], len(answers[3]["hits"])) == (2, 1)  # type: ignore[arg-type]
    assert (answers[4]["total"], answers[4]["hits"]) == (3, [])


def test_facets_count_what_is_found(three: Archive) -> None:
    facets = three.ok("search", "集体备课", "--facets", "--json").line["facets"]
    assert sorted(facets["completeness"]) == [["不全", 1], ["齐全", 2]]
    assert facets["kind"] == [["学科校本研修工作阶段报告", 3]]


def test_a_hit_shows_the_words_that_were_found(three: Archive) -> None:
    (hit,) = three.ok("search", '"听评課13节"', "--json").line["hits"]
    (mark,) = hit["marks"]
    assert hit["snippet"][mark[0] : mark[1]] == "听评课13节"
    assert hit["heading"] == "工作开展情况"


def test_the_matrix_says_who_owes_what(three: Archive, tmp_path: Path) -> None:
    table = three.ok("matrix", "--month", "2014-11", "--kind", "阶段报告", "--json").line
    states = {
        (row["school"], cell["subject"]): cell["state"]
        for row in table["rows"]
        for cell in row["cells"]
    }
    assert states["兴镇初中", "英语"] == "late"
    assert states["椿林初中", "数学"] == "incomplete"
    assert states["孙镇初中", "语文"] == "missing"
    assert len(states) == 38 * 9 == sum(table["total"].values())
    done = three.run("matrix", "--month", "2014-11", "--strict", "--xlsx", tmp_path / "一览.xlsx")
    assert done.code == 1
    sheet = load_workbook(tmp_path / "一览.xlsx").active
    assert sheet is not None
    assert "2014年11月" in str(sheet["A1"].value)


def test_forms_for_every_school_and_subject(three: Archive, tmp_path: Path) -> None:
    target = tmp_path / "表"
    three.ok("forms", "make", "stage_report", "--month", "2014-10", "--all-schools",
             "--by", "cluster", "-o", target)  # fmt: skip
    made = sorted(target.rglob("*.docx"))
    assert len(made) == 38 * 9
    (one,) = [p for p in made if "孙镇初中-" in p.name and "-语文-" in p.name]
    text = "\n".join(c.text for t in Document(str(one)).tables for r in t.rows for c in r.cells)
    text += "\n".join(p.text for p in Document(str(one)).paragraphs)
    assert "孙镇初级中学" in text
    assert "2014年10月" in text
    assert "{{" not in text


def test_the_same_forms_again_are_the_same_bytes(three: Archive, tmp_path: Path) -> None:
    for target in ("甲", "乙"):
        three.ok("forms", "make", "qa_report", "--term", "2014-2015-1", "--school", "孙镇初中",
                 "-o", tmp_path / target)  # fmt: skip
    one, other = (
        {p.name: p.read_bytes() for p in (tmp_path / t).glob("*.docx")} for t in ("甲", "乙")
    )
    assert len(one) == 9 * 2  # subjects, registered tests
    assert one == other


def test_a_blank_form_handed_in_satisfies_nothing(three: Archive, tmp_path: Path) -> None:
    three.ok("forms", "make", "stage_report", "--month", "2014-09", "--school", "孙镇初中",
             "--subject", "语文", "-o", tmp_path / "表")  # fmt: skip
    (form,) = (tmp_path / "表").glob("*.docx")
    line = three.ok("add", form, "--json").line
    assert line["status"] == "review"
    assert "空白表" in "".join(line["reasons"])
    table = three.ok("matrix", "--month", "2014-09", "--kind", "stage_report", "--json").line
    row = next(r for r in table["rows"] if r["school"] == "孙镇初中")
    assert next(c for c in row["cells"] if c["subject"] == "语文")["state"] == "missing"


def test_read_gives_text_outline_and_fields(archive: Archive, tmp_path: Path) -> None:
    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    line = archive.ok("read", file, "--json").line
    assert (line["format"], line["status"], line["error"]) == ("docx", "complete", None)
    assert [o["title"] for o in line["outline"] if o["level"] == 1] == [
        "工作开展情况", "取得成效", "存在问题", "下阶段安排",
    ]  # fmt: skip
    assert line["fields"]["学校"] == "孙镇初中"


def test_an_unreadable_file_is_an_answer_of_read(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "空.docx").write_bytes(b"")
    done = archive.run("read", tmp_path / "空.docx", "--json")
    assert (done.code, done.line["status"], done.line["error"]["code"]) == (1, "error", "empty")


def test_another_engine_by_one_setting(three: Archive, tmp_path: Path) -> None:
    before = three.hits('"集体备课11次"')
    (three.home / "yanxiu.toml").write_text('[search]\nengine = "whoosh"\n', "utf-8")
    assert three.run("search", "集体备课", "--json").line["error"]["code"] == "index_stamp"
    report(tmp_path / "4.docx", "东陈初中", "物理", 12)
    three.ok("add", tmp_path / "4.docx")
    assert sorted(three.hits('"集体备课11次"')) == sorted(before)
    assert len(three.hits('"集体备课12次"')) == 1


def test_a_sound_store_is_one_answer(archive: Archive) -> None:
    assert archive.ok("verify", "--json").lines == [{"ok": True, "objects": 1}]


def test_a_file_name_that_promises_another_format_is_refused(
    archive: Archive, tmp_path: Path
) -> None:
    tries: list[list[str | Path]] = [
        ["forms", "blank", "stage_report", "-o", tmp_path / "b.pdf"],
        ["matrix", "--month", "2014-10", "--xlsx", tmp_path / "m.txt"],
    ]
    for words in tries:
        done = archive.run(*words, "--json")
        assert (done.code, done.line["error"]["code"]) == (2, "suffix")
    assert list(tmp_path.glob("*.*")) == []


def test_synonyms_and_sections_from_the_command_line(three: Archive) -> None:
    asked = ("search", "校本教研", "--synonyms")
    answer = three.ok(*asked, "--json").line
    assert "校本研修" in answer["added"]["校本教研"]
    assert answer["whole"] > three.ok("search", "校本教研", "--json").line["whole"]
    assert "也找了同义词：校本教研 → " in three.ok(*asked).out
    inside = three.ok("search", "章节:存在问题 外出学习", "--json").line
    assert inside["total"] == three.ok("search", "章节:存在问题", "--json").line["total"] == 2
    assert three.ok("search", "章节:取得成效 集体备课10次", "--json").line["total"] == 0


def test_a_slip_is_put_right_and_a_hit_says_where_it_stands(three: Archive) -> None:
    answer = three.ok("search", "集体背课", "--json").line
    assert (answer["whole"], answer["meant"]) == (0, "集体备课")
    assert "您是不是要找：集体备课" in three.ok("search", "集体背课").out
    assert "meant" not in three.ok("search", "集体备课", "--json").line
    assert "〔存在问题〕" in three.ok("search", "章节:存在问题 外出学习").out


def test_the_last_to_come_is_first(three: Archive, tmp_path: Path) -> None:
    report(tmp_path / "4.docx", "兴镇初中", "物理", 10)
    three.ok("add", tmp_path / "4.docx")
    newest = three.ok("search", "--sort", "received", "--limit", "1", "--json").line
    assert newest["hits"][0]["file"] == "4.docx"


def test_the_pure_python_engine_does_the_same_work(archive: Archive, tmp_path: Path) -> None:
    """Filled and asked with Whoosh alone, then with the default engine."""
    (archive.home / "yanxiu.toml").write_text('[search]\nengine = "whoosh"\n', "utf-8")
    archive.ok("rebuild")
    folder = tmp_path / "交"
    report(folder / "1.docx", "孙镇初中", "语文", 10)
    report(folder / "2.docx", "椿林初中", "数学", 11, lacking="存在问题")
    archive.ok("add", folder)
    asked = [
        ('"听評课13节"', ()), ("章节:工作开展情况 集体备课", ("--subject", "数学")),
        ("校本教研", ("--synonyms",)),
    ]  # fmt: skip

    def told() -> list[object]:
        lines = [archive.ok("search", q, *more, "--facets", "--json").line for q, more in asked]
        return [
            (line["whole"], sorted(hit["file"] for hit in line["hits"]), line["facets"])
            for line in lines
        ]

    by_whoosh = told()
    assert all(line[0] for line in by_whoosh)  # type: ignore[index]
    assert any((archive.home / "index").rglob("_*.toc"))
    (archive.home / "yanxiu.toml").write_text('[search]\nengine = "tantivy"\n', "utf-8")
    archive.ok("rebuild")
    assert told() == by_whoosh


def test_a_whole_answer_is_exported_as_a_list(three: Archive, tmp_path: Path) -> None:
    for name in ("清单.xlsx", "清单.csv"):
        target = tmp_path / name
        three.ok("search", "集体备课", "--sort", "date", "--limit", "1", "--export", target)
        if target.suffix == ".xlsx":
            sheet = load_workbook(target).active
            assert sheet is not None
            schools = [row[2] for row in sheet.iter_rows(min_row=4, values_only=True)]
        else:
            lines = target.read_text("utf-8-sig").splitlines()
            schools = [line.split('","')[2] for line in lines[1:]]
        assert sorted(map(str, schools)) == ["兴镇初中", "孙镇初中", "椿林初中"]
    refused = three.run("search", "数学", "--export", tmp_path / "清单.txt")
    assert refused.code == 2
