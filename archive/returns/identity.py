"""What a form number stands for: the form, the unit, the subject and the period it was issued for.

The custom property of a file says it all; from the number alone it is found by trying the units
and subjects of the register for the kind and period that the number names openly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive import subjects
from archive.calendar import Calendar
from archive.errors import ArchiveError
from archive.forms import Paper
from archive.named_period import named_period
from archive.periods import Period
from archive.register import Register, Unit
from archive.returns.numbers import Seen, seen_on
from generator import Stamp
from generator.stamp import number_parts, stamp_among
from indexer.reading import Reading

#: Numbers worked out lately: a batch of scans asks for the same ones again and again.
_KEPT = 512


@dataclass(frozen=True, slots=True)
class Issued:
    """A form as it was handed out. `unit` is "" for a blank form that anybody may fill in;
    `period` None where it was issued for none, or one that the calendar does not know."""

    stamp: Stamp
    paper: Paper
    unit: Unit | None
    period: Period | None

    @property
    def number(self) -> str:
        return self.stamp.form_no


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the numbers on a paper say. `issued` is None where the number is of no form known here;
    `others` are numbers that contradict `number`."""

    number: str
    place: str
    issued: Issued | None
    others: tuple[str, ...] = ()


def recognise(
    reading: Reading, papers: Sequence[Paper], register: Register, known: Stamp | None = None
) -> Recognised | None:
    """The form that a paper is by its number, None where it shows none. `known`: what the
    catalogue of issued forms says of its number."""
    seen = seen_on(reading)
    if not seen.numbers:
        return None
    number, *others = seen.numbers
    stamp = _stamp(seen, number, papers, register) or _of(known, number)
    issued = _issued(stamp, papers, register) if stamp else None
    return Recognised(number, seen.places(number), issued, tuple(others))


def _stamp(seen: Seen, number: str, papers: Sequence[Paper], register: Register) -> Stamp | None:
    if seen.stamp is not None and seen.stamp.kind:
        return seen.stamp
    return derived(number, tuple(papers), register)


def _of(known: Stamp | None, number: str) -> Stamp | None:
    return known if known and known.form_no == number and known.whole else None


def _issued(stamp: Stamp, papers: Iterable[Paper], register: Register) -> Issued | None:
    paper = next((paper for paper in papers if paper.id == stamp.kind), None)
    if paper is None or (stamp.unit and stamp.unit not in _units(register)):
        return None
    unit = _units(register).get(stamp.unit)
    return Issued(stamp, paper, unit, _period(register.calendar, stamp.period))


def _units(register: Register) -> dict[str, Unit]:
    return {register.county.id: register.county, **register.units}


def _period(calendar: Calendar, name: str) -> Period | None:
    if not name:
        return None
    try:
        return named_period(calendar, name)
    except ArchiveError:
        return None


# --- from the number alone --------------------------------------------------------------


@lru_cache(maxsize=_KEPT)
def derived(number: str, papers: tuple[Paper, ...], register: Register) -> Stamp | None:
    """The stamp of a number by trying everything that may be issued: milliseconds."""
    return stamp_among(number, _candidates(number, papers, register))


def _candidates(
    number: str, papers: Iterable[Paper], register: Register
) -> Iterator[tuple[str, str, str, str, str]]:
    _, head, version, period, *_ = number.split("-")
    periods = _period_names(register.calendar, period)
    for paper in papers:
        if number_parts(paper.id, "", "")[0] != head:
            continue
        versions = dict.fromkeys((paper.version, version, version.lower()))
        for edition in versions:
            if number_parts("", edition, "")[1] == version:
                for name in periods:
                    for unit, subject in _owners(register):
                        yield paper.id, edition, unit, subject, name


def _period_names(calendar: Calendar, digits: str) -> list[str]:
    """The names of periods that a number writes so: 201410 is 2014-10."""
    if digits == "0":
        return [""]
    named = {
        4: digits,
        6: f"{digits[:4]}-{digits[4:]}",
        8: f"{digits[:4]}-{digits[4:]}",
        9: f"{digits[:4]}-{digits[4:8]}-{digits[8:]}",
    }
    tests = (f"{test.school_year}-{test.term}-{test.name}" for test in calendar.tests)
    names = [named.get(len(digits), digits), *tests]
    return [name for name in dict.fromkeys(names) if number_parts("", "", name)[2] == digits]


def _owners(register: Register) -> Iterator[tuple[str, str]]:
    """(unit, subject) pairs, the likely ones first: a teacher writes of what he teaches."""
    units = _units(register).values()
    teachers = [unit for unit in units if unit.level == "teacher"]
    others = [unit for unit in units if unit.level != "teacher"]
    due = dict.fromkeys(s for unit in others for s in unit.subjects)
    every = ("", *dict.fromkeys((*due, *subjects.SUBJECTS)))
    yield from (("", subject) for subject in every)
    yield from ((unit.id, subject) for unit in others for subject in every)
    yield from ((t.id, subject) for t in teachers for subject in ("", *t.subjects))
