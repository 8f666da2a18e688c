"""发表清单: what a batch handed out, number by number; apart, since openpyxl is slow to load."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from archive.house import House
from archive.press import Copy
from archive.result_list import is_formula
from archive.workbooks import as_text, lay_out

FILE = "发表清单.xlsx"
#: Column -> its width in digits.
COLUMNS = {"序号": 6, "表单编号": 34, "片区": 22, "单位": 26, "学科": 10, "时段": 14, "文件": 60,
           "待填夹": 40}  # fmt: skip
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center")
_WRAPPED = Alignment(vertical="center", wrap_text=True)


def issued_list(house: House, made: Iterable[tuple[Copy, str]]) -> bytes:
    """The list of the copies as a workbook, each with the file it was written to; 待填夹 names the
    folder a copy was put in."""
    copies = list(made)
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "发表清单"
    _head(sheet, copies[0][0].issue.paper.name if copies else "", len(copies))
    for number, (copy, file) in enumerate(copies, 1):
        _append(sheet, _row(house, number, copy, file), Font(name="宋体", size=10), _WRAPPED)
    for at, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    lay_out(sheet, "A3", "1:2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, form: str, count: int) -> None:
    sheet.append([f"{form}　发表清单（共 {count} 份）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet["A1"].font, sheet["A1"].alignment = Font(name="黑体", size=14), _MIDDLE
    _append(sheet, tuple(COLUMNS), Font(name="黑体", size=10), _MIDDLE)


def _row(house: House, number: int, copy: Copy, file: str) -> tuple[str, ...]:
    issue, register = copy.issue, house.register
    unit = issue.unit
    school = register.school_of(unit.id) if unit.level in ("group", "teacher") else None
    name = f"{school.name}　{unit.name}" if school else unit.name
    when = issue.period.label if issue.period else ""
    return (str(number), copy.row["number"], copy.folder, name, "、".join(issue.subjects), when,
            file, copy.row.get("place", ""))  # fmt: skip


def _append(sheet: Worksheet, texts: Sequence[str], font: Font, place: Alignment) -> None:
    sheet.append(texts)
    for cell in sheet[sheet.max_row]:
        cell.font, cell.border, cell.alignment = font, _BOX, place
        as_text(cell, formula=is_formula(str(cell.value or "")))
