"""报送一览 as a workbook; apart from the matrix, since openpyxl is slow to load."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from archive import due
from archive.due import STATES, Matrix
from archive.house import House
from archive.workbooks import lay_out, saved

_FILLS = {
    "on_time": "E6F4EA", "late": "FFF4DB", "incomplete": "FDE9D9", "missing": "FBE0DF",
    "review": "E3EEF9", "not_yet": "FFFFFF", "exempt": "EFEFEF",
}  # fmt: skip
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def to_xlsx(house: House, table: Matrix) -> bytes:
    """The matrix as a workbook, ready to print: title, frozen head and first columns, totals."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "报送一览"
    heads = [
        "片区",
        "学校",
        *(_column_name(house, c) for c in table.columns),
        "应报",
        "已交",
        "缺报",
    ]
    _head(sheet, table, heads)
    for line, unit_id in enumerate(table.rows, 3):
        _row(sheet, line, house, table, unit_id)
    _totals(sheet, len(table.rows) + 3, table)
    _layout(sheet, heads)
    return saved(book)


def _column_name(house: House, column: due.Column) -> str:
    kind = house.kinds[column.kind_id]
    return f"{kind.also[0] if kind.also else kind.name}\n{column.subject or ''}".strip()


def _head(sheet: Worksheet, table: Matrix, heads: list[str]) -> None:
    sheet.append([f"报送一览　{table.period.label}　（制表：{_today()}）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet["A1"].font = Font(name="黑体", size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(heads)
    for cell in sheet[2]:
        cell.font = Font(name="黑体", size=10)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _BOX


def _row(sheet: Worksheet, line: int, house: House, table: Matrix, unit_id: str) -> None:
    register = house.register
    cluster = register.cluster_of(unit_id, table.period.end)
    counts = table.by_unit[unit_id]
    sheet.append([cluster.name if cluster else "", register.units[unit_id].name])
    for index, column in enumerate(table.columns, 3):
        cell = table.cell(unit_id, column)
        target = sheet.cell(line, index, f"{cell.mark} {cell.name}" if cell else "")
        target.alignment = Alignment(horizontal="center")
        if cell:
            target.fill = PatternFill("solid", fgColor=_FILLS[cell.state])
    for index, value in enumerate(
        (counts.due, counts.handed, counts.missing), 3 + len(table.columns)
    ):
        sheet.cell(line, index, value).alignment = Alignment(horizontal="center")
    for cell in sheet[line]:
        cell.font = Font(name="宋体", size=10)
        cell.border = _BOX


def _totals(sheet: Worksheet, line: int, table: Matrix) -> None:
    total = table.total
    parts = [f"{name} {getattr(total, state)}" for state, (_, name) in STATES.items()]
    sheet.cell(line, 1, f"合计：应报 {total.due}，" + "，".join(parts)).font = Font(
        name="宋体", size=10
    )


def _layout(sheet: Worksheet, heads: list[str]) -> None:
    for index, head in enumerate(heads, 1):
        widest = max(len(part) for part in head.split("\n"))
        sheet.column_dimensions[get_column_letter(index)].width = (
            18 if index < 3 else max(8, 2 * widest)
        )
    sheet.row_dimensions[2].height = 32
    lay_out(sheet, "C3", "1:2")


def _today() -> str:
    day: date = timezone.localdate()
    return f"{day.year}年{day.month}月{day.day}日"
