"""发表清单: what a batch handed out, number by number."""

from __future__ import annotations

from collections.abc import Iterable

from archive.house import House
from archive.plain_sheet import workbook
from archive.press import Copy

FILE = "发表清单.xlsx"
HEADS = ("序号", "表单编号", "片区", "单位", "学科", "时段", "文件", "待填夹")


def issued_list(house: House, made: Iterable[tuple[Copy, str]]) -> bytes:
    """The list of the copies as a workbook, each with the file it was written to; 待填夹 names the
    folder a copy was put in."""
    register = house.register
    rows = []
    title = "发表清单"
    for number, (copy, file) in enumerate(made, 1):
        issue = copy.issue
        unit = issue.unit
        school = register.school_of(unit.id) if unit.level in ("group", "teacher") else None
        name = f"{school.name}　{unit.name}" if school else unit.name
        when = issue.period.label if issue.period else ""
        title = f"{issue.paper.name}　发表清单"
        rows.append((str(number), copy.row["number"], copy.folder, name, "、".join(issue.subjects),
                     when, file, copy.row.get("place", "")))  # fmt: skip
    return workbook("发表清单", f"{title}（共 {len(rows)} 份）", HEADS, rows)
