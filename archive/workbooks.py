"""What the workbooks of the archive have in common; apart, since openpyxl is slow to load."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

#: The day on which the zip format begins, as in every package the house makes.
_DATE = datetime(1980, 1, 1)


def saved(book: Workbook) -> bytes:
    """A workbook as a file, the same bytes for the same contents: openpyxl would put the present
    time into its properties and the dates of the zip."""
    book.properties.created = book.properties.modified = _DATE
    out = io.BytesIO()
    ExcelWriter(book, _Undated(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


class _Undated(zipfile.ZipFile):
    """A zip whose members all bear the date that `ZipInfo` has by itself, 1980-01-01."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *options: Any, **named: Any) -> None:
        super().writestr(_member(zinfo_or_arcname), data, *options, **named)

    def write(self, filename: Any, arcname: Any = None, *options: Any, **named: Any) -> None:
        member = _member(arcname or filename)
        with Path(filename).open("rb") as source, self.open(member, "w") as target:
            shutil.copyfileobj(source, target)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


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
