"""Whether a form came back as it went out: nothing written in it."""

from __future__ import annotations

import re

from archive.completeness import EMPTY, check_sections, is_blank
from archive.filing.scan import label_of
from archive.kinds import FieldSpec, Kind
from indexer.reading import Reading

#: Fields that the house prints itself on a prefilled form say nothing about who filled it.
_PREFILLED = ("unit", "subject", "period", "date", "grade", "test")
#: So do the names that it takes from the register.
_FROM_REGISTER = ("unit.leader", "group.leader")
#: A title stands among the first blocks of a document, head included.
_HEAD = 12
_LINES = ("heading", "paragraph")
_GAP = re.compile(r"关于[一-鿿]{0,2}[\s_＿]{2,}[一-鿿]{0,6}的[一-鿿]{2,6}\s*$")


def is_blank_form(reading: Reading, kind: Kind) -> bool:
    """Whether the fields and sections of a form are all empty (what is printed on it does not
    count: unit, subject, period, head). False for a paper that shows no section or field at all."""
    sections = check_sections(reading, kind)
    shown = [s for s in sections if s.state != "missing"]
    if any(s.state != EMPTY for s in shown):
        return False
    fields = _fields(reading, kind)
    if any(not is_blank(value) for value in fields):
        return False
    return bool(shown) or bool(fields and not kind.sections) or _title_has_gap(reading)


def printed_by_the_house(field: FieldSpec) -> bool:
    """Whether a prefilled form bears the value of a field without anybody having filled it in."""
    return field.type in _PREFILLED or field.source in _FROM_REGISTER


def _title_has_gap(reading: Reading) -> bool:
    """关于＿＿＿＿的通知: what an official document is about was never written in."""
    lines = (block.text for block in reading.blocks[:_HEAD] if block.kind in _LINES)
    return any(_GAP.search(line) for line in lines)


def _fields(reading: Reading, kind: Kind) -> list[str]:
    values = {label_of(label): value for label, value in reading.fields.items()}
    return [
        values[name]
        for field in kind.fields
        if not printed_by_the_house(field)
        for name in map(label_of, (field.key, *field.also))
        if name in values
    ]
