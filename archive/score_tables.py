"""一分三率 out of the tables of marks that schools hand in as workbooks.

Columns go by their heads, whatever they are called; nothing is reckoned: what a table does not
say stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.contents import is_blank
from archive.subjects import canonical
from indexer.folding import fold
from indexer.reading import Block, Reading

Row = dict[str, str]

#: Column of a form -> pattern of the heads that name it (folded, without white space and
#: brackets), the better ones first: 实考人数 is meant before 应考人数.
HEADS: dict[str, tuple[str, ...]] = {
    "班级": ("班级|班别|班次|教学班|班",),
    "年级": ("年级",),
    "学科": ("学科|科目|考试科目",),
    "人数": ("(实考|实际|参考|参加)(人数)?", "(考试|统计|学生)?人数", "应考(人数)?"),
    "平均分": ("(人)?平均分(数)?|均分|人均分|平均成绩|平均",),
    "及格率": ("(及格|合格)率",),
    "优秀率": ("(优秀|优生)率",),
    "低分率": ("低分率|(差生|后进生?)率",),
    "最高分": ("最高分?",),
    "最低分": ("最低分?",),
    "任课教师": ("(任课|科任|授课)?(教师|老师)(姓名)?|任课",),
}
RATES = ("及格率", "优秀率", "低分率")
MEASURES = ("平均分", *RATES, "最高分", "最低分")
#: A head stands in the first rows of its table; so many rows are looked at below it.
HEAD_ROWS, MOST_ROWS = 8, 200
_COMPILED = {
    column: tuple(re.compile(pattern) for pattern in patterns) for column, patterns in HEADS.items()
}
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Head:
    """`columns` of a head row by what they hold; `group` is the subject whose columns they are
    ("" where the table does not say)."""

    row: int
    columns: dict[str, int]
    group: str = ""


def score_rows(reading: Reading, subject: str, own: bool) -> list[Row]:
    """Class by class what the first table of marks says of a subject. `own`: the whole paper is
    about that subject, so a table that names none may be believed."""
    for block in reading.blocks:
        if block.kind != "table":
            continue
        about = own or _named(block.sheet) == subject
        if _named(block.sheet) not in ("", subject):
            continue
        for head in _heads(block):
            if head.group == subject or (not head.group and (about or "学科" in head.columns)):
                rows = list(_rows(block, head, subject))
                if rows:
                    return rows
    return []


def _heads(block: Block) -> Iterator[_Head]:
    """Every head of the table: one, or one a subject where subjects span their columns."""
    for n, row in enumerate(block.rows[:HEAD_ROWS]):
        above = block.rows[n - 1] if n else ()
        groups = _groups(above, len(row))
        if any(groups):
            shared = _columns(row, above, [at for at, name in enumerate(groups) if not name])
            for name in dict.fromkeys(g for g in groups if g):
                own = _columns(row, (), [at for at, g in enumerate(groups) if g == name])
                if _is_head(own, shared):
                    yield _Head(n, {**shared, **own}, name)
        else:
            found = _columns(row, above, range(len(row)))
            if _is_head(found, {}):
                yield _Head(n, found)


def _is_head(own: dict[str, int], shared: dict[str, int]) -> bool:
    named = sum(measure in own for measure in MEASURES)
    return named >= 2 and ("班级" in own or "班级" in shared or "年级" in shared or "年级" in own)


def _groups(above: Sequence[str], width: int) -> list[str]:
    """Column by column the subject in the row above, spread over the empty cells after it."""
    found: list[str] = []
    for at in range(width):
        cell = above[at] if at < len(above) else ""
        name = _named(cell)
        last = found[-1] if found else ""
        found.append(name or (last if not cell.strip() else ""))
    return found if len({name for name in found if name}) > 0 else [""] * width


def _named(text: str) -> str:
    """The subject that a cell or a sheet is called after, "" for none."""
    bare = "".join(fold(text).split())
    for end in ("成绩统计表", "成绩统计", "成绩表", "成绩", "学科", "科"):
        bare = bare.removesuffix(end)
    return canonical(bare)


def _columns(row: Sequence[str], above: Sequence[str], places: Sequence[int]) -> dict[str, int]:
    """What each column holds, by its head or, where that is empty, by the cell above it."""
    heads = {}
    for at in places:
        cell = row[at] if at < len(row) else ""
        heads[at] = _bare(cell or (above[at] if at < len(above) else ""))
    found: dict[str, int] = {}
    for column, patterns in _COMPILED.items():
        matches = (at for p in patterns for at, head in heads.items() if p.fullmatch(head))
        place = next(matches, None)
        if place is not None:
            found[column] = place
    return found


def _bare(cell: str) -> str:
    return re.sub(r"[（(].*?[)）]|[%:：]", "", "".join(fold(cell).split()))


def _rows(block: Block, head: _Head, subject: str) -> Iterator[Row]:
    lines = [line for line in block.rows[head.row + 1 : MOST_ROWS] if any(c.strip() for c in line)]
    fractions = {rate for rate in RATES if _is_fraction(lines, head.columns.get(rate))}
    about = grade = ""
    for line in lines:
        found = {name: _cell(line, at) for name, at in head.columns.items()}
        about = found.get("学科") or about  # merged cells name it once
        grade = found.get("年级") or grade
        if "学科" in head.columns and _named(about) != subject:
            continue
        row = {name: _value(name, found.get(name, ""), fractions) for name in HEADS}
        if row["班级"] and grade and "年级" in head.columns and grade not in row["班级"]:
            row["班级"] = grade + row["班级"]
        row["班级"] = row["班级"] or grade
        if row["班级"] and sum(bool(row[name]) for name in MEASURES) >= 2:
            yield {name: value for name, value in row.items() if name not in ("年级", "学科")}


def _cell(line: Sequence[str], at: int) -> str:
    text = " ".join(line[at].split()) if at < len(line) else ""
    return "" if is_blank(text) else text


def _is_fraction(lines: Sequence[Sequence[str]], at: int | None) -> bool:
    """Whether a column of rates holds 0.85 for 85 %: no figure above 1, and not all 0 or 1."""
    if at is None:
        return False
    texts = [_cell(line, at) for line in lines]
    if any("%" in fold(text) for text in texts):
        return False
    figures = [float(text) for text in texts if _FIGURE.fullmatch(text)]
    return bool(figures) and max(figures) <= 1 and any(0 < f < 1 for f in figures)


def _value(name: str, text: str, fractions: set[str]) -> str:
    plain = fold(text).removesuffix("%").removesuffix("分").removesuffix("人").strip()
    if name in ("班级", "任课教师", "年级", "学科") or not _FIGURE.fullmatch(plain):
        return text if name in ("班级", "任课教师") else ""
    figure = float(plain) * (100 if name in fractions else 1)
    shown = f"{figure:.2f}".rstrip("0").rstrip(".")
    return f"{shown}%" if name in RATES else shown
