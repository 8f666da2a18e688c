"""A template examined, here or in a process of its own.

    python -m generator.examining JOB OUTCOME

reads a JSON file {"path", "spec"} and writes {"remarks": [...]} or {"error": {code, detail}}.
Whoever starts it bounds its time and memory; nothing of a template is ever run in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.compiling import MAX_TEMPLATE, compile_form
from generator.errors import FormError
from generator.linting import lint
from generator.remarks import WHOLE, Remark
from generator.spec import FieldSpec, FormSpec, ListSpec, SectionSpec


def template_bytes(path: Path) -> bytes:
    """The file, if it is not larger than any template. Raises FormError too_large, OSError."""
    with path.open("rb") as stream:
        data = stream.read(MAX_TEMPLATE + 1)
    if len(data) > MAX_TEMPLATE:
        raise FormError("too_large", path.name)
    return data


def examine(path: Path, spec: FormSpec) -> list[Remark]:
    """Faults and warnings of a template; one without faults has been compiled and printed once.
    Raises FormError not_docx, too_large; OSError."""
    remarks = lint(template_bytes(path), spec)
    if any(remark.stops for remark in remarks):
        return remarks
    try:
        compile_form(path, spec)
    except FormError as error:
        faults = [Remark(f.code, f.message, f.place, f.tag, f.nearest) for f in error.faults]
        return [*(faults or [Remark("unusable", error.message, WHOLE)]), *remarks]
    return remarks


def job(path: Path, spec: FormSpec) -> dict[str, Any]:
    """What the process of its own is told."""
    return {"path": str(path.absolute()), "spec": asdict(spec)}


def _spec(data: Mapping[str, Any]) -> FormSpec:
    return FormSpec(
        data["id"],
        data["title"],
        data["version"],
        tuple(FieldSpec(**{**f, "also": tuple(f["also"])}) for f in data["fields"]),
        tuple(_section(s) for s in data["sections"]),
        tuple(_list(rows) for rows in data["lists"]),
        tuple(data["extra"]),
    )


def _section(data: Mapping[str, Any]) -> SectionSpec:
    rows = _list(data["rows"]) if data["rows"] else None
    return SectionSpec(data["name"], tuple(data["also"]), data["required"], rows)


def _list(data: Mapping[str, Any]) -> ListSpec:
    return ListSpec(data["name"], tuple(data["columns"]), data["blank"])


def main(told: Path, outcome: Path) -> int:
    given = json.loads(told.read_text("utf-8"))
    try:
        remarks = examine(Path(given["path"]), _spec(given["spec"]))
        answer: dict[str, Any] = {"remarks": [remark.to_json() for remark in remarks]}
    except FormError as error:
        answer = {"error": {"code": error.code, "detail": error.detail}}
    outcome.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
