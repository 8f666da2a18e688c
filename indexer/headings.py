"""Which paragraph is a heading, and where its title ends and its text begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import numbering
from indexer.labels import HEADER, collapse, is_header_line, is_label, pairs, squeeze, value_of
from indexer.reading import Block

#: Longest title without a lead-in: the longest real heading seen has 36 characters.
LONGEST = 40

#: A label without a colon is no longer than this.
_BARE = 8

#: Ranks of all schemes: a heading closes every open one of its own rank or below.
RANK: dict[str, float] = {
    **numbering.RANK,
    "attachment": numbering.RANK["part"] + 0.3,
    "bold": numbering.RANK["part"] + 0.5,
    "lead": numbering.RANK["latin"] + 1.0,
}

_SENTENCE_END = re.compile(r"[。！？!?；;]$")
_STOP = re.compile(r"[。！？；;!?]")
_COMMA = re.compile(r"[，,]")
_CONTENTS = re.compile(r"(?:[.．…·\s]{4,}|\t\s*)\d{1,4}$")
_RUN_IN_COLON = re.compile(r"^([^：:，,。；！？\n]{1,20})(?:(?<!\d)[：:]|[：:](?!\d))\s*(?=\S)")
_RUN_IN_WIDE = re.compile(r"^([^：:，,。；！？\s]{2,16})(?: {2,}|\u3000+|\t+)(?=\S)")
_RUN_IN_STOP = re.compile(r"^([^：:，,。；！？\n]{2,25})。(?=\s*\S)")
_RUN_IN_SPACE = re.compile(r"^([^：:，,。；！？\s]{2,16})[ \t\u3000]+(?=\S{6,})")
_LABEL_LINE = re.compile(
    r"^([^\s：:，,。；！？、“”《》（）()\d][^：:，,。；！？“”\d]{0,15}\d{0,2})[：:]\s*(.*)$",
    re.DOTALL,
)
#: Colons that announce what follows in the sentence, salutations, and speakers.
_NO_SECTION = re.compile(
    r"^(?:尊敬|亲爱|各位|敬爱|同志们|老师们|同学们|男|女|合|生|师|问|答|注|备注|图|表)"
    r"|(?:如下|以下|下列|包括|认为|指出|强调|例如|比如|分别是|分别为|做到|老师|同志|校长|主任|同学"
    r"|说|问|答|道|是|有|为|月|日)$"
)
_BRACKETED_LABEL = re.compile(r"^【([^】\n]{1,16})】[：:]?(.*)$", re.DOTALL)
_ATTACHMENT = re.compile(r"^附(?:件|表|录)?[\d一二三四五六七八九十]*$")
_DATE_LINE = re.compile(r"^[\s\d〇○零一二三四五六七八九十二０-９年月日.．/\-—至～~（）()学期第]+$")
_BRACKETED = re.compile(r"^[（(].*[）)]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """`title` without numbering; `rest` is text of the same paragraph after the title.
    `level` is given by a style, else None and told by `scheme`."""

    title: str
    scheme: str
    by: str
    rest: str = ""
    level: int | None = None


def find(block: Block, following: Block | None, repeated: frozenset[str]) -> Heading | None:
    """The heading that a paragraph or styled heading is or begins with.

    `following` is the next block (a short numbered sentence is a heading only where text of its
    own follows); `repeated` are labels that recur so often that they are speakers or list marks.
    """
    text = block.text.strip()
    if _CONTENTS.search(text):
        return None
    if block.kind == "heading":
        return _styled(block, text)
    numbered = numbering.parse(text)
    if numbered is not None:
        return _numbered(block, text, numbered, following)
    return _unnumbered(block, text, following, repeated)


def strip_numbering(text: str) -> str:
    """A heading's text without its number, closed up, without a trailing colon or stop."""
    numbered = numbering.parse(text.strip())
    rest = numbered.rest if numbered is not None and numbered.rest.strip() else text
    return clean(rest)


def clean(title: str) -> str:
    return collapse(title).strip(" ：:。.、，,；;\t")


def _styled(block: Block, text: str) -> Heading | None:
    first, _, after = text.partition("\n")
    level = max(block.level, 1)  # the title itself is not asked for here
    if len(first) <= 60:
        return Heading(strip_numbering(first), "style", "style", after, level)
    split = _run_in(first, spaces=False)
    if split is None:
        return None
    title, rest = split
    return Heading(strip_numbering(title), "style", "style", rest, level)


def _numbered(
    block: Block, text: str, numbered: numbering.Numbered, following: Block | None
) -> Heading | None:
    split = _split_numbered(block, text, numbered, following)
    if split is None or not clean(split[0]):
        return None
    title, rest = split
    return Heading(clean(title), numbered.scheme, "numbering", rest.strip())


def _split_numbered(
    block: Block, text: str, numbered: numbering.Numbered, following: Block | None
) -> tuple[str, str] | None:
    rest, start = numbered.rest, len(numbered.prefix)
    if start + 1 < block.lead < len(text) and block.lead - start <= LONGEST:
        return text[start : block.lead], text[block.lead :].lstrip("：: ")
    first, broken, after = rest.partition("\n")
    outer = RANK[numbered.scheme] <= RANK["block"]
    split = _run_in(first, spaces=outer)
    if split is not None:
        return split[0], "\n".join(part for part in (split[1], after) if part)
    if len(first) > LONGEST or first.endswith(("；", ";", "，", ",", "、")):
        return None
    if _STOP.search(first[:-1]) or len(_COMMA.findall(first)) > (2 if outer else 1):
        return None
    if _SENTENCE_END.search(first) and not (broken or _opens(first, outer, numbered, following)):
        return None
    return first, after


def _opens(first: str, outer: bool, numbered: numbering.Numbered, following: Block | None) -> bool:
    """Whether a short numbered sentence ending in a full stop opens a section."""
    longest = 26 if outer else 16
    if _COMMA.search(first) or not first.endswith("。") or len(first) > longest:
        return False
    if following is None or following.kind not in ("paragraph", "table"):
        return False
    below = numbering.parse(following.text)
    if below is None:
        return True
    return outer and RANK[below.scheme] > RANK[numbered.scheme]


def _run_in(text: str, spaces: bool) -> tuple[str, str] | None:
    """Title and text of a heading that runs into its text (一、研修目标：……)."""
    patterns = [_RUN_IN_COLON, _RUN_IN_STOP, _RUN_IN_WIDE]
    for pattern in [*patterns, _RUN_IN_SPACE] if spaces else patterns:
        match = pattern.match(text)
        if match is None:
            continue
        title, rest = match.group(1), text[match.end() :]
        if pattern is _RUN_IN_SPACE and (len(text) <= LONGEST and not _STOP.search(text)):
            continue
        if pattern is _RUN_IN_STOP:
            if numbering.parse(rest.strip()) is not None:
                return None  # several numbered sentences in one paragraph
            if _BRACKETED.match(rest.strip("。")):
                return title, ""
        return title, rest
    return None


def _unnumbered(
    block: Block, text: str, following: Block | None, repeated: frozenset[str]
) -> Heading | None:
    if _DATE_LINE.match(text):
        return None
    lead = _bold_lead(block, text)
    if lead is not None:
        return lead
    if is_header_line(text):
        return None
    if block.bold or block.centred:
        shown = _emphasised(block, text)
        if shown is not None:
            return shown
    return _labelled(text, block.bold, repeated) or _bare_label(text, following)


def _bold_lead(block: Block, text: str) -> Heading | None:
    """A bold beginning that ends where the text takes a breath: 得：…, 4月1日，第六周。…"""
    if not 0 < block.lead < len(text):
        return None
    title, rest = text[: block.lead].strip(), text[block.lead :].strip()
    breath = title[-1:] in "：:。" or rest[:1] in "：:" or "\n" in text[: block.lead + 1]
    if not breath or not clean(title) or len(title) > 25 or _is_head_of_paper(text, title):
        return None
    return Heading(clean(title), "lead", "bold", rest.lstrip("：: "))


def _is_head_of_paper(text: str, title: str) -> bool:
    """Bold labels of the paper's head (学校：… 学科：…) open no section."""
    found = list(pairs(text))
    if len(found) > 1:
        return not _STOP.search(text)
    return squeeze(title).rstrip("：:") in HEADER and len(text) <= LONGEST


def _emphasised(block: Block, text: str) -> Heading | None:
    first, _, after = text.partition("\n")
    if len(first) > 30 or _SENTENCE_END.search(first) or len(_COMMA.findall(first)) > 1:
        return None
    if not re.search(r"[\u4e00-\u9fffA-Za-z]", first) or _NO_SECTION.search(first.rstrip("：:")):
        return None
    if _RUN_IN_COLON.match(first):
        return None
    if not block.bold and (_BRACKETED.match(first) or first[0] in "—－-" or "  " in first):
        return None
    return Heading(clean(first), "bold", "bold", after)


def _labelled(text: str, bold: bool, repeated: frozenset[str]) -> Heading | None:
    """A plain label that opens a section: 课后反思： alone, or 存在问题：学生基础差。"""
    bracketed = _BRACKETED_LABEL.match(text)
    if bracketed is not None:
        return Heading(clean(bracketed.group(1)), "block", "label", bracketed.group(2).strip())
    match = _LABEL_LINE.match(text)
    if match is None:
        return None
    label, rest = squeeze(match.group(1)), match.group(2).strip()
    if not 2 <= len(label) <= 12 or label in repeated or _NO_SECTION.search(label):
        return None
    if label in HEADER and len(rest) <= LONGEST:
        return None
    if _ATTACHMENT.match(label):
        return Heading(label, "attachment", "label", rest)
    if not value_of(rest):
        return Heading(label, "block", "label")
    if not bold and len(label) > 8 and not is_label(label):
        return None
    return Heading(label, "lead", "bold" if bold else "label", rest)


def _bare_label(text: str, following: Block | None) -> Heading | None:
    """A word of the trade alone on its line, with running text below it: 评议, 教学反思."""
    if len(text) > _BARE or not is_label(text) or squeeze(text) in HEADER:
        return None
    if following is None or following.kind != "paragraph" or len(following.text) < 2 * _BARE:
        return None
    return Heading(clean(text), "block", "label")


def label_of(text: str) -> str:
    """The label a line begins with, "" where it begins with none (for counting repeats)."""
    match = _LABEL_LINE.match(text)
    return squeeze(match.group(1)) if match else ""
