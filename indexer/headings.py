"""What heads a section: its title, how it was typed, and where its text begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from indexer import numbering
from indexer.labels import collapse
from indexer.numbering import Numbered

#: Longest title without a lead-in: the longest real heading seen has 36 characters.
LONGEST = 40

#: Ranks of all schemes: a heading closes every open one of its own rank or below.
RANK: dict[str, float] = {
    **numbering.RANK,
    "attachment": numbering.RANK["part"] + 0.3,
    "bold": numbering.RANK["section"] + 0.5,
    "block": numbering.RANK["cnparen"] + 0.5,
    "lead": numbering.RANK["latin"] + 1.0,
}
#: Numbers that section a paper; those further in may number a list.
OUTER = frozenset({"part", "chapter", "section", "formal", "roman", "cn", "cnparen"})

# These are asked of plain text: half-width, simplified.
SENTENCE_END = re.compile(r"[。!?;]$|[\u3400-\u9fff”》)][.]$")
STOP = re.compile(r"[。!?;]")
RUN_IN_COLON = re.compile(r"^([^:,。;!?]{1,20})(?:(?<!\d):|:(?!\d))\s*(?=\S)")
#: Words before a colon that announce what follows in the sentence.
ANNOUNCES = re.compile(r"以下|下列|如下|下面|(?:包括|有|是|为|做到|即)$")
#: Salutations, speakers and other words before a colon that open no section.
NO_SECTION = re.compile(
    r"^(?:尊敬|亲爱|各位|敬爱|同志们|老师们|同学们|家长朋友|校长|副校长|主任|书记|(?:图|表)\s*\d"
    r"|(?:男|女|合|生|师|问|答|注|备注|图|表|[甲乙丙丁])\d{0,2}$)"
    r"|(?:认为|指出|强调|例如|比如|分别是|分别为|做到|老师|同志|校长|主任|同学"
    r"|说|问|答|道|是|有|为|月|日)$"
)


class Form(Enum):
    """How a numbered line carries its title."""

    ALONE = "alone"  #: the title and nothing else
    COLON = "colon"  #: 研修目标：……
    STOP = "stop"  #: 研修目标。……
    APART = "apart"  #: set off by space or by bold type
    CLOSED = "closed"  #: one short sentence
    SENTENCE = "sentence"  #: running text


@dataclass(frozen=True, slots=True)
class Heading:
    """What a line may be. `title` without numbering; `rest` is text of the same line after it.

    `level` is given by a style, else None and told by `scheme`. A line of running text has no
    title; `brother` is the (title, rest) that it has where its brothers are headings.
    """

    title: str
    scheme: str
    by: str
    rest: str = ""
    level: int | None = None
    #: Points of a line that stands out, 0 where not known: smaller ones lie within larger ones.
    size: float = 0.0
    number: Numbered | None = None
    form: Form = Form.ALONE
    brother: tuple[str, str] | None = None
    #: A sentence that says that a list follows (……，具体划分：).
    announces: bool = False


def strip_numbering(text: str) -> str:
    """A heading's text without its number, closed up, without a trailing colon or stop."""
    numbered = numbering.parse(text.strip())
    rest = numbered.rest if numbered is not None and numbered.rest.strip() else text
    return clean(rest)


def clean(title: str) -> str:
    return collapse(title).strip(" ：:。.、，,；;﹕\t")
