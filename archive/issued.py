"""What the catalogue of issued forms adds to a judgement: which form a number is, and whether a
copy came back with anything more on it than was printed."""

from __future__ import annotations

from archive.filing import Clues
from archive.house import House
from archive.journal import issued_values
from archive.judging import Judgement, judge, not_filled_in
from archive.kinds import Kind
from archive.models import IssuedForm
from archive.register import Register
from archive.returns import Returned, is_untouched, returned
from generator import Stamp
from indexer.reading import Reading


def judge_again(house: House, reading: Reading, clues: Clues) -> Judgement:
    """The judgement on a reading of this archive, the catalogue asked."""
    kinds, register = house.kinds, house.register
    first = judge(reading, clues, kinds, register, house.own_kinds)
    return by_catalogue(house, kinds, register, reading, clues, first)


def by_catalogue(
    house: House,
    kinds: dict[str, Kind],
    register: Register,
    reading: Reading,
    clues: Clues,
    first: Judgement,
) -> Judgement:
    """The judgement `first`, made without asking, with what was issued taken into account."""
    form = first.form
    if form is None:
        return first
    if form.issued is None:
        known = stamp_of(form.found.number)
        if known is None:
            return first
        first = judge(reading, clues, kinds, register, house.own_kinds, known)
    return _beyond_what_was_printed(first)


def _beyond_what_was_printed(judgement: Judgement) -> Judgement:
    """What was printed on a copy is no work of the school's: a form with no more on it is
    blank."""
    form = judgement.form
    if judgement.blank or form is None or form.read is None or form.issued is None:
        return judgement
    copies = issued_values(form.issued.number)
    if copies and is_untouched(form.read, form.issued.paper, copies):
        return not_filled_in(judgement)
    return judgement


def nothing_written(reading: Reading, judgement: Judgement) -> bool:
    """Whether a paper, judged `by_catalogue`, is a form of ours in which nobody put anything: no
    word, no picture, no remark in the margin. A doubt is no: then a person looks at it."""
    form = judgement.form
    if not judgement.blank or form is None or form.issued is None:
        return False
    remarks = any(block.kind == "comment" for block in reading.blocks)
    return reading.status == "complete" and reading.drawn is False and not remarks


def form_of(house: House, reading: Reading) -> Returned | None:
    """Which form a paper of this archive is, read back; None for a paper without a number."""
    form = returned(reading, house.kinds, house.register, house.own_kinds)
    if form is None or form.issued is not None:
        return form
    known = stamp_of(form.found.number)
    return returned(reading, house.kinds, house.register, house.own_kinds, known)


def stamp_of(number: str) -> Stamp | None:
    """What was noted when a form was handed out, None where it was not."""
    row = IssuedForm.objects.filter(number=number).first()
    if row is None:
        return None
    version = number.split("-")[2]
    for edition in (version, version.lower()):
        stamp = Stamp(
            number, row.kind, edition, row.unit_id, row.subject, row.period.get("label", "")
        )
        if stamp.whole:
            return stamp
    return None
