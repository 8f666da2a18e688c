"""`propose`: the filing of a reading, each value with its evidence, filed only above the bar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import PurePosixPath

from archive.filing.author import choose_author
from archive.filing.exam import grade_of, test_of
from archive.filing.kind_score import UNRELATED, KindChoice, choose_kind, collected, score_kinds
from archive.filing.scan import Scan
from archive.filing.subject_score import JOIN, choose_subjects
from archive.filing.unit_score import UnitChoice, choose_unit
from archive.filing.values import Clues, Evidence, Filing
from archive.filing.weighing import Choice
from archive.filing.when import When, choose_time
from archive.kinds import Kind
from archive.names import find_units
from archive.register import Register
from indexer.reading import Reading

#: A value decides by itself from here on; see docs/KINDS.md. Wrong filing costs more than review.
BAR = 0.7
#: A value that is not needed is told from here on, else left open.
TELL = 0.5

#: From here on a school that is in no register is told to the clerk.
FOREIGN = 0.3

#: What is handed round to be copied is nobody's paper.
_SPECIMEN = re.compile(
    "模板|范文|范本|样表|样例|参考格式|某某(?=初中|中学|小学|学校)|[x×]{2,}(?=初中|中学|小学|学校)"
)

_NEEDS_UNIT = ("county", "cluster", "school", "group", "teacher")


def propose(
    reading: Reading,
    clues: Clues,
    kinds: Mapping[str, Kind],
    register: Register,
    *,
    today: date | None = None,
    kind_id: str = "",
) -> Filing:
    """Kind, unit, subjects, period, author … of one document. Never raises for odd documents:
    what is not known stays empty and sends it to review. `today` bounds dates (none later).
    `kind_id`: its kind where that is certain (by a form number)."""
    scan = Scan.of(reading, clues)
    kind_choice = (
        _certain(kind_id)
        or collected(scan, dict(kinds))
        or choose_kind(score_kinds(scan, dict(kinds), partial(_mask, register=register)))
    )
    kind = kinds.get(kind_choice.kind or "")
    unit = choose_unit(scan, kind, register)
    author = choose_author(scan, kind, unit.school, register)
    subjects = choose_subjects(scan, kind, author.value, unit.school, register)
    test = test_of(scan) if kind is None or kind.period == "test" else ""
    when = choose_time(scan, kind, test, register.calendar)
    values = _Values(scan, kind, kind_choice, unit, author, subjects, when)
    return _filing(values, test, today)


def _certain(kind_id: str) -> KindChoice | None:
    return KindChoice(kind_id, 1.0, ()) if kind_id else None


def _mask(text: str, register: Register) -> str:
    """`text` with the names of schools hidden: only words that name a kind are left to match."""
    for mention in reversed(find_units(text, register, in_name=True)):
        unit = register.units.get(mention.unit_id)
        name = "某片区" if unit and unit.level == "cluster" else "某学校"
        text = f"{text[: mention.start]}{name}{text[mention.end :]}"
    return text


class _Values:
    """What was found, before it is judged."""

    def __init__(
        self,
        scan: Scan,
        kind: Kind | None,
        kind_choice: KindChoice,
        unit: UnitChoice,
        author: Choice,
        subjects: Choice,
        when: When,
    ) -> None:
        self.scan, self.kind, self.kind_choice = scan, kind, kind_choice
        self.unit, self.author, self.subjects, self.when = unit, author, subjects, when

    @property
    def needed(self) -> dict[str, float]:
        """The values the kind cannot be filed without, with their confidence."""
        found = {"kind": self.kind_choice.confidence}
        if self.kind is None or self.kind.id == UNRELATED:
            return found
        if self.kind.unit in _NEEDS_UNIT:
            found["school"] = self.unit.confidence if self.unit.unit else 0.0
        due = self.kind.due
        if "subject" in self.kind.identity or (due and "subject" in due.per):
            found["subject"] = self.subjects.confidence if self.subjects.value else 0.0
        if self.kind.period != "none" and ("period" in self.kind.identity or due):
            found["period"] = self.when.confidence if self.when.period else 0.0
        return found


def _filing(values: _Values, test: str, today: date | None) -> Filing:
    kind, scan, when = values.kind, values.scan, values.when
    reasons = _reasons(values, today)
    confidence = min(values.needed.values())
    unrelated = kind is not None and kind.id == UNRELATED
    subjects = values.subjects if not unrelated and values.subjects.confidence >= TELL else Choice()
    return Filing(
        kind=kind.id if kind else None,
        unit=values.unit.unit,
        school=values.unit.school,
        subjects=tuple(subjects.value.split(JOIN)) if subjects.value else (),
        covers=values.unit.covers,
        school_year=when.school_year,
        term=when.term,
        month=when.month,
        period=when.period,
        grade="" if unrelated else grade_of(scan),
        test=test,
        author="" if unrelated or values.author.confidence < TELL else values.author.value,
        title=_title(scan),
        date=when.day.isoformat() if when.day else "",
        confidence=round(min(1.0, max(0.0, confidence)), 3),
        status="review" if reasons else "filed",
        reasons=tuple(reasons),
        evidence=_evidence(values),
    )


def _title(scan: Scan) -> str:
    """The title as it stands in the document, else the file's name without its suffix."""
    own = " ".join(scan.reading.title.split())
    letters = own.split(" ")
    if len(letters) > 2 and all(len(part) == 1 for part in letters):
        own = "".join(letters)
    return own or scan.title or PurePosixPath(scan.clues.name).stem


def _evidence(values: _Values) -> dict[str, tuple[Evidence, ...]]:
    found = {
        "kind": values.kind_choice.evidence,
        "school": values.unit.evidence,
        "subject": values.subjects.evidence,
        "author": values.author.evidence,
        **values.when.evidence,
    }
    return {key: pieces for key, pieces in found.items() if pieces}


_NAMES = {"kind": "文种", "school": "学校", "subject": "学科", "period": "所属时间"}


def _reasons(values: _Values, today: date | None) -> list[str]:
    """Why a person should look at it; empty where every needed value is above the bar."""
    if values.scan.is_empty:
        return ["文件里没有可读的文字，请人工归档"]
    if values.kind is None:
        return [values.kind_choice.reason or "看不出是哪一种文件，请指定文种"]
    reasons = []
    for key, confidence in values.needed.items():
        if confidence < BAR:
            reasons.append(_reason(key, confidence, values))
    specimen = _SPECIMEN.search(values.scan.title)
    if specimen:
        reasons.append(f"标题里写着“{specimen.group()}”，可能不是正式文稿，请核对")
    day = values.when.day
    if today is not None and day is not None and day > today and not reasons:
        reasons.append(f"文中日期 {day.isoformat()} 还没有到，请核对")
    return reasons


def _reason(key: str, confidence: float, values: _Values) -> str:
    name = _NAMES[key]
    evidence = {
        "kind": values.kind_choice.evidence,
        "school": values.unit.evidence,
        "subject": values.subjects.evidence,
        "period": values.when.evidence.get("period", ()),
    }[key]
    if key == "school" and evidence and not values.unit.unit:
        foreign = [e for e in evidence if e.value == e.words and e.weight >= FOREIGN]
        if foreign:
            return f"{foreign[0].place}写的“{foreign[0].words}”不在本县名册里，请核对学校"
    if not evidence or confidence == 0.0:
        return f"没有找到{name}"
    places = list(dict.fromkeys(f"{e.place}“{e.words}”" for e in evidence))[:3]
    others = {e.value for e in evidence if e.weight >= 0.3}
    if len(others) > 1:
        return f"{name}不一致，请核对：{'；'.join(places)}"
    return f"{name}的依据不足，请核对：{'；'.join(places)}"
