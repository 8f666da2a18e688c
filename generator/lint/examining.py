"""A template examined as far as can be: what a person would find, and what the press would."""

from __future__ import annotations

from pathlib import Path

from generator.compiling import MAX_TEMPLATE, compile_form
from generator.errors import FormError
from generator.lint.linting import lint
from generator.lint.remarks import WHOLE, Remark
from generator.spec import FormSpec


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
