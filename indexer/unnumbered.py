"""A line without a number that is a heading all the same: bold, centred, larger, letter-spaced, a
label before a colon, a word of the trade over its text, the title of another paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer import numbering, papers
from indexer.headings import (
    ANNOUNCES,
    LONGEST,
    NO_SECTION,
    RUN_IN_COLON,
    SENTENCE_END,
    STOP,
    Heading,
    clean,
)
from indexer.labels import (
    is_header,
    is_header_line,
    is_name,
    is_trade_word,
    pairs,
    squeeze,
    value_of,
    word_of,
)
from indexer.lines import Line

#: A label without a colon is no longer than this.
_BARE = 8
#: A label at the start of this many lines is a speaker or a list mark, no section.
_REPEATED = 3
#: An unknown word before a value this short is a field (散会：11:40), not a section.
_SHORT_VALUE = 12

# All of these are asked of plain text.
_LABEL_LINE = re.compile(
    r"^([^\s:,。;!?、“”《》()\d][^:,。;!?“”\d]{0,15}\d{0,2})(?:(?<!\d):|:(?!\d))\s*(.*)$",
    re.DOTALL,
)
#: 九月份主题：, 第三周：, 3月12日：, entries of a calendar.
_CALENDAR = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}|\d{1,2})月|^第[一二三四五六七八九十\d]{1,3}周|^\d{4}年"
    r"|^周[一二三四五六日]"
)
_BRACKETED_LABEL = re.compile(r"^【([^】]{1,16})】:?\s*(.*)$", re.DOTALL)
_ATTACHMENT = re.compile(r"^附(?:件|表|录)?[\d一二三四五六七八九十]*$")
_DATE_LINE = re.compile(r"^[\s\d〇○零一二三四五六七八九十年月日./\-—~()学期第至]+$")
_BRACKETED = re.compile(r"^\(.*\)$")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z]")


@dataclass(frozen=True, slots=True)
class Habits:
    """Words before colons that are no sections in this document: those that recur, and people
    who speak. `talk`: so many surely do that a doubtful surname is one."""

    labels: frozenset[str]
    talk: bool

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Habits:
        counts = Counter(_label_of(line.plain) for line in lines)
        labels = frozenset(label for label, count in counts.items() if count >= _REPEATED)
        return cls(labels, sum(map(_speaks, counts)) >= 2)


def unnumbered(
    line: Line, above: Line | None, below: Line | None, habits: Habits
) -> Heading | None:
    """The heading that a line without number and style is, None for running text.

    `above` and `below` are its neighbours: a bare word is a heading only over a text.
    """
    if _DATE_LINE.match(line.plain):
        return None
    lead = _bold_lead(line)
    if lead is not None:
        return lead
    if is_header_line(line.text):
        return None
    if line.bold or line.centred or line.large or (line.spaced and _heads(below)):
        shown = _emphasised(line)
        if shown is not None:
            return shown
    labelled = _labelled(line, above, habits) or _bare_label(line, above, below)
    if labelled is None and papers.is_title(line, above, below):
        return Heading(clean(line.text), "attachment", "label")
    return labelled


def _bold_lead(line: Line) -> Heading | None:
    """A bold beginning that ends where the text takes a breath: 得：…, 4月1日，第六周。…"""
    text = line.text
    if not 0 < line.lead < len(text):
        return None
    title, rest = text[: line.lead].strip(), text[line.lead :].strip()
    breath = title[-1:] in "：:。" or rest[:1] in "：:"
    if not breath or not clean(title) or len(title) > 25 or _is_head_of_paper(text, title):
        return None
    return Heading(clean(title), "lead", "bold", rest.lstrip("：: "))


def _is_head_of_paper(text: str, title: str) -> bool:
    """Bold labels of the paper's head (学校：… 学科：…) open no section."""
    found = list(pairs(text))
    if len(found) > 1:
        return not STOP.search(text)
    return is_header(title) and len(text) <= LONGEST


def _heads(below: Line | None) -> bool:
    """Whether what follows is a text, a table or a list; a cell that became a line is none."""
    if below is None or below.table:
        return below is not None
    numbered = numbering.parse_plain(below.text, below.plain) is not None
    return numbered or len(below.text) >= 2 * _BARE


def _emphasised(line: Line) -> Heading | None:
    simple = line.plain
    if len(simple) > 30 or SENTENCE_END.search(simple) or simple.count(",") > 1:
        return None
    if not _WORD.search(simple) or NO_SECTION.search(word_of(simple)):
        return None
    if RUN_IN_COLON.match(simple):
        return None
    if papers.is_centred_title(line):
        return Heading(clean(line.text), "attachment", "bold")
    if not line.bold:
        spread = line.spaced or len(squeeze(simple)) <= 2  # 前  言
        within = simple[0] in "—-" or ("  " in simple and not spread)
        if _BRACKETED.match(simple) or within:
            return None
    by = "bold" if line.bold or line.centred else "size" if line.large else "label"
    return Heading(clean(line.text), "bold", by, size=line.size)


def _labelled(line: Line, above: Line | None, habits: Habits) -> Heading | None:
    """A plain label that opens a section: 课后反思： alone, or 存在问题：学生基础差。"""
    bracketed = _BRACKETED_LABEL.match(line.plain)
    if bracketed is not None:
        title, rest = line.text[slice(*bracketed.span(1))], line.text[bracketed.start(2) :]
        return Heading(clean(title), "block", "label", rest.strip())
    match = _LABEL_LINE.match(line.plain)
    if match is None:
        return None
    label, rest = squeeze(line.text[: match.end(1)]), line.text[match.start(2) :].strip()
    word = word_of(label)
    if not 2 <= len(word) <= 12 or word in habits.labels or _opens_nothing(word):
        return None
    if rest.startswith("//"):
        return None
    if is_header(word) and len(rest) <= LONGEST:
        return None
    if _ATTACHMENT.match(word):
        return Heading(label, "attachment", "label", rest)
    if not value_of(rest):
        return Heading(label, "block", "label")
    if not line.bold and (_is_field(line, word, rest, above) or _speaks(word, habits.talk)):
        return None
    return Heading(label, "lead", "bold" if line.bold else "label", rest)


def _opens_nothing(word: str) -> bool:
    return bool(NO_SECTION.search(word) or ANNOUNCES.search(word) or _CALENDAR.match(word))


def _is_field(line: Line, word: str, rest: str, above: Line | None) -> bool:
    """A label with its value rather than with a text."""
    # 组  长：… 成  员：… 职  责：… are spread to stand below each other.
    spread = len(line.plain.partition(":")[0]) > len(word) == 2
    if spread and above is not None and is_header_line(above.text):
        return True
    if is_trade_word(word):
        return False
    return len(word) > _BARE or (len(rest) <= _SHORT_VALUE and not STOP.search(rest))


def _speaks(word: str, doubtful: bool = False) -> bool:
    """崔玉娟：, 张翠萍（九语）：, somebody who says something."""
    return is_name(word.partition("(")[0], doubtful)


def _bare_label(line: Line, above: Line | None, below: Line | None) -> Heading | None:
    """A word of the trade alone on its line, with running text below it: 评议, 教学反思."""
    word = word_of(line.text)
    if len(word) > _BARE or not is_trade_word(word) or is_header(word) or line.plain[-1] == ":":
        return None
    if below is None or below.table or below.level is not None or len(below.text) < 2 * _BARE:
        return None
    if above is not None and len(word) <= 2 and 0 < len(above.text) <= 4:
        return None  # 研修 / 计划: a cell of a table that became lines
    return Heading(clean(line.text), "block", "label")


def _label_of(simple: str) -> str:
    """The label a plain line begins with, "" where it begins with none (for counting repeats)."""
    match = _LABEL_LINE.match(simple)
    return squeeze(match.group(1)) if match else ""
