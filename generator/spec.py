"""What a form is about, as plain values: its fields, sections and lists.

The shapes mirror those of a kind of document, so a kind can be handed over as it is
(`FormSpec.of`); this room never sees the file the kind came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, Protocol

#: Names that every template may use besides those of its spec. 县名 comes with the values;
#: 表单编号 from the stamp; 表名 and 版本 from the spec. They are printed in blank forms too.
SYSTEM_NAMES = ("县名", "表单编号", "表名", "版本")
#: A running number every list offers, unless it has a column of that name itself.
ROW_NUMBER = "序号"

NameKind = Literal["field", "section", "system"]


class FieldLike(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def width(self) -> int: ...


class RowsLike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def blank(self) -> int: ...


class SectionLike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def required(self) -> bool: ...
    @property
    def rows(self) -> RowsLike | None: ...


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A single value. `width` is the length of its blank in full-width characters."""

    key: str
    also: tuple[str, ...] = ()
    type: str = "text"
    required: bool = False
    width: int = 8


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list of rows. `blank` is the least number of rows a form prints, empty ones included."""

    name: str
    columns: tuple[str, ...]
    blank: int = 3


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A text of any length under a heading; `rows` where it also holds a list."""

    name: str
    also: tuple[str, ...] = ()
    required: bool = False
    rows: ListSpec | None = None


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form. `id` is the kind's id, `version` that of the form's text (short, printable).

    `lists` are those outside any section; `extra` further names a template may use.
    """

    id: str
    title: str
    version: str = "1"
    fields: tuple[FieldSpec, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    lists: tuple[ListSpec, ...] = ()
    extra: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        id: str,
        title: str,
        version: str = "1",
        fields: Iterable[FieldLike] = (),
        sections: Iterable[SectionLike] = (),
        extra: Iterable[str] = (),
    ) -> FormSpec:
        """A spec from any values of the same shape, such as those of a kind of document."""
        return cls(
            id=id,
            title=title,
            version=version,
            fields=tuple(
                FieldSpec(f.key, tuple(f.also), f.type, f.required, f.width) for f in fields
            ),
            sections=tuple(
                SectionSpec(s.name, tuple(s.also), s.required, _list_of(s.rows)) for s in sections
            ),
            extra=tuple(extra),
        )

    @property
    def all_lists(self) -> tuple[ListSpec, ...]:
        return tuple(s.rows for s in self.sections if s.rows) + self.lists


def _list_of(rows: RowsLike | None) -> ListSpec | None:
    return ListSpec(rows.name, tuple(rows.columns), rows.blank) if rows else None


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name as it is compared: NFKC, no white space (`学　校` is 学校)."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True, slots=True)
class Name:
    """A single value as the press knows it. `width` is that of its blank, 0 for sections."""

    kind: NameKind
    key: str
    width: int = 0


@dataclass(frozen=True)
class Names:
    """The names of a spec, found by any of their spellings. A list may bear the name of the
    section it stands in: the two are kept apart."""

    spec: FormSpec
    known: dict[str, Name] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, spec: FormSpec) -> Names:
        names = cls(spec)
        for system in SYSTEM_NAMES:
            names._add(Name("system", system, 4))
        for item in spec.fields:
            names._add(Name("field", item.key, max(1, item.width)))
        for extra in spec.extra:
            names._add(Name("field", extra, 8))
        for section in spec.sections:
            names._add(Name("section", section.name))
        for rows in spec.all_lists:
            names.lists.setdefault(fold(rows.name), rows.name)
            own = {fold(column): column for column in rows.columns}
            names.columns[rows.name] = {fold(ROW_NUMBER): ROW_NUMBER, **own}
        names._add_synonyms()
        return names

    def _add(self, name: Name, spelling: str = "") -> None:
        self.known.setdefault(fold(spelling or name.key), name)

    def _add_synonyms(self) -> None:
        """Last, so that a synonym never hides the proper name of another."""
        for item in self.spec.fields:
            for also in item.also:
                self._add(Name("field", item.key, max(1, item.width)), also)
        for section in self.spec.sections:
            for also in section.also:
                self._add(Name("section", section.name), also)

    def find(self, text: str) -> Name | None:
        return self.known.get(fold(text))

    def find_list(self, text: str) -> str | None:
        return self.lists.get(fold(text))

    def column(self, rows: str, text: str) -> str | None:
        return self.columns.get(rows, {}).get(fold(text))
