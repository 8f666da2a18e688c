"""What the number on a paper makes of its filing, and what was written in the form."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive.filing.values import Filing
from archive.forms import Paper, papers
from archive.kinds import Kind
from archive.register import Register
from archive.returns.agreement import disputes
from archive.returns.filing import by_number, disputed, several, unknown
from archive.returns.identity import Issued, Recognised, recognise
from archive.returns.numbers import seen_on
from archive.returns.reading_back import read_back
from archive.returns.values import Return
from generator import FormError, Stamp
from indexer.errors import ReadError
from indexer.reading import Reading

log = logging.getLogger("yanxiu.returns")

_BY_HAND = "扫描件上没有认出填写的字（可能是手写的），请核对"


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that came back. `read` is None where it is not known which form it is, or where its
    own template cannot be read."""

    found: Recognised
    read: Return | None = None

    @property
    def issued(self) -> Issued | None:
        return self.found.issued


def returned(
    reading: Reading,
    kinds: Mapping[str, Kind],
    register: Register,
    own: Path | None = None,
    known: Stamp | None = None,
) -> Returned | None:
    """The form that a paper is by its number, read back; None for a paper without a number. `own`
    is the county's folder of kinds, `known` what the catalogue says of its number."""
    if not seen_on(reading).numbers:
        return None
    found = recognise(reading, papers(kinds, own), register, known)
    if found is None or found.issued is None or found.others or reading.scanned:
        return Returned(found) if found else None
    return Returned(found, _read(reading, found.issued.paper, found.issued.stamp))


def _read(reading: Reading, paper: Paper, stamp: Stamp) -> Return | None:
    try:
        return read_back(reading, paper, stamp)
    except (FormError, ReadError):
        log.exception("the template of %s cannot be read", paper.id)
        return None


def filed_as(proposed: Filing, form: Returned, reading: Reading, register: Register) -> Filing:
    """The filing of a returned form: certain by its number, or for a person where numbers or
    values contradict each other."""
    if form.found.others:
        return several(proposed, form.found)
    if form.issued is None:
        return unknown(proposed, form.found.number)
    filing = by_number(proposed, form.found, form.issued, register)
    if form.read is None:
        return filing
    by_machine = "recognised" in reading.metadata
    against = disputes(form.issued, form.read, proposed, register, by_machine=by_machine)
    if against:
        return disputed(filing, against)
    if by_machine and _nothing_seen(form.read, form.issued.paper):
        return replace(filing, status="review", reasons=(*filing.reasons, _BY_HAND))
    return _contradicted(filing, form.read)


def _nothing_seen(read: Return, paper: Paper) -> bool:
    """Whether no text was recognised where people write: it may be handwriting."""
    texts = {section.name for section in paper.kind.sections} | set(paper.text.texts)
    own = [answer for answer in read.answers if answer.name in texts]
    return bool(own) and not any(a.value for a in own) and not any(r.rows for r in read.lists)


def _contradicted(filing: Filing, read: Return) -> Filing:
    """Two places of the form give one value differently."""
    doubts = [f"{a.name}：{a.doubts[0]}" for a in read.answers if a.contradicted]
    if not doubts:
        return filing
    reasons = (*filing.reasons, *(f"表里两处写得不一样，请核对：{doubt}" for doubt in doubts[:3]))
    return replace(filing, status="review", reasons=reasons)
