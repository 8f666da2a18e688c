"""What a paper says of time, and where: its own date, and every period in a telling place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive.calendar import Calendar
from archive.dates import full_dates
from archive.filing.scan import Line, Scan
from archive.filing.values import Evidence
from archive.filing.weighing import Choice
from archive.periods import PeriodMention, find_periods

FIELD, TITLE, HEAD, SIGNATURE, NAME, FOLDER, SHEET, OPENING = (
    0.96, 0.95, 0.88, 0.88, 0.72, 0.5, 0.6, 0.5,
)  # fmt: skip
#: A year that the name or the text does not give, from when the file came: never above the bar.
FROM_RECEIPT = 0.35

_DATE_LABELS = frozenset((
    "日期", "时间", "落款", "填报日期", "填表日期", "填报时间", "填表时间", "报告时间",
    "报告日期", "制定日期", "制定时间", "检查时间", "检查日期", "评估时间", "授课时间",
    "授课日期", "上课时间", "听课时间", "听课日期", "活动时间", "活动日期", "会议时间",
    "考试时间", "检测时间", "考试日期", "分析时间", "备课时间", "申报日期", "申请日期",
    "申报时间", "培训时间", "反思时间", "撰写时间", "完成时间", "结题时间", "督导时间",
    "送教时间", "阅读时间", "读书时间", "上报时间", "提交时间", "研修时间", "学习时间",
    "评课时间",
))  # fmt: skip
_PERIOD_LABELS = frozenset((
    "报告时间", "报告月份", "月份", "学期", "学年学期", "学年度", "学年", "时间", "填报月份",
    "所属月份", "报告期",
))  # fmt: skip
_TIME = re.compile(r"\d{4}|\d\d年|月|学期|[春秋]季|半年|二\s?[〇零○0o]")


@dataclass(frozen=True, slots=True)
class Found:
    """A period in a place. `factor` is what its form takes from the weight of the place."""

    mention: PeriodMention
    place: str
    weight: float


# -- the paper's own date


def paper_date(scan: Scan) -> Choice:
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


def mentions_of(scan: Scan, calendar: Calendar, day: date | None) -> Iterator[Found]:
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
) -> Iterator[Found]:
    if not text or not _TIME.search(text):
        return
    reference = day or received
    for mention in find_periods(text, calendar, reference):
        yield Found(mention, place, weight * _factor(mention, day is None))


def _in_lines(lines: list[Line], calendar: Calendar, day: date | None) -> Iterator[Found]:
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
        yield Found(mention, place, weight * _factor(mention, day is None))


def _factor(mention: PeriodMention, undated: bool) -> float:
    """What the form of a mention takes away; a year that only the receipt gives, most of it."""
    if mention.kind == "compact":
        return 0.75
    if mention.kind == "year":
        return 0.3
    if mention.inferred:
        return FROM_RECEIPT if undated else 0.96
    return min(1.0, mention.strength + 0.1)
