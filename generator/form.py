"""A compiled form: print it as often as needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from jinja2 import Template

from generator import qr
from generator.errors import FormError
from generator.ooxml import rels_of
from generator.package import MAX_MEMBER_BYTES, Base
from generator.pictures import (
    Picture,
    members_of,
    number_drawings,
    pictures_of,
    relationships,
    used_in,
)
from generator.properties import Properties
from generator.spec import ROW_NUMBER, FormSpec, ListSpec, Names, fold
from generator.stamp import CORE_PART, CUSTOM_PART, Stamp

Mode = Literal["blank", "prefilled", "filled"]
MODES: tuple[Mode, ...] = ("blank", "prefilled", "filled")

#: Most rows one list may print, and all loops of a form together (loops inside rows multiply).
MAX_ROWS = 2_000
MAX_ALL_ROWS = 20_000
#: Numbers of the drawings of one part, so that no two of a copy are the same.
DRAWINGS = 100_000


@dataclass(frozen=True)
class Form:
    """A compiled form, safe to share between threads. Made by `compile_form` of `source`."""

    spec: FormSpec
    source: bytes
    names: Names
    base: Base
    #: Parts that differ from copy to copy, by name.
    parts: Mapping[str, Template]
    #: The relationships of those parts, before and behind the place of one more.
    rels: Mapping[str, tuple[str, str]]
    #: Pictures that show the number as a QR code.
    codes: tuple[str, ...]
    properties: Properties
    #: The single values the parts use, in the order the engine numbers them.
    keys: tuple[str, ...]
    loops: tuple[tuple[str, ...], ...]

    def render(
        self, values: Mapping[str, Any], mode: Mode = "prefilled", stamp: Stamp | None = None
    ) -> bytes:
        """One copy as the bytes of a .docx; the same arguments give the same bytes.

        `values`: names of fields, sections (text; line ends become paragraphs or line breaks) and
        lists (a sequence of mappings by column, or of sequences in column order); names the form
        does not know are passed over. A value may be a `Picture`, or a sequence of texts and
        pictures. "blank" prints none of them but 县名. Unknown values become
        blanks, lists are filled up with empty rows. "filled" differs from "prefilled" in the
        status written into the document's properties.
        Raises `FormError`: bad_mode, bad_value, bad_stamp, too_many_rows, too_large.
        """
        if mode not in MODES:
            raise FormError("bad_mode", str(mode))
        if stamp and not stamp.whole:
            raise FormError("bad_stamp", stamp.form_no)
        given, lists = self._canonical(values)
        singles, rows = self._singles(given, mode, stamp), self._lists(lists, mode)
        context = {"v": singles, "l": rows}
        texts = {name: _print(template, context) for name, template in self.parts.items()}
        cells = (cell for lines in rows for line in lines for cell in line)
        printed = self._encoded(texts, pictures_of(chain(singles, cells)))
        printed[CORE_PART] = self.properties.core_xml(self.spec.title, mode, stamp)
        printed[CUSTOM_PART] = self.properties.custom_xml(stamp)
        code = qr.picture(stamp.form_no) if stamp else qr.empty()
        printed.update(dict.fromkeys(self.codes, code))
        return self.base.with_parts(printed)

    def _encoded(
        self, texts: Mapping[str, str], pictures: Mapping[str, Picture]
    ) -> dict[str, bytes]:
        """The printed parts as members, with those of the pictures they show."""
        if not pictures:
            return {name: text.encode() for name, text in texts.items()}
        members: dict[str, bytes] = {}
        for number, (name, text) in enumerate(texts.items(), 1):
            members[name] = number_drawings(text, DRAWINGS * number).encode()
            used = used_in(text, pictures)
            if used:
                head, foot = self.rels[name]
                members[rels_of(name)] = f"{head}{relationships(used)}{foot}".encode()
                members |= members_of(used)
        return members

    def missing(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Required fields and sections that `values` leaves empty, in the order of the spec. A
        section that holds a list is given by its rows too."""
        given, lists = self._canonical(values)
        lacking = [f.key for f in self.spec.fields if f.required and _empty(given.get(f.key))]
        for section in self.spec.sections:
            rows = section.rows and lists.get(section.rows.name)
            if section.required and _empty(given.get(section.name)) and not rows:
                lacking.append(section.name)
        return tuple(lacking)

    def _canonical(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """(single values, lists) by the proper names of the spec; a proper name wins over its
        synonyms. Where a section and a list share a name, text is the section's."""
        given: dict[str, Any] = {}
        lists: dict[str, Any] = {}
        for spelling, value in values.items():
            name, rows = self.names.find(spelling), self.names.find_list(spelling)
            if rows and not (name and isinstance(value, str)):
                lists[rows] = value
            elif name and (fold(spelling) == fold(name.key) or name.key not in given):
                given[name.key] = value
        return given, lists

    def _singles(self, given: Mapping[str, Any], mode: Mode, stamp: Stamp | None) -> list[Any]:
        own = {
            "县名": given.get("县名"),
            "表名": self.spec.title,
            "版本": self.spec.version,
            "表单编号": stamp.form_no if stamp else None,
        }
        source = own if mode == "blank" else {**given, **own}
        return [source.get(key) for key in self.keys]

    def _lists(self, given: Mapping[str, Any], mode: Mode) -> list[list[tuple[Any, ...]]]:
        """The rows of every list of the spec, in its order."""
        lists = []
        counts = {}
        for rows in self.spec.all_lists:
            filled = [] if mode == "blank" else given.get(rows.name) or []
            lists.append(self._rows(rows, filled))
            counts[rows.name] = len(lists[-1])
        if sum(math.prod(counts[name] for name in chain) for chain in self.loops) > MAX_ALL_ROWS:
            raise FormError("too_many_rows", "all loops together")
        return lists

    def _rows(self, rows: ListSpec, filled: Any) -> list[tuple[Any, ...]]:
        """The rows of a list as tuples in the order of its columns, padded with empty ones."""
        if isinstance(filled, str | bytes) or not isinstance(filled, Sequence):
            raise FormError("bad_value", f"{rows.name} is not a list")
        if len(filled) > MAX_ROWS:
            raise FormError("too_many_rows", f"{rows.name}: {len(filled)}")
        columns = self.names.columns[rows.name]
        lines = [*filled, *[{}] * max(0, rows.blank - len(filled))]
        return [_row(line, rows, columns, number) for number, line in enumerate(lines, 1)]


def _row(line: Any, rows: ListSpec, columns: Mapping[str, str], number: int) -> tuple[Any, ...]:
    if isinstance(line, Mapping):
        cells = {columns.get(fold(str(key)), ""): value for key, value in line.items()}
    elif isinstance(line, Sequence) and not isinstance(line, str | bytes):
        cells = dict(zip(rows.columns, line, strict=False))
    else:
        raise FormError("bad_value", f"a row of {rows.name} is {type(line).__name__}")
    if _empty(cells.get(ROW_NUMBER)):
        cells[ROW_NUMBER] = number
    return tuple(cells.get(column) for column in columns.values())


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _print(template: Template, context: Mapping[str, Any]) -> str:
    """The part as text; stops as soon as it grows beyond the limit of a part."""
    pieces: list[str] = []
    size = 0
    for piece in template.root_render_func(template.new_context(dict(context))):
        size += len(piece)
        if size > MAX_MEMBER_BYTES:
            raise FormError("too_large", f"{template.name} grows beyond {MAX_MEMBER_BYTES}")
        pieces.append(piece)
    return "".join(pieces)
