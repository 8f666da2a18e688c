"""Which forms there are: the papers printed for each kind, their templates, compiled once.

A form goes by its id: the kind's (`stage_report`), or kind and paper (`send_teach.summary`) where a
kind has several. A template of the county's own, `<home>/kinds/<kind>/form.docx`, replaces ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.kinds import FormText, Kind
from generator import Form, FormSpec, ListSpec, SectionSpec, compile_form

#: Names every form may use besides those of its kind (see `archive.prefill`).
EXTRA = ("县名", "学年", "学期", "片区", "中心校")


@dataclass(frozen=True, slots=True)
class Paper:
    """A form there is a template for. `own`: the template is the county's."""

    kind: Kind
    text: FormText
    template: Path
    own: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind.id}.{self.text.id}" if self.text.id else self.kind.id

    @property
    def name(self) -> str:
        return self.text.name

    @property
    def version(self) -> str:
        return self.text.version

    @property
    def proposed(self) -> bool:
        return self.text.proposed and not self.own

    @property
    def each(self) -> str:
        """The level of unit that each copy is for."""
        return self.text.each or self.kind.unit

    @property
    def standing(self) -> str:
        """Whose layout it is, in a word: 本县, 建议 (ours, not yet confirmed), "" (ours)."""
        return "本县" if self.own else "建议" if self.proposed else ""


def papers(kinds: Mapping[str, Kind], own: Path | None = None) -> list[Paper]:
    """Every form of the kinds that has a template, by the kind's name; a kind's own in the order in
    which it names them. `own` is the county's folder of kinds."""
    found = [paper for kind in kinds.values() for paper in _of(kind, own)]
    return sorted(found, key=lambda paper: paper.kind.name)


def _of(kind: Kind, own: Path | None) -> Iterator[Paper]:
    for text in kind.papers:
        theirs = own / kind.id / text.file if own else None
        ours = Path(kind.folder) / text.file if kind.folder else None
        if theirs and theirs.is_file():
            yield Paper(kind, text, theirs, own=True)
        elif ours and ours.is_file():
            yield Paper(kind, text, ours)


def paper_named(found: Iterable[Paper], name: str) -> Paper | None:
    """The form with that id or name, else the first one of the kind so called."""
    found = list(found)
    own = (paper for paper in found if name in (paper.id, paper.name))
    kinds = (p for p in found if name in (p.kind.id, p.kind.name, *p.kind.also))
    return next(own, None) or next(kinds, None)


def spec_of(paper: Paper) -> FormSpec:
    """What the form is about, as the press knows it."""
    kind, text = paper.kind, paper.text
    spec = FormSpec.of(
        paper.id,
        paper.name,
        paper.version,
        [f for f in (*kind.fields, *text.fields) if f.key not in text.without],
        [s for s in kind.sections if s.name not in text.without],
        EXTRA,
    )
    return FormSpec(
        spec.id,
        spec.title,
        spec.version,
        spec.fields,
        (*spec.sections, *(SectionSpec(name) for name in text.texts)),
        tuple(ListSpec(rows.name, rows.columns, rows.blank) for rows in text.rows),
        spec.extra,
    )


def compiled(paper: Paper) -> Form:
    """The compiled form, made anew when its template changes. Raises FormError."""
    return _compiled(paper, paper.template.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _compiled(paper: Paper, mtime_ns: int) -> Form:
    return compile_form(paper.template, spec_of(paper))
