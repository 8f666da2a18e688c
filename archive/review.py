"""What a person decides: accept a filing as proposed, or correct it. Both are events for good."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from archive import paper as papers
from archive import subjects
from archive.amend import amend
from archive.calendar import Calendar
from archive.completeness import Findings
from archive.errors import ArchiveError
from archive.filing import Evidence, Filing, identity_key
from archive.house import House
from archive.judging import findings_of
from archive.kinds import Kind
from archive.models import Record
from archive.paper import EventPaper, Paper

#: What `correct` may change.
CORRECTABLE = (
    "kind", "school", "subjects", "school_year", "term", "month", "grade", "test", "author",
    "title", "date",
)  # fmt: skip
PERSON = "人工确认"


def accept(house: House, record_id: str, *, actor: str) -> Record:
    """File a record as proposed. Raises ArchiveError('no_kind') where it has no kind yet."""

    def change(paper: Paper) -> EventPaper:
        if not paper["filing"]["kind"]:
            raise ArchiveError(
                "no_kind", "该件还没有文种，不能直接归档", "请先在「更正」中选定文种"
            )
        paper["status"], paper["settled"] = Record.FILED, True
        paper["filing"]["reasons"] = []
        return papers.event("accepted", actor)

    return amend(house, record_id, change)


def correct(
    house: House, record_id: str, changes: Mapping[str, Any], *, actor: str, reason: str = ""
) -> Record:
    """Set values of the filing, check completeness anew for the kind, and file the record.

    `changes`: keys of CORRECTABLE; `school` a unit id (or "" / None for none), `subjects` a list.
    Raises ArchiveError for unknown keys or values; nothing is changed then.
    """
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise ArchiveError(
            "field_unknown", f"不能更正「{'、'.join(sorted(unknown))}」", "请检查字段名"
        )

    def change(paper: Paper) -> EventPaper:
        old = papers.filing_from_json(paper["filing"])
        new = _corrected(house, old, changes)
        kind = house.kinds.get(new.kind or "")
        papers.refile(paper, new, _findings(house, paper, kind, new), kind)
        paper["status"], paper["settled"] = Record.FILED, True
        paper["identity"] = identity_key(new, kind) if kind else None
        before = {k: getattr(old, k) for k in changes}
        return papers.event("corrected", actor, before=before, after=dict(changes), reason=reason)

    return amend(house, record_id, change)


def _findings(house: House, paper: Paper, kind: Kind | None, filing: Filing) -> Findings:
    reading = house.reading(paper["versions"][-1]["sha256"])
    return findings_of(reading, kind, filing) if kind and reading else Findings()


def _corrected(house: House, filing: Filing, changes: Mapping[str, Any]) -> Filing:
    values = {key: _checked(house, key, value) for key, value in changes.items()}
    if "school" in values:
        values["unit"] = values["school"]
    evidence = dict(filing.evidence)
    for key in changes:
        shown = values[key]
        words = "、".join(shown) if isinstance(shown, tuple) else str(shown or "")
        evidence[key] = (Evidence(words, words, PERSON, 1.0),)
    new = replace(filing, **values, evidence=evidence, status="filed", confidence=1.0, reasons=())
    return _with_period(house.register.calendar, new, set(changes))


def _checked(house: House, key: str, value: Any) -> Any:
    checker = _CHECKERS.get(key)
    return checker(house, value) if checker else str(value or "").strip()


def _kind(house: House, value: Any) -> str:
    if value not in house.kinds:
        raise ArchiveError("kind_unknown", f"没有「{value}」这个文种", "请从文种列表中选择")
    return str(value)


def _school(house: House, value: Any) -> str:
    if not value:
        return ""
    if value in house.register.units:
        return str(value)
    unit = house.register.school_named(str(value))
    if unit is None:
        raise ArchiveError("school_unknown", f"名册里没有「{value}」这所学校", "请从学校列表中选择")
    return unit.id


def _subjects(house: House, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else list(value or ())
    named = [s.strip() for s in given if s.strip()]
    return tuple(dict.fromkeys(one for name in named for one in _subject(house, name)))


def _subject(house: House, name: str) -> tuple[str, ...]:
    """One canonical name; those of a compound (理化); a subject that only the county has."""
    due = {s for unit in house.register.units.values() for s in unit.subjects}
    if name in due:
        return (name,)
    one = subjects.canonical(name)
    found = (one,) if one else subjects.COMPOUNDS.get(name, ())
    if not found:
        known = tuple(dict.fromkeys((*subjects.SUBJECTS, *sorted(due))))
        near = _nearest(name, known)
        raise ArchiveError(
            "subject_unknown",
            f"没有「{name}」这个学科" + (f"，是不是「{near}」" if near else ""),
            f"可以填写：{'、'.join(known)}",
        )
    return found


def _nearest(name: str, known: tuple[str, ...]) -> str:
    """The known name most like it, of two as like the one that begins alike; "" for none."""

    def likeness(other: str) -> tuple[float, bool]:
        alike = difflib.SequenceMatcher(None, name, other).ratio()
        return alike, other[:1] == name[:1]

    best = max(known, key=likeness)
    return best if likeness(best)[0] >= 0.4 else ""


def _term(house: House, value: Any) -> int | None:
    if value in (None, ""):
        return None
    if str(value) not in ("1", "2"):
        raise ArchiveError("term_unknown", f"学期只能是 1 或 2，现为「{value}」", "请重新选择学期")
    return int(value)


def _month(house: House, value: Any) -> str:
    text = str(value or "").strip()
    if text:
        try:
            house.register.calendar.month(text)
        except ValueError:
            raise ArchiveError("month_unknown", f"月份应写作 2014-10，现为「{text}」") from None
    return text


def _school_year(house: House, value: Any) -> str:
    text = str(value or "").strip()
    match = re.fullmatch(r"(\d{4})-(\d{4})", text)
    if text and not (match and int(match[2]) == int(match[1]) + 1):
        raise ArchiveError("school_year_unknown", f"学年应写作 2014-2015，现为「{text}」")
    return text


def _date(house: House, value: Any) -> str:
    text = str(value or "").strip()
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise ArchiveError("date_unknown", f"日期应写作 2014-10-31，现为「{text}」") from None
    return text


_CHECKERS: dict[str, Callable[[House, Any], Any]] = {
    "kind": _kind,
    "school": _school,
    "subjects": _subjects,
    "term": _term,
    "month": _month,
    "school_year": _school_year,
    "date": _date,
}


def _with_period(calendar: Calendar, filing: Filing, changed: set[str]) -> Filing:
    """The period that the corrected month, term or school year spans."""
    if filing.month and "month" in changed:
        period = calendar.month(filing.month)
        year, term = calendar.term_of(period.start)
        return replace(filing, period=period, school_year=year, term=term)
    if changed & {"school_year", "term", "month"} and filing.school_year:
        if filing.term:
            return replace(filing, period=calendar.term(filing.school_year, filing.term))
        return replace(filing, period=calendar.school_year(filing.school_year))
    return filing
