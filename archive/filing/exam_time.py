"""When the test was held that a paper is about, and periods weighed by their evidence."""

from __future__ import annotations

import re
from datetime import date, timedelta

from archive.calendar import Calendar
from archive.dates import find_dates
from archive.filing.mentions import Found
from archive.filing.scan import Scan
from archive.filing.values import Evidence
from archive.filing.weighing import Choice, weigh
from archive.periods import Period

#: What the date of a paper says of the term of the test it is about.
TEST_OF_DATE = 0.85
#: When tests are held and written up: a date in these months fits the name.
_TEST_MONTHS = {"期中": (4, 5, 10, 11), "期末": (1, 2, 6, 7), "一模": (3, 4, 5), "二模": (5, 6)}
_TEST_NEAR = re.compile("考试|检测|测试|月考|统考|统测|[一二三]模|期中|期末|质检|监测")


def choose(
    evidence: list[tuple[Period, Evidence]],
) -> tuple[Period | None, Choice]:
    choice = weigh(e for _, e in evidence)
    periods = {e.value: period for period, e in evidence}
    return periods.get(choice.value), choice


def said(period: Period, found: Found, factor: float = 1.0) -> tuple[Period, Evidence]:
    weight = found.weight * factor
    return period, Evidence(period.label, found.mention.words, found.place, weight)


def months_long(period: Period) -> int:
    years = period.end.year - period.start.year
    return years * 12 + period.end.month - period.start.month + 1


def choose_test(
    scan: Scan,
    test: str,
    calendar: Calendar,
    day: date | None,
    sure: float,
    found: list[Found],
) -> tuple[Period | None, Choice]:
    """The term named and the day of the test: the register's, the one beside 考试, the paper's."""
    terms = [said(f.mention.period, f) for f in found if f.mention.period.type == "term"]
    held = _test_day(scan, day)
    on = held[0] if held else day
    if on is not None:
        term = _term_of_test(on, test, calendar)
        usual = on.month in _TEST_MONTHS.get(test, ())
        place, weight = ("正文", 0.8) if held else ("落款", TEST_OF_DATE * sure)
        weight = min(0.92, weight * (1.12 if usual else 1.0))
        words = held[1] if held else f"{on.year}年{on.month}月{on.day}日"
        terms.append((term, Evidence(term.label, words, place if not held else "考试时间", weight)))
    for f in found:
        if f.mention.period.type == "month" and f.mention.kind != "date":
            term = calendar.term(*calendar.term_of_month(f.mention.period))
            terms.append(said(term, f, 0.85))
    term_period, choice = choose(terms)
    if term_period is None:
        return None, choice
    return _as_test(term_period, test, on, found, calendar), choice


def _as_test(
    term: Period, test: str, on: date | None, found: list[Found], calendar: Calendar
) -> Period:
    label = f"{term.label}{test}"
    for known in calendar.tests:
        if test and known.name in (test, f"{test}考试") and term.start <= known.day <= term.end:
            return Period("test", known.day, known.day, label)
    months = [
        f.mention.period
        for f in found
        if f.mention.kind == "month" and term.start <= f.mention.period.start <= term.end
    ]
    if on is not None and term.start <= on <= term.end and (not months or months[0].start <= on):
        return Period("test", on, on, label)
    inside = months[0] if months else term
    return Period("test", inside.start, inside.end, label)


def _test_day(scan: Scan, day: date | None) -> tuple[date, str] | None:
    """A date in the same sentence as 考试, 检测 …, near the beginning of the text."""
    for label in ("考试时间", "检测时间", "考试日期", "测试时间"):
        for mention in find_dates(scan.fields.get(label, ""), day)[:1]:
            return mention.date, mention.words
    for line in scan.lines[:12]:
        if line.role in ("edge", "cell") or not _TEST_NEAR.search(line.bare):
            continue
        for mention in find_dates(line.text[:120], day)[:1]:
            before = line.text[max(0, mention.start - 24) : mention.start]
            after = line.text[mention.end : mention.end + 24]
            if _TEST_NEAR.search(before + after) and len(line.bare) > 20:
                return mention.date, mention.words
    return None


def _term_of_test(on: date, test: str, calendar: Calendar) -> Period:
    """A final written up in the first weeks of February or August is the ended term's."""
    early = on.month in (2, 8) and on.day <= 25 and "期末" in test
    return calendar.term(*calendar.term_of(on - timedelta(days=26) if early else on))
