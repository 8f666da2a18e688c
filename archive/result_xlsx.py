"""The list of an answer as a workbook; apart from the list, since openpyxl is slow to load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from archive.result_list import COLUMNS, is_formula
from archive.workbooks import as_text, lay_out, saved

_WIDTHS = (40, 24, 16, 12, 12, 14, 12, 10, 8, 8, 32, 60, 14)
_LINK = len(COLUMNS) - 1
_TOP = Alignment(vertical="top", wrap_text=True)
#: By name, so that they are built once and not for each cell.
_STYLES = {
    "yanxiu-title": {"font": Font(name="黑体", size=13)},
    "yanxiu-note": {"font": Font(name="宋体", size=10)},
    "yanxiu-head": {
        "font": Font(name="黑体", size=10),
        "fill": PatternFill("solid", fgColor="F1F2F1"),
    },
    "yanxiu-text": {"font": Font(name="宋体", size=10), "alignment": _TOP},
    "yanxiu-link": {
        "font": Font(name="宋体", size=10, color="0D5560", underline="single"),
        "alignment": _TOP,
    },
}


def to_xlsx(rows: Iterable[Sequence[str]], about: str, note: str = "") -> bytes:
    """A workbook of the rows of `result_list.row`, below what was asked for. Rows are written as
    they come (openpyxl keeps them in a file of its own), so that memory stays small."""
    book = Workbook(write_only=True)
    for name, look in _STYLES.items():
        book.add_named_style(NamedStyle(name, **look))
    sheet: Any = book.create_sheet("检索清单")
    _layout(sheet)
    sheet.append([_cell(sheet, f"检索清单　{about}", "title")])
    sheet.append([_cell(sheet, note, "note")])
    sheet.append([_cell(sheet, name, "head") for name in COLUMNS])
    last = 3
    for values in rows:
        sheet.append([_value(sheet, at, value) for at, value in enumerate(values)])
        last += 1
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(COLUMNS))}{last}"
    return saved(book)


def _layout(sheet: Any) -> None:
    for at, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    lay_out(sheet, "B4", "3:3")


def _value(sheet: Any, at: int, value: str) -> WriteOnlyCell | None:
    if not value:
        return None
    if at != _LINK:
        return _cell(sheet, value, "text")
    cell = _cell(sheet, value, "link")
    cell.hyperlink = value
    cell.value = "打开材料"
    return cell


def _cell(sheet: Any, value: str, style: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.style = f"yanxiu-{style}"
    as_text(cell, formula=is_formula(value))
    return cell
