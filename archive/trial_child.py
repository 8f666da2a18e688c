"""The child that tries out a template: an order on standard input, the answer on standard output.

Started by `archive.template_trial` as `python -m archive.trial_child`. In: JSON with "do" (try or
examine), "path", "spec" (a FormSpec as plain values), "memory" (bytes) and "scratch" (a folder of
its own). Out: JSON with "faults" or "remarks", or "error" with the code and detail of a FormError.
It opens no connection, starts no program and writes nowhere but in its scratch
(`indexer.confinement`).
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator import (
    MODES,
    FieldSpec,
    Form,
    FormError,
    FormSpec,
    ListSpec,
    SectionSpec,
    Stamp,
    compile_form,
)
from generator.lint.examining import examine
from indexer.confinement import forbid

#: What every place is filled with: marks that XML must not take for its own, and a line's end.
_WORDS = "样例 <甲> & “乙”\n第二行"


def main() -> None:
    order = json.load(sys.stdin)
    _confine(order["memory"], Path(order["scratch"]))
    job = _examined if order["do"] == "examine" else _tried
    json.dump(_answer(job, Path(order["path"]), spec_from(order["spec"])), sys.stdout)


def _confine(memory: int, scratch: Path) -> None:
    tempfile.tempdir = str(scratch)
    forbid(scratch, programs=False)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform.startswith("linux"):
            # Elsewhere RLIMIT_AS counts shared maps too, or is not kept; the parent watches.
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _answer(
    job: Callable[[Path, FormSpec], dict[str, Any]], path: Path, spec: FormSpec
) -> dict[str, Any]:
    try:
        return job(path, spec)
    except FormError as error:
        return {"error": {"code": error.code, "detail": error.detail[:500]}}
    except MemoryError:
        return {"error": {"code": "too_large", "detail": "out of memory"}}
    except OSError as error:
        return {"error": {"code": "not_docx", "detail": str(error)[:500]}}


def _tried(path: Path, spec: FormSpec) -> dict[str, Any]:
    try:
        _try_out(compile_form(path, spec))
    except FormError as error:
        if error.code != "template_faults":
            raise
        return {"faults": [asdict(fault) for fault in error.faults]}
    return {"faults": []}


def _examined(path: Path, spec: FormSpec) -> dict[str, Any]:
    remarks = examine(path, spec)
    if not any(remark.stops for remark in remarks):
        _try_out(compile_form(path, spec))
    return {"remarks": [remark.to_json() for remark in remarks]}


def _try_out(form: Form) -> None:
    """Print it with every place filled; what comes out must be whole XML."""
    from generator.ooxml import parse

    spec = form.spec
    values: dict[str, Any] = dict.fromkeys(form.keys, _WORDS)
    values |= {rows.name: [[_WORDS] * len(rows.columns)] * 2 for rows in spec.all_lists}
    stamp = Stamp.issue(spec.id, spec.version, "", "", "")
    for mode in MODES:
        with zipfile.ZipFile(io.BytesIO(form.render(values, mode, stamp))) as printed:
            try:
                for name in form.parts:
                    parse(printed.read(name))
            except ValueError as error:
                raise FormError("not_docx", str(error)) from error


def spec_from(values: Mapping[str, Any]) -> FormSpec:
    """A FormSpec from its plain values, as `dataclasses.asdict` gives them."""
    return FormSpec(
        id=values["id"],
        title=values["title"],
        version=values["version"],
        fields=tuple(FieldSpec(**{**f, "also": tuple(f["also"])}) for f in values["fields"]),
        sections=tuple(
            SectionSpec(s["name"], tuple(s["also"]), s["required"], _list_from(s["rows"]))
            for s in values["sections"]
        ),
        lists=tuple(ListSpec(r["name"], tuple(r["columns"]), r["blank"]) for r in values["lists"]),
        extra=tuple(values["extra"]),
    )


def _list_from(values: Mapping[str, Any] | None) -> ListSpec | None:
    return ListSpec(values["name"], tuple(values["columns"]), values["blank"]) if values else None


if __name__ == "__main__":
    main()
