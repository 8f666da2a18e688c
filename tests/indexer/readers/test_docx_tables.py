"""Tables of a .docx: merges once, heads, nesting, tracked changes, controls, bounds."""

from __future__ import annotations

from pathlib import Path

from made_docx import cell, docx, para, run, table

import indexer
from indexer.reading import Block

_MARK = 'w:id="1" w:author="王" w:date="2014-01-01T00:00:00Z"'


def the_table(tmp_path: Path, body: str) -> Block:
    blocks = indexer.read(docx(tmp_path / "a.docx", body)).blocks
    (block,) = [block for block in blocks if block.kind == "table"]
    return block


def row(*cells: str, properties: str = "") -> str:
    made = "".join(given if given.startswith("<") else cell(given) for given in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{made}</w:tr>"


def test_the_rows_marked_as_head_are_counted_from_the_top(tmp_path: Path) -> None:
    head = "<w:tblHeader/>"
    body = f"<w:tbl>{row('姓名', '成绩', properties=head)}{row('期中', '期末', properties=head)}"
    body += f"{row('王', '90')}{row('李', '91', properties=head)}</w:tbl>"
    assert the_table(tmp_path, body).header_rows == 2
    off = body.replace("<w:tblHeader/>", "<w:tblHeader w:val='0'/>", 1)
    assert the_table(tmp_path, off).header_rows == 0


def test_cells_merged_in_the_old_way_stand_once(tmp_path: Path) -> None:
    first, second = cell("合", "<w:hMerge w:val='restart'/>"), cell("", "<w:hMerge/>")
    block = the_table(tmp_path, f"<w:tbl>{row(first, second, '右')}{row('1', '2', '3')}</w:tbl>")
    assert block.rows == (("合", "", "右"), ("1", "2", "3"))
    assert block.merged == ((0, 1),)


def test_columns_left_out_at_the_start_are_kept_free(tmp_path: Path) -> None:
    body = f"<w:tbl>{row('1', '2', '3')}"
    body += f"{row('乙', '丙', properties='<w:gridBefore w:val=&quot;1&quot;/>')}</w:tbl>"
    block = the_table(tmp_path, body.replace("&quot;", '"'))
    assert block.rows == (("1", "2", "3"), ("", "乙", "丙"))


def test_deleted_rows_and_cells_are_gone(tmp_path: Path) -> None:
    body = (
        f"<w:tbl>{row('甲', cell('删', f'<w:cellDel {_MARK}/>'), '乙')}"
        f"{row('旧', '行', properties=f'<w:del {_MARK}/>')}"
        f"{row('丙', '丁', properties=f'<w:ins {_MARK}/>')}</w:tbl>"
    )
    assert the_table(tmp_path, body).text == "甲\t乙\n丙\t丁"


def test_controls_around_rows_and_cells_are_looked_through(tmp_path: Path) -> None:
    def control(inside: str, properties: str = "") -> str:
        content = f"<w:sdtContent>{inside}</w:sdtContent>"
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr>{content}</w:sdt>"

    prompt = cell(
        f"<w:p>{run('选择一项', '<w:rStyle w:val=' + chr(34) + 'a' + chr(34) + '/>')}</w:p>"
    )
    body = f"<w:tbl>{control(row('学校', control(cell('孙镇'))))}"
    body += f"{row('学科', control(prompt, '<w:showingPlcHdr/>'))}</w:tbl>"
    assert the_table(tmp_path, body).rows == (("学校", "孙镇"), ("学科", ""))


def test_a_frame_in_a_cell_and_a_table_in_a_table(tmp_path: Path) -> None:
    inner = f"<w:tbl>{row('框')}</w:tbl>" + table(("甲", cell("乙", '<w:gridSpan w:val="2"/>')))
    body = f"<w:tbl>{row('左', cell(inner + para('后')))}</w:tbl>"
    assert the_table(tmp_path, body).rows == (("左", "框\n甲\t乙\n后"),)


def test_a_table_that_outgrows_the_limit_keeps_its_first_rows(tmp_path: Path) -> None:
    body = table(*[(f"第{at}行", "格") for at in range(100)])
    path = docx(tmp_path / "a.docx", para("前") + body + para("后"))
    reading = indexer.read(path, limits=indexer.Limits(cells=20))
    assert reading.status == "partial"
    assert "表格" in reading.left_out[0]
    assert reading.blocks[-1].rows[0] == ("第0行", "格")
    assert 5 <= len(reading.blocks[-1].rows) <= 20


def test_a_long_text_in_a_table_keeps_what_came_before_the_limit(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", table(*[("字" * 50, "数") for _ in range(10)]))
    reading = indexer.read(path, limits=indexer.Limits(characters=120))
    assert reading.status == "partial"
    assert "字字" in reading.text


def test_wide_spans_in_many_rows_do_not_fill_the_memory(tmp_path: Path) -> None:
    rows = [row(cell("", f'<w:gridSpan w:val="{at % 900 + 1}"/>'), "x") for at in range(3000)]
    path = docx(tmp_path / "a.docx", f"<w:tbl>{''.join(rows)}</w:tbl>")
    reading = indexer.read(path)
    (block,) = reading.blocks
    assert len(block.rows) * len(block.rows[0]) <= 2 * indexer.Limits().cells
    assert reading.status == "partial"
