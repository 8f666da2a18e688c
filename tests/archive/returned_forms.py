"""Forms printed, filled in and changed as people change them, for the tests of what comes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docx import Document

from archive import form_examples
from archive.forms import Paper, compiled, papers
from archive.kind_files import BUILTIN, load_kinds
from archive.returns import Return, read_back
from generator import Stamp
from indexer.readers import read
from indexer.reading import Reading

KINDS = load_kinds(BUILTIN)
PAPERS: dict[str, Paper] = {paper.id: paper for paper in papers(KINDS)}

Edit = Callable[[Any], None]


#: Values that the tests name, whatever the examples of the forms say.
OWN: dict[str, dict[str, Any]] = {
    "stage_report": {
        "学校": "孙镇初中", "学科": "语文", "报告时间": "2014年10月", "填报人": "张晓燕",
        "活动": [
            ["10月9日", "集体备课", "《岳阳楼记》单元整体教学设计", "张晓燕", 12],
            ["10月16日", "听课评课", "同课异构：《故乡》", "李建国、王敏", 15],
            ["10月23日", "专题讲座", "作文分层指导的课堂策略", "赵淑芳", 26],
        ],
    },
    "school_plan": {
        "学校": "孙镇初中", "学期": "2014-2015学年第一学期",
        "教师": [[f"教师{n}", "语文", "教师", "读写结合课例研究"] for n in range(1, 8)],
        "安排": [[f"{n}月", "同课异构", "刘芳"] for n in (9, 10, 11, 12, 1)],
        "时间安排": "",
    },
}  # fmt: skip


@cache
def example(form: str) -> dict[str, Any]:
    """The example beside the form's source, everything filled in, with OWN in its place."""
    return {"县名": "蒲城县", **form_examples.example(PAPERS[form]), **OWN.get(form, {})}


def printed(form: str, stamp: Stamp | None = None, **values: Any) -> bytes:
    """A copy filled in as the example, with some values changed."""
    return compiled(PAPERS[form]).render({**example(form), **values}, "filled", stamp)


def edited(data: bytes, edit: Edit) -> bytes:
    document = Document(io.BytesIO(data))
    edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def reading_of(data: bytes, name: str = "交回.docx") -> Reading:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read(path)


def back(form: str, edit: Edit | None = None, **values: Any) -> Return:
    """The example printed, changed and read back."""
    data = printed(form, **values)
    return read_back(reading_of(edited(data, edit) if edit else data), PAPERS[form])


def cell(document: Any, words: str, table: int | None = None) -> Any:
    """The cell whose text, without white space, is `words`."""
    tables = document.tables if table is None else [document.tables[table]]
    for found in tables:
        for row in found.rows:
            for one in row.cells:
                if "".join(one.text.split()) == words:
                    return one
    raise AssertionError(words)
