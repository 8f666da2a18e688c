"""Does a paper still say what it was issued for? A value that was changed is never passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from archive.dates import full_dates
from archive.filing.values import Filing
from archive.names import find_units
from archive.periods import Period, find_periods
from archive.register import Register, Unit
from archive.returns.identity import Issued
from archive.returns.lines import plain
from archive.returns.values import Answer, Return
from archive.subjects import find_subjects
from indexer.folding import fold

#: A report on a month may bear a day of the next one's first week (see archive.filing.when).
_LATE = timedelta(days=7)
#: A line of title or 落款 weighs at least so much where it names who writes.
_CLEAR = 0.9
#: A mention of less strength is that of a place, or of a name that fits several schools.
_NAMED = 0.5
_CLEAR_PLACES = ("标题", "落款")


@dataclass(frozen=True, slots=True)
class Dispute:
    """A value that the paper gives otherwise. `key`: school | subject | period; `said` is what
    stands at `place`, `issued` what the form was issued for."""

    key: str
    said: str
    place: str
    issued: str

    @property
    def sentence(self) -> str:
        name = {"school": "学校", "subject": "学科", "period": "时间"}[self.key]
        where = f"{self.place}写的是“{self.said}”"
        return f"{name}与表单编号不一致，请核对：{where}，编号是发给“{self.issued}”的"


def disputes(
    issued: Issued, read: Return, filing: Filing, register: Register, *, by_machine: bool
) -> list[Dispute]:
    """Where the paper says otherwise than its number. `by_machine`: its words were recognised in
    a picture, so a name that nobody has is a misreading."""
    found = []
    for field in (*issued.paper.kind.fields, *issued.paper.text.fields):
        answer = read.answer(field.key)
        if answer is None or not answer.value:
            continue
        if field.source == "unit.name":
            found += list(_unit(answer, issued, register, by_machine))
        elif field.source == "subject":
            found += list(_subject(answer, issued, by_machine))
        elif field.source == "period.label":
            found += list(_period(answer, issued, register))
    if not any(dispute.key == "school" for dispute in found):
        found += list(_signed_by_another(issued, filing, register))
    return found


def _place(answer: Answer) -> str:
    return f"{answer.place}“{answer.label}”"


def name_of(unit: Unit) -> str:
    return unit.official or unit.name


def _unit(
    answer: Answer, issued: Issued, register: Register, by_machine: bool
) -> Iterator[Dispute]:
    unit, said = issued.unit, answer.value or ""
    if unit is None or plain(said) in {plain(n) for n in (unit.name, unit.official) if n}:
        return
    named = list(find_units(fold(said), register, in_name=True))
    if unit.level == "county" and not named and plain(unit.name) in plain(said):
        return  # its 教育局 or 教研室
    own = _kin(unit, register)
    ours = [m for m in named if own & {m.unit_id, *m.candidates}]
    # 孙镇小学 is not 孙镇初中 though both begin with the place.
    if any(by_machine or m.strength >= _NAMED or m.words == fold(said) for m in ours):
        return
    if named or not by_machine:
        yield Dispute("school", said, _place(answer), name_of(unit))


def _kin(unit: Unit, register: Register) -> set[str]:
    """The unit, and those whose name stands for it as well: its school, its cluster's centre."""
    own = {unit.id}
    school = register.school_of(unit.id) if unit.id in register.units else None
    own |= {school.id, school.parent} if school else set()
    if unit.level == "cluster":
        centre = register.centre(unit.id)
        own |= {centre.id} if centre else set()
    return own - {""}


def _subject(answer: Answer, issued: Issued, by_machine: bool) -> Iterator[Dispute]:
    wanted, said = issued.stamp.subject, answer.value or ""
    if not wanted or plain(wanted) in plain(said):
        return
    named = {mention.subject for mention in find_subjects(fold(said), in_name=True)}
    if wanted not in named and (named or not by_machine):
        yield Dispute("subject", said, _place(answer), wanted)


def _period(answer: Answer, issued: Issued, register: Register) -> Iterator[Dispute]:
    wanted, said = issued.period, answer.value or ""
    if wanted is None or plain(said) == plain(wanted.label):
        return
    days = [mention.date for mention in full_dates(fold(said))]
    if any(wanted.start <= day <= wanted.end + _LATE for day in days):
        return
    named = find_periods(fold(said), register.calendar, wanted.end)
    if named and not any(_fits(mention.period, wanted) for mention in named):
        yield Dispute("period", said, _place(answer), wanted.label)


def _fits(said: Period, wanted: Period) -> bool:
    return said.contains(wanted) or wanted.contains(said)


def _signed_by_another(issued: Issued, filing: Filing, register: Register) -> Iterator[Dispute]:
    """Title or 落款 name another school than the one the form went to."""
    if issued.unit is None or issued.unit.level not in ("school", "department"):
        return
    own = _kin(issued.unit, register)
    named = [e for e in filing.evidence.get("school", ()) if e.value in register.units]
    if any(e.value in own for e in named):
        return
    for evidence in named:
        if evidence.place in _CLEAR_PLACES and evidence.weight >= _CLEAR:
            yield Dispute("school", evidence.words, evidence.place, name_of(issued.unit))
            return
