"""The time a paper speaks of: its date, and the month, term, year or test it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from archive.calendar import Calendar
from archive.dates import find_dates, full_dates
from archive.filing.scan import Line, Scan
from archive.filing.values import Evidence
from archive.filing.weighing import Choice, weigh
from archive.kinds import Kind
from archive.periods import Period, PeriodMention, find_periods

FIELD, TITLE, HEAD, SIGNATURE, NAME, FOLDER, SHEET, OPENING, TEXT = (
    0.96, 0.95, 0.88, 0.88, 0.72, 0.5, 0.6, 0.5, 0.4,
)  # fmt: skip
#: A year that the name or the text does not give, from when the file came: never above the bar.
FROM_RECEIPT = 0.35
#: A paper's own date says in which month or term it was written, less surely what it is about.
MONTH_OF_DATE, TERM_OF_DATE, YEAR_OF_DATE, TEST_OF_DATE = 0.82, 0.86, 0.88, 0.85
#: A report on a month may be signed so many days after its end.
LATE_DAYS = 15
#: Signed so early in a month, it may well be about the month before.
EARLY_DAYS = 7

_DATE_LABELS = frozenset(
    [
        "日期",
        "时间",
        "落款",
        "填报日期",
        "填表日期",
        "填报时间",
        "填表时间",
        "报告时间",
        "报告日期",
        "制定日期",
        "制定时间",
        "检查时间",
        "检查日期",
        "评估时间",
        "授课时间",
        "授课日期",
        "上课时间",
        "听课时间",
        "听课日期",
        "活动时间",
        "活动日期",
        "会议时间",
        "考试时间",
        "检测时间",
        "考试日期",
        "分析时间",
        "备课时间",
        "申报日期",
        "申请日期",
        "申报时间",
        "培训时间",
        "反思时间",
        "撰写时间",
        "完成时间",
        "结题时间",
        "督导时间",
        "送教时间",
        "阅读时间",
        "读书时间",
        "上报时间",
        "提交时间",
        "研修时间",
        "学习时间",
        "评课时间",
    ]
)
_PERIOD_LABELS = frozenset(
    [
        "报告时间",
        "报告月份",
        "月份",
        "学期",
        "学年学期",
        "学年度",
        "学年",
        "时间",
        "填报月份",
        "所属月份",
        "报告期",
    ]
)
_TIME = re.compile(r"\d{4}|\d\d年|月|学期|[春秋]季|半年|二\s?[〇零○0o]")
#: When tests are held and written up: a date in these months fits the name.
_TEST_MONTHS = {"期中": (4, 5, 10, 11), "期末": (1, 2, 6, 7), "一模": (3, 4, 5), "二模": (5, 6)}
_TEST_NEAR = re.compile("考试|检测|测试|月考|统考|统测|[一二三]模|期中|期末|质检|监测")


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A period in a place. `factor` is what its form takes from the weight of the place."""

    mention: PeriodMention
    place: str
    weight: float


def choose_time(scan: Scan, kind: Kind | None, test: str, calendar: Calendar) -> When:
    """Date and period of a paper of this kind; what cannot be known stays empty."""
    dated = _paper_date(scan)
    day = date.fromisoformat(dated.value) if dated.value else None
    found = list(_mentions(scan, calendar, day))
    chosen = _period(scan, kind, test, calendar, day, dated.confidence, found)
    school_year, term, month = _derived(chosen[0], kind, day, calendar, found)
    evidence = {"date": dated.evidence} if dated.evidence else {}
    if chosen[1].evidence:
        evidence["period"] = chosen[1].evidence
    return When(chosen[0], day, school_year, term, month, chosen[1].confidence, evidence)


# -- the paper's own date


def _paper_date(scan: Scan) -> Choice:
    """The date in the 落款, a field, the head or, weaker, anywhere."""
    found: list[Evidence] = []

    def add(text: str, place: str, weight: float) -> None:
        for mention in full_dates(text)[:1]:
            day = mention.date.isoformat()
            found.append(
                Evidence(day, mention.words, place, weight * min(1, mention.strength + 0.1))
            )

    for line in scan.signature:
        add(line.text, "落款", 0.92)
    for label, value in scan.fields.items():
        if label in _DATE_LABELS:
            add(value, f"栏目“{label}”", 0.85)
    for line in scan.head:
        add(line.text, line.place, 0.85)
    if not found:
        add(scan.name, "文件名", 0.65)
        lines = [line for line in scan.lines if line.role != "edge"]
        for line in (*lines[:8], *lines[-4:]):
            if not found:
                short = len(line.bare) <= 50 and "。" not in line.bare
                add(line.text, line.place, 0.8 if short else 0.6)
    return _strongest(found)


def _strongest(found: list[Evidence]) -> Choice:
    """Dates do not contradict each other: a test's, a lesson's and the signing are several."""
    if not found:
        return Choice()
    best = max(found, key=lambda e: e.weight)
    same = tuple(e for e in found if e.value == best.value)
    return Choice(best.value, best.weight, same[:3])


# -- what is said of periods, and where


def _mentions(scan: Scan, calendar: Calendar, day: date | None) -> Iterator[_Found]:
    """Periods in the telling places. Head lines are read together: the year may stand in one,
    第一学期 in the next."""
    for label, value in scan.fields.items():
        if label in _PERIOD_LABELS and len(value) <= 40:
            yield from _in(value, f"栏目“{label}”", FIELD, calendar, day)
    yield from _in_lines(_heading_lines(scan), calendar, day)
    for line in scan.signature:
        for found in _in(line.text, "落款", SIGNATURE, calendar, day):
            if found.mention.kind in ("month", "months") and not found.mention.inferred:
                yield found
    yield from _in(scan.name, "文件名", NAME, calendar, day, _received(scan))
    for folder in scan.folders[-2:]:
        yield from _in(folder, "文件夹", FOLDER, calendar, day, _received(scan))
    for sheet in dict.fromkeys(b.sheet for b in scan.reading.blocks if b.sheet):
        yield from _in(sheet, "工作表名", SHEET, calendar, day, _received(scan))
    opening = _opening(scan)
    if opening is not None:
        yield from list(_in(opening.text[:60], opening.place, OPENING, calendar, day))[:1]


def _heading_lines(scan: Scan) -> list[Line]:
    lines = list(scan.head)
    if scan.title and not any(line.bare == scan.title for line in lines):
        lines.insert(0, Line(scan.title, "标题", "title", scan.title))
    return [line for line in lines if len(line.bare) <= 60]


def _opening(scan: Scan) -> Line | None:
    """The first line of the running text."""
    for line in scan.lines[len(scan.head) :]:
        if line.role == "body" and len(line.bare) > 20:
            return line
    return None


def _received(scan: Scan) -> date | None:
    """When the file was last changed, or came: helps to guess a year, never decides alone."""
    at = scan.clues.modified or scan.clues.received
    return at.date() if at else None


def _in(
    text: str,
    place: str,
    weight: float,
    calendar: Calendar,
    day: date | None,
    received: date | None = None,
) -> Iterator[_Found]:
    if not text or not _TIME.search(text):
        return
    reference = day or received
    for mention in find_periods(text, calendar, reference):
        yield _Found(mention, place, weight * _factor(mention, day is None))


def _in_lines(lines: list[Line], calendar: Calendar, day: date | None) -> Iterator[_Found]:
    text = "\n".join(line.text for line in lines)
    if not _TIME.search(text):
        return
    ends, end = [], 0
    for line in lines:
        end += len(line.text) + 1
        ends.append(end)
    for mention in find_periods(text, calendar, day):
        line = next(ln for ln, stop in zip(lines, ends, strict=True) if mention.start < stop)
        is_title = line.role == "title" or line is lines[0]
        weight = TITLE if is_title else HEAD
        place = "标题" if is_title else line.place
        yield _Found(mention, place, weight * _factor(mention, day is None))


def _factor(mention: PeriodMention, undated: bool) -> float:
    """What the form of a mention takes away; a year that only the receipt gives, most of it."""
    if mention.kind == "compact":
        return 0.75
    if mention.kind == "year":
        return 0.3
    if mention.inferred:
        return FROM_RECEIPT if undated else 0.96
    return min(1.0, mention.strength + 0.1)


# -- the period, by what the kind asks


def _period(
    scan: Scan,
    kind: Kind | None,
    test: str,
    calendar: Calendar,
    day: date | None,
    sure: float,
    found: list[_Found],
) -> tuple[Period | None, Choice]:
    wanted = kind.period if kind else "none"
    if wanted == "month":
        return _month(scan, calendar, day, sure, found)
    if wanted in ("term", "school_year", "calendar_year"):
        return _wide(kind, calendar, day, sure, found)
    if wanted == "test":
        return _test(scan, test, calendar, day, sure, found)
    if day is None:
        return None, Choice()
    label = f"{day.year}年{day.month}月{day.day}日"
    period = Period("activity", day, day, label)
    return (period, Choice(label, sure)) if wanted == "activity" else (None, Choice(label, sure))


def _choose(
    evidence: list[tuple[Period, Evidence]],
) -> tuple[Period | None, Choice]:
    choice = weigh(e for _, e in evidence)
    periods = {e.value: period for period, e in evidence}
    return periods.get(choice.value), choice


def _said(period: Period, found: _Found, factor: float = 1.0) -> tuple[Period, Evidence]:
    weight = found.weight * factor
    return period, Evidence(period.label, found.mention.words, found.place, weight)


def _month(
    scan: Scan, calendar: Calendar, day: date | None, sure: float, found: list[_Found]
) -> tuple[Period | None, Choice]:
    """The month reported on: named ones first; the date of signing agrees with one that ended at
    most LATE_DAYS before."""
    named = [f for f in found if f.mention.kind in ("month", "months", "compact")]
    named = [f for f in named if _months_long(f.mention.period) <= 3]
    evidence = [_said(f.mention.period, f) for f in named]
    evidence += [
        _said(f.mention.period, f, 0.9) for f in found if f.mention.kind == "date" and not named
        and f.place not in ("文件名", "文件夹") and f.mention.period.type == "month"
        and _reads_well(f, day)
    ]  # fmt: skip
    evidence += _month_of_day(scan, calendar, day, sure, evidence)
    return _choose(evidence)


def _reads_well(found: _Found, day: date | None) -> bool:
    """A full date as a field's value says its month unless it lies in the first days of one."""
    return day is None or day.day > EARLY_DAYS or day.month != found.mention.period.start.month


def _months_long(period: Period) -> int:
    years = period.end.year - period.start.year
    return years * 12 + period.end.month - period.start.month + 1


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
        return [*found, (own, Evidence(own.label, words, "落款", 0.4))]
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
    kind: Kind | None, calendar: Calendar, day: date | None, sure: float, found: list[_Found]
) -> tuple[Period | None, Choice]:
    """A term or year: named ones, else that in which the paper's date or month lies."""
    named = [_said(f.mention.period, f) for f in found if _is_wide(f)]
    for f in found:
        period = _by_month(f, calendar) if f.mention.period.type == "month" else None
        if period is not None:
            named.append(_said(_as_asked(period, kind, calendar), f, 0.88))
    if day is not None:
        named.append(_wide_of_day(kind, calendar, day, sure))
    return _choose(_agreeing(named))


def _is_wide(found: _Found) -> bool:
    return found.mention.kind in (
        "term", "season", "half_year", "school_year", "calendar_year",
    )  # fmt: skip


def _by_month(found: _Found, calendar: Calendar) -> Period | None:
    """The term in which a month or a stretch of months lies; a day's month is weighed as the
    paper's date."""
    period = found.mention.period
    if found.mention.kind == "date" or _months_long(period) > 6:
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


def _test(
    scan: Scan,
    test: str,
    calendar: Calendar,
    day: date | None,
    sure: float,
    found: list[_Found],
) -> tuple[Period | None, Choice]:
    """The term named and the day of the test: the register's, the one beside 考试, the paper's."""
    terms = [_said(f.mention.period, f) for f in found if f.mention.period.type == "term"]
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
            terms.append(_said(term, f, 0.85))
    term_period, choice = _choose(terms)
    if term_period is None:
        return None, choice
    return _as_test(term_period, test, on, found, calendar), choice


def _as_test(
    term: Period, test: str, on: date | None, found: list[_Found], calendar: Calendar
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
    if on is not None and (not months or months[0].start <= on):
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


# -- what follows from it


def _derived(
    period: Period | None,
    kind: Kind | None,
    day: date | None,
    calendar: Calendar,
    found: list[_Found],
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
    if period.type == "month" or (period.type == "test" and _months_long(period) == 1):
        month = _month_name(period.start)
    return (*calendar.term_of_month(period), month)


def _named_month(period: Period, found: list[_Found]) -> str:
    """The month named for a paper without a day: 2015年6月 under the title."""
    for f in found:
        own = f.mention.period
        if f.mention.kind == "month" and f.weight >= 0.5 and period.contains(own):
            return _month_name(own.start)
    return ""


def _best_guess(found: list[_Found]) -> Period | None:
    """What an undated paper of a kind without periods is best placed by: the 落款, else a single
    month or a term, else the end of a stretch of months (起止：2014年12月至2015年12月)."""
    telling = [f for f in found if f.weight >= 0.5 and f.mention.kind != "years"]
    if not telling:
        return None
    single = [f for f in telling if _months_long(f.mention.period) <= 12]
    signed = [f for f in single if f.place == "落款"]
    best = (signed or single or telling)[0].mention.period
    if best.type == "month" and _months_long(best) > 1:
        end = best.end
        return Period("month", end.replace(day=1), end, f"{end.year}年{end.month}月")
    return best


def _month_name(day: date) -> str:
    return f"{day.year}-{day.month:02}"
