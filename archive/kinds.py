"""Kinds of documents as data: `templates/kinds/<kind>/kind.toml`, read, checked and frozen.

The schema is documented in docs/KINDS.md; a county's own folder adds to or overrides ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """A list inside a section: a table with these columns, `blank` empty rows on a blank form."""

    name: str
    columns: tuple[str, ...]
    blank: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    name: str
    also: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    rows: RowsSpec | None = None
    #: How else the section may be given: "score_table" (a table with 平均分/及格率 …),
    #: "title" (the document's title or first paragraph names it), "table" (any table).
    given_by: tuple[str, ...] = ()
    #: Regular expressions (folded) for headings that answer it, besides the synonyms.
    match: tuple[str, ...] = ()
    #: Regular expressions (folded) for sentences that answer it in a paper without headings.
    cues: tuple[str, ...] = ()
    #: True where the county has not confirmed it (shown as 建议).
    proposed: bool = False
    #: What a prefilled form prints into it for reference (archive.prefill).
    source: str = ""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """`width` is in full-width characters on a blank form. `type`: text, unit, subject, date,
    period, person, number, grade, test. `source` is a dotted path of the prefill context."""

    key: str
    also: tuple[str, ...] = ()
    type: str = "text"
    source: str = ""
    required: bool = False
    width: int = 8


@dataclass(frozen=True, slots=True)
class FormText:
    """One of the papers that are printed for a kind: `form.docx`, or `form-<id>.docx` where a kind
    has several (送教方案, 记录, 总结). It may use every name of its kind but those in `without`;
    `fields`, `texts` (long ones) and `rows` are names that only this paper has. `name` is its
    title, `version` part of the numbers of its copies; `proposed`: 建议, not yet confirmed. `each`:
    one copy for each county, cluster, school, group or teacher, "" for whoever owes the kind."""

    name: str
    id: str = ""
    version: str = "1"
    proposed: bool = False
    each: str = ""
    fields: tuple[FieldSpec, ...] = ()
    texts: tuple[str, ...] = ()
    rows: tuple[RowsSpec, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"form-{self.id}.docx" if self.id else "form.docx"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an evaluation form with its weight. `by` says how the archive reckons it from the
    papers of `kinds` (archive.prefill.evaluation); "": only a person can judge it."""

    group: str
    text: str
    weight: int
    way: str = ""
    by: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognise:
    """Regular expressions (folded text: NFKC, simplified, lower case, no white space). `titles`
    are matched against the title, `names` (besides `titles`) against the file name, `headings`
    against outline titles, `words` against the text; `not_` (`not` in the file) against title and
    name: a match rules the kind out."""

    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    #: Words of which a paper of this kind must have one of each pattern, or it is unrelated.
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """anchor: month_end | term_start | term_end | school_year_end | calendar_year_end | test |
    event. `offset` and `grace`: "14d" (days) or "3wd" (working days). `per`: () or ("subject",)."""

    anchor: str
    offset: str = "0d"
    grace: str = "0d"
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    id: str
    name: str
    also: tuple[str, ...] = ()
    unit: str = "school"
    to: str = "county"
    custody: str = "county"
    identity: tuple[str, ...] = ()
    period: str = "none"
    retention: str = "D10"
    due: Due | None = None
    recognise: Recognise = field(default_factory=Recognise)
    fields: tuple[FieldSpec, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    #: What is printed for it; a kind that names none may still have a form.docx (`Kind.papers`).
    forms: tuple[FormText, ...] = ()
    #: Items of an evaluation form, in order.
    items: tuple[Item, ...] = ()
    #: Where it stands on the page of forms (archive.kind_schema.FAMILIES).
    family: str = "other"
    #: Folder the kind was read from (its form.docx stands beside kind.toml), "" for none.
    folder: str = ""
    note: str = ""

    @property
    def papers(self) -> tuple[FormText, ...]:
        """Its forms as kind.toml names them, or the one that every kind may have."""
        proposed = any(section.proposed for section in self.sections)
        return self.forms or (FormText(self.name, proposed=proposed),)


@dataclass(frozen=True, slots=True)
class KindFault:
    """One fault of a kind file. `line` counts from 1 (0: the file as a whole); `message` is a
    Chinese sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KindError(Exception):
    """Kind files that cannot be used: every fault of every file at once, in `faults`."""

    code = "kind"
    message = "文种定义有误，未装入"
    remedy = "请按提示的文件和行号改正后重试，写法见 docs/KINDS.md"

    def __init__(self, faults: tuple[KindFault, ...]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults
