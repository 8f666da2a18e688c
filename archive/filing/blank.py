"""Whether a form came back as it went out: nothing written in it."""

from __future__ import annotations

from archive.completeness import EMPTY, check_sections, is_blank
from archive.filing.scan import label_of
from archive.kinds import Kind
from indexer.reading import Reading

#: Fields that the house prints itself on a prefilled form say nothing about who filled it.
_PREFILLED = ("unit", "subject", "period", "date", "grade", "test")
#: So do the names that it takes from the register.
_FROM_REGISTER = ("unit.leader", "group.leader")


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
    return bool(shown) or bool(fields and not kind.sections)


def _fields(reading: Reading, kind: Kind) -> list[str]:
    values = {label_of(label): value for label, value in reading.fields.items()}
    return [
        values[name]
        for field in kind.fields
        if field.type not in _PREFILLED and field.source not in _FROM_REGISTER
        for name in map(label_of, (field.key, *field.also))
        if name in values
    ]
