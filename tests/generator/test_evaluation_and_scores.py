"""What the forms of assessment print themselves: items with their weights, and how to score."""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from shipped_values import shipped, values

HEAD = ["项目", "督查内容", "督查方式", "权重", "实评分"]


def blank(form_id: str) -> Any:
    return Document(io.BytesIO(shipped(form_id).render(values(form_id, "blank"), "blank")))


@pytest.fixture(scope="module")
def evaluation() -> Any:
    """The table of the evaluation, nothing filled in."""
    return next(t for t in blank("eval_form").tables if len(t.columns) == len(HEAD))


def test_a_blank_evaluation_shows_its_22_items_of_100_points(evaluation: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in evaluation.rows]
    assert rows[0] == HEAD
    items = [row for row in rows if re.match(r"\d+．", row[1])]
    assert [int(row[1].split("．")[0]) for row in items] == list(range(1, 23))
    assert sum(int(row[3]) for row in items) == 100
    assert {row[4] for row in items} == {""}


def test_the_groups_of_the_evaluation_are_merged_cells(evaluation: Any) -> None:
    firsts = [row.tc_lst[0] for row in evaluation._tbl.tr_lst[1:23]]
    assert [first.vMerge for first in firsts].count("restart") == 5
    names = [cell.text for cell in evaluation.columns[0].cells[1:23]]
    groups = [(name, len(list(same))) for name, same in groupby(names)]
    assert groups == [
        ("组织管理", 5), ("研修计划", 4), ("活动组织", 7), ("研修效果", 4), ("亮点特色", 2),
    ]  # fmt: skip


def test_the_evaluation_ends_with_advice_signature_and_total(evaluation: Any) -> None:
    advice, last = ([c.text for c in row.cells] for row in evaluation.rows[-2:])
    assert "".join(advice[0].split()) == "存在问题或改进建议"
    assert "".join(last[0].split()) == "检查人签字"
    assert last[2] == "总分"


def test_every_mark_of_the_evaluation_stands_beside_its_item() -> None:
    marks = {f"实评分{n}": n / 10 for n in range(1, 23)}
    printed = Document(io.BytesIO(shipped("eval_form").render(marks, "filled")))
    table = next(t for t in printed.tables if len(t.columns) == len(HEAD))
    found = [row.cells for row in table.rows[1:23]]
    assert [float(c[4].text) for c in found] == [int(c[1].text.split("．")[0]) / 10 for c in found]


def test_how_doubtful_rules_of_the_scores_are_read_is_printed_as_proposed() -> None:
    body = blank("teacher_score").element.body
    text = "".join(t.text or "" for t in body.iter(qn("w:t")))
    readings = (
        "折半计10、9、8、5分", "30×本人得分÷本校最高得分", "恰为20%的不算超过", "最大余数",
        "最高110分", "无外派",
    )  # fmt: skip
    assert [reading for reading in readings if reading not in text] == []
    assert "读法（建议）" in text
