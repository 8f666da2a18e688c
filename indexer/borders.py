"""Where a quoted stretch of a text may begin and end: at a sentence, else at a clause, else at
least not inside a Latin word or a number. Chinese words have no border that can be seen."""

from __future__ import annotations

import re

from indexer.folding import is_mark
from indexer.tokens import in_word

_SENTENCE_END = re.compile(r"[。！？；!?;\n]\s*")
_CLAUSE_BEGINS = re.compile(r"[，、：:,）)》」”]\s*|\s+|(?=[（(《「“])")
_CLAUSE_ENDS = re.compile(r"[，、：,）)》」”]|(?=[\s（(《「“])")
_CLOSED = "。！？；!?;…"
#: What holds numbers and Latin words together: 2014-10-31, 2014—2015, 3.5, a@b.cn, http://.
_JOINTS = frozenset("-—–.,:/~@_&=?%'’＿．－～：／")
#: A word longer than this may be cut: texts without any blank would be quoted whole.
_LONGEST = 40
#: So far before its end a stretch is cut off to close with a sentence or a clause.
_SENTENCE, _CLAUSE = 24, 14


def beginning(text: str, low: int, earliest: int, at: int, usual: int) -> int:
    """Where the stretch around `at` begins, between `earliest` and `at`: at its own sentence, else
    at the first clause, else at `usual`. Nothing before `low` may be shown."""
    ends = list(_SENTENCE_END.finditer(text, earliest, at))
    if ends:
        return ends[-1].end()
    if earliest == low == 0:
        return 0
    clause = next(
        (m.end() for m in _CLAUSE_BEGINS.finditer(text, earliest, at) if whole(text, m.end())), None
    )
    if clause is not None:
        return clause
    return _forward(text, usual, at) or _backward(text, at, max(low, at - _LONGEST)) or usual


def ending(text: str, least: int, most: int) -> int:
    """Where the stretch ends, between `least` and `most`: with a sentence, else with a clause, else
    where no word is cut."""
    if most >= len(text) or most <= least:
        return max(least, most)
    sentences = list(_SENTENCE_END.finditer(text, max(least, most - _SENTENCE), most))
    if sentences:
        return sentences[-1].end()
    clauses = [m.end() for m in _CLAUSE_ENDS.finditer(text, max(least, most - _CLAUSE), most)]
    for clause in reversed(clauses):
        if whole(text, clause):
            return clause
    return _backward(text, most, least) or most


def opens(text: str, start: int) -> bool:
    """Whether a sentence begins at `start`."""
    before = text[max(0, start - _LONGEST) : start]
    said = before.rstrip()
    return not said or "\n" in before[len(said) :] or said[-1] in _CLOSED


def closes(text: str, end: int) -> bool:
    """Whether a sentence ends at `end`."""
    after = text[end : end + _LONGEST]
    left = after.lstrip()
    return not left or "\n" in after[: -len(left)] or (end > 0 and text[end - 1] in _CLOSED)


def whole(text: str, at: int) -> bool:
    """Whether a cut at `at` goes through no Latin word, number or composed character."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if is_mark(after):
        return False
    if in_word(before):
        return not (in_word(after) or (after in _JOINTS and _goes_on(text, at, 1)))
    if before in _JOINTS:
        follows = in_word(after) or (after in _JOINTS and _goes_on(text, at, 1))
        return not (follows and _goes_on(text, at - 1, -1))
    return True


def _goes_on(text: str, at: int, step: int) -> bool:
    """Whether a word stands beyond the joint at `at`, which is of three characters at most."""
    for place in range(at, at + 4 * step, step):
        if not 0 <= place < len(text):
            return False
        if text[place] not in _JOINTS:
            return in_word(text[place])
    return False


def _forward(text: str, at: int, last: int) -> int:
    """The first place from `at` on where no word is cut; 0 where none is found by `last`."""
    return next((place for place in range(at, last + 1) if whole(text, place)), 0)


def _backward(text: str, at: int, first: int) -> int:
    return next((place for place in range(at, first - 1, -1) if whole(text, place)), 0)
