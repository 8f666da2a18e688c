"""When two files are the same record, and when a form is still blank."""

from __future__ import annotations

from archive.filing.values import Filing
from archive.kinds import Kind


def identity_key(filing: Filing, kind: Kind) -> str | None:
    """The identity values of a filing as one stable text, e.g.
    `stage_report|unit=…|subject=化学|period=2015-04-01/2015-04-30`. None where the kind has no
    identity (every file is a new record) or a value is unknown. A test is named with its term, a
    monthly one with its month too."""
    if not kind.identity or filing.kind != kind.id:
        return None
    parts = [kind.id]
    for key in kind.identity:
        value = _value(key, filing)
        if not value:
            return None
        parts.append(f"{key}={value}")
    return "|".join(parts)


def _value(key: str, filing: Filing) -> str:
    match key:
        case "unit":
            return filing.unit
        case "subject":
            return "+".join(sorted(filing.subjects))
        case "period":
            period = filing.period
            return f"{period.start.isoformat()}/{period.end.isoformat()}" if period else ""
        case "author":
            return filing.author
        case "grade":
            return filing.grade
        case _:
            return _test(filing)


def _test(filing: Filing) -> str:
    if not filing.test or not filing.school_year:
        return ""
    name = f"{filing.school_year}-{filing.term or ''}-{filing.test}"
    if filing.test in ("期中", "期末"):
        return name
    return f"{name}-{filing.month}" if filing.month else ""
