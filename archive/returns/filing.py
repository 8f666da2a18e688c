"""The filing of a form that came back: what its number says is certain, the rest as proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.filing.values import Evidence, Filing
from archive.periods import Period
from archive.register import Register, Unit
from archive.returns.agreement import Dispute
from archive.returns.identity import Issued, Recognised

#: Reasons of a proposal that no longer hold once its value is certain begin with these.
_ABOUT = {"kind": "文种", "school": "学校", "subject": "学科", "period": "所属时间"}
_NAMED = {"school": ("不在本县名册里，请核对学校",)}


def by_number(proposed: Filing, found: Recognised, issued: Issued, register: Register) -> Filing:
    """The proposal with kind, unit, subject and period as the form was issued for them."""
    stamp, kind = issued.stamp, issued.paper.kind
    values: dict[str, Any] = {"kind": kind.id}
    certain = ["kind"]
    if issued.unit is not None:
        values |= _unit_values(issued.unit, register)
        certain.append("school")
    if stamp.subject:
        values["subjects"] = (stamp.subject,)
        certain.append("subject")
    if issued.period is not None:
        values |= _period_values(issued, proposed, register)
        certain.append("period")
    reasons = [r for r in proposed.reasons if not _is_about(r, certain)]
    evidence = {**proposed.evidence, **_evidence(found, issued, certain, values.get("unit", ""))}
    left = {"kind", "school", "subject", "period"} - set(certain)
    confidence = proposed.confidence if _needed(kind.identity) & left else 1.0
    return replace(
        proposed,
        **values,
        evidence=evidence,
        confidence=confidence,
        reasons=tuple(reasons),
        status="review" if reasons else "filed",
    )


def _needed(identity: tuple[str, ...]) -> set[str]:
    return {"school" if key == "unit" else key for key in identity}


def _is_about(reason: str, certain: list[str]) -> bool:
    if reason.startswith("没有找到"):
        return reason.removeprefix("没有找到") in [_ABOUT[key] for key in certain]
    if reason.startswith(("文件里没有可读的文字", "看不出是哪一种文件")):
        return True
    if "school" in certain and reason.endswith(_NAMED["school"]):
        return True
    return any(reason.startswith(_ABOUT[key]) for key in certain)


def _unit_values(unit: Unit, register: Register) -> dict[str, Any]:
    """As `archive.filing.unit_score` has them: a group or a teacher writes for its school."""
    if unit.level == "county":
        return {"unit": unit.id, "school": "", "covers": ()}
    if unit.level == "cluster":
        centre = register.centre(unit.id)
        covers = tuple(member.id for member in register.members(unit.id))
        return {"unit": unit.id, "school": centre.id if centre else "", "covers": covers}
    school = register.school_of(unit.id)
    own = school.id if school else unit.id
    author = {"author": unit.name} if unit.level == "teacher" else {}
    return {"unit": own, "school": own, "covers": (), **author}


def _period_values(issued: Issued, proposed: Filing, register: Register) -> dict[str, Any]:
    """The period issued for; of a test or an activity within it the day that the paper names."""
    period, calendar = issued.period, register.calendar
    if period is None:
        return {}
    own = proposed.period
    if issued.paper.kind.period in ("test", "activity", "none"):
        if own is not None and period.contains(own):
            return {}
        if period.type != "test":
            year, term = calendar.term_of_month(period)
            return {"school_year": year, "term": term if period.type != "school_year" else None}
    return {"period": period, **_dated(period, register)}


def _dated(period: Period, register: Register) -> dict[str, Any]:
    calendar = register.calendar
    if period.type == "school_year":
        year = calendar.school_year_of(period.start)
        return {"school_year": year, "term": None, "month": ""}
    if period.type == "calendar_year":
        return {}
    year, term = calendar.term_of_month(period)
    named = period.type in ("month", "test")
    month = f"{period.start.year}-{period.start.month:02}" if named else ""
    values: dict[str, Any] = {"school_year": year, "term": term, "month": month}
    if period.type == "test":
        names = (test.name for test in calendar.tests if calendar.test(test) == period)
        values["test"] = next(names, "")
    return values


def _evidence(
    found: Recognised, issued: Issued, certain: list[str], unit: str
) -> dict[str, tuple[Evidence, ...]]:
    words = f"表单编号 {found.number}"
    values = {
        "kind": issued.paper.kind.id,
        "school": unit,
        "subject": issued.stamp.subject,
        "period": issued.period.label if issued.period else "",
    }
    return {key: (Evidence(values[key], words, found.place, 1.0),) for key in certain}


def disputed(filing: Filing, found: list[Dispute]) -> Filing:
    """To review, with what the paper says beside what its number says."""
    evidence = dict(filing.evidence)
    for dispute in found:
        other = Evidence(dispute.said, dispute.said, dispute.place, 0.97)
        evidence[dispute.key] = (*evidence.get(dispute.key, ()), other)
    reasons = (*filing.reasons, *(dispute.sentence for dispute in found))
    return replace(filing, status="review", reasons=reasons, evidence=evidence, confidence=0.5)


def several(filing: Filing, found: Recognised) -> Filing:
    """A paper that shows more than one number."""
    named = "、".join((found.number, *found.others)[:5])
    reason = f"文件里有 {1 + len(found.others)} 个不同的表单编号，请核对：{named}"
    return replace(filing, status="review", reasons=(*filing.reasons, reason), confidence=0.5)


def unknown(filing: Filing, number: str) -> Filing:
    """A valid number that is of no form, unit or subject known here."""
    reason = f"表单编号 {number} 在现在的名册和表单里查不到，请核对"
    return replace(filing, status="review", reasons=(*filing.reasons, reason))
