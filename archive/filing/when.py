"""The time a paper speaks of: its date, and the month, term, year or test it is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from archive.calendar import Calendar
from archive.dates import find_dates
from archive.filing.exam_time import choose, choose_test, months_long, said
from archive.filing.mentions import Found, mentions_of, paper_date
from archive.filing.scan import Scan
from archive.filing.values import Evidence
from archive.filing.weighing import Choice
from archive.kinds import Kind
from archive.periods import Period

#: A paper's own date says in which month or term it was written, less surely what it is about.
MONTH_OF_DATE, TERM_OF_DATE, YEAR_OF_DATE = 0.82, 0.86, 0.88
#: A report on a month may be signed so many days after its end.
LATE_DAYS = 15
#: Signed so early in a month, it may well be about the month before.
EARLY_DAYS = 7


@dataclass(frozen=True, slots=True)
class When:
    """`day` is the paper's date. `period` is what it is about, as wide as its kind asks."""

    period: Period | None
    day: date | None
    school_year: str
    term: int | None
    month: str
    confidence: float
    evidence: dict[str, tuple[Evidence, ...]]


def choose_time(scan: Scan, kind: Kind | None, test: str, calendar: Calendar) -> When:
    """Date and period of a paper of this kind; what cannot be known stays empty."""
    dated = paper_date(scan)
    day = date.fromisoformat(dated.value) if dated.value else None
    found = list(mentions_of(scan, calendar, day))
    chosen = _period(scan, kind, test, calendar, day, dated.confidence, found)
    school_year, term, month = _derived(chosen[0], kind, day, calendar, found)
    evidence = {"date": dated.evidence} if dated.evidence else {}
    if chosen[1].evidence:
        evidence["period"] = chosen[1].evidence
    return When(chosen[0], day, school_year, term, month, chosen[1].confidence, evidence)


# -- the period, by what the kind asks


def _period(
    scan: Scan,
    kind: Kind | None,
    test: str,
    calendar: Calendar,
    day: date | None,
    sure: float,
    found: list[Found],
) -> tuple[Period | None, Choice]:
    wanted = kind.period if kind else "none"
    if wanted == "month":
        return _month(scan, calendar, day, sure, found)
    if wanted in ("term", "school_year", "calendar_year"):
        return _wide(kind, calendar, day, sure, found)
    if wanted == "test":
        return choose_test(scan, test, calendar, day, sure, found)
    if day is None:
        return None, Choice()
    label = f"{day.year}年{day.month}月{day.day}日"
    period = Period("activity", day, day, label)
    return (period, Choice(label, sure)) if wanted == "activity" else (None, Choice(label, sure))


def _month(
    scan: Scan, calendar: Calendar, day: date | None, sure: float, found: list[Found]
) -> tuple[Period | None, Choice]:
    """The month reported on: named ones first; the date of signing agrees with one that ended at
    most LATE_DAYS before."""
    named = [f for f in found if f.mention.kind in ("month", "months", "compact")]
    named = [f for f in named if months_long(f.mention.period) <= 3]
    evidence = [said(f.mention.period, f) for f in named]
    evidence += [
        said(f.mention.period, f, 0.9) for f in found if f.mention.kind == "date" and not named
        and f.place not in ("文件名", "文件夹") and f.mention.period.type == "month"
        and _reads_well(f, day)
    ]  # fmt: skip
    evidence += _month_of_day(scan, calendar, day, sure, evidence)
    return choose(evidence)


def _reads_well(found: Found, day: date | None) -> bool:
    """A full date as a field's value says its month unless it lies in the first days of one."""
    return day is None or day.day > EARLY_DAYS or day.month != found.mention.period.start.month


def _month_of_day(
    scan: Scan,
    calendar: Calendar,
    day: date | None,
    sure: float,
    named: list[tuple[Period, Evidence]],
) -> list[tuple[Period, Evidence]]:
    """What the date of signing and the dates in the text say of the month."""
    found = []
    usual = _usual_month(scan, day, calendar)
    if usual is not None:
        found.append((usual[0], Evidence(usual[0].label, usual[1], "正文", 0.35)))
    if day is None:
        return found
    words = f"{day.year}年{day.month}月{day.day}日"
    for period, _ in named:
        if period.start <= day <= period.end + timedelta(days=LATE_DAYS):
            return [*found, (period, Evidence(period.label, words, "落款", 0.5))]
    own = calendar.month_of(day)
    before = calendar.month_of(own.start - timedelta(days=1))
    if named:
        # Nobody reports on a month that has not begun.
        early = all(day < period.start - timedelta(days=EARLY_DAYS) for period, _ in named)
        weight = 0.75 if early else 0.4
        return [*found, (own, Evidence(own.label, words, "落款", weight))]
    if day.day > EARLY_DAYS:
        return [*found, (own, Evidence(own.label, words, "落款", MONTH_OF_DATE * sure))]
    likely = before if usual and usual[0] == before else own
    return [*found, (likely, Evidence(likely.label, words, "落款", 0.5))]


def _usual_month(scan: Scan, day: date | None, calendar: Calendar) -> tuple[Period, str] | None:
    """The month of most of the days that the text tells of, where there are at least two."""
    days = find_dates(scan.text[:6000], day)
    months = Counter((d.date.year, d.date.month) for d in days if d.date != day)
    if not months:
        return None
    (year, month), count = months.most_common(1)[0]
    if count < 2 or count < 0.6 * sum(months.values()):
        return None
    period = calendar.months(year, month, month)
    return period, f"文中 {count} 个日期在{month}月"


def _wide(
    kind: Kind | None, calendar: Calendar, day: date | None, sure: float, found: list[Found]
) -> tuple[Period | None, Choice]:
    """A term or year: named ones, else that in which the paper's date or month lies."""
    named = [said(f.mention.period, f) for f in found if _is_wide(f)]
    for f in found:
        period = _by_month(f, calendar) if f.mention.period.type == "month" else None
        if period is not None:
            named.append(said(_as_asked(period, kind, calendar), f, 0.88))
    if day is not None:
        named.append(_wide_of_day(kind, calendar, day, sure))
    return choose(_agreeing(named))


def _is_wide(found: Found) -> bool:
    return found.mention.kind in (
        "term", "season", "half_year", "school_year", "calendar_year",
    )  # fmt: skip


def _by_month(found: Found, calendar: Calendar) -> Period | None:
    """The term in which a month or a stretch of months lies; a day's month is weighed as the
    paper's date."""
    period = found.mention.period
    if found.mention.kind == "date" or months_long(period) > 6:
        return None
    return calendar.term(*calendar.term_of_month(period))


def _as_asked(term: Period, kind: Kind | None, calendar: Calendar) -> Period:
    if kind and kind.period == "school_year":
        return calendar.school_year(calendar.school_year_of(term.start))
    if kind and kind.period == "calendar_year":
        return calendar.calendar_year(term.start.year)
    return term


def _wide_of_day(
    kind: Kind | None, calendar: Calendar, day: date, sure: float
) -> tuple[Period, Evidence]:
    """The term of the date. A summary signed in the holidays may be of the term before."""
    term = calendar.term(*calendar.term_of(day))
    factor = TERM_OF_DATE
    if kind and kind.period != "term":
        factor = YEAR_OF_DATE
    if day.month in (2, 8) and kind and not kind.id.endswith("plan"):
        factor = 0.5
    period = term
    if kind and kind.period == "calendar_year":
        period = calendar.calendar_year(day.year)
    elif kind and kind.period == "school_year":
        period = calendar.school_year(calendar.school_year_of(day))
    words = f"{day.year}年{day.month}月{day.day}日"
    return period, Evidence(period.label, words, "落款", factor * sure)


def _agreeing(named: list[tuple[Period, Evidence]]) -> list[tuple[Period, Evidence]]:
    """A term named in the paper narrows the school year named beside it; a term that only the
    date suggests does not, and does not contradict it either."""
    explicit = [(p, e) for p, e in named if e.place != "落款" or "学" in e.words]
    years = [p for p, e in explicit if p.type in ("school_year", "calendar_year")]
    terms = [p for p, _ in explicit if p.type == "term"]
    found = []
    for period, evidence in named:
        is_explicit = (period, evidence) in explicit
        within = next((y for y in years if y.contains(period) and y != period), None)
        term = next((t for t in terms if period.contains(t) and t != period), None)
        if period.type == "term" and within and not is_explicit and not terms:
            found.append((within, Evidence(within.label, evidence.words, evidence.place, 0.3)))
        elif term is not None:
            found.append(
                (term, Evidence(term.label, evidence.words, evidence.place, evidence.weight))
            )
        else:
            found.append((period, evidence))
    return found


# -- what follows from it


def _derived(
    period: Period | None,
    kind: Kind | None,
    day: date | None,
    calendar: Calendar,
    found: list[Found],
) -> tuple[str, int | None, str]:
    """(school year, term, month) of the period; of the paper's date where there is no period. A
    plan for a term or a year is of no month."""
    if period is None and day is None:
        period = _best_guess(found)
    if period is None:
        return (*calendar.term_of(day), _month_name(day)) if day else ("", None, "")
    if period.type == "calendar_year":
        return (*calendar.term_of(day), _month_name(day)) if day else ("", None, "")
    whole = kind is not None and kind.period == "term" and "period" in kind.identity
    within = day if day and period.start <= day <= period.end and not whole else None
    month = _month_name(within) if within else ""
    if period.type == "school_year":
        checked = within if kind and kind.period == "school_year" else None
        term = calendar.term_of(checked)[1] if checked else None
        return calendar.school_year_of(period.start), term, month
    if day is None and not whole:
        month = _named_month(period, found)
    if period.type == "month" or (period.type == "test" and months_long(period) == 1):
        month = _month_name(period.start)
    return (*calendar.term_of_month(period), month)


def _named_month(period: Period, found: list[Found]) -> str:
    """The month named for a paper without a day: 2015年6月 under the title."""
    for f in found:
        own = f.mention.period
        if f.mention.kind == "month" and f.weight >= 0.5 and period.contains(own):
            return _month_name(own.start)
    return ""


def _best_guess(found: list[Found]) -> Period | None:
    """What an undated paper of a kind without periods is best placed by: the 落款, else a single
    month or a term, else the end of a stretch of months (起止：2014年12月至2015年12月)."""
    telling = [f for f in found if f.weight >= 0.5 and f.mention.kind != "years"]
    if not telling:
        return None
    single = [f for f in telling if months_long(f.mention.period) <= 12]
    signed = [f for f in single if f.place == "落款"]
    best = (signed or single or telling)[0].mention.period
    if best.type == "month" and months_long(best) > 1:
        end = best.end
        return Period("month", end.replace(day=1), end, f"{end.year}年{end.month}月")
    return best


def _month_name(day: date) -> str:
    return f"{day.year}-{day.month:02}"
