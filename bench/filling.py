"""Forms filled in at random, as people do: rare characters, marks, line breaks, rows put in.

The same seed gives the same copies. What was written is kept beside each copy, so that what is
read back can be compared.
"""

from __future__ import annotations

import copy
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from archive.forms import Paper, compiled, spec_of
from archive.register import Register, Unit
from archive.returns.layout import layout_of
from archive.subjects import SUBJECTS
from generator import Stamp

#: Surnames and given names with characters outside GB2312, or beyond the first plane.
_NAMES = (
    "王钤", "李铒", "赵塬", "周澹", "欧阳建华", "刘𬭚", "张㛃", "买买提·阿不都拉", "陈 静",
    "司马铒钤",
)  # fmt: skip
_WORDS = (
    "集体备课", "听课评课", "同课异构", "《岳阳楼记》教学设计", "A & B 两组", "<选读> 与精读",
    '"导学案"的使用', "It's a dog", "率 > 85%", "钤印塬区", "铒瓦澹台", "作文分层指导", "3×5＝15",
    "读写结合", "一、二班", "（重点）", "第3—4节", "1/2课时", "①②③", "研修日志。", "C＃", "50%",
)  # fmt: skip
_SENTENCES = (
    "学校现有教学班十八个，专任教师六十四人。", "1．组织集体备课四次，听评课六节；",
    "2．“说课—上课—评课”连环跟进；", "（1）成绩 < 60 分的学生 12 人 & 家长会一次；",
    "教师王钤、李铒在塬上学区作课，澹台老师主评。", "问题：研讨深度不够。", "措施如下：",
    "平均分：72.5；及格率：85%。", "Unit 3 <Look & Say> 的听说训练。", "一是抓常规；二是抓反思。",
    "- 下月听课不少于 4 节", "* 外出学习 2 人次", "时间：10月9日　地点：录播室",
)  # fmt: skip


#: How often a text, or a row of a list, says what is printed on the form.
_MISLEADING = 0.03


@dataclass(frozen=True)
class Copy:
    """A filled form: `written` by name, lists as rows of texts in the order of their columns."""

    paper: Paper
    stamp: Stamp
    unit: Unit
    data: bytes
    written: Mapping[str, str]
    rows: Mapping[str, Sequence[tuple[str, ...]]]
    touched: tuple[str, ...] = field(default=())


def copies(
    papers: Sequence[Paper], register: Register, count: int, seed: int = 5
) -> Iterator[Copy]:
    """`count` copies of the forms in turn, each for a school, subject and period of its own."""
    chance = random.Random(seed)
    for number in range(count):
        yield _copy(papers[number % len(papers)], register, chance)


def _copy(paper: Paper, register: Register, chance: random.Random) -> Copy:
    unit, period, label = _issued_for(paper, register, chance)
    subject = chance.choice(list(unit.subjects) or ["语文", "数学", "体育"])
    written, rows = _values(paper, register, unit, subject, label, chance)
    stamp = Stamp.issue(paper.id, paper.version, unit.id, subject, period)
    given: dict[str, Any] = {"县名": register.county.name, **written, **rows}
    printed = compiled(paper).render(given, "filled", stamp)
    texts = "\n".join([*written.values(), *(cell for r in rows.values() for x in r for cell in x)])
    labels = [word for word in _own_words(paper) if word not in texts]
    data, touched = _as_people_do(printed, labels, chance)
    return Copy(paper, stamp, unit, data, written, rows, touched)


def _issued_for(paper: Paper, register: Register, chance: random.Random) -> tuple[Unit, str, str]:
    """(unit, name of the period, its label) that suit the kind."""
    units: Sequence[Unit] = register.schools()
    if paper.kind.unit == "cluster":
        units = register.clusters()
    elif paper.kind.unit == "county":
        units = (register.county,)
    if paper.kind.period == "month":
        year, month = chance.choice([(2014, 9), (2014, 10), (2014, 11), (2015, 3), (2015, 5)])
        return chance.choice(units), f"{year}-{month:02}", f"{year}年{month}月"
    if paper.kind.period in ("school_year", "calendar_year"):
        return chance.choice(units), "2014-2015", "2014-2015学年"
    number = chance.choice((1, 2))
    label = f"2014-2015学年第{'一二'[number - 1]}学期"
    return chance.choice(units), f"2014-2015-{number}", label


@cache
def _own_words(paper: Paper) -> tuple[str, ...]:
    """The short words printed on a form: its labels, heads of columns and headings."""
    pieces = (
        piece.strip()
        for line in layout_of(paper).lines
        for cell in line.cells
        for piece in cell.pieces
        if isinstance(piece, str)
    )
    return tuple(dict.fromkeys(p for p in pieces if 1 < len(p) < 16 and "\n" not in p))


# --- what is written --------------------------------------------------------------------


def _values(
    paper: Paper,
    register: Register,
    unit: Unit,
    subject: str,
    label: str,
    chance: random.Random,
) -> tuple[dict[str, str], dict[str, list[tuple[str, ...]]]]:
    spec = spec_of(paper)
    sources = {f.key: f.source for f in (*paper.kind.fields, *paper.text.fields)}
    own = {
        "unit.name": unit.official or unit.name,
        "subject": subject,
        "period.label": label,
    }
    written = {
        f.key: own.get(sources.get(f.key, ""), "") or _field(f.type, register, chance)
        for f in spec.fields
    }
    words = _own_words(paper)
    written |= {s.name: _text(words, chance) for s in spec.sections}
    rows = {r.name: _rows(r.columns, r.blank, words, chance) for r in spec.all_lists}
    return written, rows


def _field(type_: str, register: Register, chance: random.Random) -> str:
    if chance.random() < 0.15:
        return ""
    if type_ == "person":
        return chance.choice(_NAMES)
    if type_ == "date":
        return f"2014年{chance.randint(9, 12)}月{chance.randint(1, 28)}日"
    if type_ == "number":
        return f"{chance.randint(1, 200)}"
    if type_ == "subject":
        return chance.choice(list(SUBJECTS))
    if type_ == "grade":
        return chance.choice(("七年级", "八年级", "九年级（3）班"))
    if type_ == "unit":
        return chance.choice(register.schools()).name
    text = _cell(chance)
    return text if chance.random() < 0.7 else f"{text}、{chance.choice(_NAMES)}"


def _cell(chance: random.Random) -> str:
    return chance.choice(_WORDS if chance.random() < 0.75 else _NAMES)


def _text(words: Sequence[str], chance: random.Random) -> str:
    """Some lines; now and then one that is printed on the form too, so that it misleads."""
    lines = [chance.choice(_SENTENCES) for _ in range(chance.choice((0, 1, 1, 2, 3, 5)))]
    if lines and chance.random() < _MISLEADING:
        lines.insert(chance.randint(0, len(lines)), chance.choice(words))
    return "\n".join(lines)


def _rows(
    columns: Sequence[str], blank: int, words: Sequence[str], chance: random.Random
) -> list[tuple[str, ...]]:
    """None, some, or more rows than the form has room for; cells of two lines among them."""
    found = []
    for _ in range(chance.choice((0, 1, 2, blank, blank + 3))):
        cells = [_cell(chance) if chance.random() < 0.85 else "" for _ in columns]
        if chance.random() < 0.2:
            cells[-1] = f"{chance.choice(_WORDS)}\n{chance.choice(_WORDS)}"
        if chance.random() < _MISLEADING:
            cells[0] = chance.choice(words)
        if any(cells):
            found.append(tuple(cells))
    return found


# --- what people do to a form -------------------------------------------------------------


def _as_people_do(
    data: bytes, labels: Sequence[str], chance: random.Random
) -> tuple[bytes, tuple[str, ...]]:
    """The copy with labels spread, colons changed, rows put in or taken out, as it is saved
    again."""
    document: Any = Document(io.BytesIO(data))
    touched = []
    edits: tuple[tuple[str, Callable[[], None]], ...] = (
        ("labels", lambda: _spread(document, chance)),
        ("colons", lambda: _half(document, labels)),
        ("rows", lambda: _more_rows(document, chance)),
    )
    for name, edit in edits:
        if chance.random() < 0.35:
            edit()
            touched.append(name)
    if not touched:
        return data, ()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), tuple(touched)


def _labels(document: Any) -> Iterator[Any]:
    """Runs of the printed words of cells: 学校, 学　科：."""
    for style in ("FormLabel", "FormHead"):
        for paragraph in document.element.body.iter(qn("w:p")):
            own = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            if own is not None and own.get(qn("w:val")) == style:
                yield from paragraph.iter(qn("w:t"))


def _spread(document: Any, chance: random.Random) -> None:
    """学校 becomes 学　校."""
    for text in _labels(document):
        words = text.text or ""
        if len(words) == 2:
            text.text = words[0] + chance.choice(("　", "  ", " ")) + words[1]


def _half(document: Any, labels: Sequence[str]) -> None:
    """The full-width colon behind a label becomes a half-width one; `labels` are those that no
    value reads as."""
    for text in document.element.body.iter(qn("w:t")):
        if text.text in labels and text.text.endswith("：") and text.text not in _SENTENCES:
            text.text = text.text[:-1] + ":"


def _more_rows(document: Any, chance: random.Random) -> None:
    """An empty row of a list is doubled or taken out."""
    for table in document.tables:
        rows = _empty_rows(table._tbl)
        if len(rows) < 2:
            continue
        row = chance.choice(rows)
        if chance.random() < 0.5:
            row.addnext(copy.deepcopy(row))
        else:
            table._tbl.remove(row)


def _empty_rows(table: Any) -> list[Any]:
    """Those of a list: alike, of several cells, under the heads of its columns."""
    styles = {style.get(qn("w:val")) for style in table.iter(qn("w:pStyle"))}
    if not styles & {"FormHead", "FormLabel"}:
        return []
    rows = [r for r in table.tr_lst if len(r.tc_lst) > 1 and not "".join(r.itertext()).strip()]
    return [r for r in rows if len(r.tc_lst) == len(rows[0].tc_lst)]
