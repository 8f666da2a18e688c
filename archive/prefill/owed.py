"""What units owe, and what their papers lack, from 报送一览."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from archive import due
from archive.calendar import Calendar
from archive.due import STATES, Cell, Matrix
from archive.house import House
from archive.issue import Issue
from archive.matrix import handed
from archive.models import Record
from archive.periods import Period
from archive.prefill.people import Row, long_day
from archive.prefill.recorded import period_before
from archive.prefill.reference import reference
from archive.register import Register

OWED = ("missing", "incomplete")
OPEN = ("missing", "incomplete", "late")
#: So many faults are named in the line of a report; the rest is counted.
NAMED = 4


class Owing:
    """Matrices of the periods a batch asks about, each laid out once."""

    def __init__(self, house: House, register: Register) -> None:
        self.house, self.register = house, register
        self._matrices: dict[tuple[Period, date], Matrix] = {}
        self._cells: dict[tuple[Period, date], dict[str, list[Cell]]] = {}
        self._missing: dict[str, list[str]] = {}

    def rows(self, issue: Issue) -> list[Row]:
        """What the unit has not handed in, or not whole, as of today: for a reminder."""
        if issue.period is None:
            return []
        cells = self._of(issue, issue.period, timezone.localdate(), OWED)
        return [self._row(cell) for cell in cells]

    def counts(self, issue: Issue) -> list[Row]:
        """Unit by unit what was due and came in: for a circular."""
        if issue.period is None:
            return []
        table = self._matrix(issue.period, timezone.localdate())
        wanted = self.register.within(issue.unit.id, issue.period.start)
        rows: list[Row] = []
        for unit_id in (u for u in table.rows if u in wanted):
            counts = table.by_unit[unit_id]
            rate = counts.on_time_rate
            numbers = {STATES[state][1]: str(getattr(counts, state)) for state in STATES}
            rows.append(
                {"学校": self.register.units[unit_id].name, "应报": str(counts.due),
                 "已交": str(counts.handed), **numbers,
                 "按时": str(counts.on_time),
                 "按时率": "" if rate is None else f"{rate * 100:.1f}%"}
            )  # fmt: skip
        return rows

    def findings(self, issue: Issue) -> list[Row]:
        """What the papers of the period before lack, came late with, or were not handed in."""
        return [self._row(cell) for cell in self._before(issue)]

    def findings_line(self, issue: Issue) -> str:
        """The same as one line for reference, "" where nothing is open."""
        faults = [self._fault(cell) for cell in self._before(issue)]
        more = f"等 {len(faults)} 项" if len(faults) > NAMED else ""
        return reference("上月待改", "；".join(faults[:NAMED]) + more)

    def _before(self, issue: Issue) -> list[Cell]:
        """As of the end of the issue's own period, so that the form of a month does not change
        from day to day."""
        if issue.period is None or issue.period.type != "month":
            return []
        last = period_before(self.register.calendar, issue.period)
        return self._of(issue, last, issue.period.end, OPEN)

    def _of(self, issue: Issue, period: Period, today: date, states: Sequence[str]) -> list[Cell]:
        cells = self._grouped(period, today).get(_owner(self.register, issue), [])
        subjects = issue.subjects
        return [
            cell
            for cell in cells
            if cell.state in states and (not subjects or cell.item.subject in subjects)
        ]

    def _grouped(self, period: Period, today: date) -> dict[str, list[Cell]]:
        """The cells of each unit; what the incomplete ones lack is looked up for all at once."""
        key = (period, today)
        if key not in self._cells:
            found: dict[str, list[Cell]] = {}
            for cell in self._matrix(period, today).cells.values():
                found.setdefault(cell.item.unit_id, []).append(cell)
            self._cells[key] = found
            partial = [r for cells in found.values() for c in cells if c.state == "incomplete"
                       for r in c.records]  # fmt: skip
            for start in range(0, len(partial), 500):
                some = Record.objects.filter(id__in=partial[start : start + 500])
                self._missing.update(some.values_list("id", "missing"))
        return self._cells[key]

    def _matrix(self, period: Period, today: date) -> Matrix:
        key = (period, today)
        if key not in self._matrices:
            kinds = [kind for kind in self.house.kinds.values() if kind.due]
            calendar: Calendar = self.register.calendar
            # A paper about a test may be dated long after it (archive.matrix).
            terms = [calendar.term(*calendar.term_of(day)) for day in (period.start, period.end)]
            papers = handed(terms[0].start, terms[-1].end, {kind.id for kind in kinds})
            self._matrices[key] = due.matrix(kinds, self.register, period, papers, today=today)
        return self._matrices[key]

    def _row(self, cell: Cell) -> Row:
        item, lack = cell.item, self._lack(cell)
        state = f"{cell.name}（{lack}）" if lack else cell.name
        return {
            "文种": self.house.kinds[item.kind_id].name,
            "材料名称": self.house.kinds[item.kind_id].name,
            "学科": item.subject or "",
            "时段": item.period.label,
            "所属时间": item.period.label,
            "应报日期": long_day(item.due),
            "状态": state,
            "问题": state,
        }

    def _fault(self, cell: Cell) -> str:
        kind = self.house.kinds[cell.item.kind_id]
        lack = self._lack(cell)
        name = kind.also[0] if kind.also else kind.name
        return f"{cell.item.period.label}{name}" + (lack or cell.name)

    def _lack(self, cell: Cell) -> str:
        """缺“存在问题”“下阶段安排”, "" where nothing is known to be lacking."""
        if cell.state != "incomplete":
            return ""
        names = dict.fromkeys(n for r in cell.records for n in self._missing.get(r, ()))
        return "缺" + "".join(f"“{name}”" for name in names) if names else ""


def _owner(register: Register, issue: Issue) -> str:
    """The unit to which the matrix reckons what the copy is for."""
    if issue.unit.level in ("group", "teacher"):
        school = register.school_of(issue.unit.id)
        return school.id if school else issue.unit.id
    return issue.unit.id
