"""A template looked at for the person who edits it: everything the press and the eye would find."""

from __future__ import annotations

from pathlib import Path

from archive.forms import Paper, spec_of
from generator import FormError, compile_form
from generator.compiling import MAX_TEMPLATE
from generator.linting import lint
from generator.remarks import WHOLE, Remark


def template_bytes(path: Path) -> bytes:
    """The file, if it is not larger than any template. Raises FormError too_large, OSError."""
    with path.open("rb") as stream:
        data = stream.read(MAX_TEMPLATE + 1)
    if len(data) > MAX_TEMPLATE:
        raise FormError("too_large", path.name)
    return data


def examine(paper: Paper) -> list[Remark]:
    """Faults and warnings of the paper's template; where there is no fault it has been compiled
    and printed once. Raises FormError not_docx, too_large; OSError."""
    remarks = lint(template_bytes(paper.template), spec_of(paper))
    if any(remark.stops for remark in remarks):
        return remarks
    try:
        compile_form(paper.template, spec_of(paper))
    except FormError as error:
        faults = [Remark(f.code, f.message, f.place, f.tag, f.nearest) for f in error.faults]
        return [*(faults or [Remark("unusable", error.message, WHOLE)]), *remarks]
    return remarks
