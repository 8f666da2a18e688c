"""Which heading of a document answers which section of its kind.

存在的问题及改进措施 answers two sections; 下阶段工作打算 is 下阶段安排 by its synonyms. A heading
is taken by the section that names it most exactly, and only where none does, by patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.contents import is_blank, table_has_rows
from archive.kinds import Kind, SectionSpec
from archive.signing import unsigned
from indexer.folding import fold
from indexer.reading import Block, OutlineItem, Reading

#: Longer "headings" are sentences; only their exact beginnings could name a section.
LONGEST = 30
#: Sections stand in the first rows of a table; a longer one is a list of data.
MAX_ROWS = 200
#: A line at which a section may begin in running text: 一、得：…, 【讨论】…, 存在问题：…
_RUN_IN = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．\s]|[①-⑳⑴-⒇⒈-⒛])?\s*[【\[]?([一-鿿、与和及/（）()]{1,14})[】\]]?\s*[:：\]】]"
)
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．:：章节]|[(（][一二三四五六七八九十\d]{1,3}[)）]?|\d{1,2}[、.．)）]|l、|[①-⑳⑴-⒇⒈-⒛]|[★◆●■▲※*·]+)+"
)
_SPLIT = re.compile("以及|及其|[及与和、/;；]")
_OWNERS = re.compile(
    "^(?:本次|本月|本阶段|本学期|本期|本校|我校|我组|本组|本年度|本学年|学校|教研组|学科组|目前|当前|主要|关于|一学期来|具体|我的|我们的)(?=.{2})"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A heading or label with what belongs to it. `key` is the folded title without number.
    `block` is its place in the document; `depth` its level, 9 for a line of running text."""

    title: str
    key: str
    place: str
    block: int
    depth: int
    has_content: bool


@lru_cache(maxsize=4096)
def folded(title: str) -> str:
    """A title as headings are compared: folded, no spaces, number, brackets' content or colon."""
    bare = "".join(fold(title).split())
    bare = _NUMBERING.sub("", bare).strip("【】[]<>《》“”\"':：。.、,，;；-—_")
    short = re.sub(r"[（(][^（()）]*[)）]?", "", bare)
    return short or bare


def candidates(reading: Reading, kind: Kind) -> list[Candidate]:
    """Headings of the outline, then lines that begin with a section's own name and a colon."""
    hints = _printed(kind.sections)
    found = [
        _of_item(item, n, reading, kind.sections, hints)
        for n, item in enumerate(reading.outline)
        if item.level > 0
    ]
    taken = {(c.block, c.key) for c in found}
    for candidate in (*_run_in(reading, kind, hints), *_in_tables(reading, kind, hints)):
        if (candidate.block, candidate.key) not in taken:
            found.append(candidate)
    return sorted(found, key=lambda c: c.block)


def _of_item(
    item: OutlineItem,
    n: int,
    reading: Reading,
    specs: tuple[SectionSpec, ...],
    hints: tuple[str, ...],
) -> Candidate:
    content = _has_content(item, n, reading, specs, hints)
    return Candidate(item.title, folded(item.title), item.place, item.block, item.level, content)


def _has_content(
    item: OutlineItem,
    n: int,
    reading: Reading,
    specs: tuple[SectionSpec, ...],
    hints: tuple[str, ...],
) -> bool:
    """Whether the body holds more than blanks, hints, the signature and heads of empty tables."""
    if item.by == "cell":
        return any(not is_blank(part, hints) for part in re.split("[\n\t]", item.body))
    end = _end_of(n, reading)
    other = _other_section(n, end, reading, specs)
    body, end = (item.body, end) if other is None else _before(item.body, other)
    tables = [block for block in reading.blocks[item.block + 1 : end] if block.kind == "table"]
    if any(table_has_rows(block) for block in tables):
        return True
    for block in tables:
        body = body.replace(block.text, "")
    lines = [line for line in body.split("\n") if line.strip()]
    if end >= len(reading.blocks):
        lines = unsigned(lines)
    headings = {o.title for o in reading.outline[n + 1 :] if o.block < end}
    return any(not is_blank(line, hints) for line in lines if line.strip() not in headings)


def _other_section(
    n: int, end: int, reading: Reading, specs: tuple[SectionSpec, ...]
) -> OutlineItem | None:
    """The first heading below that is another section by its very name: a bare 存在问题： above
    下阶段安排：… is empty, whatever level the outline gives the second."""
    own = _answered(folded(reading.outline[n].title), specs)
    for other in reading.outline[n + 1 :]:
        if other.block >= end:
            return None
        named = _exact(folded(other.title), specs)
        if own and named and not set(named) & set(own):
            return other
    return None


def _before(body: str, other: OutlineItem) -> tuple[str, int]:
    at = body.find(other.title)
    return (body[:at] if at >= 0 else body), other.block


def _end_of(n: int, reading: Reading) -> int:
    """The block before which the section ends: the next heading of its level or higher."""
    own = reading.outline[n]
    for other in reading.outline[n + 1 :]:
        if other.level <= own.level and other.block > own.block:
            return other.block
    body = [i for i, b in enumerate(reading.blocks) if b.kind not in ("header", "footer")]
    return len(reading.blocks) if not body else max(len(reading.blocks), body[-1] + 1)


def _run_in(reading: Reading, kind: Kind, hints: tuple[str, ...]) -> list[Candidate]:
    """Labels inside paragraphs and cells that the outline does not have as headings."""
    found = []
    names = _names_of(kind.sections)
    number = 0
    for at, block in enumerate(reading.blocks):
        if block.kind not in ("paragraph", "heading"):
            continue
        number += 1
        for line in block.text.split("\n"):
            match = _RUN_IN.match(line)
            if match is None:
                continue
            key = folded(match.group(1))
            if key in names:
                rest = line[match.end() :]
                place = f"第 {number} 段"
                content = not is_blank(rest, hints) or _goes_on(reading, at, names)
                found.append(Candidate(match.group(1).strip(), key, place, at, 9, content))
    return found


def _in_tables(reading: Reading, kind: Kind, hints: tuple[str, ...]) -> Iterator[Candidate]:
    """Sections as rows (项目 | 内容 | 负责人), as columns, or written into a cell (试卷分析：…)."""
    names = _names_of(kind.sections)
    number = 0
    for at, block in enumerate(reading.blocks):
        if block.kind != "table":
            continue
        number += 1
        yield from _rows_of(block, at, number, kind.sections, hints)
        yield from _columns_of(block, at, number, names, hints)
        for n, row in enumerate(block.rows[:MAX_ROWS], 1):
            for line in (line for cell in row for line in cell.split("\n") if line.strip()):
                match = _RUN_IN.match(line)
                key = folded(match.group(1)) if match else ""
                if match and key in names:
                    content = not is_blank(line[match.end() :], hints)
                    place = f"表 {number} 第 {n} 行"
                    yield Candidate(match.group(1).strip(), key, place, at, 9, content)


def _rows_of(
    block: Block, at: int, number: int, specs: tuple[SectionSpec, ...], hints: tuple[str, ...]
) -> Iterator[Candidate]:
    """Rows whose first cell names a section; rows below without a first cell go with it. At
    least two, so that a word in a list of activities is no heading."""
    found: list[Candidate] = []
    for n, row in enumerate(block.rows[:MAX_ROWS]):
        key = folded(row[0]) if row and 0 < len(row[0]) <= 16 else ""
        if not key or not _answered(key, specs):
            continue
        more = [*row[1:]]
        for below in block.rows[n + 1 :]:
            if not below or below[0].strip():
                break
            more += below[1:]
        content = any(not is_blank(cell, hints) for cell in more)
        place = f"表 {number} 第 {n + 1} 行"
        found.append(Candidate(squeeze(row[0]), key, place, at, 9, content))
    if len(found) >= 2 and any(len(row) > 1 for row in block.rows):
        yield from found


def _columns_of(
    block: Block, at: int, number: int, names: frozenset[str], hints: tuple[str, ...]
) -> Iterator[Candidate]:
    """A head row in which at least two cells are names of sections."""
    for n, row in enumerate(block.rows[:4]):
        keys = [folded(cell) for cell in row]
        if sum(key in names for key in keys) < 2:
            continue
        for column, key in enumerate(keys):
            if key in names:
                below = [r[column] for r in block.rows[n + 1 : MAX_ROWS] if column < len(r)]
                content = any(not is_blank(cell, hints) for cell in below)
                place = f"表 {number} 第 {n + 1} 行"
                yield Candidate(squeeze(row[column]), key, place, at, 9, content)
        return


def squeeze(text: str) -> str:
    return "".join(text.split())


def _goes_on(reading: Reading, at: int, names: frozenset[str]) -> bool:
    """Whether the next paragraph is the text of a label that stood alone on its line."""
    for block in reading.blocks[at + 1 : at + 2]:
        match = _RUN_IN.match(block.text)
        is_label = match is not None and folded(match.group(1)) in names
        text = block.text.strip()
        is_text = len(text) > 15 or text.endswith(("。", "！", "；"))
        return block.kind == "paragraph" and is_text and not is_label
    return False


@lru_cache(maxsize=128)
def _printed(specs: tuple[SectionSpec, ...]) -> tuple[str, ...]:
    """What the house prints into the sections of a form itself: hints and heads of lists."""
    hints = [spec.hint for spec in specs if spec.hint]
    columns = [column for spec in specs if spec.rows for column in spec.rows.columns]
    return (*hints, *dict.fromkeys(columns), "序号")


@lru_cache(maxsize=128)
def _names_of(specs: tuple[SectionSpec, ...]) -> frozenset[str]:
    return frozenset(folded(name) for spec in specs for name in (spec.name, *spec.also))


def answers(
    found: Sequence[Candidate], specs: tuple[SectionSpec, ...]
) -> dict[str, list[Candidate]]:
    """Section name -> the headings that answer it, in order of the document, outer ones first
    where they lie within each other."""
    claims: dict[str, list[Candidate]] = {spec.name: [] for spec in specs}
    for candidate in found:
        for name in _answered(candidate.key, specs):
            claims[name].append(candidate)
    return {name: _outermost(claimed) for name, claimed in claims.items()}


def _outermost(claimed: list[Candidate]) -> list[Candidate]:
    """Sub-headings answer a section only where no heading of a higher level does."""
    depth = min((c.depth for c in claimed), default=0)
    outer = [c for c in claimed if c.depth == depth]
    return outer + [c for c in claimed if c.depth != depth and c.has_content]


@lru_cache(maxsize=8192)
def _answered(key: str, specs: tuple[SectionSpec, ...]) -> tuple[str, ...]:
    """Names of the sections a heading answers: all that are named in it by name or synonym; else
    all whose patterns fit."""
    if not key or len(key) > LONGEST:
        return ()
    exact = _exact(key, specs)
    if exact:
        return exact
    parts = [part for part in _SPLIT.split(key) if len(part) > 1]
    by_part = tuple(dict.fromkeys(n for part in parts for n in _exact(part, specs)))
    held, fitting = _held(key, specs), _fitting(key, specs)
    named = tuple(dict.fromkeys((*by_part, *_uncovered(held, fitting))))
    if named and (len(parts) < 2 or len(named) >= len(parts)):
        return named
    fit = _names(fitting)
    return tuple(dict.fromkeys((*named, *fit))) if len(parts) > 1 else named or fit


def _exact(key: str, specs: tuple[SectionSpec, ...]) -> tuple[str, ...]:
    bare = _OWNERS.sub("", key)
    first = [s.name for s in specs if key == folded(s.name)]
    if first:
        return tuple(first)
    return tuple(s.name for s in specs for a in s.also if folded(a) in (key, bare))[:1] or tuple(
        s.name for s in specs if bare == folded(s.name)
    )


#: (start, end, section) of a name or a pattern in a heading.
_Hit = tuple[int, int, str]


def _names(hits: list[_Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, _, name in sorted(hits)))


def _uncovered(held: list[_Hit], fitting: list[_Hit]) -> tuple[str, ...]:
    """整体情况 in 试卷整体情况 is not the section of that name: a longer pattern holds it."""
    return _names([h for h in held if not any(_inside(h, f) and f[2] != h[2] for f in fitting)])


def _inside(inner: _Hit, outer: _Hit) -> bool:
    longer = outer[1] - outer[0] > inner[1] - inner[0]
    return longer and outer[0] <= inner[0] and inner[1] <= outer[1]


def _held(key: str, specs: tuple[SectionSpec, ...]) -> list[_Hit]:
    """Sections whose name or synonym of three characters or more stands in the heading, not
    counting those that only stand inside a longer one."""
    hits: list[tuple[int, int, str]] = []
    for spec in specs:
        for name in (spec.name, *spec.also):
            bare = folded(name)
            at = key.find(bare) if len(bare) >= 3 else -1
            if at >= 0:
                hits.append((at, at + len(bare), spec.name))
    return [hit for hit in hits if not any(_inside(hit, other) for other in hits)]


def _fitting(key: str, specs: tuple[SectionSpec, ...]) -> list[_Hit]:
    """Sections whose patterns fit; a hit that stands inside another's longer hit does not count."""
    hits: list[tuple[int, int, str]] = []
    for spec in specs:
        for pattern in _compiled(spec.match):
            for match in pattern.finditer(key):
                hits.append((match.start(), match.end(), spec.name))
    return [
        hit for hit in hits if not any(_inside(hit, other) and other[2] != hit[2] for other in hits)
    ]


@lru_cache(maxsize=512)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)
