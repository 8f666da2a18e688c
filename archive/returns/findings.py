"""Completeness of a form read back: what the form asks for, by what stands in its own places."""

from __future__ import annotations

from dataclasses import replace

from archive.completeness import EMPTY, PRESENT, Findings, SectionFinding
from archive.contents import is_blank
from archive.forms import Paper
from archive.returns.values import Return


def as_read(findings: Findings, read: Return, paper: Paper) -> Findings:
    """The findings as far as the form asks for them, corrected by what was read with certainty.
    Where it was not, they stay as they are."""
    left_out = set(paper.text.without)
    sections = [_section(s, read, paper) for s in findings.sections if s.name not in left_out]
    fields = [
        name
        for name in findings.missing_fields
        if name not in left_out and not _is_given(read, name)
    ]
    return Findings(tuple(sections), tuple(fields))


def _section(finding: SectionFinding, read: Return, paper: Paper) -> SectionFinding:
    spec = next((s for s in paper.kind.sections if s.name == finding.name), None)
    answer = read.answer(finding.name)
    rows = read.rows(spec.rows.name) if spec and spec.rows else None
    if answer is None or not answer.sure:
        return finding
    given = not is_blank(answer.value or "")
    if rows and not given and (rows.rows or rows.doubts):
        return finding  # rows may have been printed by the house
    state = PRESENT if given else EMPTY
    return replace(
        finding,
        state=state,
        heading=answer.label or finding.heading,
        place=answer.place or finding.place,
    )


def _is_given(read: Return, name: str) -> bool:
    answer = read.answer(name)
    return answer is not None and answer.sure and bool(answer.value)
