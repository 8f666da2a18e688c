"""What counts as content: not a line of underscores, not 无, not a table of which only the head
is filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from indexer.folding import fold
from indexer.reading import Block, Reading

_FILLER = re.compile(r"[\s_＿\-—―–.．…。、，,/\\|·:：;；()（）\[\]【】<>《》□○☐*×xX✓√]*")
_NOTHING = frozenset((
    "无", "略", "没有", "暂无", "待补", "待填", "待定", "未填", "空", "同上", "未完成",
    "待完善", "从略", "暂缺", "缺", "此处填写", "请填写", "省略",
))  # fmt: skip
#: Numbers of a list with nothing behind them; a bare figure is a value.
_NUMBERS = re.compile(
    r"(?:[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十\d]{1,2}[、.．:：]|[①-⑳])+"
)
_HINT = re.compile(
    r"[（(【\[]?(?:此处|在此|这里|请|要求|说明|提示|注|填写说明)[:：]?.{0,60}(?:填写|填入|列出|说明|写明|书写|不少于.{1,6}字|可另附页|附页).{0,20}[)）】\]]?"
)
#: 组长：___ 副组长：××× 成员：
_EMPTY_LABELS = re.compile(r"(?:[一-鿿]{1,6}[:：][_\-—×x*…．.]*)+")
_BLANK_DATE = re.compile(r"(?:20)?\s*年\s*月\s*日?")
_SCORES = ("平均分|均分|平均", "及格率|合格率", "优秀率|优良率", "低分率|最高分|最低分|人数|实考")
_DIGIT = re.compile(r"\d")
#: What a line says of itself that the house printed into a section (archive.prefill.reference).
REFERENCE = "供参考"
_REFERENCE_LINE = re.compile(
    r"〔\s*上[^〔〕：:]{1,24}" + r"\s*".join(REFERENCE) + r"\s*[)）]\s*[：:][^〔〕]*〕"
)


def is_blank(text: str, hints: Sequence[str] = ()) -> bool:
    """Whether a value says nothing: white space, underscores, 无, （略）, 年 月 日, a hint of the
    form (`hints`, or 请填写 …), a line that the house took over from an earlier paper."""
    if "〔" in text:
        text = _REFERENCE_LINE.sub("", text)
    bare = "".join(fold(text).split())
    if not bare or _FILLER.fullmatch(bare) or _EMPTY_LABELS.fullmatch(bare):
        return True
    core = bare.strip("()（）[]【】。.、,，:：_-—")
    if core in _NOTHING or _NUMBERS.fullmatch(bare) or _BLANK_DATE.fullmatch(core):
        return True
    if hints and core in _folded_hints(tuple(hints)):
        return True
    return len(core) <= 80 and _HINT.fullmatch(core) is not None


@lru_cache(maxsize=256)
def _folded_hints(hints: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(fold(hint).split()).strip("()（）。") for hint in hints)


def table_has_rows(block: Block) -> bool:
    """Whether anything is filled in below the head of a list table. A first column of months or
    numbers alone (一月, 1, 2 …) is printed, not written."""
    for row in block.rows[1:200]:
        cells = [cell for cell in row if not is_blank(cell)]
        if len(cells) >= 2 or (cells and row and is_blank(row[0])):
            return True
    return False


def has_score_table(reading: Reading) -> str:
    """The place of a table of marks (two of 平均分, 及格率 … with figures), "" for none."""
    number = 0
    for block in reading.blocks:
        if block.kind != "table":
            continue
        number += 1
        labels = fold(block.text[:3000])
        named = sum(bool(re.search(pattern, labels)) for pattern in _SCORES)
        if named >= 2 and _has_figures(block):
            return f"表 {number}"
    return ""


def _has_figures(block: Block) -> bool:
    """At least two cells with figures beside the labels."""
    figures = 0
    for row in block.rows[:200]:
        figures += sum(bool(re.match(r"\s*\d+(?:\.\d+)?%?\s*$", fold(cell))) for cell in row)
    return figures >= 2


def marks_unfilled(reading: Reading, column: str) -> str:
    """The place of the first table with a column of that name and nothing in it, "" for none: the
    22 printed items of an evaluation without a mark are a blank form."""
    number = 0
    for block in reading.blocks:
        if block.kind != "table":
            continue
        number += 1
        for n, row in enumerate(block.rows[:4]):
            at = next((c for c, cell in enumerate(row) if "".join(cell.split()) == column), -1)
            if at < 0:
                continue
            below = [r[at] for r in block.rows[n + 1 : 200] if at < len(r)]
            return "" if any(not is_blank(cell) for cell in below) else f"表 {number}"
    return ""


def table_is_filled(reading: Reading) -> str:
    """The place of the first table with a written cell in most rows, "" for none."""
    number = 0
    for block in reading.blocks:
        if block.kind != "table":
            continue
        number += 1
        if _is_filled(block):
            return f"表 {number}"
    return ""


def _is_filled(block: Block) -> bool:
    """The last columns are those to fill in: figures or words in at least a third of the rows."""
    rows = block.rows[1:200]
    if not rows:
        return False
    written = sum(bool(row) and not is_blank(row[-1]) for row in rows)
    return written * 3 >= len(rows)
