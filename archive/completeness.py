"""Is a document complete? Each section its kind asks for is present, empty or missing, with place.

Headings are compared folded, without numbers and spaces; `archive.headings` says which headings
answer which section, `archive.contents` what counts as content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.contents import has_score_table, is_blank, marks_unfilled, table_is_filled
from archive.headings import Candidate, answers, candidates, folded
from archive.kinds import Kind, SectionSpec
from archive.sentences import Sentences
from indexer.reading import Reading

PRESENT, EMPTY, MISSING = "present", "empty", "missing"

__all__ = [
    "EMPTY",
    "MISSING",
    "PRESENT",
    "Findings",
    "SectionFinding",
    "check",
    "check_sections",
    "is_blank",
]


@dataclass(frozen=True, slots=True)
class SectionFinding:
    """`state`: present | empty | missing. `heading` is the heading that answered it, `place`
    where it stands (第 3 段, 表 1 第 2 行), "" where missing."""

    name: str
    required: bool
    state: str
    heading: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    sections: tuple[SectionFinding, ...] = ()
    missing_fields: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        return [s.name for s in self.sections if s.required and s.state == MISSING]

    @property
    def empty(self) -> list[str]:
        return [s.name for s in self.sections if s.required and s.state == EMPTY]

    @property
    def missing_recommended(self) -> list[str]:
        return [s.name for s in self.sections if not s.required and s.state != PRESENT]

    @property
    def complete(self) -> bool:
        return not (self.missing or self.empty or self.missing_fields)


def check(reading: Reading, kind: Kind, known: Iterable[str] = ()) -> Findings:
    """What the kind asks for and the document has. `known` names the types of fields whose value
    filing found elsewhere in the document (title, 落款): "unit", "subject", "period", "date",
    "person", "grade", "test" (`Filing.known`); such a field is not missing."""
    return Findings(check_sections(reading, kind), _missing_fields(reading, kind, set(known)))


def check_sections(reading: Reading, kind: Kind) -> tuple[SectionFinding, ...]:
    """A finding for each section of the kind, in the kind's order."""
    if not kind.sections:
        return ()
    found = candidates(reading, kind)
    claims = answers(found, kind.sections)
    findings = [_of_headings(spec, claims[spec.name]) for spec in kind.sections]
    return tuple(_filled_in(reading, kind, findings, found, claims))


def _of_headings(spec: SectionSpec, claimed: list[Candidate]) -> SectionFinding:
    """Present when one of the headings that answer the section has content."""
    for candidate in claimed:
        if candidate.has_content:
            return SectionFinding(
                spec.name, spec.required, PRESENT, candidate.title, candidate.place
            )
    if claimed:
        first = claimed[0]
        return SectionFinding(spec.name, spec.required, EMPTY, first.title, first.place)
    return SectionFinding(spec.name, spec.required, MISSING)


def _filled_in(
    reading: Reading,
    kind: Kind,
    findings: list[SectionFinding],
    found: list[Candidate],
    claims: dict[str, list[Candidate]],
) -> Iterable[SectionFinding]:
    """Sections no heading answers may be given otherwise: by a table, the title, a sentence."""
    sentences: Sentences | None = None
    for spec, finding in zip(kind.sections, findings, strict=True):
        if finding.state == PRESENT:
            yield _unless_unfilled(reading, spec, finding)
            continue
        given = _given(reading, spec)
        if not given and finding.state == MISSING and spec.cues:
            sentences = sentences or Sentences.of(reading, found, _required(kind, claims))
            given = sentences.answering(spec, spec is kind.sections[0])
        if given:
            yield SectionFinding(spec.name, spec.required, PRESENT, *given)
        else:
            yield finding


def _unless_unfilled(
    reading: Reading, spec: SectionSpec, finding: SectionFinding
) -> SectionFinding:
    """A table that is given as the section counts only where its last column is filled in."""
    if "table" not in spec.given_by or spec.rows is None:
        return finding
    place = marks_unfilled(reading, spec.rows.columns[-1])
    return replace(finding, state=EMPTY, place=place) if place else finding


def _required(kind: Kind, claims: dict[str, list[Candidate]]) -> dict[str, list[Candidate]]:
    """The claims of required sections: what stands under 答题情况 may also tell of problems."""
    return {spec.name: claims[spec.name] for spec in kind.sections if spec.required}


def _given(reading: Reading, spec: SectionSpec) -> tuple[str, str] | None:
    """(words, place) of what gives the section without a heading."""
    if "score_table" in spec.given_by:
        place = has_score_table(reading)
        if place:
            return "成绩表", place
    if "table" in spec.given_by:
        place = table_is_filled(reading)
        if place:
            return "表格", place
    if "title" in spec.given_by:
        return _lesson_named(reading)
    return None


def _lesson_named(reading: Reading) -> tuple[str, str] | None:
    from archive.lesson import named_lesson

    return named_lesson(reading)


def _missing_fields(reading: Reading, kind: Kind, known: set[str]) -> tuple[str, ...]:
    values = {folded(label): value for label, value in reading.fields.items()}
    missing = []
    for field in kind.fields:
        if not field.required:
            continue
        names = [folded(name) for name in (field.key, *field.also)]
        given = any(not is_blank(values.get(name, "")) for name in names)
        titled = field.key == "标题" and bool(reading.title)
        if not (given or titled or field.type in known):
            missing.append(field.key)
    return tuple(missing)
