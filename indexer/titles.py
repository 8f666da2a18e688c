"""The title of a document: styled, larger than the text, centred, bold, or its first short line;
or two lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer import numbering
from indexer.labels import collapse, is_header_line, is_name, squeeze
from indexer.looks import Looks
from indexer.plain import plain
from indexer.reading import Block

#: A title stands among the first blocks of a paper (附件, document number and school before it).
_WITHIN = 8
_LONGEST = 50

#: All of these are asked of the plain text. No two parts beside each other may both take white
#: space, or a long run of it is shared out among them in every way there is.
_NOT_A_TITLE = re.compile(
    r"^(?:附件|附表|附)\s*(?:[\d一二三四五六七八九十]+\s*)?:?$"
    r"|^[\d\s〇○零一二三四五六七八九十年月日./\-—~]+$"
    r"|.[〔\[(【]\s*20\d\d\s*[〕\])】]\s*(?:第\s*)?\d+\s*号$"
    r"|^第?\s*\d+\s*页"
    r"|^(?:目\s*录|目\s*次)$"
    r"|(?:局|府|委|室|厅|校|学)文件$"
)
_SENTENCE_END = re.compile(r"[。;,:、!]$")
_UNIT = re.compile(
    r"(?:学校|中学|小学|初中|初中部|高中|镇中|校|教研室|教研组|教育局|教体局|教导处|教务处|政教处"
    r"|教科室|办公室|领导小组|幼儿园|片区|组)$"
)
_NUMERAL = "\\d〇二零一三四五六七八九十"
_PERIOD = re.compile(
    rf"^[{_NUMERAL}\s][{_NUMERAL}年度学期第上下秋春季—\-至~\s]*$|(?:学年|年度|学期)$"
)
#: 八年级语文 王淑霞
_BY = re.compile(r"^\S{2,14}\s+(\S{2,3})$")
_BOOK = re.compile(r"^《[^《》]*》$")
_CONTINUED = re.compile(r"^(?:[(【〔].*[)】〕]|[—-]{1,2}.*|:.*)$")
_SAYS = re.compile(r"\w")
_WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")


def find(blocks: Sequence[Block], body: Sequence[int], looks: Looks) -> tuple[tuple[int, ...], str]:
    """The indices of the title's blocks and its text; ((), "") where there is none.

    `body` lists the indices of body blocks in order.
    """
    front = _front(blocks, body)
    chosen = _choose([blocks[at] for at in front], looks)
    if chosen is None:
        return (), ""
    indices = [front[chosen]]
    text = collapse(blocks[indices[0]].text)
    for index in front[chosen + 1 : chosen + 3]:
        if not _continues(text, blocks[indices[-1]], blocks[index]):
            break
        indices.append(index)
        text += collapse(blocks[index].text)
    return tuple(indices), collapse(text.replace("\n", ""))


def is_byline(text: str) -> bool:
    """A line under a title that says whose, of when or on what it is, and heads nothing."""
    simple = plain(text.strip())
    dated = _PERIOD.search(simple) and re.search(r"\d|二〇", simple)
    if _UNIT.search(simple) or dated or _BOOK.match(simple):
        return True
    by = _BY.match(simple)
    return is_name(squeeze(simple)) or (by is not None and is_name(by.group(1)))


def _front(blocks: Sequence[Block], body: Sequence[int]) -> list[int]:
    """The blocks before the first numbered heading, first table or styled heading."""
    front: list[int] = []
    for index in body[:_WITHIN]:
        block = blocks[index]
        if not _SAYS.search(block.text):
            continue
        if block.kind == "table" or (block.kind == "heading" and block.level > 0 and front):
            break
        numbered = numbering.parse(block.text)
        if numbered is not None and numbered.scheme != "part":
            break
        front.append(index)
    return front


def _choose(front: Sequence[Block], looks: Looks) -> int | None:
    fits = [at for at, block in enumerate(front) if _fits(block)]
    largest = max((front[at].size for at in fits), default=0.0)
    rules: tuple[Callable[[Block], bool], ...] = (
        lambda block: block.kind == "heading" and block.level == 0,
        lambda block: block.size == largest and looks.is_large(block),
        lambda block: block.centred,
        lambda block: block.bold and not block.lead,
        lambda block: block.kind == "heading",
    )
    for rule in rules:
        for at in fits:
            if rule(front[at]):
                return at
    # Without any format only the very first lines can be the title.
    return fits[0] if fits and fits[0] <= 2 else None


def _fits(block: Block) -> bool:
    text = block.text.strip()
    if block.kind == "heading" and block.level == 0:
        return True
    first = text.partition("\n")[0]
    if len(collapse(text)) > _LONGEST or not _WORDS.search(collapse(first).replace(" ", "")):
        return False
    simple = plain(text)
    if _NOT_A_TITLE.search(simple) or is_header_line(text):
        return False
    return not _SENTENCE_END.search(simple) and "。" not in simple


def _continues(title: str, above: Block, below: Block) -> bool:
    """Whether `below` is the second line of the title `title` that ends in `above`."""
    text, title = plain(collapse(below.text)), plain(title)
    if below.kind == "table" or len(title) + len(text) > 2 * _LONGEST:
        return False
    if _CONTINUED.match(text):
        return not is_header_line(text)
    if not _fits(below):
        return False
    alike = above.centred == below.centred and above.bold == below.bold
    stands_out = below.centred or below.bold or below.kind == "heading"
    return alike and stands_out and bool(_UNIT.search(title) or _PERIOD.search(title))
