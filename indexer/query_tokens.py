"""The words, signs and fields of a question, cut from its text for `indexer.query`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.engines import QueryError
from indexer.folding import fold

#: Folded field names -> facet, or "title", "section" and "date".
FIELDS: dict[str, str] = {
    "文种": "kind", "类型": "kind", "种类": "kind", "kind": "kind",
    "学校": "school", "单位": "school", "school": "school", "unit": "school",
    "片区": "cluster", "cluster": "cluster",
    "学科": "subject", "科目": "subject", "subject": "subject",
    "学年": "school_year", "年度": "school_year",
    "school_year": "school_year", "year": "school_year",
    "学期": "term", "term": "term",
    "月份": "month", "月": "month", "month": "month",
    "作者": "author", "教师": "author", "撰写人": "author", "author": "author",
    "完整性": "completeness", "completeness": "completeness",
    "状态": "status", "status": "status",
    "年级": "grade", "grade": "grade",
    "标题": "title", "题目": "title", "title": "title",
    "章节": "section", "栏目": "section", "部分": "section", "section": "section",
    "日期": "date", "时间": "date", "date": "date",
}  # fmt: skip


_OPEN_QUOTES = {
    '"': '"”“＂', "“": '”"“＂', "”": '”"“＂', "＂": '"”“＂', "「": "」", "『": "』", "｢": "｣",
}  # fmt: skip
_PROSE_QUOTES = "“”「『｢"
_QUOTES = "".join(_OPEN_QUOTES)
_INNER_BRACKETS = re.compile(rf"[(（][^\s()（）{_QUOTES}]*[)）]")
_FIELD = re.compile(r"([A-Za-z_Ａ-Ｚａ-ｚ]+|[\u3400-\u9fff]{1,3})[:：]\s*")
_MINUS = re.compile(r"[-－](?![-－\s]|$)")
_OPERATOR = re.compile(r"(?:AND|OR|NOT)\b")
_WORDLIKE = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Token:
    """kind: word, phrase, field, "(", ")", and, or, not."""

    kind: str
    text: str
    at: int


def scan(text: str) -> Iterator[Token]:
    """The tokens of a question, in time linear in its length. Raises QueryError."""
    at, depth = 0, 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
            continue
        if character in _OPEN_QUOTES:
            token, at = _scan_phrase(text, at)
        elif character in "(（" and not _literal_bracket(text, at):
            token, at, depth = Token("(", character, at), at + 1, depth + 1
        elif character in ")）" and (depth > 0 or _stands_alone(text, at)):
            token, at, depth = Token(")", character, at), at + 1, depth - 1
        else:
            token, at = _scan_other(text, at, depth)
        yield token


def _literal_bracket(text: str, at: int) -> bool:
    """(3)班: a bracket without blanks, directly followed by more of the word."""
    inner = _INNER_BRACKETS.match(text, at)
    if inner is None or _OPERATOR.match(text, inner.end()):
        return False
    return _WORDLIKE.match(text, inner.end()) is not None


def _stands_alone(text: str, at: int) -> bool:
    return (at == 0 or text[at - 1].isspace()) and (at + 1 == len(text) or text[at + 1].isspace())


def _scan_phrase(text: str, at: int) -> tuple[Token, int]:
    closing = _OPEN_QUOTES[text[at]]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closing), -1)
    if end < 0:
        raise QueryError("引号没有配对", at, "请补上另一半引号，或去掉引号")
    kind = "word" if text[at] in _PROSE_QUOTES and _in_prose(text, at, end) else "phrase"
    return Token(kind, text[at + 1 : end], at), end + 1


def _in_prose(text: str, opening: int, closing: int) -> bool:
    """「渡臺禁令」是哪一年頒布的: a title named in a sentence, not an exact phrase demanded."""
    before = opening > 0 and _WORDLIKE.match(text, opening - 1) is not None
    return before or _WORDLIKE.match(text, closing + 1) is not None


def _scan_other(text: str, at: int, depth: int) -> tuple[Token, int]:
    field = _FIELD.match(text, at)
    if field and fold(field.group(1)) in FIELDS:
        return Token("field", FIELDS[fold(field.group(1))], at), field.end()
    if (
        text[at] in "-－"
        and at + 1 < len(text)
        and not (text[at + 1].isspace() or text[at + 1] in "-－")
    ):
        return Token("not", text[at], at), at + 1
    if text[at] in "|｜":
        end = at
        while end < len(text) and text[end] in "|｜":
            end += 1
        return Token("or", text[at:end], at), end
    end = _word_end(text, at, depth)
    word = text[at:end]
    kind = word.lower() if word in ("AND", "OR", "NOT") else "word"
    return Token(kind, word, at), end


def _word_end(text: str, at: int, depth: int) -> int:
    end = at
    while end < len(text):
        character = text[end]
        if character.isspace() or character in _OPEN_QUOTES or character in "|｜":
            break
        if character in "(（":
            inner = _INNER_BRACKETS.match(text, end)
            if inner is None and depth > 0:
                break
            end = inner.end() if inner else end + 1
            continue
        if character in ")）" and depth > 0:
            break
        end += 1
    return max(end, at + 1)
