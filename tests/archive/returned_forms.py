"""Forms printed, filled in and changed as people change them, for the tests of what comes back."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docx import Document

from archive.forms import Paper, compiled, papers
from archive.kind_files import BUILTIN, load_kinds
from archive.returns import Return, read_back
from generator import Stamp
from indexer.readers import read
from indexer.reading import Reading

KINDS = load_kinds(BUILTIN)
PAPERS: dict[str, Paper] = {paper.id: paper for paper in papers(KINDS)}
SOURCES = Path(__file__).resolve().parents[2] / "templates" / "forms_source"

Edit = Callable[[Any], None]


@cache
def example(form: str) -> dict[str, Any]:
    """The example beside the form's source: everything filled in."""
    source = tomllib.loads((SOURCES / f"{form.replace('.', '-')}.toml").read_text("utf-8"))
    return {"县名": "蒲城县", **source["known"], **source["written"]}


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
