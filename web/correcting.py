"""The form by which a clerk accepts or corrects a filing: what it offers, what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from archive import house
from archive.errors import ArchiveError
from archive.models import Record
from archive.register import Unit
from archive.subjects import SUBJECTS
from web import words

TEXTS = ("kind", "school", "school_year", "month", "grade", "test", "author", "title", "date")
#: Values longer than this are no titles or names; the archive's columns take 400.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """What the selects offer: (value, name) pairs, in register order."""

    kinds: list[tuple[str, str]]
    schools: list[tuple[str, str]]
    subjects: list[str]
    years: list[str]


def choices(record: Record | None = None) -> Choices:
    opened = house.current()
    register = words.register()
    kinds = [(kind.id, kind.name) for kind in opened.kinds.values()]
    schools = [(school.id, school.name) for school in register.schools()]
    known = {value for value, _ in schools}
    if record and record.school_id and record.school_id not in known:
        schools.append((record.school_id, words.unit(record.school_id)))
    return Choices(kinds, schools, subjects_in_use(register.schools(), record), years(record))


def subjects_in_use(schools: tuple[Unit, ...], record: Record | None) -> list[str]:
    """Subjects due somewhere in the county first, then the rest of the vocabulary."""
    due = dict.fromkeys(subject for school in schools for subject in school.subjects)
    mine = record.subjects if record else []
    return list(dict.fromkeys([*due, *SUBJECTS, *mine]))


def years(record: Record | None) -> list[str]:
    """School years around today and around the record's own."""
    middle = {timezone.localdate().year}
    if record and record.school_year[:4].isdigit():
        middle.add(int(record.school_year[:4]))
    found = {year + step for year in middle for step in (-2, -1, 0, 1)}
    return [f"{year}-{year + 1}" for year in sorted(found, reverse=True)]


def changes(record: Record, sent: QueryDict) -> dict[str, Any]:
    """What the form says differently from the record; only fields that the form had."""
    wanted: dict[str, Any] = {
        key: sent.get(key, "").strip()[:LONGEST] for key in TEXTS if key in sent
    }
    if "term" in sent:
        wanted["term"] = int(sent["term"]) if sent["term"] in ("1", "2") else None
    if "has_subjects" in sent:
        wanted["subjects"] = sent.getlist("subjects")[:20]
    before = current(record)
    return {key: value for key, value in wanted.items() if value != before[key]}


def current(record: Record) -> dict[str, Any]:
    """The record's values under the keys of the form."""
    values = {key: getattr(record, key) for key in TEXTS if key not in ("kind", "school")}
    return {
        **values,
        "kind": record.kind or "",
        "school": record.school_id,
        "term": record.term,
        "subjects": list(record.subjects),
    }


#: code of ArchiveError -> the field of the form where it is told.
FIELD_OF = {
    "no_kind": "kind",
    "kind_unknown": "kind",
    "school_unknown": "school",
    "subject_unknown": "subjects",
    "school_year_unknown": "school_year",
    "term_unknown": "term",
    "month_unknown": "month",
    "date_unknown": "date",
}


def told(error: ArchiveError) -> str:
    """What to say at the field."""
    if error.code == "no_kind":
        return "还没有选文种，不能归档。请在这里选定文种"
    return "。".join(part for part in (error.message, error.remedy) if part)


def keep_typed(record: Record, changed: Mapping[str, Any]) -> None:
    """Put what was typed on a record that is only shown, never saved."""
    for key, value in changed.items():
        setattr(record, "school_id" if key == "school" else key, value)


def named(changed: dict[str, Any]) -> str:
    """学校、学科: the changed fields in words."""
    return "、".join(words.FIELD[key] for key in changed)
