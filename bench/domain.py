"""A researcher's questions to a county's papers, and which papers answer each.

The papers are the sample submissions and made ones of the same county; what is known of each (kind,
school, period, its sections as written) decides by the rules of `domain_queries.jsonl` which of
them answer a question. No engine has a say in that.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from archive.kind_files import BUILTIN, load_kinds
from archive.register import Register, Unit
from bench import Values
from bench.corpus import lines
from bench.relevance import Question, compared
from indexer.engines import Entry
from indexer.tokens import normal
from yanxiu.demo import bulk, county, papers
from yanxiu.demo.papers import Line
from yanxiu.demo.staff import Staff

HERE = Path(__file__).parent
QUERIES = HERE / "domain_queries.jsonl"
#: Made papers of each kind, beside the sample submissions.
MADE = {"stage_report": 160, "qa_report": 140, "reflection": 90, "group_plan": 50}
PLANS, OBSERVATIONS = 24, 60
#: Made papers spread over so many school years, and one in so many tells of a weakness.
YEARS, WEAK = 3, 2
_SYNTAX = re.compile(r'[\u4e00-\u9fff]{2,4}[:：]|["“”()（）*-]|\b(?:AND|OR|NOT)\b')


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a paper. Names as people use them; "" where it has none. `month`: YYYY-MM;
    `what`: 期中 or 期末 of an analysis, the term of a plan; `sections`: heading -> text."""

    id: str
    kind: str
    title: str
    text: str
    sections: Mapping[str, str]
    school: str = ""
    subject: str = ""
    school_year: str = ""
    month: str = ""
    grade: str = ""
    what: str = ""
    author: str = ""


def measure(every: int, whoosh: bool) -> Values:
    """Our engines and the peers on every so many-th question."""
    known = all_papers()
    asked = list(questions(known))[::every]
    return compared([entry(paper) for paper in known], asked, whoosh)


def questions(known: Sequence[Paper]) -> Iterator[Question]:
    for line in lines(QUERIES):
        text = line["text"]
        relevant = frozenset(paper.id for paper in known if answers(paper, line["rule"]))
        yield Question(line["type"], text, relevant, " ".join(_SYNTAX.sub(" ", text).split()))


# --- the rules -----------------------------------------------------------------


def answers(paper: Paper, rule: Mapping[str, Any]) -> bool:
    """Whether all conditions hold. `all`, `any`: texts the paper holds, `in`: [heading, text]: one
    of its sections whose heading holds the one holds the other (normal forms); `id`: one of these
    papers; anything else: the field of that name is the value, or among several."""
    for key, wanted in rule.items():
        match key:
            case "all" | "any":
                text = _normal(f"{paper.title}\n{paper.text}")
                held = [_normal(piece) in text for piece in wanted]
                good = all(held) if key == "all" else any(held)
            case "in":
                good = _in_section(paper, *wanted)
            case _:
                value = getattr(paper, key)
                good = value in wanted if isinstance(wanted, list) else value == wanted
        if not good:
            return False
    return True


def _in_section(paper: Paper, heading: str, piece: str) -> bool:
    return any(
        _normal(heading) in _normal(name) and _normal(piece) in _normal(text)
        for name, text in paper.sections.items()
    )


@cache
def _normal(text: str) -> str:
    return normal(text)


# --- the papers ----------------------------------------------------------------


@cache
def all_papers() -> tuple[Paper, ...]:
    """The same ones each time."""
    register = county()
    texts = tomllib.loads((HERE / "domain_texts.toml").read_text("utf-8"))
    return (*_samples(register), *_made(register, texts), *_own(register, texts))


def _samples(register: Register) -> Iterator[Paper]:
    for key, paper in papers.load(register).items():
        head = paper.head
        if not paper.lines or head.get("make") not in (None, "text", "stored"):
            continue
        month = head.get("month", "")
        title, text, sections = _read(paper.lines, head["file"])
        yield Paper(
            id=key,
            kind=head.get("kind") or "",
            title=title,
            text=text,
            sections=sections,
            school=head.get("school", ""),
            subject=head.get("subject", ""),
            school_year=head.get("school_year") or _school_year(month),
            month=month,
            author=head.get("author", ""),
        )


def _made(register: Register, texts: Mapping[str, Any]) -> Iterator[Paper]:
    schools = [school.name for school in register.schools()]
    places = [(s.name, subject) for s in register.schools() for subject in s.subjects]
    staff, chance = Staff(register), random.Random(2014)
    for kind, count in MADE.items():
        for number, first in enumerate(islice(bulk.handed_in(kind, places, 7), count)):
            later = number % YEARS
            task = replace(first, school_year=first.school_year + later, year=first.year + later)
            made = bulk.compose(task, staff, schools, chance)
            if number % WEAK == 0 and kind in ("qa_report", "stage_report"):
                made = _weakened(made, texts["weaknesses"], chance)
            yield _known(f"{kind}-{number:03}", kind, made, task, staff)


def _known(name: str, kind: str, made: Sequence[Line], task: bulk.Task, staff: Staff) -> Paper:
    title, text, sections = _read(made, name)
    return Paper(
        id=name,
        kind=kind,
        title=title,
        text=text,
        sections=sections,
        school=task.school,
        subject=task.subject,
        school_year=f"{task.school_year}-{task.school_year + 1}",
        month=f"{task.year}-{task.month:02}",
        grade=task.grade,
        what=task.what,
        author=staff.nth(task.school, task.subject, 0),
    )


def _weakened(
    made: Sequence[Line], weaknesses: Mapping[str, Sequence[str]], chance: random.Random
) -> list[Line]:
    """With a sentence on a weakness at the end of the section on problems."""
    wording = chance.choice(weaknesses[chance.choice(list(weaknesses))])
    sentence = _filled(wording, chance)
    place = next(i for i, line in enumerate(made) if line.kind == "heading" and "问题" in line.text)
    return [*made[: place + 1], Line("paragraph", sentence), *made[place + 1 :]]


def _filled(text: str, chance: random.Random, **names: str) -> str:
    return text.format(n=chance.randint(3, 29), p=f"{chance.randint(210, 890) / 10}%", **names)


def _own(register: Register, texts: Mapping[str, Any]) -> Iterator[Paper]:
    """Three-year plans and lesson observations."""
    schools, staff, chance = list(register.schools()), Staff(register), random.Random(3)
    topics = bulk._phrases()["topics"]
    for kind, shape, count in (
        ("school_long_plan", "plan", PLANS),
        ("observe_record", "observation", OBSERVATIONS),
    ):
        for number in range(count):
            school = schools[number % len(schools)]
            subject = chance.choice([s for s in school.subjects if s in topics])
            year, month = 2014 + number % YEARS, chance.choice([9, 10, 11, 12])
            grade = chance.choice(bulk.GRADES) if kind == "observe_record" else ""
            task = bulk.Task(kind, school.name, subject, year, year, month, grade)
            made = _composed(texts[shape], task, staff, chance.choice(topics[subject]), chance)
            yield _known(f"{kind}-{number:03}", kind, made, task, staff)


def _composed(
    shape: Mapping[str, Any], task: bulk.Task, staff: Staff, topic: str, chance: random.Random
) -> list[Line]:
    author = staff.nth(task.school, task.subject, 0)
    names = {
        "school": task.school, "subject": task.subject, "topic": topic, "grade": task.grade,
        "a": author, "year": str(task.year), "to": str(task.year + 3),
    }  # fmt: skip
    day = f"{task.year}年{task.month}月{chance.randint(3, 28)}日"
    head = f"学校：{task.school}　时间：{day}"
    if task.grade:
        head += (
            f"　班级：{task.grade[0]}（{chance.randint(1, 4)}）班　课题：{topic}　授课：{author}"
        )
    made = [Line("title", shape["title"].format(**names)), Line("centred", head)]
    for section in shape["sections"]:
        made.append(Line("heading", section["name"]))
        made += [Line("paragraph", _filled(text, chance, **names)) for text in section["texts"]]
    return made


def _read(made: Sequence[Line], name: str) -> tuple[str, str, dict[str, str]]:
    """(title, text, sections) as a reader gives them; without a title, the file's name."""
    title = next((line.text for line in made if line.kind == "title"), Path(name).stem)
    sections: dict[str, str] = {}
    heading = ""
    for line in made:
        if line.kind in ("heading", "subheading"):
            heading = line.text
        sections[heading] = sections.get(heading, "") + line.plain + "\n"
    return title, "\n".join(line.plain for line in made), sections


def _school_year(month: str) -> str:
    if not month:
        return ""
    year = int(month[:4]) - (int(month[5:]) < 8)
    return f"{year}-{year + 1}"


# --- for the engines -----------------------------------------------------------


def entry(paper: Paper) -> Entry:
    """As the archive gives it to the index: facets in the words people use, further names too."""
    kind = _kinds().get(paper.kind)
    school = _schools().get(paper.school)
    found = {
        "kind": kind.name if kind else "",
        "school": paper.school,
        "subject": paper.subject,
        "school_year": paper.school_year,
        "month": paper.month,
        "grade": paper.grade,
        "author": paper.author,
    }
    labels = {
        "kind": [kind.id, *kind.also] if kind else [],
        "school": [n for n in (school.official, *school.aliases) if n] if school else [],
    }
    return Entry(
        id=paper.id,
        title=paper.title,
        headings="\n".join(filter(None, paper.sections)),
        body=paper.text,
        values={facet: [value] for facet, value in found.items() if value},
        date=f"{paper.month}-28" if paper.month else "",
        labels={facet: names for facet, names in labels.items() if names},
    )


@cache
def _kinds() -> Mapping[str, Any]:
    return load_kinds(BUILTIN)


@cache
def _schools() -> dict[str, Unit]:
    return {school.name: school for school in county().schools()}
