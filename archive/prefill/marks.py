"""Which workbook of marks a school handed in for a test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from archive.calendar import Calendar
from archive.calendar import Test as Examination
from archive.due import DueItem, Handed, of_test
from archive.house import House
from archive.issue import Issue
from archive.models import Record, Version
from archive.periods import Period
from archive.prefill.people import Row
from archive.prefill.recorded import FEW

#: Formats (indexer) in which tables of marks come.
WORKBOOKS = ("xlsx", "xls", "et", "ods", "csv")
#: Kinds under which they are filed; a bare table of marks often stays without one, in review.
KINDS = ("qa_report", "qa_meeting", "month_pack")


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What is known of one workbook; `rows` by subject once it was read."""

    school: str
    subjects: tuple[str, ...]
    grade: str
    sha256: str


class Marks:
    """Tables of marks of the schools of one batch, looked up once a test."""

    def __init__(self, house: House, calendar: Calendar, schools: Collection[str]) -> None:
        self.house, self.calendar, self.schools = house, calendar, schools
        self._workbooks: dict[str, dict[str, list[_Workbook]]] = {}
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def rows(self, issue: Issue, school: str) -> list[Row]:
        """Class by class, out of the newest workbook that says something of the subject."""
        found = self._found(issue, school)
        return found[1] if found else []

    def grade(self, issue: Issue, school: str) -> str:
        """The grade that this workbook is about, "" where it does not say."""
        found = self._found(issue, school)
        return found[0].grade if found else ""

    def _found(self, issue: Issue, school: str) -> tuple[_Workbook, list[Row]] | None:
        test = test_of(self.calendar, issue)
        if test is None or not issue.subject:
            return None
        for workbook in self._of_test(test).get(school, ()):
            rows = self._read(workbook, issue.subject)
            if rows:
                return workbook, rows
        return None

    def _read(self, workbook: _Workbook, subject: str) -> list[Row]:
        key = (workbook.sha256, subject)
        if key not in self._rows:
            from archive.score_tables import score_rows  # long to load, seldom needed

            reading = self.house.reading(workbook.sha256)
            own = workbook.subjects == (subject,)
            self._rows[key] = score_rows(reading, subject, own) if reading else []
        return self._rows[key]

    def _of_test(self, test: Examination) -> dict[str, list[_Workbook]]:
        """The workbooks about a test by school, the newest first."""
        period = self.calendar.test(test)
        if period.label not in self._workbooks:
            term = self.calendar.term(test.school_year, test.term)
            found: dict[str, list[_Workbook]] = {}
            for version in self._heads(term):
                record = version.record
                if _about(record, test, period, self.calendar):
                    book = _Workbook(
                        record.school_id, tuple(record.subjects), record.grade, version.sha256
                    )
                    found.setdefault(record.school_id, []).append(book)
            self._workbooks[period.label] = found
        return self._workbooks[period.label]

    def _heads(self, term: Period) -> list[Version]:
        rows = Version.objects.filter(
            format__in=WORKBOOKS, n=F("record__head"), record__period_start__lte=term.end,
            record__period_end__gte=term.start,
        )  # fmt: skip
        if len(self.schools) <= FEW:
            rows = rows.filter(record__school_id__in=self.schools)
        found = [
            v for v in rows.select_related("record") if (v.record.kind or "qa_report") in KINDS
        ]
        return sorted(found, key=lambda v: (v.received, v.id), reverse=True)


def test_of(calendar: Calendar, issue: Issue) -> Examination | None:
    """The registered test that a copy is about: of its name, else the only one in its period."""
    period = issue.period
    if period is None:
        return None
    held = [t for t in calendar.tests if period.start <= t.day <= period.end]
    named = [t for t in held if not issue.test or t.name == issue.test]
    return named[0] if len(named) == 1 else None


def _about(record: Record, test: Examination, period: Period, calendar: Calendar) -> bool:
    """As a report is reckoned to a test (archive.due)."""
    if record.period_start is None or record.period_end is None:
        return False
    own = Period(record.period_type, record.period_start, record.period_end, record.period_label)
    handed = Handed(record.id, "", "", (), own, record.received, test=record.test)
    item = DueItem("", "", None, period, test.day, test.day, test.name)
    return of_test(handed, own, item, calendar)
