from __future__ import annotations

from pathlib import Path

import pytest
from converted import convert
from made_docx import cell, docx, list_levels, numbered, para, table

import indexer
from indexer.errors import ReadError
from indexer.reading import Reading


def wide(content: str, properties: str = "") -> str:
    return cell(content, f'<w:tcW w:w="2000" w:type="dxa"/>{properties}')


_GRID = (
    '<w:tbl><w:tblPr><w:tblW w:w="6000" w:type="dxa"/></w:tblPr><w:tblGrid>'
    + '<w:gridCol w:w="2000"/>' * 3
    + "</w:tblGrid>"
)
_MARK = 'w:id="1" w:author="a" w:date="2014-01-01T00:00:00Z"'
_BODY = (
    para("教 学 反 思", extra='<w:jc w:val="center"/>')
    + para("指导思想", extra=numbered())
    + para("以发展观为指导。")
    + para("目标", extra=numbered())
    + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>得：</w:t></w:r>"
    + "<w:r><w:t>学生积极发言，课堂气氛热烈。</w:t></w:r></w:p>"
    + table(
        (cell("教师情况", '<w:tcW w:w="4000" w:type="dxa"/><w:gridSpan w:val="2"/>'), wide("人数")),
        (wide("初级", '<w:vMerge w:val="restart"/>'), wide("男"), wide("3")),
        (wide("", "<w:vMerge/>"), wide("女"), wide("4")),
    ).replace("<w:tbl>", _GRID)
    + f"<w:p><w:r><w:t>应到</w:t></w:r><w:del {_MARK}><w:r><w:delText>三十</w:delText></w:r>"
    + "</w:del>"
    + f"<w:ins {_MARK}><w:r><w:t>四十</w:t></w:r></w:ins><w:r><w:t>人</w:t></w:r></w:p>"
    + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    + "<w:r><w:t>可见𠮷字</w:t></w:r></w:p>"
    + '<w:sectPr><w:headerReference w:type="default" r:id="rheader"/></w:sectPr>'
)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    folder = tmp_path_factory.mktemp("doc")
    source = docx(
        folder / "a.docx", _BODY, numbering=list_levels(("chineseCounting", "%1、")),
        header=para("孙镇初中"),
    )  # fmt: skip
    return indexer.read(convert(source, "doc", folder))


def test_it_works(reading: Reading) -> None:
    assert reading.format == "doc"
    assert reading.title == "教学反思"


def test_automatic_numbers_appear(reading: Reading) -> None:
    assert [item.title for item in reading.outline if item.by == "numbering"] == [
        "指导思想",
        "目标",
    ]
    assert "一、指导思想" in reading.text


def test_cell_marks_become_rows_with_merged_cells_once(reading: Reading) -> None:
    (block,) = [block for block in reading.blocks if block.kind == "table"]
    assert block.rows == (("教师情况", "", "人数"), ("初级", "男", "3"), ("", "女", "4"))
    assert set(block.merged) == {(0, 1), (2, 0)}


def test_tracked_changes_hidden_text_and_rare_characters(reading: Reading) -> None:
    texts = [block.text for block in reading.blocks]
    assert "应到四十人" in texts
    assert "可见𠮷字" in texts


def test_a_bold_beginning_is_known(reading: Reading) -> None:
    item = next(item for item in reading.outline if item.title == "得")
    assert item.body.startswith("学生积极发言")


def test_headers_are_read(reading: Reading) -> None:
    assert ("header", "孙镇初中") in {(block.kind, block.text) for block in reading.blocks}


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


def outcome(path: Path) -> str:
    try:
        return indexer.read(path).status
    except ReadError as error:
        return error.code


def test_any_cut_is_an_error_or_a_reading(samples: Path, tmp_path: Path) -> None:
    whole = (samples / "filing" / "files" / "质检分析.doc").read_bytes()
    for share in range(1, 12):
        path = tmp_path / "cut.doc"
        path.write_bytes(whole[: len(whole) * share // 12])
        assert outcome(path) in ("complete", "corrupt", "empty")
