"""Small templates made on the spot, and a spec for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx

from generator import FieldSpec, Form, FormSpec, ListSpec, SectionSpec, compile_form

SPEC = FormSpec(
    id="stage_report",
    title="阶段报告",
    version="1",
    fields=(
        FieldSpec("学校", ("学校名称", "单位"), "unit", True, 12),
        FieldSpec("学科", ("科目",), "subject", True, 5),
        FieldSpec("报告时间", (), "period", False, 9),
        FieldSpec("学校/班级", (), "text", False, 6),
    ),
    sections=(
        SectionSpec(
            "工作开展情况",
            ("主要工作",),
            True,
            ListSpec("活动", ("时间", "主题", "主讲人"), 4),
        ),
        SectionSpec("取得成效", (), True),
        SectionSpec("附件清单"),
    ),
    lists=(ListSpec("名单", ("姓名",), 2),),
)


@lru_cache(maxsize=256)
def _plain(paragraphs: Sequence[str]) -> bytes:
    """A document of paragraphs alone; python-docx takes 60 ms for one."""
    document, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def write_template(
    path: Path,
    *paragraphs: str,
    rows: Sequence[Sequence[str]] = (),
    footer: str = "",
    edit: Callable[[Any], None] | None = None,
) -> Path:
    """Write a .docx of paragraphs, one table and a footer; `edit` may change the document."""
    if not (rows or footer or edit):
        path.write_bytes(_plain(paragraphs))
        return path
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    if edit:
        edit(document)
    document.save(str(path))
    return path


def altered(path: Path, change: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """The template at `path` with members changed or added."""
    with zipfile.ZipFile(path) as before:
        members = {info.filename: before.read(info) for info in before.infolist()}
    for name, alter in change.items():
        members[name] = alter(members.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, data in members.items():
            after.writestr(name, data)
    return path


def make(path: Path, *paragraphs: str, **options: Any) -> Form:
    """The compiled form of such a template."""
    return compile_form(write_template(path, *paragraphs, **options), SPEC)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def paragraphs(data: bytes) -> list[str]:
    return [p.text for p in opened(data).paragraphs]


def cells(data: bytes, table: int = 0) -> list[list[str]]:
    return [[c.text for c in row.cells] for row in opened(data).tables[table].rows]
