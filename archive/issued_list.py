"""发表清单: what a batch handed out, number by number; apart, since openpyxl is slow to load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from archive.house import House
from archive.press import Copy
from archive.result_list import is_formula
from archive.workbooks import as_text, lay_out, saved

FILE = "发表清单.xlsx"
#: Column -> its width in digits.
COLUMNS = {"序号": 6, "表单编号": 34, "片区": 22, "单位": 26, "学科": 10, "时段": 14, "文件": 60,
           "待填夹": 40}  # fmt: skip
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center")
#: By name, so that they are built once and not for each cell: a year's list has 27,000 of them.
_HEAD, _TEXT = "yanxiu-head", "yanxiu-text"
_STYLES = {
    _HEAD: {"font": Font(name="黑体", size=10), "alignment": _MIDDLE},
    _TEXT: {
        "font": Font(name="宋体", size=10),
        "alignment": Alignment(vertical="center", wrap_text=True),
    },
}


def issued_list(house: House, made: Iterable[tuple[Copy, str]]) -> bytes:
    """The list of the copies as a workbook, each with the file it was written to; 待填夹 names the
    folder a copy was put in."""
    copies = list(made)
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "发表清单"
    for name, look in _STYLES.items():
        book.add_named_style(NamedStyle(name, border=_BOX, **look))
    _head(sheet, copies[0][0].issue.paper.name if copies else "", len(copies))
    for number, (copy, file) in enumerate(copies, 1):
        _line(sheet, 2 + number, _row(house, number, copy, file), _TEXT)
    for at, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    lay_out(sheet, "A3", "1:2")
    return saved(book)


def _head(sheet: Worksheet, form: str, count: int) -> None:
    sheet.append([f"{form}　发表清单（共 {count} 份）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet["A1"].font, sheet["A1"].alignment = Font(name="黑体", size=14), _MIDDLE
    _line(sheet, 2, tuple(COLUMNS), _HEAD)


def _row(house: House, number: int, copy: Copy, file: str) -> tuple[str, ...]:
    issue, register = copy.issue, house.register
    unit = issue.unit
    school = register.school_of(unit.id) if unit.level in ("group", "teacher") else None
    name = f"{school.name}　{unit.name}" if school else unit.name
    when = issue.period.label if issue.period else ""
    return (str(number), copy.row["number"], copy.folder, name, "、".join(issue.subjects), when,
            file, copy.row.get("place", ""))  # fmt: skip


def _line(sheet: Worksheet, at: int, texts: Sequence[str], style: str) -> None:
    """Cell by cell: to ask a sheet for its last row, openpyxl goes through all of them."""
    for column, text in enumerate(texts, 1):
        cell: Any = sheet.cell(at, column, text)
        cell.style = style
        as_text(cell, formula=is_formula(text))
