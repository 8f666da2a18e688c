"""Filing and completeness together: what is thought of one reading. No catalogue is asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archive.completeness import Findings, check
from archive.due import ZONE
from archive.filing import Clues, Filing, is_blank_form, propose
from archive.kinds import Kind
from archive.register import Register
from archive.returns import Returned, as_read, filed_as, is_untouched, returned
from generator import Stamp
from indexer.errors import ReadError
from indexer.reading import Reading

log = logging.getLogger("yanxiu.judging")

BLANK = "这是一份没有填写的空白表"

#: Read errors that end in quarantine. The others (unsupported, no_unrar, too_deep) are no fault of
#: the file's: it is kept for a person.
QUARANTINED = frozenset(
    {"encrypted", "corrupt", "empty", "too_large", "timeout", "unreadable", "volumes"}
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`blank`: a form of the kind that nobody has filled in. `form`: which form of the house's own
    it is by its number, None for a paper without one."""

    filing: Filing
    findings: Findings
    blank: bool = False
    form: Returned | None = None


def judge(
    read: Reading | ReadError,
    clues: Clues,
    kinds: Mapping[str, Kind],
    register: Register,
    own: Path | None = None,
    known: Stamp | None = None,
) -> Judgement:
    """The judgement on a reading, or on a file that is kept without one (by its names alone).
    `own`: the county's folder of kinds, with its own templates; `known`: the stamp of the number
    that the file bears, where the catalogue of issued forms was asked for it."""
    try:
        return _judge(read, clues, kinds, register, own, known)
    except Exception:
        # A paper that upsets the rules is a person's to file; the next one still goes through.
        log.exception("filing of %r failed", clues.name)
        return Judgement(to_review(Filing(None), "自动判定时出错，请人工归档"), Findings())


def _judge(
    read: Reading | ReadError,
    clues: Clues,
    kinds: Mapping[str, Kind],
    register: Register,
    own: Path | None,
    known: Stamp | None,
) -> Judgement:
    reading = Reading("", "partial", ()) if isinstance(read, ReadError) else read
    form = returned(reading, kinds, register, own, known)
    certain = form.issued.paper.kind.id if form and form.issued else ""
    filing = propose(reading, clues, dict(kinds), register, today=_today(clues), kind_id=certain)
    if form is not None:
        filing = filed_as(filing, form, reading, register)
    if isinstance(read, ReadError):
        return Judgement(to_review(filing, _why_kept(read)), Findings())
    if reading.scanned and filing.status != "filed":
        filing = to_review(filing, "这是扫描件或照片，文字识别后会重新判定")
    kind = kinds.get(filing.kind or "")
    if kind is None or reading.scanned:
        # What a scan lacks shows when its text is recognised.
        return Judgement(filing, Findings(), form=form)
    blank = _is_blank(reading, kind, form)
    if blank:
        filing = to_review(filing, BLANK)
    elif not _may_send(register, clues.sender, filing.school):
        sender = register.units[clues.sender].name
        filing = to_review(filing, f"由{sender}报送，写的却是另一所学校，请核对")
    return Judgement(filing, findings_of(reading, kind, filing, form), blank, form)


def _is_blank(reading: Reading, kind: Kind, form: Returned | None) -> bool:
    if form is None or form.read is None or form.issued is None:
        return is_blank_form(reading, kind)
    if "recognised" in reading.metadata:
        return False  # what was written by hand is not seen
    return is_untouched(form.read, form.issued.paper)


def not_filled_in(judgement: Judgement) -> Judgement:
    """The judgement on a form of which it has turned out that nothing was written in it."""
    return replace(judgement, filing=to_review(judgement.filing, BLANK), blank=True)


def _why_kept(error: ReadError) -> str:
    why = "这种格式暂不能读取" if error.code == "unsupported" else error.message
    return f"{why}，请人工归档"


def findings_of(
    reading: Reading, kind: Kind, filing: Filing, form: Returned | None = None
) -> Findings:
    """Completeness, with what filing found elsewhere than in a field counted as given; of a form
    read back only what that form asks for."""
    findings = check(reading, kind, filing.known)
    if form is None or form.read is None or form.issued is None:
        return findings
    if form.issued.paper.kind.id != kind.id:
        return findings
    return as_read(findings, form.read, form.issued.paper)


def _may_send(register: Register, sender: str, school: str) -> bool:
    """A school hands in its own papers; the centre of a cluster also those of its members."""
    if not (sender and school) or sender not in register.units:
        return True
    if school in register.within(sender) or sender in register.within(school):
        return True
    cluster = register.cluster_of(school)
    centre = register.centre(cluster.id) if cluster else None
    return centre is not None and centre.id == sender


def _today(clues: Clues) -> date | None:
    """The county's day on which the file came: a paper dated later needs a person."""
    return clues.received.astimezone(ZONE).date() if clues.received else None


def to_review(filing: Filing, reason: str) -> Filing:
    return replace(filing, status="review", reasons=(*filing.reasons, reason))
