"""What the workbooks of the archive have in common; apart, since openpyxl is slow to load."""

from __future__ import annotations

from typing import Any


def lay_out(sheet: Any, frozen: str, titles: str) -> None:
    """A sheet to be read and printed: rows and columns before the cell `frozen` stay in view, on
    paper (A4, landscape, as wide as the sheet) the rows `titles` ("1:2") stand on every page."""
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = titles


def as_text(cell: Any, *, formula: bool = False) -> None:
    """Text whatever it begins with: openpyxl takes = for a formula and #N/A for an error. The quote
    prefix (`formula`) keeps it text also when somebody edits the cell."""
    cell.data_type = "s"
    if formula:
        cell.quotePrefix = True
