"""Typed numbering in front of headings, with all the ways schools get it wrong.

Seen in real papers: `一、` `（一）` `(1認真` (bracket lost) `1、` `1．` `1.` `１、` `①` `⑴` `⒈`
`第一章` `第一篇:` and `l、` (the letter l for 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十"
_CN_VALUE = {sign: at + 1 for at, sign in enumerate(_CN)}

#: Schemes from the outermost down, as GB/T 9704-2012, 7.3.3 orders 一、（一）1.（1）, with what
#: lies around them. A scheme further left closes every scheme further right.
RANK = {
    scheme: rank
    for rank, scheme in enumerate(
        ("part", "cn", "cnparen", "block", "arabic", "decimal", "arabicparen", "circled", "latin")
    )
}

_HAN = "[\u4e00-\u9fff]"
_DIGIT = "[\\d０-９]"
_STOP = "[、.．:：]"

#: Tried in this order; group 1 is the number.
_GRAMMAR: tuple[tuple[str, str], ...] = (
    ("part", rf"第\s*([{_CN}百〇零\d０-９]{{1,4}})\s*(?:部分|章)[\s、.．:：]*"),
    ("part", rf"第\s*([{_CN}百〇零\d０-９]{{1,4}})\s*(?:篇|编|節|节|单元|單元)(?:[\s、.．:：]+|$)"),
    ("cn", rf"([{_CN}]{{1,3}})\s*[、．.,，:：]\s*"),
    # Only a space: not 三 年级, not 二 0一一年.
    ("cn", rf"([{_CN}]{{1,3}})[ \u3000\t]+(?![年月班个名次{_CN}\d０-９])"),
    ("cnparen", rf"[（(〔【﹙]\s*([{_CN}]{{1,3}})\s*[）)〕】﹚]\s*{_STOP}?\s*"),
    # The closing bracket lost: (一定期送教活动.
    ("cnparen", rf"[（(﹙]\s*([{_CN}]{{1,3}})\s*(?={_HAN})"),
    (
        "decimal",
        rf"([1-9])[.．][1-9](?:[.．][1-9])?[.．]?(?:[\s、]+|(?={_HAN}))"
        r"(?![\d万元分节節级級米年月％%倍日小公])",
    ),
    ("arabic", rf"({_DIGIT}{{1,2}}|[lI])\s*(?:[、，]|[.．]\s*(?!{_DIGIT}))\s*"),
    # Only a space, and the title set off from its text: 1 做了什么  开发…
    ("arabic", rf"([1-9]|1\d)[ \u3000]+(?={_HAN}{{2,12}}(?: {{2,}}|\u3000|\t)\S)"),
    ("arabicparen", rf"[（(]\s*({_DIGIT}{{1,2}})\s*[）)]\s*[、.．]?\s*"),
    ("arabicparen", rf"[（(]\s*({_DIGIT}{{1,2}})\s*(?={_HAN})"),
    ("arabicparen", rf"({_DIGIT}{{1,2}})\s*[）)]\s*[、.．]?\s*"),
    ("arabicparen", r"([\u2474-\u2487])\s*[、.．]?\s*"),
    ("arabic", r"([\u2488-\u249b])\s*[、]?\s*"),
    ("cnparen", r"([\u3220-\u3229])\s*[、.．]?\s*"),
    ("circled", r"([\u2460-\u2473\u2776-\u277f])\s*[、.．]?\s*"),
    ("latin", r"([A-H])\s*[、.．]\s*(?![A-Za-z])"),
)
_PATTERNS = tuple((scheme, re.compile(pattern)) for scheme, pattern in _GRAMMAR)

#: 一、二年级学生 counts grades, it does not number a heading; so 三、四月份.
_COUNTED = re.compile(rf"[{_CN}](?:年级|年級|班|月|、|线|期|等|两)")
_CLAUSE = re.compile(r"[，。；,;！？!?]")
_DATE = re.compile(r"\d{1,2}\s*[.．]\s*\d{1,2}(?!\d)|\d{1,2}\s*[、，]\s*\d{1,2}\s*[月日号时点班年]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """`text` = prefix + rest. `value` counts from 1, 0 where it could not be told."""

    scheme: str
    value: int
    prefix: str
    rest: str


def parse(text: str) -> Numbered | None:
    """The numbering a line begins with, None where it begins with none.

    `1.5万字`, `2026. 3. 15` and `一、二年级学生…，…` are none.
    """
    for scheme, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        found = Numbered(scheme, _value(match.group(1)), match.group(0), text[match.end() :])
        return found if _plausible(found) else None
    return None


def _plausible(found: Numbered) -> bool:
    if found.scheme == "cn" and _COUNTED.match(found.rest):
        return not _CLAUSE.search(found.rest) and len(found.rest) <= 15 and "、" in found.prefix
    if found.scheme == "arabic" and _DATE.match(found.prefix + found.rest[:8]):
        return False
    return bool(found.rest.strip()) or found.scheme == "part"


def _value(sign: str) -> int:
    if sign in ("l", "I"):
        return 1
    for first in "⑴⒈①㈠❶":
        if len(sign) == 1 and ord(first) <= ord(sign) < ord(first) + 20 and not sign.isascii():
            return ord(sign) - ord(first) + 1
    if sign.isdigit() and sign not in _CN_VALUE:
        return int(sign)
    if sign.isascii():
        return ord(sign) - ord("A") + 1
    return _chinese_value(sign)


def _chinese_value(sign: str) -> int:
    """十二 -> 12, 二十 -> 20; 0 where it is no such number."""
    tens, ten, ones = sign.rpartition("十")
    if not ten:
        return _CN_VALUE.get(sign, 0)
    return _CN_VALUE.get(tens, 1) * 10 + _CN_VALUE.get(ones, 0)
