from __future__ import annotations

from pathlib import Path

import pytest
from made_doc import word_file  # noqa: F401 - a fixture

import indexer
from indexer.errors import ReadError
from indexer.reading import Reading


@pytest.fixture(scope="module")
def reading(word_file: Path) -> Reading:  # noqa: F811
    return indexer.read(word_file)


def paragraphs(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks if block.kind == "paragraph"]


def test_it_works(reading: Reading) -> None:
    assert reading.format == "doc"
    assert reading.title == "教学反思"


def test_automatic_numbers_appear(reading: Reading) -> None:
    assert [item.title for item in reading.outline if item.by == "numbering"] == [
        "指导思想",
        "目标",
    ]
    assert "一、指导思想" in reading.text
    assert "二.1 细目" in reading.text


def test_cell_marks_become_rows_with_merged_cells_once(reading: Reading) -> None:
    block = next(block for block in reading.blocks if block.kind == "table")
    assert block.rows == (("教师情况", "", "人数"), ("初级", "男", "3"), ("", "女", "4"))
    assert set(block.merged) == {(0, 1), (2, 0)}


def test_tracked_changes_hidden_text_and_rare_characters(reading: Reading) -> None:
    texts = paragraphs(reading)
    assert "应到四十人" in texts
    assert "可见𠮷字" in texts


def test_a_deleted_paragraph_mark_joins_two_paragraphs(reading: Reading) -> None:
    assert "前半后半" in paragraphs(reading)


def test_fields_give_results_and_forms_what_was_filled_in(reading: Reading) -> None:
    texts = paragraphs(reading)
    assert "见县教育网。" in texts
    assert "参加☑性别女" in texts


def test_symbols_come_out_as_what_they_show(reading: Reading) -> None:
    assert "符号☑α" in paragraphs(reading)


def test_a_text_box_follows_the_paragraph_that_anchors_it(reading: Reading) -> None:
    texts = paragraphs(reading)
    at = texts.index("带框")
    assert texts[at : at + 3] == ["带框", "框里的字", "框后的字"]


def test_nested_tables_and_rows_marked_as_head(reading: Reading) -> None:
    block = [block for block in reading.blocks if block.kind == "table"][1]
    assert block.rows == (("甲", "乙", "丙"), ("左", "子\t丑\t寅\n后", "右"))
    assert block.header_rows == 1


def test_notes_and_comments_stand_apart(reading: Reading) -> None:
    found = {(b.kind, b.text) for b in reading.blocks if b.kind in ("note", "comment")}
    assert found == {("note", "脚注的字"), ("comment", "李四：请核实")}
    assert "请核实" not in reading.text


def test_the_size_of_most_characters(reading: Reading) -> None:
    sizes = {block.text: block.size for block in reading.blocks}
    assert sizes["三号字"] == 16.0
    assert 0 < sizes["以发展观为指导。"] < 16.0


def test_a_bold_beginning_is_known(reading: Reading) -> None:
    item = next(item for item in reading.outline if item.title == "得")
    assert item.body.startswith("学生积极发言")


def test_headers_of_first_and_other_pages_are_read(reading: Reading) -> None:
    headers = [block.text for block in reading.blocks if block.kind == "header"]
    assert sorted(headers) == ["孙镇初中", "封面页眉"]


def test_real_papers(samples: Path) -> None:
    folder = samples / "filing" / "files"
    analysis = indexer.read(folder / "质检分析.doc")
    assert [item.title for item in analysis.outline if item.level == 1] == [
        "成绩统计", "试题评价", "答题情况与问题原因", "今后改进办法",
    ]  # fmt: skip
    assert analysis.fields["学校"] == "贾曲初中"
    prepared = indexer.read(folder / "第9周集备（化学）.doc")
    assert [item.title for item in prepared.outline] == [
        "集体备课记录", "中心发言", "讨论", "二次备课",
    ]  # fmt: skip
    assert prepared.metadata["author"] == "微软用户"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apache+poi/simple-table.doc", "table"),
        ("apache+poi/innertable.doc", "table"),
        ("apache+poi/SimpleHeadThreeColFoot.doc", "header"),
        ("apache+poi/SimpleHeadThreeColFoot.doc", "footer"),
    ],
)
def test_foreign_documents(samples: Path, name: str, expected: str) -> None:
    kinds = {block.kind for block in indexer.read(samples / "files" / name).blocks}
    assert expected in kinds


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("apache+tika/testWORKS.wps", "unsupported"),
        ("apache+tika/testWORKSWordProcessor3.0.wps", "unsupported"),
        ("apache+poi/bug53475-password-is-pass.docx", "encrypted"),
    ],
)
def test_what_cannot_be_read_has_its_code(samples: Path, name: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(samples / "files" / name)
    assert caught.value.code == code
