"""The texts of the sample submissions: one file each in `papers/`, the truth above the text.

A paper begins with a TOML head between lines of `+++`, then its body, line by line:

    # title          ## heading         ### sub-heading     = centred line     > right-aligned line
    | cell | cell |  a table row: a short row's last cell spans the rest, `^` continues the cell
                     above, `//` starts a new paragraph inside a cell
    @ name           the next sheet of a workbook
    anything else    a paragraph

`{a}`, `{b}`, ... stand for teachers of the paper's school and subject, `{校长}` and the like for
who holds that role, `{语文}` and the like for the first teacher of that subject: all taken from
the register.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from archive.register import Register
from yanxiu.demo.staff import Staff

MARKS = {"# ": "title", "## ": "heading", "### ": "subheading", "= ": "centred", "> ": "right"}
ROLES = ("校长", "副校长", "教导主任")
PLACEHOLDER = re.compile(r"\{([a-h]|[\u4e00-\u9fff]{2,4})\}")


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: title, heading, subheading, centred, right, sheet, table or paragraph."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def plain(self) -> str:
        """The text alone, a table's cells joined by tabs."""
        if self.kind != "table":
            return self.text
        return "\n".join("\t".join(c.replace("//", " ") for c in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Paper:
    """One text. `head` is the truth about it and how it is to look, as written in its file."""

    key: str
    head: Mapping[str, Any]
    lines: tuple[Line, ...] = field(default=())

    @property
    def plain(self) -> str:
        return "\n".join(line.plain for line in self.lines if line.kind != "sheet")


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    folder = files("yanxiu.demo").joinpath("papers")
    found = [p for p in folder.iterdir() if p.name.endswith(".txt")]
    return tuple((p.name[:-4], p.read_text("utf-8")) for p in sorted(found, key=lambda p: p.name))


def load(register: Register) -> dict[str, Paper]:
    """All papers by key (their file's stem), names of people filled in from the register."""
    staff = Staff(register)
    return {key: _parse(key, source, staff) for key, source in _sources()}


def _parse(key: str, source: str, staff: Staff) -> Paper:
    _, head_text, body = source.split("+++\n", 2)
    head = tomllib.loads(head_text)
    body = PLACEHOLDER.sub(lambda m: _person(m[1], head, staff), body)
    if author := head.get("author"):
        head["author"] = _person(author, head, staff)
    if "file" in head:
        head["file"] = PLACEHOLDER.sub(lambda m: _person(m[1], head, staff), head["file"])
    return Paper(key, head, tuple(_lines(body)))


def _person(mark: str, head: Mapping[str, Any], staff: Staff) -> str:
    school = head.get("school") or head.get("from_school", "")
    if len(mark) == 1:
        return staff.nth(school, head.get("subject"), ord(mark) - ord("a"))
    if mark in ROLES:
        return staff.with_role(school, mark)
    return staff.nth(school, mark, 0)


def _lines(body: str) -> list[Line]:
    lines: list[Line] = []
    rows: list[tuple[str, ...]] = []
    for text in [*body.splitlines(), ""]:
        if text.startswith("|"):
            rows.append(tuple(cell.strip() for cell in text.strip().strip("|").split("|")))
            continue
        if rows:
            lines.append(Line("table", rows=tuple(rows)))
            rows = []
        if text:
            lines.append(_line(text))
    return lines


def _line(text: str) -> Line:
    if text.startswith("@ "):
        return Line("sheet", text[2:])
    for mark, kind in MARKS.items():
        if text.startswith(mark):
            return Line(kind, text[len(mark) :])
    return Line("paragraph", text)
