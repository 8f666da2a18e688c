"""A numbered or styled line: where its title ends, and how it carries it.

What is found is only proposed, with how it looks (`Form`): whether the numbers of a list are
headings is told by all of them together, in `indexer.verdicts`.
"""

from __future__ import annotations

import re

from indexer import numbering
from indexer.headings import (
    ANNOUNCES,
    LONGEST,
    NO_SECTION,
    OUTER,
    RUN_IN_COLON,
    SENTENCE_END,
    STOP,
    Form,
    Heading,
    clean,
    strip_numbering,
)
from indexer.labels import is_header, pairs, word_of
from indexer.lines import Line
from indexer.numbering import Numbered

#: Longest title among brothers that are headings; the longest seen so has 51.
_LONGEST_BROTHER = 60
#: Longest sentence at the start of a numbered paragraph that may be its title.
_FIRST_SENTENCE = 36

# All of these are asked of plain text.
_COMMA = re.compile(r",")
_LISTED = (";", ",", "、")
_RUN_IN_WIDE = re.compile(r"^([^:,。;!?\s]{2,16})(?: {2,}|\u3000+|\t+)(?=\S)")
_RUN_IN_STOP = re.compile(r"^([^:,。;!?]{2,25})。(?=\s*\S)")
_RUN_IN_SPACE = re.compile(r"^([^:,。;!?\s]{2,16})[ \t\u3000]+(?=\S{6,})")
_FIRST = re.compile(rf"^([^。;!?]{{2,{_FIRST_SENTENCE}}})。(?=\s*\S)")
#: The points or minutes of a heading, after its full stop: 学习笔记。（10分）
_MARKS = re.compile(r"^\s*(\([^()]{1,8}\))。?\s*")


def styled(line: Line, number: Numbered | None) -> Heading | None:
    scheme = number.scheme if number is not None else "style"
    if len(line.text) <= _LONGEST_BROTHER:
        title, rest = line.text, ""
    else:
        split = _run_in(line.text, line.plain, spaces=False)
        if split is None:
            return None
        title, rest, _ = split
    title = strip_numbering(title)
    return Heading(title, scheme, "style", rest, line.level, number=number) if title else None


def numbered(line: Line, number: Numbered) -> Heading:
    """What a numbered line proposes to be; without a title, a point of a list."""
    start = len(number.prefix)
    simple = line.plain[start:]
    if start + 1 < line.lead < len(line.text) and line.lead - start <= LONGEST:
        title, rest = line.text[start : line.lead], line.text[line.lead :].lstrip("：: ")
        form = Form.APART
    else:
        title, rest, form = _split(number, simple)
    shown = clean(title)
    form = form if shown else Form.SENTENCE
    return Heading(
        shown,
        number.scheme,
        "numbering",
        rest.strip(),
        number=number,
        form=form,
        brother=_brother(number.rest, simple) if form is Form.SENTENCE else None,
        announces=form is not Form.APART and _announces(simple[: len(title)], simple),
    )


def _announces(title: str, simple: str) -> bool:
    if ANNOUNCES.search(title.rstrip(": ")):
        return True
    return simple.endswith(":") and len(simple) > _FIRST_SENTENCE // 2 and "," in simple


def _split(number: Numbered, simple: str) -> tuple[str, str, Form]:
    """Title, text after it and form of a numbered line; `simple` is the plain rest of it."""
    rest, outer = number.rest, number.scheme in OUTER
    if _holds_more(number, simple):
        return "", rest, Form.SENTENCE
    run_in = _run_in(rest, simple, spaces=outer)
    if run_in is not None:
        return run_in
    if simple.endswith(_LISTED) or len(simple) > LONGEST:
        return "", rest, Form.SENTENCE
    if STOP.search(simple[:-1]) or len(_COMMA.findall(simple)) > (2 if outer else 1):
        return "", rest, Form.SENTENCE
    return rest, "", Form.CLOSED if SENTENCE_END.search(simple) else Form.ALONE


def _holds_more(number: Numbered, simple: str) -> bool:
    """Whether the next numbers of the list stand in the same line: 1.甲；2.乙；3.丙."""
    if number.scheme not in ("arabic", "arabicparen", "circled") or not number.value:
        return False
    following = number.value + 1
    if number.scheme == "circled":
        return chr(0x2460 + number.value) in simple
    return bool(re.search(rf"[\s;,。]\(?{following}[、.)](?!\d)", simple))


def _brother(text: str, simple: str) -> tuple[str, str] | None:
    """The title that a running text has where its brothers have theirs: its first sentence, or
    all of it where it is one long phrase."""
    match = _FIRST.match(simple)
    if match is not None:
        rest = text[match.end() :].strip()
        if ANNOUNCES.search(match.group(1)) or numbering.parse(rest) is not None:
            return None
        return clean(text[: match.end(1)]), rest
    if len(simple) > _LONGEST_BROTHER or STOP.search(simple[:-1]) or simple.endswith(_LISTED):
        return None
    return clean(text), ""


def _run_in(text: str, simple: str, spaces: bool) -> tuple[str, str, Form] | None:
    """Title and text of a heading that runs into its text (一、研修目标：……)."""
    match = RUN_IN_COLON.match(simple)
    if match is not None and not NO_SECTION.search(word_of(match.group(1))):
        return _at_colon(text, simple, match)
    match = _RUN_IN_STOP.match(simple)
    if match is not None:
        return _at_stop(text, simple, match)
    match = _RUN_IN_WIDE.match(simple)
    if match is None and spaces and (len(simple) > LONGEST or STOP.search(simple)):
        match = _RUN_IN_SPACE.match(simple)
    if match is None:
        return None
    return text[: match.end(1)], text[match.end() :], Form.APART


def _at_colon(text: str, simple: str, match: re.Match[str]) -> tuple[str, str, Form] | None:
    title = match.group(1)
    head, space, label = title.partition(" ")
    if space and is_header(label) and len(head) >= 2:
        # 領導機構 組 長:劉啟軍: the colon belongs to a field of the text.
        return text[: len(head)], text[len(head) :].strip(), Form.APART
    rest = text[match.end() :]
    if len(list(pairs(simple))) > 1 and len(simple) <= LONGEST:
        return None  # 單周:…, 雙周:…: fields, no title with its text
    return text[: match.end(1)], rest, Form.COLON


def _at_stop(text: str, simple: str, match: re.Match[str]) -> tuple[str, str, Form] | None:
    end, rest = match.end(), simple[match.end() :]
    if numbering.parse_plain(rest.strip(), rest.strip()) is not None:
        return None  # several numbered sentences in one paragraph
    title = text[: match.end(1)]
    marks = _MARKS.match(rest)
    if marks is None:
        return title, text[end:], Form.STOP
    title += text[end + marks.start(1) : end + marks.end(1)]
    after = text[end + marks.end() :]
    return title, after, Form.STOP if after else Form.ALONE
