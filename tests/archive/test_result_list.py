"""The list of an answer: its columns, and that nothing in it becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from archive.result_list import COLUMNS, csv_lines, cut_note, row
from archive.result_xlsx import to_xlsx
from indexer.engines import Hit, Snippet

HIT = Hit(
    "7", 1.0, "十月阶段报告",
    snippets=(Snippet("集体备课\n四次", ((0, 4),)), Snippet("听评课", ())),
    values={"kind": ["阶段报告"], "school": ["东河初中"], "subject": ["数学", "物理"],
            "school_year": ["2014-2015"], "term": ["2014-2015-1"], "month": ["2014-10"],
            "author": ["王一"], "completeness": ["齐全"], "status": ["已归档"]},
    date="2014-10-31", extra={"file": "报告.docx", "date": "2014-10-28", "head": 1},
)  # fmt: skip
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=cmd|'/c calc'!A0"]


def test_it_says_what_the_page_says() -> None:
    assert row(HIT, "http://a/documents/7") == (
        "十月阶段报告", "阶段报告", "东河初中", "数学、物理", "2014-2015", "2014年10月",
        "2014-10-28", "王一", "齐全", "已归档", "报告.docx", "集体备课 四次 …… 听评课", "http://a/documents/7",
    )  # fmt: skip
    assert len(row(HIT)) == len(COLUMNS)


def test_between_excerpts_that_are_cut_one_mark_of_it_stands() -> None:
    cut = (Snippet("…集体备课…", ()), Snippet("…听评课。", ()), Snippet("评课…", ()))
    hit = Hit("7", 1.0, "", snippets=cut)
    assert row(hit)[COLUMNS.index("摘录")] == "…集体备课 …… 听评课。 …… 评课…"


def test_without_a_month_the_term_is_told_and_without_both_the_period() -> None:
    at = COLUMNS.index("学期/月份")
    assert row(Hit("1", 0, "", values={"term": ["2014-2015-2"]}))[at] == "第二学期"
    assert row(Hit("1", 0, "", extra={"period": "2014年度"}))[at] == "2014年度"


def test_characters_that_no_workbook_has_are_left_out() -> None:
    odd = Hit("1", 0, "甲\x00\x0b\ud800乙\ufffe")
    assert row(odd)[0] == "甲乙"
    load_workbook(io.BytesIO(to_xlsx([row(odd)], "")))
    b"".join(csv_lines([row(odd)])).decode()


@pytest.mark.parametrize("value", FORMULAS)
def test_nothing_becomes_a_formula_in_csv(value: str) -> None:
    text = b"".join(csv_lines([("甲", value)])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["甲", f"'{value}"]]


@pytest.mark.parametrize("value", [*FORMULAS, "#N/A"])
def test_nothing_becomes_a_formula_in_a_workbook(value: str) -> None:
    data = to_xlsx([(value,) * len(COLUMNS)], about=value, note=value)
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    for cell in [*sheet[2], *sheet[4]]:
        assert cell.data_type in ("s", "n") if cell.value is None else cell.data_type == "s"
    assert sheet["A4"].value == value
    assert sheet["A4"].quotePrefix is (value != "#N/A")


def test_a_list_with_a_mark_that_excel_knows() -> None:
    pieces = list(csv_lines([COLUMNS, row(HIT)]))
    assert pieces[0] == b"\xef\xbb\xbf"
    assert len(pieces) == 3


def test_the_workbook_leads_to_each_paper() -> None:
    data = to_xlsx([row(HIT, "http://a/documents/7")], "「集体备课」", "共 1 份")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet["A1"].value == "检索清单　「集体备课」"
    assert [cell.value for cell in sheet[3]] == list(COLUMNS)
    link = sheet.cell(4, len(COLUMNS))
    assert link.hyperlink is not None
    assert link.hyperlink.target == "http://a/documents/7"


def test_what_was_cut_is_told() -> None:
    assert cut_note(10, 10) == ""
    assert "全部 12,345 份，这里只列出前 5,000 份" in cut_note(12_345, 5_000)


def test_the_same_list_gives_the_same_bytes_at_any_time() -> None:
    """Nothing in a workbook of ours tells when it was made."""
    first, again = (to_xlsx([row(HIT)], "「集体备课」", "共 1 份") for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        dates = re.findall(rb">([0-9-]{10}T[^<]*)<", package.read("docProps/core.xml"))
    assert dates == [b"1980-01-01T00:00:00Z"] * 2
