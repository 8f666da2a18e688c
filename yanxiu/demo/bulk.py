"""Papers by the thousand for measurements: every one different, all of one sample county."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import count, product
from pathlib import Path
from typing import Any

from archive.register import Register
from yanxiu.demo import pdf, sheet, slots, word
from yanxiu.demo.papers import Line
from yanxiu.demo.staff import Staff

#: Of a hundred files, how many have which format.
FORMATS = {".docx": 60, ".txt": 15, ".doc": 10, ".xlsx": 8, ".pdf": 7}
#: And how many are of which kind.
KINDS = {"stage_report": 60, "reflection": 15, "qa_report": 15, "group_plan": 10}
#: The ten months a school reports on, as (years after the school year began, month).
MONTHS = [(0, 9), (0, 10), (0, 11), (0, 12), (1, 1), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7)]
GRADES = ["七年级", "八年级", "九年级"]
TESTS = [(0, 11, "期中"), (1, 1, "期末"), (1, 4, "期中"), (1, 7, "期末")]
TERMS = [(0, 9, "第一学期"), (1, 3, "第二学期")]
FIRST_YEAR = 2014


@dataclass(frozen=True, slots=True)
class Task:
    """What one paper is about. `school_year` is the year it began; `year`, `month` its date."""

    kind: str
    school: str
    subject: str
    school_year: int
    year: int
    month: int
    grade: str
    what: str = ""


def write(target: Path, n: int, *, register: Register, seed: int = 1) -> list[Path]:
    """Write `n` files below `target`, in a folder for each school, and return their paths.

    The same register and seed give the same bytes. No two files have the same contents, and no
    two reports or plans the same unit, subject and period: when a school year has no more to
    give, the next one follows.
    """
    schools = [school.name for school in register.schools()]
    places = [(s.name, subject) for s in register.schools() for subject in s.subjects]
    chance, staff = random.Random(seed), Staff(register)
    kinds = _portions(KINDS, n, chance)
    formats = _portions(FORMATS, n, chance)
    turns = {kind: handed_in(kind, places, seed) for kind in KINDS}
    paths = []
    for number, (kind, suffix) in enumerate(zip(kinds, formats, strict=True)):
        task = next(turns[kind])
        path = target / task.school / (_name(task, number, chance) + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_render(compose(task, staff, schools, chance), suffix, task))
        paths.append(path)
    return paths


def _portions(shares: Mapping[str, int], n: int, chance: random.Random) -> list[str]:
    """`n` names in their shares of a hundred, to the nearest file, in random order."""
    names, whole = list(shares), sum(shares.values())
    bounds = [round(n * sum(list(shares.values())[:i]) / whole) for i in range(len(names) + 1)]
    dealt = [name for i, name in enumerate(names) for _ in range(bounds[i + 1] - bounds[i])]
    chance.shuffle(dealt)
    return dealt


def handed_in(kind: str, places: Sequence[tuple[str, str]], seed: int) -> Iterator[Task]:
    """All that schools can hand in of a kind, school year after school year, without end.

    `places` are pairs of a school and a subject it teaches."""
    turns = list(product(places, _occasions(kind)))
    random.Random(f"{seed}/{kind}").shuffle(turns)
    for year in count(FIRST_YEAR):
        for (school, subject), (later, month, grade, what) in turns:
            yield Task(kind, school, subject, year, year + later, month, grade, what)


def _occasions(kind: str) -> list[tuple[int, int, str, str]]:
    match kind:
        case "stage_report":
            return [(later, month, "", "") for later, month in MONTHS]
        case "group_plan":
            return [(later, month, "", term) for later, month, term in TERMS]
        case "qa_report":
            return [(*test[:2], grade, test[2]) for test, grade in product(TESTS, GRADES)]
        case _:
            return [(*month, grade, "") for month, grade in product(MONTHS, GRADES)]


def _name(task: Task, number: int, chance: random.Random) -> str:
    stem = {
        "stage_report": f"{task.year}年{task.month}月{task.subject}阶段报告",
        "group_plan": f"{task.subject}教研组计划{_span(task)}{task.what}",
        "qa_report": f"{task.grade}{task.subject}{task.what}质量分析",
        "reflection": f"{task.subject}教学反思",
    }[task.kind]
    return f"{chance.choice(['', task.school])}{stem}_{number:05d}"


def _span(task: Task) -> str:
    return f"{task.school_year}-{task.school_year + 1}"


@cache
def _phrases() -> dict[str, Any]:
    return tomllib.loads(files("yanxiu.demo").joinpath("bulk_phrases.toml").read_text("utf-8"))


class _Writer:
    """Fills phrases in for one paper."""

    def __init__(
        self, task: Task, staff: Staff, schools: Sequence[str], chance: random.Random
    ) -> None:
        self.task, self.chance, self.schools = task, chance, schools
        self.author = staff.nth(task.school, task.subject, 0)
        self.colleague = staff.nth(task.school, task.subject, 1)
        known = _phrases()["topics"]
        self.topics = known.get(task.subject) or known["语文"]

    def some(self, pool: str, number: int) -> list[str]:
        return [self.filled(p) for p in self.chance.sample(_phrases()[pool], number)]

    def filled(self, phrase: str) -> str:
        chance = self.chance
        return phrase.format(
            n=chance.randint(2, 19),
            m=chance.randint(20, 160),
            p=f"{chance.randint(310, 969) / 10}%",
            topic=chance.choice(self.topics),
            grade=self.task.grade or chance.choice(GRADES),
            mate=chance.choice(self.schools),
            a=self.author,
            b=self.colleague,
        )

    def scores(self) -> tuple[tuple[str, ...], ...]:
        chance, grade = self.chance, self.task.grade[0]
        rows = [("班级", "人数", "平均分", "及格率", "优秀率", "最高分", "最低分")]
        for number in range(1, chance.randint(3, 5)):
            rates = [f"{chance.randint(low, low + 350) / 10}%" for low in (400, 60)]
            mean = f"{chance.randint(520, 880) / 10}"
            head = (f"{grade}（{number}）", str(chance.randint(38, 60)), mean)
            edge = (str(chance.randint(96, 120)), str(chance.randint(6, 35)))
            rows.append((*head, rates[0], rates[1], *edge))
        return tuple(rows)

    def months(self) -> tuple[tuple[str, ...], ...]:
        first = [9, 10, 11, 12] if self.task.what == "第一学期" else [3, 4, 5, 6]
        tasks = self.some("plans", len(first))
        rows = [(f"{m}月", t, self.author) for m, t in zip(first, tasks, strict=True)]
        return (("月份", "研修任务", "负责人"), *rows)


def compose(task: Task, staff: Staff, schools: Sequence[str], chance: random.Random) -> list[Line]:
    """The paper's lines: title, head, sections with their headings, signature."""
    writer = _Writer(task, staff, schools, chance)
    title, sections = BODIES[task.kind](writer)
    date = f"{task.year}年{task.month}月{chance.randint(8, 28)}日"
    head = f"学校：{task.school}　学科：{task.subject}　报告时间：{date}"
    lines = [Line("title", title), Line("centred", head)]
    for number, (name, content) in zip("一二三四", sections, strict=True):
        lines.append(Line("heading", f"{number}、{name}"))
        lines += [
            Line("table", rows=c) if isinstance(c, tuple) else Line("paragraph", c) for c in content
        ]
    return [*lines, Line("right", f"{task.school}　{writer.author}　{date}")]


Table = tuple[tuple[str, ...], ...]
Body = tuple[str, list[tuple[str, Sequence[str | Table]]]]


def _stage_report(w: _Writer) -> Body:
    t = w.task
    title = f"{t.school}{t.subject}学科{t.year}年{t.month}月校本研修阶段报告"
    return title, [
        ("工作开展情况", w.some("activities", 4)),
        ("取得成效", w.some("results", 3)),
        ("存在问题", w.some("problems", 2)),
        ("下阶段安排", w.some("plans", 3)),
    ]


def _group_plan(w: _Writer) -> Body:
    t = w.task
    return f"{t.school}{t.subject}教研组{_span(t)}学年{t.what}校本研修计划", [
        ("教学现状分析", w.some("states", 2)),
        ("研修内容", w.some("activities", 3)),
        ("月研修任务", [w.months()]),
        ("研修措施", w.some("measures", 2)),
    ]


def _qa_report(w: _Writer) -> Body:
    t = w.task
    return f"{t.school}{_span(t)}学年{t.grade}{t.subject}{t.what}质量检测分析报告", [
        ("考试基本情况", [w.scores()]),
        ("试卷分析", w.some("papers", 2)),
        ("存在问题与原因", w.some("causes", 3)),
        ("改进措施", w.some("measures", 3)),
    ]


def _reflection(w: _Writer) -> Body:
    topic = w.chance.choice(w.topics)
    return f"《{topic}》教学反思", [
        ("教学内容", [f"{w.task.grade}{w.task.subject}《{topic}》，执教{w.author}。"]),
        ("成功之处", w.some("gains", 2)),
        ("不足之处", w.some("losses", 2)),
        ("改进设想", w.some("ideas", 2)),
    ]


BODIES: dict[str, Callable[[_Writer], Body]] = {
    "stage_report": _stage_report,
    "group_plan": _group_plan,
    "qa_report": _qa_report,
    "reflection": _reflection,
}


def _render(lines: Sequence[Line], suffix: str, task: Task) -> bytes:
    when = datetime(task.year, task.month, 28, 8, 0, tzinfo=UTC)
    match suffix:
        case ".docx":
            return word.document(lines, when=when, creator="Administrator", level=1)
        case ".xlsx":
            return sheet.workbook(lines, when=when, level=1)
        case ".doc":
            return slots.document(lines)
        case ".pdf":
            return pdf.document(lines)
        case _:
            return "\r\n".join(line.plain for line in lines).encode("gb18030")
