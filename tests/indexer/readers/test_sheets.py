from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

import indexer
from indexer.errors import ReadError


def book(path: Path, rows: list[list[object]], merge: str = "", title: str = "3月") -> Path:
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    made.save(path)
    return path


def test_it_works(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [["阶段报告", None, None, None], ["学校", "永丰初中", "学科", "英语"]],
        merge="A1:D1",
    )
    reading = indexer.read(path)
    assert reading.title == "阶段报告"
    assert reading.fields == {"学校": "永丰初中", "学科": "英语"}
    assert reading.blocks[0].merged == ((0, 1), (0, 2), (0, 3))
    assert reading.blocks[0].sheet == "3月"


def test_values_as_people_see_them(tmp_path: Path) -> None:
    values = [39.0, 0.78, date(2015, 9, 12), datetime(2015, 9, 12, 8, 30), True]
    path = book(tmp_path / "a.xlsx", [["书", *values]])
    assert indexer.read(path).blocks[0].rows == (
        ("书", "39", "0.78", "2015-09-12", "2015-09-12 08:30", "是"),
    )


def test_sections_left_empty_in_a_form(samples: Path) -> None:
    reading = indexer.read(samples / "filing" / "files" / "阶段报告汇总表（英语）.xlsx")
    bodies = {item.title: item.body for item in reading.outline}
    assert bodies["下阶段安排"] == ""
    assert bodies["成效"].startswith("月考八年级均分")
    assert reading.title == "永丰初中校本研修阶段报告（英语）"


def test_too_many_rows_are_partial(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [[f"第{at}行"] for at in range(50)])
    reading = indexer.read(path, limits=indexer.Limits(rows=10))
    assert len(reading.blocks[0].rows) == 10
    assert reading.left_out == ("工作表“3月”第 11 行起没有读，数据太多",)


def test_a_cell_at_the_end_of_the_world_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["x", "y"]])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as package:
        for part, data in parts.items():
            package.writestr(part, data)
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert caught.value.code == "too_large"


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(book(tmp_path / "a.xlsx", []))
    assert caught.value.code == "empty"


@pytest.mark.parametrize("suffix", ["et", "doc", "dat"])
def test_the_suffix_does_not_matter(samples: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes((samples / "files/apache+poi/MissingBits.xls").read_bytes())
    assert indexer.read(path).format == "xls"


def test_a_panic_in_the_library_is_corrupt(samples: Path) -> None:
    name = "clusterfuzz-testcase-minimized-POIHSSFFuzzer-5816431116615680.xls"
    with pytest.raises(ReadError) as caught:
        indexer.read(samples / "files" / "apache+poi" / name)
    assert caught.value.code == "corrupt"
