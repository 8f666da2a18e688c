"""The sample submissions: what is in them, that they are always the same, that the truth holds."""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.register import Register
from yanxiu.demo.papers import load
from yanxiu.demo.submissions import Submission, write

KINDS = Path(__file__).parents[2] / "templates" / "kinds"


def schools(register: Register) -> set[str]:
    return {unit.name for unit in register.schools()}


def digests(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_every_file_written_has_its_truth_and_the_other_way_round(
    inbox: Path, truth: list[Submission]
) -> None:
    assert set(digests(inbox)) == {s.relpath for s in truth}


def test_there_are_enough_of_each_kind(truth: list[Submission]) -> None:
    taken = ("filed", "duplicate", "new_version", "unrelated")
    kinds = Counter(s.kind for s in truth if s.expected in taken)
    assert kinds == {
        "stage_report": 20,
        "school_plan": 6,
        "group_plan": 7,
        "teacher_plan": 3,
        "qa_report": 9,
        "reflection": 8,
        "eval_form": 2,
        "unrelated": 3,
    }


def test_every_fate_of_a_file_occurs(truth: list[Submission]) -> None:
    assert Counter(s.expected for s in truth if s.expected != "filed") == {
        "unrelated": 3,
        "review": 2,
        "ignored": 2,
        "duplicate": 1,
        "new_version": 1,
        "unpacked": 1,
        "quarantined:encrypted": 1,
        "quarantined:corrupt": 1,
        "quarantined:empty": 1,
    }


def test_the_formats_schools_use_all_occur(truth: list[Submission]) -> None:
    formats = Counter(Path(s.member or s.relpath).suffix for s in truth if s.kind)
    assert set(formats) == {".docx", ".doc", ".wps", ".xlsx", ".xls", ".pdf", ".txt"}
    assert formats[".doc"] == 3


def test_writing_twice_gives_the_same_bytes_and_times(
    inbox: Path, register: Register, tmp_path: Path
) -> None:
    write(tmp_path, register=register)
    assert digests(tmp_path) == digests(inbox)
    for name in digests(inbox):
        assert (tmp_path / name).stat().st_mtime == (inbox / name).stat().st_mtime


def test_files_are_dated_in_the_school_year(inbox: Path, truth: list[Submission]) -> None:
    for submission in truth:
        stamp = (inbox / submission.relpath).stat().st_mtime
        assert datetime(2014, 9, 1, tzinfo=UTC) < datetime.fromtimestamp(stamp, UTC)
        assert datetime.fromtimestamp(stamp, UTC) < datetime(2015, 7, 1, tzinfo=UTC)


def test_a_paper_is_handed_in_after_its_month_began(inbox: Path, truth: list[Submission]) -> None:
    for s in truth:
        if s.month:
            sent = datetime.fromtimestamp((inbox / s.relpath).stat().st_mtime, UTC)
            assert sent.strftime("%Y-%m") >= s.month, s.relpath


def test_writing_takes_less_than_three_seconds(register: Register, tmp_path: Path) -> None:
    began = time.process_time()
    write(tmp_path, register=register)
    assert time.process_time() - began < 3


def test_schools_teach_the_subjects_they_report_on(
    truth: list[Submission], register: Register
) -> None:
    teaching = {unit.name: register.subjects_due(unit.id) for unit in register.schools()}
    for s in truth:
        if s.school:
            assert s.subject is None or s.subject in teaching[s.school], s.relpath


def test_authors_teach_their_subject_at_their_school(
    truth: list[Submission], register: Register
) -> None:
    signed = [s for s in truth if s.author and s.school]
    assert len(signed) > 25
    for s in signed:
        school = register.school_named(str(s.school))
        assert school is not None
        author = register.teacher_named(str(s.author), school.id)
        assert author is not None, (s.relpath, s.author)
        assert s.subject in author.subjects, (s.relpath, s.author)


def test_the_author_is_named_in_the_paper(register: Register) -> None:
    for paper in load(register).values():
        if author := paper.head.get("author"):
            assert author in paper.plain, paper.key


def test_no_placeholder_is_left(register: Register) -> None:
    for paper in load(register).values():
        assert "{" not in paper.plain + paper.head["file"], paper.key


def test_missing_and_empty_sections_are_required_ones_of_their_kind(
    truth: list[Submission],
) -> None:
    lacking = [s for s in truth if s.missing or s.empty]
    assert len(lacking) >= 12
    for s in lacking:
        kind = tomllib.loads((KINDS / str(s.kind) / "kind.toml").read_text("utf-8"))
        required = {x["name"] for x in kind["section"] if x.get("required")}
        assert {*s.missing, *s.empty} <= required, s.relpath


def test_no_two_papers_are_nearly_the_same(register: Register) -> None:
    """All but the resubmitted one: otherwise they would be taken for versions."""
    texts = {k: _shingles(p.plain) for k, p in load(register).items() if len(p.plain) > 100}
    keys = sorted(texts)
    close = {
        (a, b)
        for i, a in enumerate(keys)
        for b in keys[i + 1 :]
        if len(texts[a] & texts[b]) > 0.5 * min(len(texts[a]), len(texts[b]))
    }
    assert close == {("stage01", "stage19"), ("evaluation1", "evaluation2")}


def _shingles(text: str, size: int = 6) -> set[str]:
    flat = "".join(text.split())
    return {flat[i : i + size] for i in range(len(flat) - size)}


def test_the_duplicate_has_the_bytes_and_the_truth_of_its_original(
    inbox: Path, truth: list[Submission]
) -> None:
    copy = next(s for s in truth if s.expected == "duplicate")
    original = next(s for s in truth if s.relpath == copy.of)
    assert (inbox / copy.relpath).read_bytes() == (inbox / original.relpath).read_bytes()
    assert (copy.kind, copy.school, copy.author) == (
        original.kind,
        original.school,
        original.author,
    )


def test_the_new_version_comes_after_what_it_replaces(inbox: Path, truth: list[Submission]) -> None:
    later = next(s for s in truth if s.expected == "new_version")
    assert later.of is not None
    assert (inbox / later.relpath).stat().st_mtime > (inbox / later.of).stat().st_mtime
    assert (inbox / later.relpath).read_bytes() != (inbox / later.of).read_bytes()


@pytest.mark.parametrize(
    "name", ["1.docx", "新建 Microsoft Word 文档.docx", "阶段报告(1)(1).docx", "附件3.doc"]
)
def test_sloppy_names_occur(name: str, truth: list[Submission]) -> None:
    assert name in {s.relpath for s in truth}


def test_a_paper_with_no_school_names_none(truth: list[Submission], register: Register) -> None:
    lost = next(s for s in truth if s.kind == "stage_report" and s.school is None)
    assert lost.expected == "review"
    text = load(register)["stage21"].plain + lost.relpath
    assert not [s for s in schools(register) if s in text or s[:2] in text]
