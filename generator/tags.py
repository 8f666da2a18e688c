"""The little language of a template: `{{ 名称 }}`, `{{ 列表.列 }}`, `{{ 名称|格式 }}`.

A tag is text, not a program: it is looked up among the names of the spec, so there is nothing to
call, no attribute to reach and no loop to run away.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.chinese import FILTERS
from generator.spec import Name, Names, fold

#: A tag longer than this is a mistake (the longest names have about 20 characters).
MAX_TAG = 120
#: Tags looked at in one paragraph; no form has a line of more.
MAX_PER_PARAGRAPH = 60

_OPEN = re.compile(r"\{\{|\{%|\{#|｛｛|\}\}|%\}|｝｝")
_QUOTES = re.compile("[‘’“”„‟«»]")
_PROGRAM = re.compile(r"__|[()\[\]{}'\"=+*/%<>!@;:,~^&$\\-]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A good tag: of a single value (`name`), or of a list (`rows`, `column`). `filters` in the
    order they apply."""

    text: str
    name: Name | None = None
    rows: str = ""
    column: str = ""
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadTag:
    """A bad one: the code of the fault, the sentence, the words, the name probably meant."""

    code: str
    message: str
    text: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a tag stands in the text of its paragraph: characters `start` to `end`."""

    start: int
    end: int
    tag: Tag | BadTag


def scan(text: str, names: Names) -> list[Span]:
    """Every tag of one paragraph, good or bad, in reading order."""
    spans: list[Span] = []
    position = 0
    while (match := _OPEN.search(text, position)) and len(spans) <= MAX_PER_PARAGRAPH:
        span = _span_at(text, match, names)
        spans.append(span)
        position = span.end
    return spans


def _span_at(text: str, match: re.Match[str], names: Names) -> Span:
    start, mark = match.start(), match.group()
    if mark in ("｛｛", "｝｝"):
        close = text.find("｝｝", start, start + MAX_TAG)
        end = close + 2 if close >= 0 else len(text)
        words = _shorten(text, start, end)
        return Span(start, end, BadTag("fullwidth", f"花括号是全角的“{words}”", words))
    if mark in ("}}", "%}"):
        words = text[max(0, start - 12) : match.end()]
        return Span(start, match.end(), BadTag("unopened", f"“{words}”只有后半个标记", words))
    if mark in ("{%", "{#"):
        close = text.find("%}" if mark == "{%" else "#}", start, start + MAX_TAG)
        end = close + 2 if close >= 0 else len(text)
        words = _shorten(text, start, end)
        return Span(start, end, BadTag("control", f"“{words}”是控制标记，不能使用", words))
    return _value_tag(text, start, names)


def _value_tag(text: str, start: int, names: Names) -> Span:
    end = text.find("}}", start + 2, start + MAX_TAG)
    again = text.find("{{", start + 2, start + MAX_TAG)
    if end < 0 or 0 <= again < end:
        stop = again if again >= 0 else min(len(text), start + MAX_TAG)
        words = _shorten(text, start, stop)
        return Span(start, stop, BadTag("unclosed", f"“{words}”没有闭合", words))
    whole = text[start : end + 2]
    return Span(start, end + 2, parse_tag(whole, names))


def _shorten(text: str, start: int = 0, end: int = MAX_TAG) -> str:
    words = text[start : min(end, start + 25)]
    return words if len(words) <= 24 else words[:23] + "…"


def parse_tag(whole: str, names: Names) -> Tag | BadTag:
    """A tag with its braces, looked up among `names`. A name is tried as it is written before it
    is called a program, so `{{ 学校/班级 }}` works where a form has such a field."""
    head, *pipes = (piece.strip() for piece in whole[2:-2].split("|"))
    tag = _find(head, whole, names)
    if isinstance(tag, BadTag):
        return tag
    for pipe in pipes:
        if fold(pipe) not in FILTERS:
            return _unknown_filter(pipe, whole)
    return replace(tag, filters=tuple(fold(pipe) for pipe in pipes))


def _find(head: str, whole: str, names: Names) -> Tag | BadTag:
    name = names.find(head)
    if name:
        return Tag(whole, name)
    rows = names.find_list(head)
    if rows:
        message = f"“{whole}”是列表，没有写明哪一列"
        nearest = f"{rows}.{next(iter(list(names.columns[rows].values())[1:]), '')}"
        return BadTag("list_without_column", message, whole, nearest)
    left, dot, right = head.replace("．", ".").partition(".")
    rows = names.find_list(left) if dot else None
    if rows:
        column = names.column(rows, right)
        return Tag(whole, None, rows, column) if column else _unknown(head, whole, names)
    return _unreadable(head, whole) or _unknown(head, whole, names)


def _unreadable(head: str, whole: str) -> BadTag | None:
    """What is no name at all: quotes of a word processor, a program, nothing."""
    if not head:
        return BadTag("syntax", f"“{whole}”里没有名称", whole)
    if _QUOTES.search(head):
        return BadTag("smart_quotes", f"“{whole}”里有中文引号", whole)
    if _PROGRAM.search(head):
        return BadTag("forbidden", f"“{whole}”不是名称", whole)
    return None


def _unknown(head: str, whole: str, names: Names) -> BadTag:
    spellings = {fold(n): n for n in _spellings(names)}
    nearest = _nearest(fold(head), spellings)
    hint = f"，是不是“{nearest}”" if nearest else ""
    return BadTag("unknown_name", f"没有“{head}”这个名称{hint}", whole, nearest)


def _spellings(names: Names) -> Iterable[str]:
    yield from (name.key for name in names.known.values())
    for rows, columns in names.columns.items():
        yield from (f"{rows}.{column}" for column in columns.values())


def _nearest(word: str, spellings: dict[str, str]) -> str:
    close = difflib.get_close_matches(word, spellings, n=1, cutoff=0.4)
    return spellings[close[0]] if close else ""


def _unknown_filter(pipe: str, whole: str) -> BadTag:
    if _QUOTES.search(pipe):
        return BadTag("smart_quotes", f"“{whole}”里有中文引号", whole)
    nearest = _nearest(fold(pipe), {name: name for name in FILTERS})
    hint = f"，是不是“{nearest}”" if nearest else ""
    return BadTag("unknown_filter", f"没有“{_shorten(pipe)}”这种格式{hint}", whole, nearest)
