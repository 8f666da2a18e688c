"""The school calendar: which school year and term a day belongs to, tests, working days.

Two things are kept apart (docs/REGISTER.md):
- what a term *is*: by default August to January and February to July, so that every day belongs
  to exactly one term; a registered term that reaches over such a border moves it;
- when it *teaches*: the registered dates, by default 1 September to 31 January and 1 February to
  31 August; deadlines count from these.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from archive.periods import Period

DAY = timedelta(days=1)

#: A month asks for monthly papers when school was held on at least so many days of it.
SCHOOL_DAYS_OF_A_DUE_MONTH = 5

#: Without registered terms the two months of the long holidays ask for nothing (DOMAIN.md 3.4
#: counts ten months in a school year).
HOLIDAY_MONTHS = (2, 8)

TERM_NAMES = {1: "第一学期", 2: "第二学期"}


@dataclass(frozen=True, slots=True)
class Test:
    """A county-wide examination, held on `day`."""

    name: str
    day: date
    school_year: str
    term: int


@dataclass(frozen=True, slots=True)
class Term:
    """A registered term: first and last teaching day, days off and Saturdays or Sundays worked."""

    school_year: str
    number: int
    start: date
    end: date
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Terms in order of time; any date may be asked for, registered or not."""

    terms: tuple[Term, ...] = ()

    # -- what a day belongs to

    def term_of(self, day: date) -> tuple[str, int]:
        """('2014-2015', 1): the term the day belongs to."""
        for first in (day.year, day.year - 1, day.year - 2):
            for number in (2, 1):
                if self._border(first, number) <= day:
                    return _school_year(first), number
        raise AssertionError("a border lies more than two years off")  # pragma: no cover

    def school_year_of(self, day: date) -> str:
        """'2014-2015'."""
        return self.term_of(day)[0]

    def term_of_month(self, month: Period) -> tuple[str, int]:
        """The term in which the middle of a month (or of any period) lies."""
        return self.term_of(middle(month))

    # -- periods

    def month(self, name: str) -> Period:
        """'2014-10' as a period. ValueError when it names no month."""
        year, _, number = name.partition("-")
        return self.months(int(year), int(number), int(number))

    def month_of(self, day: date) -> Period:
        return self.months(day.year, day.month, day.month)

    def months(self, year: int, first: int, last: int) -> Period:
        """Month `first` of `year` to month `last` (of the next year where `last` < `first`)."""
        last_year = year + (last < first)
        end = date(last_year, last, monthrange(last_year, last)[1])
        if first == last:
            label = f"{year}年{first}月"
        elif last_year == year:
            label = f"{year}年{first}—{last}月"
        else:
            label = f"{year}年{first}月—{last_year}年{last}月"
        return Period("month", date(year, first, 1), end, label)

    def term(self, school_year: str, number: int) -> Period:
        """A term as a period. ValueError when there is no such term."""
        first = first_year(school_year)
        if number not in TERM_NAMES:
            raise ValueError(f"no term {number!r}")
        after = self._border(first, 2) if number == 1 else self._border(first + 1, 1)
        label = f"{_school_year(first)}学年{TERM_NAMES[number]}"
        return Period("term", self._border(first, number), after - DAY, label)

    def school_year(self, school_year: str) -> Period:
        first = first_year(school_year)
        start, end = self._border(first, 1), self._border(first + 1, 1) - DAY
        return Period("school_year", start, end, f"{_school_year(first)}学年")

    def calendar_year(self, year: int, last: int | None = None) -> Period:
        """A calendar year, or the years `year` to `last`."""
        last = last or year
        label = f"{year}年度" if last == year else f"{year}—{last}年"
        return Period("calendar_year", date(year, 1, 1), date(last, 12, 31), label)

    @property
    def tests(self) -> tuple[Test, ...]:
        return tuple(test for term in self.terms for test in term.tests)

    def test(self, test: Test) -> Period:
        """A test as a period: its day, named with its term."""
        label = f"{test.school_year}学年{TERM_NAMES[test.term]}{test.name}"
        return Period("test", test.day, test.day, label)

    # -- parts of a period

    def months_in(self, period: Period) -> tuple[Period, ...]:
        """The months whose middle lies in the period, in order."""
        months = _months_from(period.start.replace(day=1))
        found: list[Period] = []
        for day in months:
            month = self.month_of(day)
            if month.start > period.end:
                return tuple(found)
            if period.start <= middle(month) <= period.end or month == period:
                found.append(month)
        return tuple(found)  # pragma: no cover

    def terms_in(self, period: Period) -> tuple[Period, ...]:
        """The terms whose middle lies in the period, in order."""
        found: list[Period] = []
        school_year, number = self.term_of(period.start)
        term = self.term(school_year, number)
        while term.start <= period.end:
            if period.start <= middle(term) <= period.end:
                found.append(term)
            term = self.term(*self.term_of(term.end + DAY))
        return tuple(found)

    def covers(self, outer: Period, inner: Period) -> bool:
        """Whether a paper about `outer` speaks for `inner`: it holds it whole, or `inner` is a
        month in the term or year `outer` although a border runs through it."""
        if outer.contains(inner):
            return True
        wide = outer.type in ("term", "school_year") and inner.type == "month"
        return wide and outer.start <= middle(inner) <= outer.end

    # -- teaching days

    def registered(self, school_year: str, number: int) -> Term | None:
        for term in self.terms:
            if (term.school_year, term.number) == (school_year, number):
                return term
        return None

    def teaching_start(self, school_year: str, number: int) -> date:
        """First teaching day: as registered, else 1 September or 1 February."""
        term = self.registered(school_year, number)
        first = first_year(school_year)
        default = date(first, 9, 1) if number == 1 else date(first + 1, 2, 1)
        return term.start if term else default

    def teaching_end(self, school_year: str, number: int) -> date:
        """Last teaching day: as registered, else 31 January or 31 August."""
        term = self.registered(school_year, number)
        first = first_year(school_year)
        default = date(first + 1, 1, 31) if number == 1 else date(first + 1, 8, 31)
        return term.end if term else default

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, less the registered holidays, plus the registered working days."""
        if any(day in term.workdays for term in self.terms):
            return True
        return day.weekday() < 5 and not any(day in term.holidays for term in self.terms)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it where negative); 0 is `day` itself."""
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def is_due_month(self, month: Period) -> bool:
        """Whether monthly papers are due: by registered terms, school was held on at least
        SCHOOL_DAYS_OF_A_DUE_MONTH days; without them, any month but HOLIDAY_MONTHS."""
        term = self.registered(*self.term_of_month(month))
        if term is None:
            return month.start.month not in HOLIDAY_MONTHS
        return self._school_days(month) >= SCHOOL_DAYS_OF_A_DUE_MONTH

    def _school_days(self, period: Period) -> int:
        days = (period.start + DAY * n for n in range((period.end - period.start).days + 1))
        return sum(self._in_term(day) and self.is_working_day(day) for day in days)

    def _in_term(self, day: date) -> bool:
        return any(term.start <= day <= term.end for term in self.terms)

    def _border(self, first: int, number: int) -> date:
        """The day on which a term begins, as the thing it is (see the module)."""
        default = date(first, 8, 1) if number == 1 else date(first + 1, 2, 1)
        before = (first - 1, 2) if number == 1 else (first, 1)
        earlier = self.registered(_school_year(before[0]), before[1])
        if earlier and earlier.end >= default:
            return earlier.end + DAY
        own = self.registered(_school_year(first), number)
        return own.start if own and own.start < default else default

    # -- as JSON

    def to_json(self) -> list[dict[str, Any]]:
        return [_term_to_json(term) for term in self.terms]

    @classmethod
    def from_json(cls, data: list[dict[str, Any]]) -> Calendar:
        return cls(tuple(_term_from_json(item) for item in data))


def first_year(school_year: str) -> int:
    """2014 of '2014-2015'. ValueError for anything else."""
    first, _, last = school_year.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(last) == int(first) + 1):
        raise ValueError(f"no school year {school_year!r}")
    return int(first)


def middle(period: Period) -> date:
    return period.start + (period.end - period.start) // 2


def _school_year(first: int) -> str:
    return f"{first}-{first + 1}"


def _months_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def _term_to_json(term: Term) -> dict[str, Any]:
    return {
        "school_year": term.school_year,
        "term": term.number,
        "start": term.start.isoformat(),
        "end": term.end.isoformat(),
        "holidays": [day.isoformat() for day in term.holidays],
        "workdays": [day.isoformat() for day in term.workdays],
        "tests": [{"name": test.name, "date": test.day.isoformat()} for test in term.tests],
    }


def _term_from_json(data: dict[str, Any]) -> Term:
    year, number = str(data["school_year"]), int(data["term"])
    tests = (
        Test(item["name"], date.fromisoformat(item["date"]), year, number)
        for item in data.get("tests", [])
    )
    return Term(
        year,
        number,
        date.fromisoformat(data["start"]),
        date.fromisoformat(data["end"]),
        tuple(date.fromisoformat(day) for day in data.get("holidays", [])),
        tuple(date.fromisoformat(day) for day in data.get("workdays", [])),
        tuple(tests),
    )
